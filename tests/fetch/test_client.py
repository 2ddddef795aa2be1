"""Manners between hosts, runs and processes; and that nothing stays behind."""

import asyncio
import gc
import socket
import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from flows.core import Page, Reason, Skipped
from flows.core.settings import FetchSettings
from flows.core.times import utc_now
from flows.fetch.backoff import Patience
from flows.fetch.client import Web
from tests.hostile.server import HTML, Asked, Behaviour, Hostile, Writer, drips, says

PACE_SECONDS = 0.1
_STUCK = drips(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99\r\n\r\n", b"")


def _gaps(server: Hostile, host: str) -> list[float]:
    times = sorted(one.at for one in server.log if one.host == f"{host}.test")
    return [after - before for before, after in pairwise(times)]


def test_no_host_is_asked_sooner_than_the_pace_robots_included(tmp_path: Path) -> None:
    async def scenario() -> Hostile:
        async with (
            Hostile({"a": says(), "b": says()}) as server,
            server.web(tmp_path, pace_seconds=PACE_SECONDS) as web,
        ):
            urls = [f"http://{host}.test/{n}" for n in range(4) for host in "ab"]
            await asyncio.gather(*(web.get(url) for url in urls))
            return server

    server = asyncio.run(scenario())
    assert len(_gaps(server, "a")) == len(_gaps(server, "b")) == 4
    assert min(_gaps(server, "a") + _gaps(server, "b")) >= PACE_SECONDS


def test_two_runs_at_once_keep_one_pace_between_them(tmp_path: Path) -> None:
    async def scenario() -> Hostile:
        async with (
            Hostile({"a": says()}) as server,
            server.web(tmp_path, pace_seconds=PACE_SECONDS) as one,
            server.web(tmp_path, pace_seconds=PACE_SECONDS) as other,
        ):
            gets = [web.get(f"http://a.test/{n}") for n in range(4) for web in (one, other)]
            ended = await asyncio.gather(*gets)
            assert all(isinstance(page, Page) for page in ended)
            return server

    assert min(_gaps(asyncio.run(scenario()), "a")) >= PACE_SECONDS


def test_the_pace_counts_from_the_answer_of_a_slow_server(tmp_path: Path) -> None:
    async def slowly(_: Asked, writer: Writer) -> None:
        await asyncio.sleep(PACE_SECONDS)
        await says()(_, writer)

    async def scenario() -> Hostile:
        async with (
            Hostile({"a": slowly}) as server,
            server.web(tmp_path, pace_seconds=PACE_SECONDS) as web,
        ):
            await asyncio.gather(*(web.get(f"http://a.test/{n}") for n in range(3)))
            return server

    assert min(_gaps(asyncio.run(scenario()), "a")[1:]) >= 2 * PACE_SECONDS


def _paced(state_dir: Path) -> list[str]:
    """Hosts whose next request has to wait."""
    with closing(sqlite3.connect(state_dir / "hosts.sqlite")) as memory:
        return [host for (host,) in memory.execute("select host from paces order by host")]


def test_a_name_without_an_address_costs_its_host_no_pace(tmp_path: Path) -> None:
    async def nowhere(_: str) -> tuple[str, ...]:
        raise socket.gaierror(socket.EAI_NONAME, "as the system says it")

    async def scenario() -> None:
        settings = FetchSettings(pace_seconds=600)
        async with Web(settings, state_dir=tmp_path, clock=utc_now, resolver=nowhere) as web:
            ended = await asyncio.gather(*(web.get(f"http://a.test/{n}") for n in range(3)))
        assert {one.reason for one in ended if isinstance(one, Skipped)} == {Reason.DNS}

    asyncio.run(asyncio.wait_for(scenario(), 60))
    assert _paced(tmp_path) == []


def test_a_refused_connection_is_an_answer_that_the_pace_counts_from(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as freed:
        port = freed.getsockname()[1]

    async def scenario() -> None:
        settings = FetchSettings(
            pace_seconds=0.01, allow_networks=("127.0.0.0/8",),
            resolve={"a.test": f"127.0.0.1:{port}"},
        )  # fmt: skip
        patience = Patience(tries=1)
        async with Web(settings, state_dir=tmp_path, clock=utc_now, patience=patience) as web:
            ended = await web.get("http://a.test/")
        assert isinstance(ended, Skipped)
        assert (ended.reason, ended.detail) == (
            Reason.CONNECT, f"127.0.0.1 port {port} refused the connection",
        )  # fmt: skip

    asyncio.run(asyncio.wait_for(scenario(), 60))
    assert _paced(tmp_path) == ["a.test"]


def test_a_crawl_delay_slows_its_host(tmp_path: Path) -> None:
    robots = says(body=b"User-agent: *\nCrawl-delay: 0.3\n", kind="text/plain")

    async def scenario() -> Hostile:
        async with (
            Hostile({"a": says()}, robots={"a": robots}) as server,
            server.web(tmp_path) as web,
        ):
            await asyncio.gather(*(web.get(f"http://a.test/{n}") for n in range(3)))
            return server

    assert min(_gaps(asyncio.run(scenario()), "a")[1:]) >= 0.3


def test_one_request_at_a_time_is_under_way_at_a_host(tmp_path: Path) -> None:
    under_way, most = 0, 0

    async def counted(_: Asked, writer: Writer) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.005)
        under_way -= 1
        await says()(_, writer)

    async def scenario() -> None:
        async with Hostile({"a": counted}) as server, server.web(tmp_path) as web:
            await asyncio.gather(*(web.get(f"http://a.test/{n}") for n in range(30)))

    asyncio.run(scenario())
    assert most == 1


def test_per_host_requests_may_be_under_way_where_the_settings_say_so(tmp_path: Path) -> None:
    under_way, most = 0, 0

    async def counted(_: Asked, writer: Writer) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.05)
        under_way -= 1
        await says()(_, writer)

    async def scenario() -> None:
        async with Hostile({"a": counted}) as server, server.web(tmp_path, per_host=3) as web:
            await asyncio.gather(*(web.get(f"http://a.test/{n}") for n in range(12)))

    asyncio.run(scenario())
    assert most == 3


