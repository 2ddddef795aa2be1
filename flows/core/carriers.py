"""Links that carry the URL they lead to: click counters, AMP caches, aggregators, mail filters.

Decides which part of such a link is the URL, by one table of host, path and parameter. The link in
a feed is often not the article's but one of a service that counts clicks or looks into mail: its
robots.txt forbids us to follow, or its answer is a script. The URL is read, never asked for, and
what comes out is like any link: http(s) only, and the address guard still stands before a request.

Not here: services whose links are opaque (t.co, bit.ly, feedproxy); they are followed as redirects.
"""

import base64
import binascii
import re
from collections.abc import Callable
from urllib.parse import unquote

from flows.core.host_names import fetch_url, plain_host

# A link within a link within a link; deeper ones are nobody's, and stand as they are. Unmeasured.
_MOST_WRAPPINGS = 6
_MOST_DECODINGS = 3  # parameters are percent-encoded once, by careless writers twice

# Host (and all below it), path without its last slash, the parameters that may hold the URL.
_BY_PARAMETER = r"""
google.com                        /url|/news/url                   url q
google.com                        /translate                       u
youtube.com                       /redirect                        q
bing.com                          /news/apiclick\.aspx|/ck/a       url u
duckduckgo.com                    /l                               uddg
facebook.com                      /l\.php|/flx/warn                u
l.messenger.com                   /l\.php                          u
l.instagram.com                   |/l\.php                         u
l.threads.net                     |/l\.php                         u
l.threads.com                     |/l\.php                         u
l.wl.co                           /l                               u
t.umblr.com                       /redirect                        z
out.reddit.com                    .*                               url
linkedin.com                      /redir/redirect|/redirect|/safety/go   url
pinterest.com                     /offsite                         url
medium.com                        /r                               url
t.me                              /iv|/share/url                   url
telegram.me                       /iv|/share/url                   url
vk.com                            /away(\.php)?                    to
weibo.cn                          /sinaurl                         u toasturl
link.zhihu.com                    .*                               target
douban.com                        /link2                           url
c.pc.qq.com                       /.*\.html                        pfurl url
link.csdn.net                     .*                               target
ok.ru                             /dk                              st.link
yandex.ru                         /turbo                           text
flipboard.com                     /redirect                        url
page.link                         .*                               link
app.link                          .*                               $canonical_url $desktop_url
slack-redir.net                   /link                            url
steamcommunity.com                /linkfilter                      u url
getpocket.com                     /redirect                        url
safelinks.protection.outlook.com  .*                               url
teams.cdn.office.net              /evergreen-assets/safelinks/.*   url
urldefense.proofpoint.com         /v[12]/url                       u
urldefense.com                    /v[12]/url                       u
linkprotect.cudasvc.com           /url                             a
protect2.fireeye.com              .*                               u
trendmicro.com                    /wis/clicktime/.*                url
protection.sophos.com             .*                               u
"""

# Host (and all below it), and what of `/path?query` is the URL.
_BY_PATH = r"""
cdn.ampproject.org                /(?:c|v|wp)/(?P<amp>.+)
bing-amp.com                      /(?:c|v)/(?P<amp>.+)
turbopages.org                    /(?:turbo/)?(?P<host>[^/]+)/s/(?P<path>.*)
yandex.ru                         /turbo/(?P<host>[^/]+)/s/(?P<path>.*)
google.com                        /amp/(?P<amp>.+)
bing.com                          /amp/(?P<amp>.+)
search.yahoo.com                  .*?/RU=(?P<url>[^/]+)
rd.yahoo.com                      .*?/(?:\*|%2A)-?(?P<url>https?(?::|%3A).+)
feeds.feedblitz.com               /~/t/.*?/~(?P<url>https?(?::|%3A).+)
urldefense.com                    /v3/__(?P<url>[^*]+?)__;
urldefense.us                     /v3/__(?P<url>[^*]+?)__;
secure-web.cisco.com              /[^/]+/(?P<url>https?(?::|%3A).+)
links.govdelivery.com             /track\?(?:.*&)?(?P<url>https?://.+)
href.li                           /\?(?P<url>.+)
"""

# Country editions are the one service: google.de, google.co.uk, google.com.ua
_COUNTRY = re.compile(r"(?:^|(?<=\.))google\.(?:[a-z]{2}|com?\.[a-z]{2}|cat)$")
_HTTP = re.compile(r"(?:https?:/{1,2}|//)(?=[^/\s])", re.IGNORECASE)
_PROOFPOINT_2 = re.compile(r"https?-3A__")
# Bing's `u=a1aHR0cHM6…` and Sophos' `u=aHR0cHM6…`: base64 of `http…`
_BASE64 = re.compile(r"(?:a1)?(aHR0c[\w+/-]+)={0,2}$")
# The path of a Google News link until mid-2024: a protocol buffer that holds the URL
_GOOGLE_NEWS = re.compile(r"/(?:rss/)?(?:articles|read)/(CB[\w-]{4,2000})={0,2}(?:[?/].*)?$")

