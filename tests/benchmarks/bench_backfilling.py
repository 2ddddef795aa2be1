"""A whole February of GDELT's files, killed again and again: is it complete, what does it cost?

`python -m tests.benchmarks.bench_backfilling [--kills N]` backfills the days from 31 January to 1
March from a stand-in that speaks GDELT's format, both streams, 5,968 files of which some were never
published, are empty, damaged or cut once. Once at one go, once killed with -9 at random. Prints a
table and writes build/bench/backfilling.json.
"""

import argparse
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flows.core.settings import Settings
from flows.rehearsal.loopback import Loopback
from tests.pipeline.backfill.past import DAILY, GDELT, WEEKLY, Past, Piece
from tests.pipeline.backfill.place import PROJECT, cells, configured, stored

RESULT = PROJECT / "build/bench/backfilling.json"
SINCE, UNTIL = date(2024, 1, 31), date(2024, 3, 1)
DAYS = [SINCE + timedelta(days=n) for n in range((UNTIL - SINCE).days + 1)]
# Turns at a host that killed runs leave taken until their request would have timed out
PER_HOST = 8


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--kills", type=int, default=10)
    kills = options.parse_args().kills
    with tempfile.TemporaryDirectory(prefix="bench-backfilling-") as folder:
        past = a_month()
        with Loopback(past) as web:
            whole = configured(Path(folder) / "whole", web.address, per_host=PER_HOST)
            broken = configured(Path(folder) / "broken", web.address, per_host=PER_HOST)
            rows = [_measured("at one go", whole, past, kills=0)]
            past.spoils = _spoils()
            rows.append(_measured(f"killed {kills} times", broken, past, kills=kills))
            rows.append(_measured("finished, started again", broken, past, kills=0))
            same = stored(whole) == stored(broken)
            states = Counter(str(row[3]) for row in cells(broken))
            alike = [row[:6] for row in cells(whole)] == [row[:6] for row in cells(broken)]
            found = {str(row[0]) for row in stored(broken)}
    complete = found == {piece.url for piece in past.pieces}
    for row in rows:
        print("  ".join(f"{key} {value}" for key, value in row.items()))
    verdict = {"articles alike": same, "cells alike": alike, "all found": complete, **states}
    print(verdict)
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps({"rows": rows, "verdict": verdict}, indent=2))


def a_month() -> Past:
    """Four articles a day, two of them at its very ends, known to GDELT alone."""
    found = [
        Piece(
            host=WEEKLY if number % 4 == 3 else DAILY, number=number,
            published_at=datetime(day.year, day.month, day.day, tzinfo=UTC) + at,
            known_to=frozenset({GDELT}),
        )
        for number, (day, at) in enumerate((day, at) for day in DAYS for at in _TIMES)
    ]  # fmt: skip
    return Past(found, lacks={_file(10, "101500")}, spoils=_spoils())


_TIMES = (
    timedelta(minutes=2), timedelta(hours=7), timedelta(hours=16),
    timedelta(hours=23, minutes=51),
)  # fmt: skip


def _spoils() -> dict[str, list[bytes | None]]:
    return {
        _file(3, "031500"): [b""],
        _file(5, "120000", translated=True): [b"PK\x03\x04 and no more"],
        **{_file(n, "200000"): [b"PK\x03\x04 cut", None] for n in (12, 20, 28)},
    }


def _file(day: int, time_of_day: str, *, translated: bool = False) -> str:
    stamp = f"{DAYS[day]:%Y%m%d}{time_of_day}"
    return f"/gdeltv2/{stamp}.{'translation.' if translated else ''}gkg.csv.zip"


def _measured(name: str, settings: Settings, past: Past, *, kills: int) -> dict[str, Any]:
    begun, requests, before = time.monotonic(), len(past.asked), resource.getrusage(_CHILDREN)
    chance = random.Random(20240229)
    for _ in range(kills):
        _start(settings, past, kill_after=chance.randint(50, 500))
    status = _start(settings, past, kill_after=None)
    after = resource.getrusage(_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "backfill": name, "status": status, "requests": len(past.asked) - requests,
        "CPU s": round(cpu, 1), "wall s": round(time.monotonic() - begun, 1),
        "largest process MB": after.ru_maxrss // 1024,
    }  # fmt: skip


_CHILDREN = resource.RUSAGE_CHILDREN


def _start(settings: Settings, past: Past, *, kill_after: int | None) -> int:
    begun = len(past.asked)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.pipeline.backfill.started", str(settings.base), str(SINCE),
         str(UNTIL), "gdelt"],
        cwd=PROJECT, stderr=subprocess.DEVNULL,
    )  # fmt: skip

    def heard(count: int) -> None:
        if count - begun == kill_after:
            os.kill(process.pid, signal.SIGKILL)

    past.on_request = heard
    return process.wait()


if __name__ == "__main__":
    main()
