"""What a URL is requested as, and at which host."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.core.host_names import ascii_host, fetch_url, host_of, plain_host

REFUSED = (
    "",
    "   ",
    "ftp://paper.test/x",
    "javascript:alert(1)",
    "mailto:desk@paper.test",
    "paper.test/no-scheme",
    "https://reader:secret@paper.test/",
    "https://paper.test/a\r\nHost: evil.test",
    "https://paper.test/a\tb",
    "https://paper.test:99999/",
    "https://pa per.test/",
    "https://./",
    "https://256.1../",  # no number once the dots are gone
    "https://paper..test/",
    "https://paper.test../",
    "https://" + "a" * 64 + ".test/",
    "https://" + "a." * 127 + "test/",
    "https://a.0x1/",
    "https://1.2.3.4.5/",
    "https://[::1%25eth0]/",
    "https://a\u202eb.test/",
    "https://paper%00.test/",
    "https://pap\ud800er.test/",
    "\0",
    "//",
    "https://paper.test/" + "a" * 2048,
)


@pytest.mark.parametrize("raw", REFUSED)
def test_what_must_not_be_requested_has_no_fetch_url(raw: str) -> None:
    assert fetch_url(raw) is None


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (" HTTPS://Paper.Test:443/A/../b#part ", "https://paper.test/b"),
        ("https://paper.test./x", "https://paper.test/x"),
        ("https://paper.test/чай", "https://paper.test/%D1%87%D0%B0%D0%B9"),
        ("https://bücher.test/", "https://xn--bcher-kva.test/"),
        ("https://paper.test/#!/story/7", "https://paper.test/#!/story/7"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://0177.0.0.01./", "http://127.0.0.1/"),
        ("http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/"),
        ("https://☃.net/x", "https://xn--n3h.net/x"),
        ("https://paper。test/", "https://paper.test/"),
        ("https://%70aper.test/", "https://paper.test/"),
        ("https:\\\\paper.test\\x", "https://paper.test/x"),
        ("https://paper.test/?a=1&utm_source=x", "https://paper.test/?a=1&utm_source=x"),
    ],
)
def test_a_fetch_url_is_what_browsers_request(raw: str, wanted: str) -> None:
    assert fetch_url(raw) == wanted


def test_a_relative_link_is_taken_from_its_base() -> None:
    assert fetch_url("../b?c=1", "https://paper.test/news/a/") == "https://paper.test/news/b?c=1"


def test_a_host_carries_its_port_only_when_it_is_not_the_schemes() -> None:
    assert host_of("https://paper.test/x") == "paper.test"
    assert host_of("http://paper.test:8080/x") == "paper.test:8080"


def test_a_base_that_is_none_gives_no_relative_link_a_url() -> None:
    assert fetch_url("/b", "https://256.1../") is None
    assert fetch_url("/b", "") is None


@pytest.mark.parametrize("text", ["", "paper.test", "https://", "https://[::1", "\ud800"])
def test_what_is_no_url_has_no_host(text: str) -> None:
    assert host_of(text) == ""


def test_a_name_is_written_as_requests_carry_it() -> None:
    assert [ascii_host(name) for name in ("☃.net", "Paper.TEST", "a..b")] == [
        "xn--n3h.net", "paper.test", "a..b",
    ]  # fmt: skip


def test_a_plain_host_keeps_its_domain() -> None:
    hosts = ("www.m.paper.test", "m.com", "m.co.uk", "www.gov.ua", "paper.test", "amp", "[::1]", "")
    assert [plain_host(host) for host in hosts] == [
        "paper.test", "m.com", "m.co.uk", "www.gov.ua", "paper.test", "amp", "[::1]", "",
    ]  # fmt: skip


@settings(max_examples=300)
@given(
    st.text(max_size=80), st.sampled_from(("", "https://", "https://paper.test/", "http://xn--"))
)
def test_any_string_gives_ascii_that_stays_itself_or_nothing(text: str, before: str) -> None:
    once = fetch_url(before + text, "https://paper.test/a/")
    assert once is None or (once.isascii() and fetch_url(once) == once and host_of(once))