_Reader = Callable[[str], str | None]


def link_target(raw: str, base: str | None = None) -> str | None:
    """The URL to request for a link: `fetch_url`, taken out of whatever carries it."""
    url = fetch_url(raw, base)
    return unwrapped(url) if url is not None else None


def unwrapped(url: str) -> str:
    """The URL that `url`, from `fetch_url`, carries; `url` itself when it carries none."""
    inner = url
    for _ in range(_MOST_WRAPPINGS):
        carried = _carried(inner)
        if carried is None:
            return inner
        inner = carried
    return url


def _carried(url: str) -> str | None:
    after_scheme = url.partition("://")[2].partition("#")[0]
    host, slash, target = after_scheme.partition("/")
    for reader in _readers(plain_host(host.partition(":")[0])):
        if (found := reader(slash + target)) is not None:
            return found
    return None


def _readers(host: str) -> list[_Reader]:
    """The rows for a host and for the domains it lies in; names of services have four labels."""
    labels = _COUNTRY.sub("google.com", host).split(".")
    return [
        reader
        for start in range(max(0, len(labels) - 4), len(labels))
        for reader in _CARRIERS.get(".".join(labels[start:]), ())
    ]


def _by_parameter(path: str, names: list[str]) -> _Reader:
    pattern = re.compile(path, re.IGNORECASE)

    def read(target: str) -> str | None:
        before, _, query = target.partition("?")
        if pattern.fullmatch(before.rstrip("/")) is None:
            return None
        given = _parameters(query)
        values = (given[name] for name in names if name in given)
        return next((url for value in values if (url := _as_url(value)) is not None), None)

    return read


def _parameters(query: str) -> dict[str, str]:
    """The first value of each parameter, as it is written. A `+` stays: URLs hold no blanks."""
    given: dict[str, str] = {}
    for part in query.split("&"):
        name, _, value = part.partition("=")
        given.setdefault(unquote(name).lower().rpartition("amp;")[2], value)
    return given


def _by_path(path: str) -> _Reader:
    pattern = re.compile(path, re.IGNORECASE | re.DOTALL)

    def read(target: str) -> str | None:
        found = pattern.match(target)
        if found is None:
            return None
        given = found.groupdict()
        if "host" in given:
            return _behind_cache(f"s/{given['host']}/{given['path']}")
        return _behind_cache(given["amp"]) if "amp" in given else _as_url(given["url"])

    return read


def _behind_cache(path: str) -> str | None:
    address = path.removeprefix("s/")  # `s/` before the host: it is fetched over TLS
    host, slash, _ = address.partition("/")
    if not slash or "." not in host[1:-1]:
        return None
    return fetch_url(f"http{'s' if address != path else ''}://{address}")


def _as_url(value: str) -> str | None:
    """The http(s) URL a value is, once its encoding is undone; None for any other value."""
    if _PROOFPOINT_2.match(value):
        value = value.replace("-", "%").replace("_", "/")
    elif coded := _BASE64.match(unquote(value)):
        value = _decoded(coded[1]).decode("utf-8", errors="replace")
    for _ in range(_MOST_DECODINGS):
        if _HTTP.match(value):
            return fetch_url(value if value[0] != "/" else f"https:{value}")
        value = unquote(value)
    return None


def _google_news(target: str) -> str | None:
    found = _GOOGLE_NEWS.match(target)
    url = _first_url(_decoded(found[1])) if found is not None else None
    return fetch_url(url) if url is not None else None


def _decoded(coded: str) -> bytes:
    try:
        return base64.b64decode(coded + "=" * (-len(coded) % 4), altchars=b"-_")
    except (binascii.Error, ValueError):
        return b""


_URL = re.compile(rb"https?://[\x21-\x7e]+")


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


def _table() -> dict[str, list[_Reader]]:
    rows: dict[str, list[_Reader]] = {"news.google.com": [_google_news]}
    for line in _BY_PARAMETER.strip().splitlines():
        host, path, *names = line.split()
        rows.setdefault(host, []).append(_by_parameter(path, names))
    for line in _BY_PATH.strip().splitlines():
        host, path = line.split()
        rows.setdefault(host, []).append(_by_path(path))
    return rows


_CARRIERS = _table()
