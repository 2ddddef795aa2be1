"""Looking again without a network uses up no look."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.collect import run_monitor
from flows.rechecking import run_recheck
from flows.records import RunReport
from flows.rehearsal.loopback import Loopback
from flows.settings import Settings, load_settings
from tests.scheduling.place import News, configure

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def rechecked(settings: Settings, at: datetime) -> RunReport:
    return asyncio.run(run_recheck(settings, clock=lambda: at))


def test_a_look_that_reached_nobody_is_tried_again_and_one_answered_is_not(tmp_path: Path) -> None:
    with Loopback(News()) as web:
        online = load_settings(configure(tmp_path, web, 15))
        asyncio.run(run_monitor(online, clock=lambda: NOON))

    offline = rechecked(online, NOON + timedelta(hours=2))
    assert (offline.candidates, dict(offline.skips)) == (2, {"connect": 2})

    with Loopback(News()) as web:
        online = load_settings(configure(tmp_path, web, 15))
        again = rechecked(online, NOON + timedelta(hours=3))
        later = rechecked(online, NOON + timedelta(hours=4))
    assert (again.candidates, again.known, later.candidates) == (2, 2, 0)
