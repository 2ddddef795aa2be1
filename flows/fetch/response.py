"""The values of one exchange: how much of a body is wanted, and what came back.

Apart from `transport` so that whoever reads answers does not load the client.

What an answer means: which reason a status stands for, how much of a body is wanted, what a
body is by its first bytes.

Pure deciders. Whether a page is a wall instead of an article is asked in `walls`; whether its text
is an article at all is for reading.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from flows.core import Reason
from flows.core.text.counts import claimed_count
from flows.fetch.failure import NotFetched

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyPlan:
    """How much of a body is wanted; with `cut` the rest is dropped instead of `too_large`."""

    max_bytes: int
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back for one request. Header names are lower case, in the order they came.

    `body` is decoded. `answered_at` is the monotonic second at which the head had come, `sent`
    the headers of the request, `address` what was connected to.
    """

    status: int
    headers: Headers
    body: bytes
    answered_at: float
    sent: Headers
    address: str | None

    def get(self, name: str) -> str | None:
        """The first header of that name."""
        return next((value for key, value in self.headers if key == name), None)

    def all(self, name: str) -> list[str]:
        """Every header of that name."""
        return [value for key, value in self.headers if key == name]


Plan = Callable[[int, Headers], BodyPlan]


# A body that is read for what it says about itself (an error page, a redirect), not for its text.
_GLANCE_BYTES = 64 * 1024

_BY_STATUS = {
    401: Reason.HTTP_401,
    402: Reason.PAYWALL,
    403: Reason.HTTP_403,
    404: Reason.HTTP_404,
    408: Reason.TIMEOUT,
    410: Reason.HTTP_GONE,
    425: Reason.HTTP_500,  # too early: the same as any trouble that passes
    429: Reason.THROTTLED,
    451: Reason.HTTP_451,
}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
# Types that say nothing reliable; the bytes decide.
_VAGUE_TYPES = frozenset({
    "", "text/plain", "application/octet-stream", "application/xml", "text/xml",
    "application/x-httpd-php", "unknown/unknown", "application/unknown", "binary/octet-stream",
})  # fmt: skip
_MOST_TYPE_CHARS = 1_000
_TOKEN = r"[-!#$%&'*+.^_`|~0-9A-Za-z]{1,127}"
_TYPE = re.compile(rf"\s{{0,100}}\"?({_TOKEN}/{_TOKEN})(?=[\s;\"]|$)")
_CHARSET = re.compile(r"(?:^|[\s;])charset\s{0,9}=[\s\"']{0,9}([^\s\"';,]{1,100})", re.IGNORECASE)
_MEDIA = re.compile(
    rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|RIFF....(?:WEBP|AVI |WAVE)|ID3|OggS|fLaC|\x1aE\xdf\xa3"
    rb"|....ftyp|\x00\x00\x01[\x00\xba\xb3]",
    re.DOTALL,
)
_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|script|article|main|div|p|h1|table)\b",
    re.IGNORECASE,
)
_FEED_MARKUP = re.compile(rb"<(?:rss|feed|rdf:RDF|urlset|sitemapindex|opml)\b", re.IGNORECASE)
_SNIFFED_BYTES = 2048  # what follows prologue and comments of a real page starts well before
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def header(headers: Headers, name: str) -> str | None:
    """The first header of that (lower-case) name."""
    return next((value for key, value in headers if key == name), None)


def content_type(headers: Headers) -> tuple[str | None, str | None]:
    """Media type and charset that the Content-Type headers name, lower case, None where absent.

    Several, in one header or more, are read as browsers do (WHATWG Fetch, "extract a MIME type"):
    the last that is a type stands, with the charset of one before it that is the same. A charset
    behind a comma or a blank instead of a semicolon is one all the same.
    """
    kind = charset = None
    for value in (value for name, value in headers if name == "content-type"):
        for said in _unquoted_parts(value[:_MOST_TYPE_CHARS]):
            found = _TYPE.match(said)
            if found is not None and found[1].lower() not in (kind, "*/*"):
                kind, charset = found[1].lower()[:100], None
            named = _CHARSET.search(said)
            if named is not None:
                charset = named[1].lower()[:40]
    return kind, charset


