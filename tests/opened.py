"""A real run on an empty store, for tests of what runs do between their stages."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from flows.core import Origin
from flows.core.settings import Settings, load_settings
from flows.pipeline.run import Run, open_run
from tests.store.samples import NOON

T = TypeVar("T")

TOPIC = (
    'name = "Ferries"\nlanguages = ["en"]\n\n[thresholds]\nkeep = 2\nborderline = 1\n\n'
    '[groups.ferry]\nany = ["ferry"]\n\n'
    '[[rule]]\nname = "a ferry"\nall_of = ["ferry"]\npoints = { title = 3 }\n'
)
DAILY = (
    '[[source]]\nid = "daily"\noutlet = "The Daily"\nkind = "feed"\nurl = "http://daily.test/"\n'
)


def settings_in(folder: Path, *, sources: str = "") -> Settings:
    """A configuration about ferries, with no source unless given."""
    config = folder / "config"
    config.mkdir()
    (config / "dateline.toml").write_text("", encoding="utf-8")
    (config / "sources.toml").write_text(sources, encoding="utf-8")
    (config / "topic.toml").write_text(TOPIC, encoding="utf-8")
    return load_settings(config)


def during(settings: Settings, work: Callable[[Run], Awaitable[T]], *, at: datetime = NOON) -> T:
    """What `work` returns, done in a run of kind `monitor` that stands at `at`, within a minute."""

    async def opened() -> T:
        async with open_run(
            settings, kind="monitor", origin=Origin.MONITOR, clock=lambda: at
        ) as run:
            return await work(run)

    return asyncio.run(asyncio.wait_for(opened(), 60))
