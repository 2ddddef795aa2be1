"""Files read in pieces, and hosts asked slower than the settings allow."""

import asyncio
from itertools import pairwise
from pathlib import Path

from flows.core import Page
from flows.fetch.client import Web
from tests.hostile.server import answer, says, sends
from tests.hostile.test_throttling import run


def test_a_piece_of_a_file_is_asked_for_as_it_lies_there(tmp_path: Path) -> None:
    piece = answer(206, b"piece", kind="application/octet-stream")
    ended, server = run(
        {"a": sends(piece)},
        tmp_path,
        lambda web: web.get("http://a.test/big", kind="feed", span=(100, 104)),
    )
    assert isinstance(ended, Page)
    assert (ended.status, ended.body) == (206, b"piece")
    sent = server.asked("a")[0].headers
    assert (sent["range"], sent["accept-encoding"]) == ("bytes=100-104", "identity")


def test_a_service_can_be_asked_slower_than_the_pace(tmp_path: Path) -> None:
    async def ask(web: Web) -> None:
        web.slow_down("a.test", 0.2)
        await asyncio.gather(*(web.get(f"http://a.test/{number}") for number in range(3)))

    _, server = run({"a": says()}, tmp_path, ask)
    times = [one.at for one in server.log]
    assert min(after - before for before, after in pairwise(times)) >= 0.2
