"""A stand-in for those who remember the past: outlets, GDELT, Common Crawl, the Wayback Machine.

One function answers for all their hosts, in their real formats, with their caps, and throttles now
and then. Which article is known to whom is written beside it, so that what a backfill must find is
a set.
"""

import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, quote_plus, urlsplit

from flows.rehearsal.loopback import Answer, Request

DAILY, WEEKLY = "daily.test", "weekly.test"
GDELT, DOC, CRAWL, WAYBACK = (
    "data.gdeltproject.org", "api.gdeltproject.org", "data.commoncrawl.org", "web.archive.org",
)  # fmt: skip
HOSTS = (DAILY, WEEKLY, GDELT, DOC, CRAWL, WAYBACK)
STAMP = "%Y%m%d%H%M%S"

_PAGE = """<!doctype html><html lang="en"><head><title>{title}</title>
<meta property="article:published_time" content="{published}"></head><body>
<article><h1>{title}</h1>
<p>China's 12-point position paper on the war in Ukraine returned to the table on {day}, when
envoys of eight countries met to speak about a ceasefire and about peace talks. {title}.</p>
<p>The Chinese envoy said that Beijing's proposal, first published a year into the war, stood for
dialogue between Moscow and Kyiv, and that China would go on with its mediation in Ukraine.</p>
<p>Diplomats from Europe answered that any peace plan had to begin with the withdrawal of Russian
troops, and asked China to use its weight in Moscow. Meeting {number} of the series ended late.</p>
</article></body></html>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One article. `known_to`: hosts that list it; `is_gone`: its own URL answers 404."""

    host: str
    number: int
    published_at: datetime
    known_to: frozenset[str]
    is_gone: bool = False

    @property
    def url(self) -> str:
        return f"http://{self.host}{self.path}"

    @property
    def path(self) -> str:
        return f"/{self.published_at:%Y/%m/%d}/talks-on-the-plan-{self.number}"

    @property
    def title(self) -> str:
        return f"Talks on the plan for Ukraine, meeting {self.number}"

    @property
    def page(self) -> bytes:
        return _PAGE.format(
            title=self.title,
            published=f"{self.published_at:%Y-%m-%dT%H:%M:%SZ}",
            day=f"{self.published_at:%d %B %Y}",
            number=self.number,
        ).encode()


def pieces(since: date, until: date) -> list[Piece]:
    """An article a day, known to one or two by turns; at both ends of each day."""
    found: list[Piece] = []
    days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
    for number, day in enumerate(days):
        known_to, is_gone = _KNOWN[number % len(_KNOWN)]
        minute = timedelta(minutes=2) if number % 2 else timedelta(hours=23, minutes=51)
        found.append(
            Piece(
                host=WEEKLY if number % 7 == 6 else DAILY,
                number=number,
                published_at=datetime(day.year, day.month, day.day, tzinfo=UTC) + minute,
                known_to=frozenset(known_to),
                is_gone=is_gone,
            )
        )
    return found


# Who lists the articles, by turns, and whether their own pages are gone
_KNOWN: tuple[tuple[tuple[str, ...], bool], ...] = (
    ((DAILY, WAYBACK), False),
    ((WAYBACK,), True),
    ((CRAWL,), True),
    ((DOC,), False),
    ((CRAWL, WAYBACK), True),
    ((GDELT,), False),
)


