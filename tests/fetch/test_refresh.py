"""Pages that send their reader on: read as a browser without scripts reads them."""

import itertools
import time

import pytest

from flows.fetch.refresh import Refresh, parse_order, refresh_in, sent_on

URL = "http://a.test/dir/page"
TYPE = (("content-type", "text/html"),)
ARTICLE = "<p>" + "The envoys met again on Friday and spoke of a ceasefire. " * 40 + "</p>"


def _meta(content: str) -> str:
    return f'<meta http-equiv="refresh" content="{content}">'


def _led(html: str, url: str = URL, headers: tuple[tuple[str, str], ...] = TYPE) -> str | None:
    return sent_on(url, headers, html.encode())


@pytest.mark.parametrize(
    ("said", "seconds", "target"),
    [
        ("0; url=/n", 0, "/n"),
        ("0;URL='/n'", 0, "/n"),
        ('0;url="/n" and more', 0, "/n"),
        ("  3 ;\tuRl  =  ' /n '", 3, "/n"),
        ("0,/n", 0, "/n"),
        ("0 url=/n", 0, "/n"),
        ("0;/n", 0, "/n"),
        ("1.5; url=/n", 1, "/n"),
        (".5; url=/n", 0, "/n"),
        ("10", 10, ""),
        ("5;", 5, ""),
        ("0\n;\nurl=/a?b=1;c=2", 0, "/a?b=1;c=2"),
        ("0;url='/n", 0, "/n"),
        ("0; urls=/n", 0, "urls=/n"),
    ],
)
def test_an_order_names_seconds_and_a_target(said: str, seconds: int, target: str) -> None:
    assert parse_order(said) == Refresh(seconds=seconds, target=target)


@pytest.mark.parametrize("said", ["", "url=/n", ";url=/n", "-1;url=/n", "0url=/n", "soon", "/n"])
def test_what_names_no_seconds_is_no_order(said: str) -> None:
    assert parse_order(said) is None


@pytest.mark.parametrize(
    "html",
    [
        f"<html><head>{_meta('0; url=/n')}</head><body>Redirecting</body></html>",
        f"<noscript>{_meta('0; url=/n')}</noscript>",
        "<META CONTENT=0;URL=/n HTTP-EQUIV=REFRESH>",
        "<meta\nhttp-equiv = 'Refresh'\n content = '0;URL=&quot;/n&quot;' />",
        "<meta content='0;url=/n' data-x='a>b' http-equiv=' refresh '>",
        f"<p>Moved.</p>{_meta('10;url=/n')}",
        _meta("soon") + _meta("1;url=/n") + _meta("0;url=/other"),
        f"<base href='/other/'><base href='/third/'>{_meta('0;url=../n')}",
        f"<base href='http://a.test/x/'>{_meta('0;url=../n')}",
        f"<title><meta></title><script>if (a < b) '<meta>'</script>{_meta('0;url=/n')}",
        f"<script src=x></script >{_meta('0;url=/n')}",
        f"<!-->{_meta('0;url=/n')}",
        f"<style-guide></style-guide>{_meta('0;url=/n')}",
        f"{_meta('0;url=//a.test/n')}",
    ],
)
def test_an_order_is_found_wherever_it_may_stand(html: str) -> None:
    assert _led(html) == "http://a.test/n"


@pytest.mark.parametrize(
    "html",
    [
        _meta("11; url=/n"),
        _meta("600; url=/n"),
        f"<!--[if lt IE 9]>{_meta('0;url=/old-browser')}<![endif]-->",
        f"<script>document.write('{_meta('0;url=/n')}')</script>",
        f"<template>{_meta('0;url=/n')}</template>",
        f"<textarea>{_meta('0;url=/n')}</textarea>",
        "<meta name='refresh' content='0;url=/n'>",
        "<meta http-equiv='refresh'>",
        "<meta http-equiv='refresh' content='0;url=/n'",
        "&lt;meta http-equiv='refresh' content='0;url=/n'&gt;",
        _meta("300; url=/page") + _meta("0; url=/n"),
        _meta("0; url=javascript:location.reload()"),
    ],
)
def test_what_is_no_order_for_a_reader_sends_nobody_on(html: str) -> None:
    assert _led(html) is None


@pytest.mark.parametrize(
    "order", ["5", "0; url=", f"5; url={URL}", "5; url=page", "10; url=page#top", "5; url=page?r=7"]
)
def test_a_page_with_news_that_loads_itself_again_is_read(order: str) -> None:
    assert _led(_meta(order) + ARTICLE) is None
    assert _led(ARTICLE, headers=(*TYPE, ("refresh", order))) is None


def test_an_article_with_a_hint_for_browsers_without_scripts_is_read() -> None:
    hint = f"<noscript>{_meta('0; url=/enable-javascript')}</noscript>"
    assert _led(hint + ARTICLE) is None
    assert _led(hint + "<p>Please wait.</p>") == "http://a.test/enable-javascript"


def test_an_article_that_has_moved_is_left_although_its_text_still_stands() -> None:
    assert _led(_meta("0; url=/n") + ARTICLE) == "http://a.test/n"


def test_a_page_that_says_nothing_and_leads_to_itself_leads_in_a_circle() -> None:
    assert _led(_meta("0") + "<p>Please wait</p>") == URL


def test_the_header_goes_before_the_markup() -> None:
    headers = (*TYPE, ("refresh", "0; url=/first"))
    assert _led(_meta("0; url=/second"), headers=headers) == "http://a.test/first"
    assert _led("", headers=headers) == "http://a.test/first"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/rss+xml", f"<rss><item>{_meta('0;url=/n')}</item></rss>"),
        ("text/html", f"<?xml version='1.0'?><feed>{_meta('0;url=/n')}</feed>"),
        ("application/json", f'["{_meta("0;url=/n")}"]'),
        ("text/plain", f"See {_meta('0;url=/n')[:4]} http-equiv refresh"),
    ],
)
def test_only_a_page_can_send_on(kind: str, body: str) -> None:
    assert _led(body, headers=(("content-type", kind), ("refresh", "0;url=/n"))) is None


def test_markup_of_another_width_is_read() -> None:
    assert sent_on(URL, TYPE, _meta("0;url=/n").encode("utf-16")) == "http://a.test/n"


_LITERALS = [
    "<!--", "-->", "<script", "<script>", "</script>", "<svg>", "<noscript>", "</noscript>",
    "<meta ", "<meta http-equiv=", "<META HTTP-EQUIV=REFRESH CONTENT=0;", "<base href='", "refresh",
    "=", "'", '"', "/", ">", "<", " ", "&#", "&#x", "0", ".", ";", ",", "url=", "url ",
]  # fmt: skip


def test_no_repetition_of_what_it_looks_for_takes_long() -> None:
    """100 kB of each, and 20 kB of every pair, in under 100 ms of CPU: the slowest takes 20."""
    slow = []
    for pair in [*((one,) for one in _LITERALS), *itertools.product(_LITERALS, _LITERALS)]:
        once = "".join(pair)
        text = once * ((100_000 if len(pair) == 1 else 20_000) // len(once))
        began = time.process_time()
        refresh_in(b"refresh" + text.encode())
        parse_order(text)
        if time.process_time() - began > 0.1:
            slow.append(pair)
    assert slow == []