def _unquoted_parts(value: str) -> list[str]:
    """`value` between its commas, those in quotes left alone."""
    pieces = value.split('"')
    pieces[::2] = [piece.replace(",", "\n") for piece in pieces[::2]]
    return '"'.join(pieces).split("\n")


def redirect_target(status: int, headers: Headers) -> str | None:
    """Where a redirect points, as written; None for any other answer, also one without Location."""
    return header(headers, "location") or None if status in _REDIRECTS else None


def body_plan(status: int, headers: Headers, *, is_page: bool, max_bytes: int) -> BodyPlan:
    """How much of the body to read. A picture answered for a page is not read at all.

    Raises `NotFetched` `too_large` when the answer announces more than `max_bytes`.
    """
    if status != 200:
        return BodyPlan(max_bytes=_GLANCE_BYTES, cut=True)
    if is_page and _unread_kind(content_type(headers)[0]) is not None:
        return BodyPlan(max_bytes=0, cut=True)
    announced = claimed_count(header(headers, "content-length"))
    if announced is not None and announced > max_bytes:
        raise NotFetched(
            Reason.TOO_LARGE, f"announces {announced:,} bytes; at most {max_bytes:,} are read"
        )
    return BodyPlan(max_bytes=max_bytes)


def check_status(status: int, *, has_retry_after: bool, is_conditional: bool) -> None:
    """Raise `NotFetched` for a status without a usable body; redirects are followed elsewhere."""
    if status == 200 or (status == 304 and is_conditional):
        return
    raise NotFetched(
        _reason(status, has_retry_after=has_retry_after),
        f"answered {status}",
        http_status=status,
    )


def _reason(status: int, *, has_retry_after: bool) -> Reason:
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status == 503 and has_retry_after:
        return Reason.THROTTLED
    if status >= 500:
        return Reason.HTTP_500
    if status >= 400:
        return Reason.HTTP_400
    if status in (202, 204, 205):
        return Reason.EMPTY
    return Reason.PROTOCOL_ERROR  # a redirect without Location, a 206 or 304 nobody asked for, …


def check_page(headers: Headers, body: bytes) -> None:
    """Raise `NotFetched` unless `body` is HTML by its type and, where that is vague, its bytes."""
    media_type = content_type(headers)[0] or ""
    kind = _unread_kind(media_type) or _sniffed(body)
    if kind is not None:
        raise NotFetched(kind, f"is {media_type or 'without a type'}", http_status=200)
    if not body.strip(b" \t\r\n\0"):
        raise NotFetched(Reason.EMPTY, "answered 200 without a body", http_status=200)
    if not is_html(headers, body):
        raise NotFetched(
            Reason.NOT_HTML, f"is {media_type or 'without a type'}, no HTML", http_status=200
        )


def is_html(headers: Headers, body: bytes) -> bool:
    """Whether `body` is HTML by its type and, where that is vague, by its bytes."""
    media_type = content_type(headers)[0] or ""
    if media_type not in _HTML_TYPES and media_type not in _VAGUE_TYPES:
        return False
    start = body[:_SNIFFED_BYTES]
    if start.startswith(_UTF16) or (start[:64].count(0) > len(start[:64]) // 3):
        start = start.replace(b"\0", b"")
    if _FEED_MARKUP.search(start) and not re.search(rb"<html\b", start, re.IGNORECASE):
        return False
    if media_type in _HTML_TYPES:
        return True
    return _MARKUP.search(start) is not None


def _unread_kind(media_type: str | None) -> Reason | None:
    if media_type is None:
        return None
    if media_type in ("application/pdf", "application/x-pdf"):
        return Reason.PDF
    if media_type.startswith(("image/", "audio/", "video/")) and media_type != "image/svg+xml":
        return Reason.MEDIA
    return None


def _sniffed(body: bytes) -> Reason | None:
    if body.lstrip(b" \t\r\n").startswith(b"%PDF-"):
        return Reason.PDF
    return Reason.MEDIA if _MEDIA.match(body) else None