@dataclass(slots=True)
class Past:
    """Answers for every host. `throttles`: of so many addresses one is answered 429 at first.

    `refuses`: hosts that answer 429 with an hour's wait to all but robots.txt. `lacks`: addresses
    below a host that are not there; `spoils`: what a file's address answers, one after the other,
    the last for ever, None being the file. `on_request` hears of each request before its answer.
    """

    pieces: Sequence[Piece]
    throttles: int = 0
    refuses: set[str] = field(default_factory=set)
    lacks: set[str] = field(default_factory=set)
    spoils: dict[str, list[bytes | None]] = field(default_factory=dict)
    on_request: Callable[[int], None] = lambda _count: None
    asked: list[str] = field(default_factory=list)
    throttled: set[str] = field(default_factory=set)
    cdx_lines: int = 4
    doc_rows: int = 250

    def __call__(self, request: Request) -> Answer:
        self.asked.append(request.host + request.target)
        count = len(self.asked)
        self.on_request(count)
        if request.target == "/robots.txt":
            return Answer(status=404)
        if request.host in self.refuses:
            return Answer(status=429, headers=(("Retry-After", "3600"),))
        if self.throttles and self._is_throttled(request.host + request.target):
            return Answer(status=429, headers=(("Retry-After", "0"),))
        answered = {
            DAILY: self._outlet, WEEKLY: self._outlet, GDELT: self._gdelt, DOC: self._doc,
            CRAWL: self._crawl, WAYBACK: self._wayback,
        }[request.host](request)  # fmt: skip
        return answered or Answer(status=404, body=b"not here")

    def _is_throttled(self, address: str) -> bool:
        """Once for each address, by a number of its own."""
        if address in self.throttled or sum(address.encode()) % self.throttles:
            return False
        self.throttled.add(address)
        return True

    # --- the outlets: a sitemap index by day, articles, a feed
    def _outlet(self, request: Request) -> Answer | None:
        path = urlsplit(request.target).path
        ours = [piece for piece in self.pieces if piece.host == request.host]
        if path == "/sitemap.xml":
            days = sorted({piece.published_at.date() for piece in self.pieces})
            days = [days[0] - timedelta(days=3), *days]
            return _xml(
                "sitemapindex",
                [
                    f"<sitemap><loc>http://{request.host}/sitemap-{day}.xml</loc>"
                    f"<lastmod>{day}</lastmod></sitemap>"
                    for day in days
                ],
            )
        if path in self.lacks:
            return None
        if path.startswith("/sitemap-"):
            listed = [p for p in ours if str(p.published_at.date()) in path and DAILY in p.known_to]
            return _xml("urlset", [_sitemap_url(piece) for piece in listed])
        piece = next((piece for piece in ours if piece.path == path), None)
        if piece is None or piece.is_gone:
            return None
        return Answer(headers=(("Content-Type", "text/html; charset=utf-8"),), body=piece.page)

    # --- GDELT 2.0: a zipped GKG table each quarter, named for its end; every second one translated
    def _gdelt(self, request: Request) -> Answer | None:
        named = re.fullmatch(r"/gdeltv2/(\d{14})\.(translation\.)?gkg\.csv\.zip", request.target)
        if named is None or request.target in self.lacks:
            return None
        end = datetime.strptime(named[1], STAMP).replace(tzinfo=UTC)
        rows = [
            _gkg_row(piece, end)
            for piece in self.pieces
            if GDELT in piece.known_to
            and end - timedelta(minutes=15) <= piece.published_at + timedelta(minutes=20) < end
            and bool(piece.number % 2) == bool(named[2])
        ]
        rows.append(_gkg_row_of("http://elsewhere.test/another-story-of-the-day", end))
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(request.target.split("/")[-1].removesuffix(".zip"), "\n".join(rows))
        body = self._spoilt(request.target)
        if body is None:
            body = buffer.getvalue()
        return Answer(headers=(("Content-Type", "application/zip"),), body=body)

    def _spoilt(self, target: str) -> bytes | None:
        answers = self.spoils.get(target, [None])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    # --- the DOC API: at most `doc_rows`, newest first
    def _doc(self, request: Request) -> Answer | None:
        asked = parse_qs(urlsplit(request.target).query)
        since, until = (
            datetime.strptime(asked[name][0], STAMP).replace(tzinfo=UTC)
            for name in ("startdatetime", "enddatetime")
        )
        rows = [
            {
                "url": piece.url,
                "title": piece.title,
                "seendate": f"{piece.published_at:%Y%m%dT%H%M%SZ}",
                "domain": piece.host,
            }
            for piece in self.pieces
            if DOC in piece.known_to
            and f"domain:{piece.host}" in asked["query"][0]
            and since <= piece.published_at <= until
        ]
        rows.sort(key=lambda row: row["seendate"], reverse=True)
        body = json.dumps({"articles": rows[: self.doc_rows]} if rows else {}).encode()
        return Answer(headers=(("Content-Type", "application/json"),), body=body)

    # --- Common Crawl: lists by month, two WARC files a day, in ranges
    def _crawl(self, request: Request) -> Answer | None:
        if listed := re.fullmatch(
            r"/crawl-data/CC-NEWS/(\d{4})/(\d\d)/warc.paths.gz", request.target
        ):
            names = [name for name in self.warc_files() if f"/{listed[1]}/{listed[2]}/" in name]
            return Answer(body=gzip.compress("\n".join(names).encode())) if names else None
        name = request.target.removeprefix("/")
        if name not in self.warc_files() or name in self.lacks:
            return None
        spoilt = self.spoils[name][0] if name in self.spoils else None
        body = self.warc(name) if spoilt is None else spoilt
        return _ranged(body, request.headers.get("range"))

    def warc_files(self) -> list[str]:
        """Two files a day, from the day before the first article to three days after the last."""
        first = min(piece.published_at for piece in self.pieces).date() - timedelta(days=1)
        last = max(piece.published_at for piece in self.pieces).date() + timedelta(days=3)
        names = []
        for number in range((last - first).days + 1):
            for serial, hour in enumerate((5, 17)):
                begun = datetime(first.year, first.month, first.day, hour, 3, 7, tzinfo=UTC)
                begun += timedelta(days=number)
                names.append(
                    f"crawl-data/CC-NEWS/{begun:%Y/%m}/"
                    f"CC-NEWS-{begun:%Y%m%d%H%M%S}-{number * 2 + serial:05}.warc.gz"
                )
        return names

    def warc(self, name: str) -> bytes:
        """A file of the crawl: what was published in the twelve hours from its name on."""
        begun = datetime.strptime(name.split("-NEWS-")[1][:14], STAMP).replace(tzinfo=UTC)
        members = [member("warcinfo", "", begun, "application/warc-fields", b"software: x\r\n")]
        for piece in self.pieces:
            seen = piece.published_at + timedelta(minutes=90)
            if CRAWL in piece.known_to and begun <= seen < begun + timedelta(hours=12):
                members += [_request(piece.url, seen), response(piece.url, seen, piece.page)]
        other = b"<html><body>Nothing of ours.</body></html>"
        members.append(response("http://elsewhere.test/a-story-of-another", begun, other))
        return b"".join(gzip.compress(member) for member in members)

    # --- the Wayback Machine: its index in pages of `cdx_lines`, captures, the nearest by redirect
    def _wayback(self, request: Request) -> Answer | None:
        parts = urlsplit(request.target)
        if parts.path == "/cdx/search/cdx":
            return Answer(body=self._index(parse_qs(parts.query)).encode())
        named = re.fullmatch(r"/web/(\d{14})id_/(http.+)", request.target)
        piece = next((p for p in self.pieces if named and p.url == named[2]), None)
        if named is None or piece is None or WAYBACK not in piece.known_to:
            return None
        stamp = f"{_captured(piece):{STAMP}}"
        if named[1] != stamp:
            nearest = f"http://{WAYBACK}/web/{stamp}id_/{piece.url}"
            return Answer(status=302, headers=(("Location", nearest),))
        return Answer(
            headers=(("Content-Type", "text/html; charset=utf-8"), ("x-archive-src", "a.warc.gz")),
            body=piece.page,
        )

    def _index(self, asked: dict[str, list[str]]) -> str:
        host = asked["url"][0]
        lines = sorted(
            f"{_captured(piece):{STAMP}} {piece.url} text/html"
            for piece in self.pieces
            if WAYBACK in piece.known_to
            and piece.host == host
            and asked["from"][0] <= f"{_captured(piece):{STAMP}}" <= asked["to"][0]
        )
        if lines:
            lines.insert(1, f"{asked['from'][0]} http://{host}/world/ text/html")
        start = int(asked.get("resumeKey", [f"test,{host}) 0"])[0].removeprefix(f"test,{host}) "))
        some = lines[start : start + self.cdx_lines]
        key = quote_plus(f"test,{host}) {start + len(some)}")
        more = f"\n{key}\n" if start + len(some) < len(lines) else ""
        return "".join(f"{line}\n" for line in some) + more


