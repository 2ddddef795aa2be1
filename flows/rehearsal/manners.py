"""Whether the rehearsed web was asked politely, from its own log of requests.

Decides what politeness must show in the log: robots.txt before anything else of a host, nothing
that it forbids, conditional requests for lists that know their validators, a name in every
request. Refuses to know what was stored.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from flows.rehearsal.loopback import Served
from flows.rehearsal.outlets import Outlet
from flows.rehearsal.scoring import Check

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
