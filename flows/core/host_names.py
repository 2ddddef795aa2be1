"""Which URL is requested for a string, and at which host: the one place that meets the URL parser.

Total: any string gives a URL or None, in time linear in its length, and nothing raises. What comes
out is ASCII whose host every resolver and client can take: hosts go through the WHATWG rules, by
which `☃.net` is `xn--n3h.net` and `2130706433` is 127.0.0.1, and a name must fit into the DNS.
Whether an address may be connected to is the guard's to say, when it is connected to.
"""

import re

import ada_url

_MAX_LENGTH = 2048  # what sitemaps allow (sitemaps.org: "less than 2,048 characters")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
# RFC 1035, 2.3.4: 255 octets on the wire are 253 characters without the root's dot
_MOST_NAME_CHARS = 253
_MOST_LABEL_CHARS = 63

# Labels before a name that say how a page is shown, not whose it is.
_SHOWN_AS = frozenset({"www", "m", "mobile", "amp"})
_REGISTRY_LABELS = frozenset(
    {"co", "com", "org", "net", "gov", "edu", "ac", "or", "ne", "go", "gob"}
)


def fetch_url(raw: str, base: str | None = None) -> str | None:
    """The absolute http(s) URL to request for `raw`, or None when it must not be requested.

    Refused: other schemes, credentials, control characters, more than 2,048 characters, what the
    WHATWG parser refuses, names the DNS cannot hold. A fragment is kept only where it names a page
    (`#!…`, `#/…`).
    """
    trimmed = raw.strip(" \t\r\n\f\0")
    if not trimmed or len(trimmed) > _MAX_LENGTH or _CONTROL.search(trimmed):
        return None
    url = _parsed(trimmed, base or None)
    if url is None or url.protocol not in ("http:", "https:") or url.username or url.password:
        return None
    hostname = url.hostname.removesuffix(".")  # the root's dot: the same name to a resolver
    if not _fits_dns(hostname):
        return None
    if hostname != url.hostname:
        url.hostname = hostname
    if not url.hash.startswith(("#!", "#/")):
        url.hash = ""
    href = str(url.href)
    return href if len(href) <= _MAX_LENGTH else None


def host_of(url: str) -> str:
    """`host`, or `host:port` when the port is not the scheme's default; "" for what has none."""
    parsed = _parsed(url, None)
    return str(parsed.host) if parsed is not None else ""


def ascii_host(name: str) -> str:
    """A host's name as requests carry it: `☃.net` → `xn--n3h.net`; in lower case if it is none."""
    url = fetch_url(f"http://{name}/")
    return host_of(url) if url is not None else name.lower()


def plain_host(host: str) -> str:
    """`host` without `www.`, `m.`, `mobile.` and `amp.`, wherever they stand in it.

    The domain itself stays whole: `m.com` is not `com`, `m.co.uk` not `co.uk`.
    """
    if host.startswith("["):
        return host
    labels = host.split(".")
    is_below_registry = len(labels[-1]) == 2 and labels[-2:-1] and labels[-2] in _REGISTRY_LABELS
    domain = 3 if is_below_registry else 2
    kept = [label for label in labels[:-domain] if label not in _SHOWN_AS]
    return ".".join(kept + labels[-domain:])


def _parsed(raw: str, base: str | None) -> ada_url.URL | None:
    try:
        return ada_url.URL(raw, base) if base is not None else ada_url.URL(raw)
    except ValueError:  # UnicodeEncodeError of lone surrogates among them
        return None


def _fits_dns(hostname: str) -> bool:
    """Whether a query can be made for it; an IP address always fits."""
    if len(hostname) > _MOST_NAME_CHARS:
        return False
    return all(0 < len(label) <= _MOST_LABEL_CHARS for label in hostname.split("."))
