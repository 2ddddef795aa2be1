"""That an outside watch hears of good passes, and its address is never said."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from pydantic import SecretStr

from flows.core.settings import HealthSettings
from flows.operations.alerts.ping import ping


@contextmanager
def watching(status: int = 200) -> Iterator[tuple[str, list[str]]]:
    """An outside watch on loopback: its address, and the paths it was asked for."""
    asked: list[str] = []

    class Watching(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Watching)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/s3cret", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def pinged(url: str | None, kind: str = "monitor") -> None:
    asyncio.run(ping(HealthSettings(ping_url=SecretStr(url) if url else None), kind))


def test_a_good_pass_is_told_and_no_other_kind_of_run() -> None:
    with watching() as (url, asked):
        pinged(url)
        pinged(url, "recheck")
        pinged(None)

    assert asked == ["/s3cret"]


def test_a_watch_that_refuses_is_a_warning_without_its_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with watching(500) as (url, _), caplog.at_level(logging.WARNING):
        pinged(url)

    assert caplog.messages == ["[health] ping_url: answered 500"]


def test_a_watch_that_is_not_there_is_a_warning_without_its_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        pinged("http://127.0.0.1:9/s3cret")

    assert caplog.messages == ["[health] ping_url: failed with URLError"]
