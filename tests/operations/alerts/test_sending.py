"""How a message reaches Apprise's URLs, and what secrets may stand where."""

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from flows.operations.alerts.decide import Message
from flows.operations.alerts.tell import expanded, send

# Apprise imports what the standard library has given up, for plugins nobody asked for
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

MESSAGE = Message(title="Dateline: one thing", body="- a source is silent")


@contextmanager
def receiver(status: int = 200) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """An Apprise JSON endpoint on loopback: its URL, and what it was sent."""
    heard: list[dict[str, Any]] = []

    class Hearing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Hearing)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"json://127.0.0.1:{server.server_port}/", heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_message_arrives_as_it_was_written() -> None:
    with receiver() as (url, heard):
        assert send((url,), MESSAGE, {})

    assert [(told["title"], told["message"]) for told in heard] == [
        ("Dateline: one thing", "- a source is silent")
    ]


def test_a_secret_comes_from_the_environment() -> None:
    assert expanded(("slack://${TOKEN}/x",), {"TOKEN": "s3cret"}) == (("slack://s3cret/x",), ())


def test_a_secret_that_is_missing_is_named_and_nothing_is_sent(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with receiver() as (url, heard), caplog.at_level(logging.WARNING):
        assert not send((url, "slack://${TOKEN}/x"), MESSAGE, {})

    assert heard == []
    assert "nobody is told: TOKEN not in the environment" in caplog.text


def test_one_deaf_address_does_not_have_the_others_told_twice(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with receiver() as (good, heard), receiver(status=500) as (bad, _):
        assert send((bad, good), MESSAGE, {})

    assert len(heard) == 1
    assert "number 1 did not take" in caplog.text


def test_a_message_that_nobody_took_is_not_sent() -> None:
    with receiver(status=500) as (bad, _):
        assert not send((bad,), MESSAGE, {})


def test_an_url_that_is_none_is_named_by_its_place_and_never_shown(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert not send(("nonsense-secret",), MESSAGE, {})

    assert "number 1 is no Apprise URL" in caplog.text
    assert "nonsense-secret" not in "".join(
        record.getMessage() for record in caplog.records if record.name.startswith("flows")
    )
