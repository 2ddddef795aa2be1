"""What a host's robots.txt does to its pages, whatever shape it comes in."""

import asyncio
from pathlib import Path

import pytest

from flows.core import Page, Reason, Skipped
from flows.fetch.client import Web
from tests.hostile.server import Behaviour, Hostile, drips, floods, in_turn, says, sends
from tests.hostile.test_throttling import run, skip

_FORBIDS = b"User-agent: *\nDisallow: /private/\n"


def _text(body: bytes) -> Behaviour:
    return says(body=body, kind="text/plain")


async def _both(web: Web) -> tuple[Page | Skipped, Page | Skipped]:
    return await web.get("http://a.test/private/x"), await web.get("http://a.test/public/x")


def _reasons(state_dir: Path, robots: Behaviour) -> list[Reason | None]:
    ended, _ = run({"a": says()}, state_dir, _both, robots={"a": robots})
    return [one.reason if isinstance(one, Skipped) else None for one in ended]


def test_a_forbidden_path_is_not_requested(tmp_path: Path) -> None:
    (private, public), server = run({"a": says()}, tmp_path, _both, robots={"a": _text(_FORBIDS)})
    assert skip(private).reason is Reason.ROBOTS
    assert isinstance(public, Page)
    assert [one.path for one in server.log] == ["/robots.txt", "/public/x"]


@pytest.mark.parametrize(
    "robots",
    [
        says(404, b""),
        says(403, b"no"),
        says(410, b""),
        says(body=b"<html><body>Disallow: nothing</body></html>"),
        says(302, b"", headers=[("Location", "/robots.txt?again")]),
    ],
    ids=["404", "403", "410", "html", "endless redirects"],
)
def test_a_missing_file_allows_everything(robots: Behaviour, tmp_path: Path) -> None:
    assert _reasons(tmp_path, robots) == [None, None]


@pytest.mark.parametrize(
    "robots",
    [says(500, b""), says(503, b""), says(429, b""), drips(b"HTTP/1.1 200 OK\r\n", b"a")],
    ids=["500", "503", "429", "times out"],
)
def test_a_file_that_cannot_be_had_forbids_everything(robots: Behaviour, tmp_path: Path) -> None:
    assert _reasons(tmp_path, robots) == [Reason.ROBOTS, Reason.ROBOTS]


def test_trouble_that_passes_is_asked_a_second_time(tmp_path: Path) -> None:
    robots = in_turn(says(502, b""), _text(_FORBIDS))
    assert _reasons(tmp_path, robots) == [Reason.ROBOTS, None]


def test_of_five_megabytes_the_first_half_is_read(tmp_path: Path) -> None:
    line = b"# " + b"a" * 1000 + b"\n"
    late = b"User-agent: *\nDisallow: /public/\n"
    assert _reasons(tmp_path, _text(_FORBIDS + line * 5000 + late)) == [Reason.ROBOTS, None]


def test_an_endless_file_is_cut_off(tmp_path: Path) -> None:
    start = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + _FORBIDS
    robots = floods(start, b"# a comment that never ends\n" * 999)
    assert _reasons(tmp_path, robots) == [Reason.ROBOTS, None]


def test_a_host_that_cannot_be_reached_says_so_itself(tmp_path: Path) -> None:
    assert _reasons(tmp_path, sends(b"")) == [Reason.CONNECT, Reason.CONNECT]


def test_redirects_are_followed_to_another_host(tmp_path: Path) -> None:
    async def scenario() -> tuple[Page | Skipped, Page | Skipped]:
        moved = says(301, b"", headers=[("Location", "http://b.test/robots.txt")])
        robots = {"a": moved, "b": _text(_FORBIDS)}
        async with (
            Hostile({"a": says(), "b": says()}, robots=robots) as server,
            server.web(tmp_path) as web,
        ):
            return await _both(web)

    private, public = asyncio.run(scenario())
    assert skip(private).reason is Reason.ROBOTS
    assert isinstance(public, Page)


def test_the_file_is_asked_for_once_by_many_candidates_and_runs(tmp_path: Path) -> None:
    async def ask(web: Web) -> None:
        await asyncio.gather(*(web.get(f"http://a.test/{number}") for number in range(20)))

    robots = {"a": _text(_FORBIDS)}
    _, first = run({"a": says()}, tmp_path, ask, robots=robots)
    _, second = run({"a": says()}, tmp_path, ask, robots=robots)
    paths = [one.path for one in first.log + second.log]
    assert paths.count("/robots.txt") == 1


def test_every_hop_of_a_redirect_asks_its_own_file(tmp_path: Path) -> None:
    moved = says(301, b"", headers=[("Location", "http://b.test/private/x")])
    ended, server = run(
        {"a": moved, "b": says()},
        tmp_path,
        lambda web: web.get("http://a.test/public/x"),
        robots={"b": _text(_FORBIDS)},
    )
    assert (skip(ended).reason, skip(ended).final_url) == (
        Reason.ROBOTS, "http://b.test/private/x",
    )  # fmt: skip
    assert server.asked("b") == []
