"""A backfill as a process of its own, to be killed: folder, first day, last day, providers."""

import asyncio
import sys
from datetime import date
from pathlib import Path

from flows.core.settings import load_settings
from flows.pipeline.backfill.work import run_backfill
from tests.pipeline.backfill.place import backfill_of, clock


def main(folder: str, since: str, until: str, *via: str) -> None:
    """Run the backfill to its end."""
    settings = load_settings(Path(folder) / "config")
    asked = backfill_of(settings, date.fromisoformat(since), date.fromisoformat(until), via)
    asyncio.run(run_backfill(settings, asked, clock=clock))


if __name__ == "__main__":
    main(*sys.argv[1:])
