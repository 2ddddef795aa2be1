"""Which cookies are kept and sent back under way: those their sender has a right to set."""

from datetime import UTC, datetime

import pytest

from flows.fetch.hosts import Cookies, is_public_suffix

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
URL = "http://www.a.test/n/1"


def _sent(set_cookie: list[str], to: str = URL, *, by: str = URL) -> str | None:
    """What `to` is sent after `by` has set these."""
    cookies = Cookies()
    cookies.take(by, set_cookie, now=NOW)
    return cookies.header(to)


def test_what_was_set_is_sent_back() -> None:
    assert _sent(["a=1; Path=/; HttpOnly", "b = two words"]) == "b=two words; a=1"


def test_a_later_value_replaces_an_earlier_one() -> None:
    assert _sent(["a=1", "a=2"]) == "a=2"


@pytest.mark.parametrize(
    "over",
    [
        "a=; Max-Age=0",
        "a=; max-age=-1",
        "a=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "a=0; expires=Thu, 01-Jan-1970 00:00:01 GMT",
        "a=0; Expires=Fri, 21 Nov 2025 12:00:00 GMT",
    ],
)
def test_an_expired_cookie_takes_back_what_was_kept(over: str) -> None:
    assert _sent(["a=1", over]) is None


@pytest.mark.parametrize(
    "kept",
    [
        "a=1; Expires=Sun, 21 Nov 2027 12:00:00 GMT",
        "a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "a=1; Expires=0",
        "a=1; Max-Age=soon",
        "a=1; Expires=Thu, 99 Foo 99999 99:99:99 GMT",
    ],
)
def test_a_cookie_that_is_not_expired_is_kept(kept: str) -> None:
    assert _sent([kept]) == "a=1"


def test_a_secure_cookie_is_neither_taken_from_nor_sent_over_plain_http() -> None:
    cookies = Cookies()
    cookies.take("http://a.test/", ["a=1; Secure"], now=NOW)
    cookies.take("https://a.test/", ["b=1; Secure"], now=NOW)
    assert cookies.header("http://a.test/") is None
    assert cookies.header("https://a.test/") == "b=1"


@pytest.mark.parametrize("domain", [".a.test", "a.test", "A.TEST", ".a.test."])
def test_a_cookie_of_a_domain_goes_to_every_host_below_it(domain: str) -> None:
    set_cookie = [f"sess=1; Domain={domain}; Path=/"]
    assert _sent(set_cookie, by="http://sso.a.test/set") == "sess=1"
    assert _sent(set_cookie, "http://a.test/", by="http://sso.a.test/set") == "sess=1"
    assert _sent(set_cookie, "http://bada.test/", by="http://sso.a.test/set") is None


def test_a_cookie_without_a_domain_goes_to_its_own_host_only() -> None:
    cookies = ["a=1; Path=/", "b=1; Path=/; Domain="]
    assert _sent(cookies, "http://a.test/", by="http://www.a.test/") is None
    assert _sent(cookies, "http://x.www.a.test/", by="http://www.a.test/") is None


@pytest.mark.parametrize(
    ("by", "domain"),
    [
        ("http://daily.co.uk/", "co.uk"),
        ("http://daily.co.uk/", ".uk"),
        ("http://daily.github.io/", "github.io"),
        ("http://a.test/", "test"),
        ("http://daily.xn--55qx5d.cn/", "xn--55qx5d.cn"),
        ("http://daily.foo.ck/", "foo.ck"),
        ("http://a.test/", "b.test"),
        ("http://a.test/", "www.a.test"),
        ("http://a.test/", "t"),
        ("http://127.0.0.1/", "0.0.1"),
    ],
)
def test_nobody_sets_a_cookie_for_hosts_of_others(by: str, domain: str) -> None:
    assert _sent([f"a=1; Domain={domain}"], by, by=by) is None


@pytest.mark.parametrize(
    "host", ["daily.github.io", "127.0.0.1", "[::1]", "github.io", "localhost"]
)
def test_a_host_may_name_itself_whatever_it_is(host: str) -> None:
    by = f"http://{host}/"
    assert _sent([f"a=1; Domain={host.strip('[]')}"], by, by=by) == "a=1"


def test_a_public_suffix_that_is_a_host_speaks_for_itself_only() -> None:
    cookie = ["a=1; Domain=github.io"]
    assert _sent(cookie, "http://daily.github.io/", by="http://github.io/") is None


def test_suffixes_are_told_by_their_list() -> None:
    assert [name for name in ("com", "co.uk", "a.co.uk", "www.ck", "city.kawasaki.jp", "nowhere")
            if is_public_suffix(name)] == ["com", "co.uk", "nowhere"]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "to", "is_sent"),
    [
        ("; Path=/n", "/n/2", True),
        ("; Path=/n/", "/n/2", True),
        ("; Path=/n", "/n", True),
        ("; Path=/n", "/news", False),
        ("; Path=/x", "/n/1", False),
        ("", "/n/2", True),
        ("", "/", False),
        ("; Path=relative", "/n/2", True),
    ],
)
def test_a_cookie_goes_to_paths_below_its_own(path: str, to: str, is_sent: bool) -> None:
    assert (_sent([f"a=1{path}"], f"http://www.a.test{to}") is not None) is is_sent


def test_a_hostile_server_cannot_fill_the_jar() -> None:
    header = _sent([f"n{number}=1" for number in range(10_000)] + ["big=" + "x" * 5000])
    assert header is not None
    assert header.count("=") == 50


def test_what_is_sent_fits_into_a_request() -> None:
    header = _sent([f"n{number}={'x' * 3000}" for number in range(40)])
    assert header is not None
    assert len(header) <= 8_000


def test_what_cannot_stand_in_a_header_is_not_kept() -> None:
    assert _sent(["a=\x01", "=x", "novalue", "b=é", "", "c=1; Domain=é.test"]) is None
