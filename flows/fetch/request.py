"""What a request says and carries from hop to hop. Refuses to know how it is sent."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from flows.core import Reason, Redirect, Validators
from flows.core.carriers import link_target
from flows.core.urls import host_of
from flows.fetch.failure import NotFetched
from flows.fetch.hosts import Cookies
from flows.fetch.response import Answer, Plan

_ACCEPT = {
    "page": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
    "feed": "application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,"
    "text/xml;q=0.9,*/*;q=0.5",
    "robots": "text/plain,*/*;q=0.5",
}
# zstd is undone when it comes, and not asked for: its binding cannot be stopped inside a block.
_ACCEPT_ENCODING = "gzip, deflate, br"


@dataclass(slots=True)
class Errand:
    """One `get` under way: what every hop is asked with, and how far it has come.

    `left_seconds` is network time, waiting for turns not counted. `check` raises `NotFetched` for
    an answer that is none.
    """

    kind: str
    url: str
    headers: dict[str, str]
    plan: Plan
    check: Callable[[Answer], None]
    left_seconds: float
    max_bytes: int
    elapsed_seconds: float = 0.0
    redirects: list[Redirect] = field(default_factory=list)
    cookies: Cookies = field(default_factory=Cookies)

    @property
    def is_short_of_time(self) -> bool:
        """Whether another try would rather end as a timeout, and hide why the first one failed."""
        return self.left_seconds < self.elapsed_seconds

    @property
    def requested_url(self) -> str:
        """The URL of the first hop."""
        return self.redirects[0].url if self.redirects else self.url

    @property
    def was_sent_on(self) -> bool:
        """Whether a page, not a redirect, led on."""
        return any(hop.status == 200 for hop in self.redirects)


def headers(kind: str, user_agent: str) -> dict[str, str]:
    """What every request of that kind says, before conditions and cookies."""
    return {
        "User-Agent": user_agent,
        "Accept": _ACCEPT[kind],
        "Accept-Encoding": _ACCEPT_ENCODING,
    }


def with_cookies(errand: Errand) -> dict[str, str]:
    """The headers of the next hop, with what its host or site has set on the way here."""
    cookie = errand.cookies.header(errand.url)
    return errand.headers if cookie is None else errand.headers | {"Cookie": cookie}


def user_agent(program: str, contact: str) -> str:
    """The User-Agent sent: the program's name and, where one is configured, a contact."""
    contact = contact.strip()
    header = f"{program.strip()} (+{contact})" if contact else program
    return "".join(one if one.isascii() and one.isprintable() else "?" for one in header)


def conditions(validators: Validators) -> dict[str, str]:
    """The validators verbatim; what cannot stand in a header is left out."""
    pairs = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {
        name: value
        for name, value in pairs.items()
        if value and value.isascii() and value.isprintable()
    }


def piece(span: tuple[int, int] | None) -> dict[str, str]:
    """Headers that ask for a part of a file as it is, not compressed anew (RFC 9110, 14)."""
    if span is None:
        return {}
    return {"Range": f"bytes={span[0]}-{span[1]}", "Accept-Encoding": "identity"}


# What stands before an @ in an address is nobody's to read in a log or a store
_CREDENTIALS = re.compile(r"[^/\\]*@")


def is_piece(status: int, span: tuple[int, int] | None) -> bool:
    return status == 206 and span is not None


def move(errand: Errand, status: int, location: str) -> None:
    """Go on to where a redirect points, or what that carries; or where a page (200) sends on to.

    Validators stay behind when the host changes, and with a page: they were not of what follows.
    """
    target = link_target(location, errand.url)
    if target is None:
        raise NotFetched(
            Reason.REFUSED_URL,
            f"redirected ({status}) to what may not be requested: "
            f"{_CREDENTIALS.sub('', location[:200])!r}",
        )
    if status == 200 or host_of(target) != host_of(errand.url):
        for name in ("If-None-Match", "If-Modified-Since"):
            errand.headers.pop(name, None)
    errand.redirects.append(Redirect(url=errand.url, status=status))
    errand.url = target
