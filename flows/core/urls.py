"""Two values per URL: what we request, and the key under which we recognise it again.

`fetch_url` is what browsers and servers agree on (WHATWG URL, RFC 3986): absolute, http(s), free
of what a request must not carry. `url_key` is lossy: scheme, `www.`, order of parameters, tracking
parameters, AMP and mobile forms are gone. A key is a reason to look, never to merge: two pages
under one key are one article only when their texts agree, which is not decided here. No request
is made here, and no `rel=canonical` is believed here.

What a site is called, read off its host name.
"""

import re

import ada_url

# Kept with every decision a key took part in; raised when any key may change.
URL_RULES_VERSION = "url-1"

_MAX_LENGTH = 2048  # what sitemaps allow (sitemaps.org: "less than 2,048 characters")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")

# Names that carry a click, a campaign or a reader, on whatever host they stand. Compiled by hand
# from the documentation of the senders, Miniflux's list and ClearURLs' global rules; left out on
# purpose, because articles have been named by them: cid, id, sid, uid, eid, source, ref, mc, from.
_TRACKING_NAMES = (
    # click identifiers: Meta, Google, Microsoft, X, Yandex, LinkedIn, TikTok, Pinterest, …
    """
    fbclid fb_action_ids fb_action_types fb_comment_id fb_ref fb_source action_object_map
    action_ref_map action_type_map gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid
    srsltid gs_l _ga _gl msclkid twclid __twitter_impression yclid ysclid _openstat li_fat_id ttclid
    igshid igsh epik rb_clickid wickedid _branch_match_id _branch_referrer __readwiselocation
    """
    # newsletters and mailers: Mailchimp, MailerLite, Olytics, Vero, Marketo, HubSpot, Beehiiv, …
    """
    mc_cid mc_eid mc_tc ml_subscriber ml_subscriber_hash oly_anon_id oly_enc_id vero_conv vero_id
    mkt_tok _hsenc _hsmi __hsfp __hssc __hstc hsctatracking _bhlid __s dm_campaign dm_medium
    dm_source sc_cid s_cid os_ehash
    """
    # audience measurement: AT Internet, Comscore, Webtrekk, Alibaba, Echobox, campaigns by name
    """
    xtor ns_campaign ns_linkname ns_mchannel ns_source wt_mc wt_zmc wt.mc_id wtrid spm echobox
    cmpid campaign_content campaign_medium campaign_name campaign_source campaign_term
    tracking_source traffic_source
    """
    # AMP caches, challenge pages, feed plugins of WordPress, servers' session names
    """
    amp_js_v amp_gsa usqp __cf_chl_rt_tk __cf_chl_tk __cf_chl_f_tk wprss wpmobileexternal
    phpsessid jsessionid
    """
)
_TRACKING = frozenset(_TRACKING_NAMES.split())
_TRACKING_PREFIXES = (
    "utm_", "utm-", "mtm_", "pk_", "piwik_", "matomo_", "hsa_", "itm_", "otm_", "hmb_", "stm_",
    "at_bbc_", "at_campaign", "at_custom", "at_format", "at_link_", "at_medium", "at_ptr_",
)  # fmt: skip

# Names that track on these hosts and may name an article elsewhere.
_TRACKING_ON_HOSTS = {
    "bbc.com": frozenset({"ocid", "at_bbc_team", "xtor"}),
    "bbc.co.uk": frozenset({"ocid", "at_bbc_team", "xtor"}),
    "cnbc.com": frozenset({"__source"}),
    "dailymail.co.uk": frozenset({"ito", "ico"}),
    "forbes.com": frozenset({"sh", "ss"}),
    "huffpost.com": frozenset({"ncid"}),
    "independent.co.uk": frozenset({"r"}),
    "metro.co.uk": frozenset({"ito"}),
    "msn.com": frozenset({"ocid", "cvid", "pc"}),
    "newyorker.com": frozenset({"mbid", "source", "bxid", "esrc"}),
    "nikkei.com": frozenset({"n_cid"}),
    "nytimes.com": frozenset(
        {"smid", "smtyp", "emc", "referringsource", "campaign_id", "instance_id", "segment_id"}
    ),
    "reuters.com": frozenset({"taid", "feedname", "feedtype", "rpc"}),
    "sohu.com": frozenset({"scm"}),
    "theguardian.com": frozenset({"cmp"}),
    "wired.com": frozenset({"mbid", "source", "bxid", "esrc"}),
    "wsj.com": frozenset({"mod", "reflink", "st"}),
    "youtube.com": frozenset({"feature", "si", "pp"}),
}

# Names that say where the reader came from only with these values; `ref=4711` may be an article.
_ORIGINS = frozenset({
    "rss", "twitter", "tw", "facebook", "fb", "linkedin", "telegram", "whatsapp", "newsletter",
    "email", "mail", "homepage", "amp", "share", "googlenews",
})  # fmt: skip
_ORIGIN_NAMES = frozenset({"ref", "ref_src", "source", "from", "partner", "cmp", "src"})
_AMP_FLAGS = frozenset({"", "1", "true", "yes"})  # `?amp`, `?amp=1`
_AMP_OUTPUT = frozenset({"output", "outputtype"})  # `?outputType=amp`

