"""Put on the path of `dateline serve` by bench_fortnight: its runs live in compressed time.

Python runs it at start. Only processes that are a run or a command of ours take the other clock;
Prefect's server and runner keep the machine's, which their own timers count by.
"""

import os
import sys
import time
from datetime import UTC, datetime, timedelta
from importlib import import_module

_TIME = os.environ.get("DATELINE_BENCH_TIME", "")
_KEEP_REAL = ("flows.operations.serve.server", "flows.operations.serve.runner")


def _take_compressed_clock(began: float, since: datetime, speed: float) -> None:
    from flows.core import times as clock

    def utc_now() -> datetime:
        return since + timedelta(seconds=(time.time() - began) * speed)

    clock.utc_now = utc_now


def _take_newer_rules() -> None:
    """Be the version after an upgrade: the same program with newer rules for URLs and texts."""
    urls = import_module("flows.core.urls")
    fingerprints = import_module("flows.dedup.fingerprints")
    vars(urls)["URL_RULES_VERSION"] = _next(urls.URL_RULES_VERSION)
    vars(fingerprints)["FINGERPRINT_VERSION"] = _next(fingerprints.FINGERPRINT_VERSION)


def _next(version: str) -> str:
    name, _, number = version.rpartition("-")
    return f"{name}-{int(number) + 1}"


if _TIME and not any(part in sys.orig_argv for part in _KEEP_REAL):
    _began, _since, _speed = _TIME.split(",")
    _take_compressed_clock(
        float(_began), datetime.fromisoformat(_since).astimezone(UTC), float(_speed)
    )
    if os.environ.get("DATELINE_BENCH_UPGRADED"):
        _take_newer_rules()
