"""Google News links: the article's own URL where the link carries it, else a headline only.

Until mid-2024 `news.google.com/rss/articles/CBMi…` held the URL as text in a base64 protocol
buffer; newer ones hold an opaque key that only Google's own servers resolve. Decides which is
which; refuses to ask Google.
"""

import base64
import binascii
import re
from urllib.parse import urlsplit

from flows.core import Candidate, Reason, Skipped, Stage

_PATH = re.compile(r"/(?:rss/)?(?:articles|read)/(CB[\w-]{4,2000})={0,2}$")
_URL = re.compile(rb"https?://[\x21-\x7e]+")


def decoded_link(url: str) -> str | None:
    """The article URL inside a Google News link, or None when there is none to be read."""
    found = _article(url)
    if found is None:
        return None
    try:
        message = base64.urlsafe_b64decode(found + "=" * (-len(found) % 4))
    except (binascii.Error, ValueError):
        return None
    return _first_url(message)


def headline_only(candidate: Candidate) -> Skipped | None:
    """How a candidate ends whose Google News link leads to no article, or None for all others."""
    host = urlsplit(candidate.url).hostname
    if host != "news.google.com":
        return None
    return Skipped(
        stage=Stage.DISCOVER,
        reason=Reason.HEADLINE_ONLY,
        detail="a Google News link that does not carry the article's URL",
    )


def _article(url: str) -> str | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.hostname != "news.google.com":
        return None
    found = _PATH.search(parts.path)
    return found[1] if found else None


def _first_url(message: bytes) -> str | None:
    """Field 4 (tag 0x22) is a string: its length as varint, then the URL."""
    for found in _URL.finditer(message):
        length = _length_before(message, found.start())
        url = found[0] if length is None else message[found.start() :][:length]
        try:
            return url.decode("ascii")
        except UnicodeDecodeError:
            continue
    return None


def _length_before(message: bytes, start: int) -> int | None:
    if start >= 2 and message[start - 2] == 0x22 and message[start - 1] < 0x80:
        return message[start - 1]
    if start >= 3 and message[start - 3] == 0x22 and message[start - 2] >= 0x80:
        return (message[start - 2] & 0x7F) | message[start - 1] << 7
    return None
