"""Pages that send their reader on are hops: robots, guard, pace and budget hold for them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from flows.core import Page, Reason, Redirect, Skipped, Validators
from tests.hostile.server import HTML, Asked, Behaviour, Writer, answer, in_turn, says
from tests.hostile.test_throttling import run, skip
from tests.hostile.threats import at_bad


def _page(ended: Page | Skipped) -> Page:
    assert isinstance(ended, Page), ended
    return ended


def _meta(content: str, more: str = "") -> Behaviour:
    return says(body=f'<html><meta http-equiv="refresh" content="{content}">{more}</html>'.encode())


def _header(content: str) -> Behaviour:
    return says(body=b"<html>Redirecting</html>", headers=[("Refresh", content)])


@pytest.mark.parametrize("order", [_meta, _header])
def test_a_page_that_sends_on_is_followed(
    order: Callable[[str], Behaviour], tmp_path: Path
) -> None:
    hosts = {"a": in_turn(order("0; url=/real"), says(headers=[("ETag", '"1"')]))}
    ended, server = run(hosts, tmp_path, lambda web: web.get("http://a.test/n"))
    page = _page(ended)
    assert (page.url, page.body) == ("http://a.test/real", HTML)
    assert page.redirects == (Redirect(url="http://a.test/n", status=200),)
    assert page.validators == Validators()  # they would be asked of the page that sends on
    assert [one.path for one in server.asked("a")] == ["/n", "/real"]


@pytest.mark.parametrize("body", [b"<rss/>", HTML])
def test_a_listing_that_sends_on_is_followed_without_its_conditions(
    body: bytes, tmp_path: Path
) -> None:
    hosts = {"a": in_turn(_meta("0; url=/feed.xml"), says(body=body))}
    ended, server = run(
        hosts,
        tmp_path,
        lambda web: web.get("http://a.test/", kind="feed", validators=Validators(etag='"1"')),
    )
    assert _page(ended).body == body
    assert ["if-none-match" in one.headers for one in server.asked("a")] == [True, False]


def test_a_page_that_waits_longer_is_read_itself(tmp_path: Path) -> None:
    ended, server = run({"a": _meta("11; url=/n")}, tmp_path, lambda web: web.get("http://a.test/"))
    assert b"refresh" in _page(ended).body
    assert len(server.asked("a")) == 1


def test_a_feed_whose_item_holds_an_order_is_read_itself(tmp_path: Path) -> None:
    feed = b"<rss><item><![CDATA[<meta http-equiv=refresh content='0;url=/n'>]]></item></rss>"
    hosts = {"a": says(body=feed, kind="text/xml")}
    ended, _ = run(hosts, tmp_path, lambda web: web.get("http://a.test/", kind="feed"))
    assert _page(ended).body == feed


def test_two_pages_that_send_to_each_other_are_a_loop(tmp_path: Path) -> None:
    hosts = {"a": _meta("0; url=http://b.test/"), "b": _header("0; url=http://a.test/")}
    ended, server = run(hosts, tmp_path, lambda web: web.get("http://a.test/"))
    assert skip(ended).reason is Reason.TOO_MANY_REDIRECTS
    assert len(server.asked("a")) + len(server.asked("b")) <= 4


def test_a_page_that_only_sends_to_itself_is_a_loop(tmp_path: Path) -> None:
    ended, _ = run({"a": _meta("0")}, tmp_path, lambda web: web.get("http://a.test/"))
    assert skip(ended).reason is Reason.TOO_MANY_REDIRECTS


def test_orders_and_redirects_share_one_budget(tmp_path: Path) -> None:
    async def onward(asked: Asked, writer: Writer) -> None:
        step = int(asked.path.strip("/") or 0) + 1
        if step % 2:
            writer.write(answer(302, b"", headers=[("Location", f"/{step}")]))
        else:
            writer.write(answer(body=b"", headers=[("Refresh", f"0; url=/{step}")]))

    ended, server = run({"a": onward}, tmp_path, lambda web: web.get("http://a.test/0"))
    assert skip(ended).reason is Reason.TOO_MANY_REDIRECTS
    assert len(server.asked("a")) == 11


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("http://127.0.0.2/", Reason.REFUSED_ADDRESS),
        ("http://10.0.0.1/", Reason.REFUSED_ADDRESS),
        ("http://[::1]/", Reason.REFUSED_ADDRESS),
        ("http://169.254.169.254/latest/meta-data/", Reason.REFUSED_ADDRESS),
        ("http://a.test:6379/", Reason.REFUSED_URL),
        ("file:///etc/passwd", Reason.REFUSED_URL),
        ("http://user:word@a.test/", Reason.REFUSED_URL),
    ],
)
@pytest.mark.parametrize("order", [_meta, _header])
def test_the_guard_stands_before_where_it_leads(
    order: Callable[[str], Behaviour], target: str, reason: Reason, tmp_path: Path
) -> None:
    async def public(_: str) -> tuple[str, ...]:
        return ("8.8.8.8",)

    ended, server = at_bad(
        order(f"0; url={target.replace('a.test', 'bad.test')}"),
        tmp_path,
        lambda web: web.get("http://bad.test/story"),
        resolver=public,
    )
    assert skip(ended).reason is reason, ended
    assert {one.host for one in server.log} == {"bad.test"}


def test_robots_stand_before_where_it_leads(tmp_path: Path) -> None:
    rules = says(body=b"User-agent: *\nDisallow: /private/\n", kind="text/plain")
    ended, server = run(
        {"a": _meta("0; url=http://b.test/private/x"), "b": says()},
        tmp_path,
        lambda web: web.get("http://a.test/"),
        robots={"b": rules},
    )
    assert (skip(ended).reason, skip(ended).final_url) == (
        Reason.ROBOTS, "http://b.test/private/x",
    )  # fmt: skip
    assert server.asked("b") == []


def test_a_wall_that_loads_itself_again_is_told_as_a_wall(tmp_path: Path) -> None:
    hosts = {"a": _meta("5", "<title>Just a moment...</title><p>Checking your browser</p>")}
    ended, _ = run(hosts, tmp_path, lambda web: web.get("http://a.test/"))
    assert skip(ended).reason is Reason.BLOCKED


def test_where_it_leads_may_be_a_wall(tmp_path: Path) -> None:
    hosts = {"a": in_turn(_meta("0; url=/login?back=n"), says())}
    ended, _ = run(hosts, tmp_path, lambda web: web.get("http://a.test/n"))
    assert skip(ended).reason is Reason.LOGIN_WALL


def test_a_page_that_is_gone_is_gone_wherever_it_sends_its_reader(tmp_path: Path) -> None:
    hosts = {"a": says(404, b'<meta http-equiv="refresh" content="0; url=/">')}
    ended, server = run(hosts, tmp_path, lambda web: web.get("http://a.test/n"))
    assert skip(ended).reason is Reason.HTTP_404
    assert len(server.asked("a")) == 1


def test_a_cookie_set_by_a_page_that_loads_itself_again_is_sent_back(tmp_path: Path) -> None:
    first = says(
        body=b'<meta http-equiv="refresh" content="0">', headers=[("Set-Cookie", "seen=1")]
    )
    ended, server = run(
        {"a": in_turn(first, says())}, tmp_path, lambda web: web.get("http://a.test/")
    )
    assert _page(ended).body == HTML
    assert server.asked("a")[1].headers["cookie"] == "seen=1"
