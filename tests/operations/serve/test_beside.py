import http.client
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import socket

import pytest

from flows.operations.serve.beside import beside, report_due
from flows.store import Store
from tests.opened import settings_in
from tests.store.samples import NOON

_MIDNIGHT = datetime(2023, 2, 25, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "now", "due"),
    [
        (None, NOON, True),
        (NOON, NOON + timedelta(hours=11), False),
        (NOON, _MIDNIGHT + timedelta(minutes=14), False),
        (NOON, _MIDNIGHT + timedelta(minutes=15), True),
        (_MIDNIGHT + timedelta(minutes=16), _MIDNIGHT + timedelta(hours=23), False),
        (_MIDNIGHT + timedelta(minutes=16), _MIDNIGHT + timedelta(days=1, minutes=16), True),
        (NOON - timedelta(days=3), NOON, True),
    ],
)
def test_a_report_is_due_once_after_each_day(
    written: datetime | None, now: datetime, due: bool
) -> None:
    assert report_due(written, now) is due


def _answers(port: int) -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def test_pages_are_served_and_the_report_written_while_the_block_lasts(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    store = Store(settings.store.path, settings.state_dir, lambda: NOON)
    store.prepare()
    store.publish()
    out = tmp_path / "report"
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with beside(settings.config_dir, port=port, out=out, clock=lambda: NOON):
        until = time.monotonic() + 90
        while time.monotonic() < until and not (
            _answers(port) == http.client.OK and (out / "index.html").exists()
        ):
            threading.Event().wait(0.2)
        assert _answers(port) == http.client.OK
        assert (out / "index.html").exists()
    assert _answers(port) is None
