import gzip
from pathlib import Path

import pytest

from flows.core import Reason
from flows.fetch.walls import wall_of

ARTICLES = Path(__file__).parents[2] / "../shared/data/articles"
URL = "http://daily.test/world/talks"
PARAGRAPH = "<p>The two sides met in the capital and spoke of a ceasefire for several hours.</p>\n"


def _page(title: str, body: str) -> bytes:
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode()


def _wall(body: bytes, *, url: str = URL, status: int = 200) -> Reason | None:
    return wall_of(URL, url, (), body, status=status)


@pytest.mark.parametrize(
    "body",
    [
        _page("Just a moment...", "<noscript>Enable JavaScript and cookies to continue</noscript>"
              "<script>window._cf_chl_opt={}</script>"),
        _page("daily.test", "<p>Please verify you are human by completing the action below.</p>"),
        _page("x", '<script src="https://ct.captcha-delivery.com/c.js"></script>'),
        _page("Access", "Request unsuccessful. Incapsula incident ID: 4720"),
        _page("安全验证", "<div>请完成下方验证</div>"),
        _page("Making sure you&#39;re not a bot!", '<script id="anubis_challenge">{}</script>'),
    ],
)  # fmt: skip
def test_a_challenge_is_no_article(body: bytes) -> None:
    assert _wall(body) is Reason.BLOCKED


def test_a_challenge_header_is_enough() -> None:
    assert wall_of(URL, URL, (("cf-mitigated", "challenge"),), b"") is Reason.BLOCKED


def test_with_a_refusing_status_one_sign_is_enough() -> None:
    long = _page("Access denied", PARAGRAPH * 30 + "https://errors.edgesuite.net/18.1")
    assert _wall(long, status=403) is Reason.BLOCKED
    assert _wall(_page("Forbidden", "No."), status=403) is None


def test_a_consent_page_is_no_article() -> None:
    body = _page("Before you continue", "<form><button>Accept all</button></form>")
    assert _wall(body) is Reason.CONSENT_WALL


def test_a_page_of_nothing_but_a_login_form_is_no_article() -> None:
    body = _page("Members", '<form><input name="p" type="password"></form>')
    assert _wall(body) is Reason.LOGIN_WALL


@pytest.mark.parametrize(
    ("url", "wall"),
    [
        ("https://consent.daily.test/?continue=x", Reason.CONSENT_WALL),
        ("http://daily.test/privacy-gate?u=x", Reason.CONSENT_WALL),
        ("https://accounts.daily.test/o", Reason.LOGIN_WALL),
        ("http://daily.test/user/login.php?next=/world/talks", Reason.LOGIN_WALL),
        ("http://daily.test/subscribe", Reason.PAYWALL),
        ("http://daily.test/world/talks/", None),
        ("http://daily.test/world/loginova-met-the-envoy", None),
        ("https://www.daily.test/world/talks", None),
    ],
)
def test_a_redirect_tells_by_its_address(url: str, wall: Reason | None) -> None:
    assert _wall(_page("x", PARAGRAPH * 9), url=url) is wall


def test_a_step_the_article_had_before_means_nothing() -> None:
    before, after = "http://daily.test/login/story", "https://daily.test/login/story-2"
    assert wall_of(before, after, (), _page("x", PARAGRAPH * 9)) is None


@pytest.mark.parametrize(
    "extra",
    [
        '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>',
        '<div class="login"><input type="password"></div>',
        '<div id="cookie">We value your privacy. <button>Accept</button></div>',
        "<p>Just a moment later he was gone.</p>",
        "<p>The captcha-delivery.com/c.js script is served to robots.</p>",
    ],
    ids=["ordinary script", "login in the corner", "banner", "prose", "about it"],
)
def test_an_article_with_the_sign_of_a_wall_is_an_article(extra: str) -> None:
    assert _wall(_page("Talks", extra + PARAGRAPH * 20)) is None
    assert _wall(_page("Talks", extra + PARAGRAPH.replace("p>", "div>") * 20)) is None


@pytest.mark.parametrize(
    "noise", [b"<", b"<script ", b"<input ", b"<!--", b"<script>", b"<title", b"password "]
)
def test_no_page_keeps_the_search_busy(noise: bytes) -> None:
    """Quadratic patterns would take minutes here, and the suite's time limit end them."""
    _wall(b"just a moment " + noise * (199_000 // len(noise)))


@pytest.mark.skipif(not ARTICLES.exists(), reason="the data folder is not here")
def test_no_real_article_is_taken_for_a_wall() -> None:
    pages = sorted(ARTICLES.glob("*/*.html.gz"))[::7]
    taken = [path.name for path in pages if _wall(gzip.decompress(path.read_bytes()))]
    assert (taken, len(pages) > 50) == ([], True)
