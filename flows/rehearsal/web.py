"""Whether the rehearsed web was asked politely, from its own log of requests.

Decides what politeness must show in the log: robots.txt before anything else of a host, nothing
that it forbids, conditional requests for lists that know their validators, a name in every
request. Refuses to know what was stored.

What the invented news web answers to one request, as of a virtual instant.

Decides which outlet, feed or page a request means and what comes back: validators, redirects,
refusals. Refuses to know about sockets (`loopback`) and about when instants come (`driving`).
"""

import gzip
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from itertools import groupby
from pathlib import Path

from flows.rehearsal.article_html import article_page, shell_page
from flows.rehearsal.formats import listing
from flows.rehearsal.loopback import Answer, Request, Served
from flows.rehearsal.oddities import consent_wall, html, oddity
from flows.rehearsal.outlets import Outlet, Piece
from flows.rehearsal.reprint import outlets_with_reprints
from flows.rehearsal.score import Check

_FEWEST_LOOKS = 2  # of a list, before one of them can have been conditional


def manners(outlets: Sequence[Outlet], served: Iterable[Served]) -> tuple[Check, ...]:
    """One check per host and rule, for the hosts that were asked at all."""
    by_host = sorted(served, key=lambda line: (line.host, line.asked_at))
    of_host = {outlet.host: outlet for outlet in outlets}
    checks: list[Check] = []
    for host, lines in groupby(by_host, key=lambda line: line.host):
        if host in of_host:
            checks.extend(_of_host(of_host[host], list(lines)))
    return tuple(checks)


def _of_host(outlet: Outlet, lines: list[Served]) -> Iterator[Check]:
    first = lines[0].target
    yield _check("robots.txt first", outlet.host, first == "/robots.txt", first)
    forbidden = {piece.path for piece in outlet.pieces if piece.ends == ("robots",)}
    asked = sorted({line.target for line in lines} & forbidden)
    yield _check("robots.txt obeyed", outlet.host, not asked, ", ".join(asked))
    nameless = sum(not line.user_agent for line in lines)
    yield _check("names itself", outlet.host, not nameless, f"{nameless} requests without a name")
    for feed in outlet.feeds:
        looks = [line for line in lines if line.target == feed.path and line.status in (200, 304)]
        if feed.etag and feed.configured and len(looks) >= _FEWEST_LOOKS:
            conditional = any(line.conditional for line in looks)
            yield _check("asks conditionally", feed.source_id, conditional, "never")


def _check(rule: str, subject: str, holds: bool, got: str) -> Check:
    return Check(rule=rule, subject=subject, holds=holds, expected="politeness", got=got)


_TOO_SMALL_TO_PACK = 1400  # bytes; about what one packet carries


class NewsWeb:
    """Answers requests as of `now`, which whoever drives the rehearsal moves on.

    `seeds_dir` holds the seed documents that one outlet reprints.
    """

    def __init__(self, seeds_dir: Path, now: datetime) -> None:
        self.now = now
        self._outlets = {outlet.host: outlet for outlet in outlets_with_reprints(seeds_dir)}

    def __call__(self, request: Request) -> Answer:
        outlet = self._outlets.get(request.host)
        if outlet is None:
            return _plain_text(421, "no such outlet here")
        return _packed(answer(outlet, request, self.now), request)


def answer(outlet: Outlet, request: Request, now: datetime) -> Answer:
    """What `outlet` answers at `now`."""
    if request.method not in ("GET", "HEAD"):
        return _plain_text(405, "only GET and HEAD")
    path = request.target.partition("?")[0]
    if path == "/robots.txt":
        return _plain_text(200, outlet.robots)
    if outlet.broken_status is not None:
        return _plain_text(outlet.broken_status, "something broke")
    found = _feed_answer(outlet, path, request, now) or _piece_answer(outlet, path, now)
    if found is None:
        found = _front(outlet) if path == "/" else _missing(outlet)
    return replace(found, delay_seconds=outlet.delay_seconds)


def _feed_answer(outlet: Outlet, path: str, request: Request, now: datetime) -> Answer | None:
    feed = next((feed for feed in outlet.feeds if feed.path == path), None)
    if feed is None:
        return None
    media_type, body = listing(outlet, feed, now)
    if not feed.etag:
        return Answer(headers=(("Content-Type", media_type),), body=body)
    etag = f'"{blake2b(body, digest_size=8).hexdigest()}"'
    if request.headers.get("if-none-match") == etag:
        return Answer(status=304, headers=(("ETag", etag),))
    return Answer(headers=(("Content-Type", media_type), ("ETag", etag)), body=body)


def _piece_answer(outlet: Outlet, path: str, now: datetime) -> Answer | None:
    path = path.removeprefix("/amp")
    for piece in outlet.pieces:
        if piece.published > now:
            continue
        if piece.moved_from == path and (piece.moved_at is None or piece.moved_at <= now):
            return Answer(status=301, headers=(("Location", piece.path),))
        if path in (piece.path, piece.moved_from):
            return _page(outlet, piece, now)
    return None


def _page(outlet: Outlet, piece: Piece, now: datetime) -> Answer:
    if piece.blank_from is not None and piece.blank_from <= now:
        return html(consent_wall(outlet), outlet)
    return oddity(outlet, piece, now) or html(article_page(outlet, piece, now), outlet)


def _front(outlet: Outlet) -> Answer:
    links = "".join(
        f'<link rel="alternate" type="{_ALTERNATES[feed.form]}" href="{feed.path}">'
        for feed in outlet.feeds
        if feed.form in _ALTERNATES
    )
    return html(shell_page(outlet, outlet.name, f"<main>{outlet.name}</main>", head=links), outlet)


_ALTERNATES: Mapping[str, str] = {
    "rss": "application/rss+xml",
    "rdf": "application/rss+xml",
    "atom": "application/atom+xml",
    "json_feed": "application/feed+json",
}


def _missing(outlet: Outlet) -> Answer:
    body = shell_page(outlet, "404", "<main><h1>404</h1></main>")
    return replace(html(body, outlet), status=404)


def _plain_text(status: int, text: str) -> Answer:
    headers = (("Content-Type", "text/plain; charset=utf-8"),)
    return Answer(status=status, headers=headers, body=text.encode())


def _packed(found: Answer, request: Request) -> Answer:
    accepted = "gzip" in request.headers.get("accept-encoding", "")
    if not accepted or len(found.body) < _TOO_SMALL_TO_PACK:
        return found
    body = gzip.compress(found.body, compresslevel=1, mtime=0)
    return replace(found, headers=(*found.headers, ("Content-Encoding", "gzip")), body=body)
