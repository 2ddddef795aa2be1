"""Hosts that ask to be left alone, or answer nothing, are left alone."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TypeVar

import pytest

from flows.core import Page, Reason, Skipped
from flows.core.times import utc_now
from flows.fetch.backoff import Patience
from flows.fetch.client import Web
from tests.hostile.server import HTML, Behaviour, Hostile, in_turn, says, sends

IMPATIENT = Patience(first_seconds=0.01, wait_seconds=1.5)
T = TypeVar("T")


def throttled(status: int, retry_after: str | None) -> Behaviour:
    headers = [] if retry_after is None else [("Retry-After", retry_after)]
    return says(status, b"later", headers=headers)


def run(
    hosts: dict[str, Behaviour],
    state_dir: Path,
    ask: Callable[[Web], Awaitable[T]],
    *,
    robots: dict[str, Behaviour] | None = None,
) -> tuple[T, Hostile]:
    """What `ask` got of a server with these hosts, and the server with its log."""

    async def scenario() -> tuple[T, Hostile]:
        async with (
            Hostile(hosts, robots=robots) as server,
            server.web(state_dir, patience=IMPATIENT, timeout_seconds=2.0) as web,
        ):
            return await ask(web), server

    return asyncio.run(scenario())


def skip(ended: Page | Skipped) -> Skipped:
    assert isinstance(ended, Skipped), ended
    return ended


@pytest.mark.parametrize("status", [429, 503])
def test_a_short_wait_is_waited_out_and_tried_again(status: int, tmp_path: Path) -> None:
    hosts = {"busy": in_turn(throttled(status, "1"), says())}
    ended, server = run(hosts, tmp_path, lambda web: web.get("http://busy.test/"))
    assert isinstance(ended, Page)
    first, second = server.asked("busy")
    assert second.at - first.at >= 1.0


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("retry_after", "least", "most"),
    [
        ("120", 119, 120),
        ("in two hours, as a date", 7000, 7200),
        ("99999999999999999999", 86400, 86400),
    ],
    ids=["seconds", "date", "huge"],
)
def test_a_long_wait_is_left_to_a_later_run(
    status: int, retry_after: str, least: float, most: float, tmp_path: Path
) -> None:
    if "date" in retry_after:
        retry_after = format_datetime(utc_now() + timedelta(hours=2), usegmt=True)
    hosts = {"busy": throttled(status, retry_after)}
    ended, server = run(hosts, tmp_path, lambda web: web.get("http://busy.test/"))
    ended = skip(ended)
    assert ended.reason is Reason.THROTTLED
    assert ended.retry_after is not None
    assert least - 1 <= ended.retry_after.total_seconds() <= most
    assert len(server.asked("busy")) == 1


def test_a_storm_of_429_costs_one_request_however_many_candidates_wait(tmp_path: Path) -> None:
    async def ask(web: Web) -> list[Page | Skipped]:
        return await asyncio.gather(*(web.get(f"http://busy.test/{n}") for n in range(200)))

    ended, server = run({"busy": throttled(429, "3600")}, tmp_path, ask)
    assert {skip(one).reason for one in ended} == {Reason.THROTTLED}
    assert len(server.asked("busy")) == 1


def test_a_throttled_feed_does_not_stall_the_pages_of_its_host(tmp_path: Path) -> None:
    async def ask(web: Web) -> tuple[Page | Skipped, Page | Skipped]:
        feed = await web.get("http://busy.test/feed", kind="feed")
        return feed, await web.get("http://busy.test/story")

    hosts = {"busy": in_turn(throttled(429, "3600"), says())}
    (feed, page), _ = run(hosts, tmp_path, ask)
    assert skip(feed).reason is Reason.THROTTLED
    assert isinstance(page, Page)


def test_what_a_host_asked_for_is_remembered_by_the_next_run(tmp_path: Path) -> None:
    run({"busy": throttled(429, "3600")}, tmp_path, lambda web: web.get("http://busy.test/"))
    ended, server = run({"busy": says()}, tmp_path, lambda web: web.get("http://busy.test/"))
    assert skip(ended).reason is Reason.THROTTLED
    assert server.log == []


def test_503_without_retry_after_is_trouble_that_is_tried_again(tmp_path: Path) -> None:
    hosts = {"sick": in_turn(throttled(503, None), throttled(502, None), says())}
    ended, server = run(hosts, tmp_path, lambda web: web.get("http://sick.test/"))
    assert isinstance(ended, Page)
    assert len(server.asked("sick")) == 3


def test_a_host_in_lasting_trouble_is_given_up(tmp_path: Path) -> None:
    ended, server = run(
        {"sick": throttled(500, None)}, tmp_path, lambda web: web.get("http://sick.test/")
    )
    assert (skip(ended).reason, skip(ended).http_status) == (Reason.HTTP_500, 500)
    assert len(server.asked("sick")) == IMPATIENT.tries


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (400, Reason.HTTP_400),
        (401, Reason.HTTP_401),
        (402, Reason.PAYWALL),
        (403, Reason.HTTP_403),
        (404, Reason.HTTP_404),
        (410, Reason.HTTP_GONE),
        (418, Reason.HTTP_400),
        (451, Reason.HTTP_451),
        (304, Reason.PROTOCOL_ERROR),
        (300, Reason.PROTOCOL_ERROR),
    ],
)
def test_what_is_not_transient_is_asked_once(status: int, reason: Reason, tmp_path: Path) -> None:
    ended, server = run(
        {"firm": says(status, b"no")}, tmp_path, lambda web: web.get("http://firm.test/")
    )
    assert (skip(ended).reason, skip(ended).http_status) == (reason, status)
    assert len(server.asked("firm")) == 1


def test_a_connection_lost_once_is_no_loss(tmp_path: Path) -> None:
    hosts = {"flaky": in_turn(sends(b""), says())}
    ended, _ = run(hosts, tmp_path, lambda web: web.get("http://flaky.test/"))
    assert isinstance(ended, Page)
    assert ended.body == HTML


def test_a_dead_host_is_not_asked_for_every_candidate(tmp_path: Path) -> None:
    async def ask(web: Web) -> list[Page | Skipped]:
        return [await web.get(f"http://dead.test/{number}") for number in range(20)]

    ended, server = run({"dead": sends(b"")}, tmp_path, ask)
    assert {skip(one).reason for one in ended} == {Reason.CONNECT}
    assert len(server.asked("dead")) == 3
    assert "left alone until" in skip(ended[-1]).detail
