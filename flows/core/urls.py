"""Two values per URL: what we request, and the key under which we recognise it again.

What we request is `flows.core.host_names`' to say, and handed on from here. `url_key` is lossy:
scheme, `www.`, order of parameters, tracking parameters, AMP and mobile forms are gone, and a link
that carries another URL (`flows.core.carriers`) has that URL's key. A key is a reason to look,
never to merge: two pages under one key are one article only when their texts agree, which is not
decided here. No request is made here, and no `rel=canonical` is believed here.

What a site is called, read off its host name.
"""

import re

from flows.core.carriers import unwrapped
from flows.core.host_names import fetch_url, host_of, plain_host

__all__ = ["URL_RULES_VERSION", "fetch_url", "host_of", "url_key"]

# Kept with every decision a key took part in; raised when any key may change.
URL_RULES_VERSION = "url-2"

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

_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SCHEME = re.compile(r"[\s\0]*[a-z][a-z0-9+.-]*:[/\\]", re.IGNORECASE)
# Not after a dot: without it `/.;jsessionid=1/` would be the step `.`
_SESSION_IN_PATH = re.compile(r"(?<!\.)(?:;(?:jsessionid|phpsessid)=[^/;]*)+", re.IGNORECASE)
_ESCAPED_AMPERSAND = re.compile(r"(?:amp;)+", re.IGNORECASE)
# What the last step of an article's path looks like: three hyphens, six digits, or a page's suffix.
# A section called `amp` stays itself: `/guitars/amp` is not `/guitars`.
_ARTICLE_STEP = re.compile(r"(?:[^-]*-){3}|.*\d{6}|.*\.s?html?$", re.IGNORECASE)
_PAGE_SUFFIX = re.compile(r"\.s?html?$", re.IGNORECASE)


def url_key(url: str) -> str:
    """The lossy identity of a URL: `host/path?query`, without scheme. `url_key` of a key is itself.

    Total: what `fetch_url` refuses has no identity but its own words, and comes back as it is.
    """
    fetchable = fetch_url(url)
    if fetchable is None and not _SCHEME.match(url):
        fetchable = fetch_url(f"https://{url}")
    if fetchable is None:
        return url
    while True:  # each turn but the last takes a link off that carried another: this ends
        key = _key_of(unwrapped(fetchable))
        again = fetch_url(f"https://{key}")
        if again is None or unwrapped(again) == again:
            break
        fetchable = again
    is_url = key.startswith("http") and fetch_url(key) is not None  # of hosts called `http`
    return f"https://{key}" if is_url else key


def _key_of(fetchable: str) -> str:
    address, _, fragment = fetchable.partition("#")
    address, _, query = address.partition("?")
    host, _, path = address.partition("://")[2].partition("/")
    host = plain_host(host.removesuffix(":443"))  # the key has no scheme, and stands for https
    key = host + _plain_path(_unescaped("/" + path))
    query = _plain_query(_unescaped(query), host)
    return key + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def _plain_path(path: str) -> str:
    steps = _SESSION_IN_PATH.sub("", path).split("/")
    while len(steps) > 2 and not steps[-1]:
        steps.pop()
    others = [step for step in steps if step.lower() != "amp"]
    if len(others) > 1 and _ARTICLE_STEP.match(others[-1]):
        steps = others
        steps[-1] = _without_amp(steps[-1])
    return "/".join(steps)


def _without_amp(step: str) -> str:
    """`story.amp`, `story.amp.html` → `story`, `story.html`, however often it is said."""
    step = _before_amp(step)
    if (suffix := _PAGE_SUFFIX.search(step)) is None:
        return step
    return _before_amp(step[: suffix.start()]) + suffix[0]


def _before_amp(step: str) -> str:
    lowered, end = step.lower(), len(step)
    while lowered.endswith(".amp", 0, end):
        end -= len(".amp")
    return step[:end]


def _plain_query(query: str, host: str) -> str:
    names = _tracking_on(host)
    parts = (_after_ampersand(part) for part in query.split("&"))
    kept = [part for part in parts if part and not _tracks(part, names)]
    if all("=" in part for part in kept):  # keyless parts (`?print&244321`) keep their places
        kept.sort(key=lambda part: part.partition("=")[0])
    return "&".join(kept)


def _after_ampersand(part: str) -> str:
    """Entities written into a URL: `&amp;b=2`."""
    escaped = _ESCAPED_AMPERSAND.match(part)
    return part[escaped.end() :] if escaped is not None else part


def _tracks(part: str, names_here: frozenset[str]) -> bool:
    name, _, value = part.lower().partition("=")
    if name in _TRACKING or name in names_here or name.startswith(_TRACKING_PREFIXES):
        return True
    if name in _ORIGIN_NAMES:
        return value in _ORIGINS
    if name == "amp":
        return value in _AMP_FLAGS
    return name in _AMP_OUTPUT and value == "amp"


def _tracking_on(host: str) -> frozenset[str]:
    """The names that track on this host or on a domain it lies in."""
    labels = host.partition(":")[0].split(".")
    domains = (".".join(labels[start:]) for start in range(max(0, len(labels) - 4), len(labels)))
    return frozenset().union(*(_TRACKING_ON_HOSTS.get(domain, frozenset()) for domain in domains))


def _unescaped(text: str) -> str:
    """Percent-encoded unreserved characters are the characters (RFC 3986, 6.2.2.2); a `%` that
    encodes nothing is a `%25`, so that what stands behind it can never become one."""
    return _ESCAPED.sub(_decoded, text) if "%" in text else text


def _decoded(escape: re.Match[str]) -> str:
    if escape[1] is None:
        return "%25"
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