_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SCHEME = re.compile(r"\s*[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid)=[^/;]*", re.IGNORECASE)
# Hosts that serve other sites' pages under a path that spells the page's own address.
_AMP_CACHE = re.compile(
    r"(?:[^/]+\.cdn\.ampproject\.org(?::\d+)?/(?:[cv]/)|(?:www\.)?(?:google\.[a-z.]+|bing\.com)/amp/)"
    r"(?:s/)?(?=[^/]+\.[^/]+/)"
)
_ALTERNATE_HOST = re.compile(r"(?:www|m|mobile|amp)\.(?=[^.]+\.)")
_REGISTRY_LABELS = frozenset(
    {"co", "com", "org", "net", "gov", "edu", "ac", "or", "ne", "go", "gob"}
)
# What the last step of an article's path looks like: three hyphens, six digits, or a page's suffix.
# A section called `amp` stays itself: `/guitars/amp` is not `/guitars`.
_ARTICLE_STEP = re.compile(r"(?:[^-]*-){3}|.*\d{6}|.*\.s?html?$", re.IGNORECASE)


def fetch_url(raw: str, base: str | None = None) -> str | None:
    """The absolute http(s) URL to request for `raw`, or None when it must not be requested.

    Refused: other schemes, credentials, control characters, more than 2,048 characters, what the
    WHATWG parser refuses. A fragment is kept only where it names a page (`#!…`, `#/…`).
    """
    trimmed = raw.strip(" \t\r\n\f\0")
    if not trimmed or len(trimmed) > _MAX_LENGTH or _CONTROL.search(trimmed):
        return None
    try:
        url = ada_url.URL(trimmed, base) if base else ada_url.URL(trimmed)
    except ValueError:
        return None
    if url.protocol not in ("http:", "https:") or url.username or url.password:
        return None
    if not (hostname := url.hostname.rstrip(".")):
        return None
    if hostname != url.hostname:
        url.hostname = hostname
    if not url.hash.startswith(("#!", "#/")):
        url.hash = ""
    href = str(url.href)
    return href if len(href) <= _MAX_LENGTH else None


def host_of(url: str) -> str:
    """`host`, or `host:port` when the port is not the scheme's default. `url` from `fetch_url`."""
    return str(ada_url.URL(url).host)


def url_key(url: str) -> str:
    """The lossy identity of a URL: `host/path?query`, without scheme. `url_key` of a key is itself.

    Raises ValueError for what `fetch_url` refuses.
    """
    key = _shortened(url)
    while (again := _shortened(key)) != key:  # each pass only removes, so this ends
        key = again
    return key


def _shortened(url: str) -> str:
    fetchable = fetch_url(url if _SCHEME.match(url) else f"https://{url}")
    if fetchable is None:
        raise ValueError(f"no http(s) URL that can be requested: {url!r}")
    address, _, fragment = fetchable.partition("#")
    address, _, query = address.partition("?")
    address = _AMP_CACHE.sub("", address.partition("://")[2], count=1)
    host, _, path = address.partition("/")
    host = _plain_host(host)
    key = host + _plain_path("/" + path)
    query = _plain_query(query, host)
    return key + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def _plain_host(host: str) -> str:
    """`www.`, `m.`, `mobile.` and `amp.` fall; a bare registry such as `co.uk` never remains."""
    plain = _ALTERNATE_HOST.sub("", host, count=1)
    labels = plain.split(".")
    if len(labels) == 2 and len(labels[1]) == 2 and labels[0] in _REGISTRY_LABELS:
        return host
    return plain


def _plain_path(path: str) -> str:
    steps = _ESCAPED.sub(_decoded, _SESSION_IN_PATH.sub("", path)).split("/")
    while len(steps) > 2 and not steps[-1]:
        steps.pop()
    others = [step for step in steps if step.lower() != "amp"]
    if len(others) > 1 and _ARTICLE_STEP.match(others[-1]):
        steps = others
        steps[-1] = re.sub(r"\.amp(?=$|\.s?html?$)", "", steps[-1], flags=re.IGNORECASE)
    return "/".join(steps)


def _plain_query(query: str, host: str) -> str:
    parts = [re.sub(r"^(?:amp;)+", "", part, flags=re.IGNORECASE) for part in query.split("&")]
    kept = [_ESCAPED.sub(_decoded, part) for part in parts if part and not _tracks(part, host)]
    if all("=" in part for part in kept):  # keyless parts (`?print&244321`) keep their places
        kept.sort(key=lambda part: part.partition("=")[0])
    return "&".join(kept)


def _tracks(part: str, host: str) -> bool:
    name, _, value = part.lower().partition("=")
    if name in _TRACKING or name.startswith(_TRACKING_PREFIXES):
        return True
    if name in _ORIGIN_NAMES:
        return value in _ORIGINS or _tracks_on(name, host)
    if name == "amp":
        return value in _AMP_FLAGS
    return (name in _AMP_OUTPUT and value == "amp") or _tracks_on(name, host)


def _tracks_on(name: str, host: str) -> bool:
    domain = host.partition(":")[0]
    while domain:
        if name in _TRACKING_ON_HOSTS.get(domain, ()):
            return True
        domain = domain.partition(".")[2]
    return False


def _decoded(escape: re.Match[str]) -> str:
    """Percent-encoded unreserved characters are the characters (RFC 3986, 6.2.2.2)."""
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else f"%{escape[1].upper()}"


# Labels that name no site: registries' second level, and doors of one site
_NO_NAMES = frozenset({
    "www", "www1", "www2", "m", "mobile", "amp", "news", "co", "com", "org", "net", "gov", "gob",
    "gouv", "ac", "edu", "or", "ne", "go", "in", "info", "web",
})  # fmt: skip


def site_labels(url: str) -> tuple[str, ...]:
    """The names in the host of `url`: the host without `www.`, and each label but the last."""
    host = host_of(url).split(":")[0].removeprefix("www.")
    labels = [label for label in host.split(".")[:-1] if label not in _NO_NAMES and len(label) > 1]
    return (host, *labels) if host else ()
