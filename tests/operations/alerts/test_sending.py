"""How a message reaches Apprise's URLs, and what secrets may stand where."""

import json
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import MappingProxyType
from typing import Any

import pytest
from pydantic import SecretStr

from flows.operations.alerts.decide import Message
from flows.operations.alerts.tell import missing_names, send

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


def sent(*urls: str, given: Mapping[str, str] = MappingProxyType({})) -> bool:
    return send(tuple(map(SecretStr, urls)), MESSAGE, given)


def test_a_message_arrives_as_it_was_written() -> None:
    with receiver() as (url, heard):
        assert sent(url)

    assert [(told["title"], told["message"]) for told in heard] == [
        ("Dateline: one thing", "- a source is silent")
    ]


def test_a_secret_comes_from_the_environment() -> None:
    with receiver() as (url, heard):
        assert sent(url + "${PATH_OF_IT}", given={"PATH_OF_IT": "s3cret"})

    assert len(heard) == 1


def test_names_that_are_not_in_the_environment_are_told_once_each() -> None:
    urls = (SecretStr("slack://${TOKEN}/${TOKEN}"), SecretStr("json://${A}:${B}@x"))

    assert missing_names(urls, {"B": ""}) == ("A", "TOKEN")


def test_a_secret_that_is_missing_is_named_and_nothing_is_sent(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with receiver() as (url, heard), caplog.at_level(logging.WARNING):
        assert not sent(url, "slack://${TOKEN}/x")

    assert heard == []
    assert "nobody is told: TOKEN not in the environment" in caplog.text


def test_one_deaf_address_does_not_have_the_others_told_twice(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with receiver() as (good, heard), receiver(status=500) as (bad, _):
        assert sent(bad, good)

    assert len(heard) == 1
    assert "number 1 did not take" in caplog.text


def test_a_message_that_nobody_took_is_not_sent() -> None:
    with receiver(status=500) as (bad, _):
        assert not sent(bad)


@pytest.mark.parametrize(
    "url",
    [
        "nonsense-s3cret",
        "slack://s3cret",
        "mailtos://me:s3cret@",
        "json://me:s3cret@127.0.0.1:9/s3cret",  # nobody listens on the discard port
        "tgram://s3cret/s3cret",
        "json://[s3cret",
        "mailto://me:s3cret@127.0.0.1:9",
        "${WHOLE}",
    ],
)
def test_no_url_or_part_of_one_is_said_by_anyone(
    url: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)

    assert not sent(url, given={"WHOLE": "jsons://me:s3cret@"})

    assert "[notify] urls: number 1 " in caplog.text
    assert "s3cret" not in caplog.text + "".join(capfd.readouterr())


def test_what_libraries_log_afterwards_is_heard_again(caplog: pytest.LogCaptureFixture) -> None:
    assert not sent("nonsense")

    logging.getLogger("urllib3").warning("something of somebody else's")
    assert "something of somebody else's" in caplog.text