def file_with_an_article(past: Past) -> str:
    """The name of the crawl's first file that holds an article."""
    return next(
        name for name in past.warc_files() if b"talks-on" in gzip.decompress(past.warc(name))
    )


def _captured(piece: Piece) -> datetime:
    return piece.published_at + timedelta(hours=3)


def _xml(root: str, children: Sequence[str]) -> Answer:
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    body = f'<?xml version="1.0"?><{root} xmlns="{space}">{"".join(children)}</{root}>'
    return Answer(headers=(("Content-Type", "application/xml"),), body=body.encode())


def _sitemap_url(piece: Piece) -> str:
    return f"<url><loc>{piece.url}</loc><lastmod>{piece.published_at.isoformat()}</lastmod></url>"


def _gkg_row(piece: Piece, end: datetime) -> str:
    return _gkg_row_of(piece.url, end, f"<PAGE_TITLE>{piece.title}</PAGE_TITLE>")


def _gkg_row_of(url: str, end: datetime, extras: str = "") -> str:
    columns = [""] * 27
    columns[1], columns[4], columns[26] = f"{end:{STAMP}}", url, extras
    return "\t".join(columns)


def _ranged(body: bytes, asked: str | None) -> Answer:
    span = re.fullmatch(r"bytes=(\d+)-(\d+)", asked or "")
    if span is None:
        return Answer(body=body)
    start, end = int(span[1]), min(int(span[2]), len(body) - 1)
    place = f"bytes {start}-{end}/{len(body)}"
    return Answer(status=206, headers=(("Content-Range", place),), body=body[start : end + 1])


def _request(url: str, at: datetime) -> bytes:
    return member(
        "request", url, at, "application/http; msgtype=request", b"GET / HTTP/1.1\r\n\r\n"
    )


def response(url: str, at: datetime, page: bytes) -> bytes:
    """A page of status 200 as a record."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    return member("response", url, at, "application/http; msgtype=response", head + page)


def member(kind: str, url: str, at: datetime, content_type: str, block: bytes) -> bytes:
    """A WARC record."""
    fields = [
        f"WARC-Type: {kind}", f"WARC-Date: {at:%Y-%m-%dT%H:%M:%SZ}",
        *([f"WARC-Target-URI: {url}"] if url else []),
        f"Content-Type: {content_type}", f"Content-Length: {len(block)}",
    ]  # fmt: skip
    return b"WARC/1.0\r\n" + "\r\n".join(fields).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"
