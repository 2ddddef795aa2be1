"""Is this page a wall instead of an article: a challenge, a consent form, a login form?

Errs on the side of articles: a wall that passes here is caught by reading (no text) or by its
sameness under many URLs, an article refused here is lost. So a phrase counts only on a page with
next to no text, and vendors' scripts that also stand in ordinary pages count for nothing.
"""

import re
from urllib.parse import urlsplit

from flows.core import Reason
from flows.core.urls import fetch_url
from flows.fetch.response import Headers

# Walls speak in one to three hundred characters of their own words; the shortest article bodies
# of the development pages have some 600 (`tests/benchmarks/bench_fetching.py` counts false alarms).
_MOST_TEXT = 1_200
_MOST_PARAGRAPHS = 10  # spares nine of ten articles the search, which costs more than the request
_LOOKED_AT = 200_000  # bytes: a consent page may carry its vendor's script inline

# No part of these patterns can run to the end of the page from every place where it may begin.
_UNSEEN = re.compile(
    r"<(script|style|noscript|template|svg|head)\b[^<>]*>.*?(?:</\1\b|\Z)|<!--.*?(?:-->|\Z)|<[^<>]*>",
    re.DOTALL,
)
_SPACE = re.compile(r"\s+")
_TITLE = re.compile(r"<title[^<>]{0,100}>([^<]{0,300})")

# Set by the service itself on the answer that is the challenge.
_CHALLENGE_HEADERS = {"cf-mitigated": ("challenge",), "x-amzn-waf-action": ("challenge", "captcha")}
# All needles are lower case: finding forty plain strings costs a tenth of one pattern of them.
# What stands in the challenge page only: Cloudflare, DataDome, PerimeterX, Imperva, AWS WAF,
# Anubis, Sucuri, DDoS-Guard, Akamai, Qrator.
_CHALLENGE_MARKS = (
    "_cf_chl_opt", "cf-browser-verification", "captcha-delivery.com/c.js", 'id="px-captcha"',
    "id='px-captcha'", "incapsula incident id", "awswafcookiedomainlist", "anubis_challenge",
    "sucuri_cloudproxy_js", "/.well-known/ddos-guard/", "ddos-guard/js-challenge",
    "errors.edgesuite.net", "qauth_utm_v2", "__qrator",
)  # fmt: skip
_CHALLENGE_WORDS = (
    "just a moment", "checking if the site connection is secure", "checking your browser",
    "verify you are human", "verify you are not a", "verify that you are", "confirm you are human",
    "confirm that you are", "make sure you're not a", "making sure you're not a bot",
    "making sure you\u2019re not a bot", "enable javascript and cookies to continue",
    "attention required!", "complete the security check", "complete the captcha",
    "pardon our interruption", "are you a robot?", "проверка браузера",
    "vérification de votre navigateur", "安全验证", "人机验证", "访问验证",
)  # fmt: skip
_CONSENT_WORDS = (
    "before you continue", "bevor sie fortfahren", "bevor sie weiter", "bevor du fortfährst",
    "avant de continuer", "antes de continuar", "prima di continuare", "voordat je verdergaat",
    "zanim przejdziesz dalej", "privacy gate", "privacy-tor", "cookie wall", "cookiewall",
    "cookie-wall", "datenschutzeinstellungen", "datenschutz-einstellungen", "your privacy choices",
    "we value your privacy", "akzeptieren und weiter",
)  # fmt: skip
_PASSWORD = re.compile(r"<input\b[^<>]{0,300}\btype\s*=\s*[\"']?password")
_LOGIN_STEPS = frozenset({
    "login", "log-in", "signin", "sign-in", "signon", "sign_in", "sso", "oauth", "openid",
    "authorize", "anmelden", "connexion", "iniciar-sesion", "accedi", "logowanie",
})  # fmt: skip
_LOGIN_HOSTS = frozenset({"login", "signin", "sso", "auth", "account", "accounts", "id"})
_CONSENT_STEPS = frozenset({"consent", "privacywall", "cookiewall", "cookie-wall", "privacy-gate"})
_CONSENT_HOSTS = frozenset({"consent", "privacygate", "myprivacy", "cmp"})
_PAY_STEPS = frozenset({"subscribe", "subscription", "paywall", "abonnement", "abo"})


def wall_of(
    requested_url: str, url: str, headers: Headers, body: bytes, *, status: int = 200
) -> Reason | None:
    """What wall stands at `url`, reached from `requested_url`; None when it may be an article.

    `status` other than 200 already is no article, so that there one sign of a challenge suffices.
    """
    if _is_challenge_header(headers):
        return Reason.BLOCKED
    if status != 200:
        challenges = (*_CHALLENGE_MARKS, *_CHALLENGE_WORDS)
        return Reason.BLOCKED if _has(_lowered(body), challenges) else None
    moved = _moved_to_wall(requested_url, url)
    if moved is not None:
        return moved
    if len(body) > _LOOKED_AT or body.count(b"</p>") > _MOST_PARAGRAPHS:
        return None
    return _speaking_wall(_lowered(body))


def visible_text(body: bytes) -> str:
    """What a reader without scripts sees of the beginning of a page, in lower case."""
    return _visible(_lowered(body))


def _is_challenge_header(headers: Headers) -> bool:
    return any(value.strip().lower() in _CHALLENGE_HEADERS.get(name, ()) for name, value in headers)


def _moved_to_wall(requested_url: str, url: str) -> Reason | None:
    """A redirect from an article to an address that says what it is."""
    # as it is requested: the written form may be one that urlsplit refuses
    before, after = urlsplit(fetch_url(requested_url) or ""), urlsplit(url)
    if (before.netloc, before.path) == (after.netloc, after.path):
        return None
    new_steps = _steps(after.path) - _steps(before.path)
    first = after.netloc.partition(".")[0]
    is_new_host = first != before.netloc.partition(".")[0]
    if new_steps & _CONSENT_STEPS or (is_new_host and first in _CONSENT_HOSTS):
        return Reason.CONSENT_WALL
    if new_steps & _LOGIN_STEPS or (is_new_host and first in _LOGIN_HOSTS):
        return Reason.LOGIN_WALL
    return Reason.PAYWALL if new_steps & _PAY_STEPS else None


def _steps(path: str) -> set[str]:
    """The steps of a path, the last without its suffix (`/login.php`)."""
    return {step.partition(".")[0] for step in path.lower().split("/")}


def _speaking_wall(html: str) -> Reason | None:
    """A wall under the article's own address, with status 200."""
    marked = _has(html, _CHALLENGE_MARKS)
    asks_password = "password" in html and _PASSWORD.search(html) is not None
    if not (marked or asks_password or _has(html, (*_CHALLENGE_WORDS, *_CONSENT_WORDS))):
        return None
    text = _visible(html)
    if len(text) > _MOST_TEXT:
        return None
    said = f"{_title(html)} {text}"
    if marked or _has(said, _CHALLENGE_WORDS):
        return Reason.BLOCKED
    if _has(said, _CONSENT_WORDS):
        return Reason.CONSENT_WALL
    return Reason.LOGIN_WALL if asks_password else None


def _lowered(body: bytes) -> str:
    return body[:_LOOKED_AT].decode("utf-8", "replace").lower()


def _has(text: str, needles: tuple[str, ...]) -> bool:
    return any(needle in text for needle in needles)


def _title(html: str) -> str:
    match = _TITLE.search(html)
    return match[1] if match else ""


def _visible(html: str) -> str:
    return _SPACE.sub(" ", _UNSEEN.sub(" ", html)).strip()
