"""A service's own pace holds whatever the settings allow, for every process of the machine."""

import asyncio
import sqlite3
import time
from pathlib import Path

from flows.fetch.client import Web
from flows.rehearsal.loopback import Loopback
from tests.pipeline.backfill.past import WAYBACK, Past
from tests.pipeline.backfill.place import clock, configured


def test_the_next_request_to_the_wayback_machine_is_three_seconds_away(tmp_path: Path) -> None:
    async def ask(web: Web) -> None:
        web.slow_down(WAYBACK, 3.0)
        await web.get(f"http://{WAYBACK}/cdx/search/cdx?url=daily.test", kind="feed")

    async def asked(address: str) -> Path:
        settings = configured(tmp_path, address)
        async with Web(settings.fetch, state_dir=settings.state_dir, clock=clock) as web:
            begun = time.monotonic()
            await asyncio.wait_for(ask(web), 60)
        with sqlite3.connect(settings.state_dir / "hosts.sqlite") as memory:
            (next_at,) = memory.execute("select next_at from paces").fetchone()
        # robots.txt and the index: two requests, each followed by three seconds
        assert next_at - begun >= 6.0
        return settings.state_dir

    with Loopback(Past([])) as web:
        asyncio.run(asked(web.address))