def test_two_hundred_hosts_do_not_wait_for_the_slowest(tmp_path: Path) -> None:
    hosts: dict[str, Behaviour] = {f"good{number}": says() for number in range(200)}

    async def scenario() -> tuple[bool, list[Page | Skipped]]:
        async with (
            Hostile(hosts | {"stuck": _STUCK}) as server,
            server.web(tmp_path, timeout_seconds=30.0) as web,
        ):
            slow = asyncio.create_task(web.get("http://stuck.test/"))
            ended = await asyncio.gather(*(web.get(f"http://{name}.test/") for name in hosts))
            was_done = slow.done()
            slow.cancel()
            await asyncio.gather(slow, return_exceptions=True)
            return was_done, ended

    was_done, ended = asyncio.run(scenario())
    assert not was_done
    assert all(isinstance(page, Page) for page in ended)


def test_a_thousand_cancelled_requests_leave_nothing_and_the_host_can_be_asked(
    tmp_path: Path,
) -> None:
    stuck, free = True, says()

    async def behave(asked: Asked, writer: Writer) -> None:
        await (_STUCK if stuck else free)(asked, writer)

    async def scenario() -> tuple[Page | Skipped, int]:
        nonlocal stuck
        async with (
            Hostile({f"h{number}": behave for number in range(50)}) as server,
            server.web(tmp_path, hosts_at_once=50) as web,
        ):
            before = asyncio.all_tasks()
            for _ in range(4):
                gets = [
                    asyncio.create_task(web.get(f"http://h{number}.test/{path}"))
                    for number in range(50)
                    for path in range(5)
                ]
                while len(server.asked("h0")) == 0:
                    await asyncio.sleep(0)
                for get in gets:
                    get.cancel()
                ended = await asyncio.gather(*gets, return_exceptions=True)
                assert all(isinstance(one, asyncio.CancelledError) for one in ended)
            left = {
                task
                for task in asyncio.all_tasks() - before
                if "Hostile" not in repr(task.get_coro())
            }
            stuck = False
            return await web.get("http://h7.test/"), len(left)

    page, left = asyncio.run(scenario(), debug=True)
    gc.collect()  # an unclosed socket would warn now
    assert isinstance(page, Page)
    assert left == 0


def test_leaving_ends_what_is_under_way(tmp_path: Path) -> None:
    async def scenario() -> BaseException | Page | Skipped:
        async with Hostile({"a": _STUCK}) as server:
            async with server.web(tmp_path, timeout_seconds=30.0) as web:
                get = asyncio.create_task(web.get("http://a.test/"))
                while not server.asked("a"):
                    await asyncio.sleep(0.001)
            return (await asyncio.gather(get, return_exceptions=True))[0]

    assert isinstance(asyncio.run(scenario()), asyncio.CancelledError)


def test_a_deadline_does_not_spoil_the_next_request(tmp_path: Path) -> None:
    async def by_path(asked: Asked, writer: Writer) -> None:
        await (_STUCK if asked.path == "/stuck" else says())(asked, writer)

    async def scenario() -> list[Page | Skipped]:
        async with (
            Hostile({"a": by_path}) as server,
            server.web(tmp_path, timeout_seconds=0.3) as web,
        ):
            return [await web.get(f"http://a.test/{path}") for path in ("stuck", "well", "stuck")]

    first, second, third = asyncio.run(scenario())
    assert isinstance(first, Skipped)
    assert first.reason is Reason.TIMEOUT
    assert isinstance(second, Page)
    assert isinstance(third, Skipped)


def test_many_candidates_of_one_host_cost_no_more_than_their_queue(tmp_path: Path) -> None:
    big = says(body=HTML + b" " * 200_000)

    async def scenario() -> int:
        async with Hostile({"a": big}) as server, server.web(tmp_path) as web:
            lengths = 0

            async def one(number: int) -> None:
                nonlocal lengths
                page = await web.get(f"http://a.test/{number}")
                assert isinstance(page, Page)
                lengths += len(page.body)

            await asyncio.gather(*(one(number) for number in range(300)))
            return server.connections

    assert asyncio.run(scenario()) == 1


def test_proxies_of_the_environment_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> tuple[Page | Skipped, Hostile]:
        async with Hostile({"a": says()}) as server:
            monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.port}")
            settings = server.settings(resolve={}, allow_networks=())
            web = Web(settings, state_dir=tmp_path, clock=server.clock)
            async with web:
                return await web.get("http://a.test/story"), server

    page, server = asyncio.run(scenario())
    assert isinstance(page, Page)
    assert server.asked("a")[-1].path == "http://a.test/story"


def test_no_proxy_is_asked_for_an_inner_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> tuple[Page | Skipped, Hostile]:
        async with Hostile({"a": says()}) as server:
            monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.port}")
            settings = server.settings(resolve={}, allow_networks=())
            async with Web(settings, state_dir=tmp_path, clock=server.clock) as web:
                return await web.get("http://169.254.169.254/latest"), server

    ended, server = asyncio.run(scenario())
    assert isinstance(ended, Skipped)
    assert ended.reason is Reason.REFUSED_ADDRESS
    assert server.log == []
