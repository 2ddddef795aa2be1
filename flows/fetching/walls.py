"""Is this page a wall instead of an article: a challenge, a consent form, a login form?

Errs on the side of articles: a wall that passes here is caught by reading (no text) or by its
sameness under many URLs, an article refused here is lost. So a phrase counts only on a page with
next to no text, and vendors' scripts that also stand in ordinary pages count for nothing.
"""

import re
from urllib.parse import urlsplit

from flows.fetching.transport import Headers
from flows.records import Reason

# Walls speak in one to three hundred characters of their own words; the shortest article bodies
# of the development pages have some 600 (`tests/benchmarks/bench_fetching.py` counts false alarms).
_MOST_TEXT = 1_200
_LOOKED_AT = 200_000  # bytes: a consent page may carry its vendor's script inline

_UNSEEN = re.compile(
    r"<(script|style|noscript|template|svg|head)\b[^>]*>.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)|<[^>]*>",
    re.IGNORECASE | re.DOTALL,
)
_SPACE = re.compile(r"\s+")
_TITLE = re.compile(r"<title[^>]*>([^<]{0,300})", re.IGNORECASE)

# Set by the service itself on the answer that is the challenge.
_CHALLENGE_HEADERS = {"cf-mitigated": ("challenge",), "x-amzn-waf-action": ("challenge", "captcha")}
# Stand in the challenge page only: Cloudflare, DataDome, PerimeterX, Imperva, AWS WAF, Anubis,
# Sucuri, DDoS-Guard, Akamai, Qrator.
_CHALLENGE = re.compile(
    r"_cf_chl_opt|cf-browser-verification|captcha-delivery\.com/c\.js|id=[\"']px-captcha"
    r"|Incapsula incident ID|awsWafCookieDomainList|anubis_challenge|sucuri_cloudproxy_js"
    r"|/\.well-known/ddos-guard/|ddos-guard/js-challenge|errors\.edgesuite\.net|qauth_utm_v2"
    r"|__qrator",
    re.IGNORECASE,
)
_CHALLENGE_WORDS = re.compile(
    r"just a moment|checking (?:if the site connection is secure|your browser)"
    r"|(?:verify|confirm|make sure) (?:that )?you(?:'|’)?(?: a)?re (?:not a (?:ro)?bot|a? ?human)"
    r"|enable javascript and cookies to continue|attention required!"
    r"|please complete the (?:security check|captcha)|pardon our interruption|are you a robot\?"
    r"|making sure you(?:'|’)re not a bot|проверка браузера|vérification de votre navigateur"
    r"|安全验证|人机验证|访问验证",
    re.IGNORECASE,
)
_CONSENT_WORDS = re.compile(
    r"before you continue|bevor (?:sie|du) (?:fortfahren|weiter)|avant de continuer"
    r"|antes de continuar|prima di continuare|voordat je verder ?gaat|zanim przejdziesz dalej"
    r"|privacy gate|privacy-?tor|cookie(?:-| )?wall|datenschutz-?einstellungen"
    r"|your privacy choices|we value your privacy|akzeptieren und weiter",
    re.IGNORECASE,
)
_PASSWORD = re.compile(r"<input\b[^>]*\btype\s*=\s*[\"']?password", re.IGNORECASE)
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
    html = body[:_LOOKED_AT].decode("utf-8", "replace")
    if status != 200:
        return Reason.BLOCKED if _CHALLENGE.search(html) or _says_challenge(html) else None
    moved = _moved_to_wall(requested_url, url)
    if moved is not None:
        return moved
    if len(body) > _LOOKED_AT:
        return None
    return _speaking_wall(html)


def _is_challenge_header(headers: Headers) -> bool:
    return any(value.strip().lower() in _CHALLENGE_HEADERS.get(name, ()) for name, value in headers)


def _moved_to_wall(requested_url: str, url: str) -> Reason | None:
    """A redirect from an article to an address that says what it is."""
    before, after = urlsplit(requested_url), urlsplit(url)
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
    could_be = _CHALLENGE.search(html) or _PASSWORD.search(html) or _says_challenge(html)
    if not could_be and not _CONSENT_WORDS.search(html):
        return None
    text = _visible(html)
    if len(text) > _MOST_TEXT:
        return None
    title = _title(html)
    if _CHALLENGE.search(html) or _CHALLENGE_WORDS.search(f"{title} {text}"):
        return Reason.BLOCKED
    if _CONSENT_WORDS.search(f"{title} {text}"):
        return Reason.CONSENT_WALL
    return Reason.LOGIN_WALL if _PASSWORD.search(html) else None


def _says_challenge(html: str) -> bool:
    return _CHALLENGE_WORDS.search(html) is not None


def _title(html: str) -> str:
    match = _TITLE.search(html)
    return match[1] if match else ""


def _visible(html: str) -> str:
    return _SPACE.sub(" ", _UNSEEN.sub(" ", html)).strip()
