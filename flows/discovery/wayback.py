"""The Wayback Machine: its CDX index and the addresses of its captures: bytes → captures.

Decides how the index is asked, page by page, and what a line of it says; refuses to fetch. Formats
as the CDX server's README has them (internetarchive/wayback, wayback-cdx-server). A capture's time
is when somebody archived a page, which says only that it was published before.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from flows.discovery.listing import Unreadable

WAYBACK = "https://web.archive.org"
# Lines asked for at once; the rest is asked for with the key the answer ends with.
CDX_LINES = 5_000

_STAMP = "%Y%m%d%H%M%S"
_LINE = re.compile(r"(?P<stamp>\d{14}) (?P<url>\S+)(?: (?P<media_type>\S+))?$")
_CAPTURE = re.compile(r"/web/(?P<stamp>\d{14})(?:id_)?/(?P<url>https?:/.+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One capture of a URL."""

    url: str
    captured_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Captures:
    """An answer of the index, in its order. `resume_key`: there is more, after this key."""

    captures: tuple[Capture, ...]
    resume_key: str | None = None


def cdx_query(
    url: str,
    since: datetime,
    until: datetime,
    *,
    whole_host: bool = False,
    collapse: str = "urlkey",
    resume_key: str | None = None,
    base: str = WAYBACK,
) -> str:
    """The index's address for captures of `url` (of all below its host) in [since, until).

    Only answers of status 200. `collapse` drops neighbours that are alike in a field, or in its
    first digits: `urlkey`, `timestamp:10`.
    """
    fields = [
        ("url", url),
        ("from", f"{since.astimezone(UTC):{_STAMP}}"),
        ("to", f"{until.astimezone(UTC):{_STAMP}}"),
        ("fl", "timestamp,original,mimetype"),
        ("filter", "statuscode:200"),
        ("collapse", collapse),
        ("limit", str(CDX_LINES)),
        ("showResumeKey", "true"),
    ]
    if whole_host:
        fields += [("matchType", "domain"), ("filter", "mimetype:text/html")]
    # The key comes encoded for a query, and goes back as it came
    after = f"&resumeKey={resume_key}" if resume_key is not None else ""
    return f"{base}/cdx/search/cdx?{urlencode(fields)}{after}"


def parse_cdx(body: bytes) -> Captures | Unreadable:
    """Read an answer: a capture a line, and after an empty line the key for what follows."""
    text = body.decode("utf-8", errors="replace")
    listed, _, after = text.partition("\n\n") if "\n\n" in text else (text, "", "")
    captures = []
    for line in listed.splitlines():
        read = _LINE.match(line.strip())
        if read is None:
            return Unreadable(problem=f"the index says: {line.strip()[:200]}")
        captured_at = _instant(read["stamp"])
        if captured_at is not None:
            captures.append(Capture(url=read["url"], captured_at=captured_at))
    return Captures(captures=tuple(captures), resume_key=after.strip() or None)


def capture_address(url: str, at: datetime, *, base: str = WAYBACK) -> str:
    """Where the capture nearest to `at` lies, byte for byte as it was archived (`id_`)."""
    return f"{base}/web/{at.astimezone(UTC):{_STAMP}}id_/{url}"


def capture_of(address: str) -> Capture | None:
    """Which capture an address names; None for any other address."""
    read = _CAPTURE.search(address)
    if read is None or (captured_at := _instant(read["stamp"])) is None:
        return None
    return Capture(url=re.sub(r"^(https?):/+", r"\1://", read["url"]), captured_at=captured_at)


def _instant(stamp: str) -> datetime | None:
    try:
        return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
