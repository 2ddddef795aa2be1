"""What 500 new articles cost as the store grows: fingerprints joined in a real DuckDB file.

The table has the store's shape and is asked by the store's own query; its rows are made: nine in
ten at random, one in ten from a hundred thousand turns of phrase that many articles share.
"""

import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from flows.dedup import (
    LEAST_SHARED,
    TOO_COMMON,
    ComparedText,
    compare_read,
    fingerprints,
    read_text,
)
from flows.store.articles import near

_ROWS = 80  # sampled fingerprints of an article of 650 words
_BATCH = 500
_COPIES = 50
_REPEATS = 3

_TABLES = """
create schema kept;
create table kept.readings (doc integer, article_id varchar, revision integer);
create table kept.fingerprints (print uinteger, doc integer);
"""
_GROW = f"""
insert into kept.fingerprints
select case when hash(n, 1) % 10 = 0 then (hash(n, 2) % 100000)::uinteger
            else (hash(n, 3) % 4294967296)::uinteger end,
       (n // {_ROWS})::integer
from range($from * {_ROWS}, $until * {_ROWS}) r(n)
"""
_READINGS = """
insert into kept.readings
select n::integer, 'article' || n, 1 from range($from, $until) r(n)
"""


def growth(sizes: Sequence[int], texts: Sequence[ComparedText]) -> list[dict[str, Any]]:
    """One row per size: CPU seconds of each step for a batch of 500, and of all of it."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "growing.duckdb"
        with duckdb.connect(str(path)) as con:
            con.execute("set memory_limit = '1GB'")
            con.execute(_TABLES)
            held = 0
            for size in sizes:
                con.execute(_GROW, {"from": held, "until": size})
                con.execute(_READINGS, {"from": held, "until": size})
                con.execute("checkpoint")
                held = size
                rows.append(_measured(con, size, path, list(texts)))
    return rows


def _measured(
    con: duckdb.DuckDBPyConnection, size: int, path: Path, texts: list[ComparedText]
) -> dict[str, Any]:
    batch = [texts[place % len(texts)] for place in range(_BATCH)]
    started = time.process_time()
    prints = {str(place): fingerprints(one.text) for place, one in enumerate(batch)}
    printed = time.process_time() - started
    joins, walls = [], []
    for _ in range(_REPEATS):
        started, wall = time.process_time(), time.perf_counter()
        proposed = near(con, prints, at_least=LEAST_SHARED, at_most=TOO_COMMON)
        joins.append(time.process_time() - started)
        walls.append(time.perf_counter() - wall)
    started = time.process_time()
    for one in batch:  # as many comparisons as the fuller sets below ask for, at any size
        read = read_text(one.text)
        for other in batch[:3]:
            compare_read(one, read, other, read_text(other.text))
    decided = time.process_time() - started
    appended = _appended(con, size, prints)
    total = printed + min(joins) + decided + appended
    return {
        "articles": size,
        "fingerprint_seconds": printed,
        "join_seconds": min(joins),
        "join_wall_seconds": min(walls),
        "decide_seconds": decided,
        "append_seconds": appended,
        "total_seconds": total,
        "proposed": sum(map(len, proposed.values())),
        "file_megabytes": path.stat().st_size / 1e6,
        "resident_megabytes": _resident_megabytes(),
    }


def _appended(
    con: duckdb.DuckDBPyConnection, size: int, prints: dict[str, tuple[int, ...]]
) -> float:
    """Seconds to append the batch's rows in one transaction, which is then undone."""
    started = time.process_time()
    con.execute("begin")
    con.execute(
        "insert into kept.fingerprints select unnest(?::uinteger[]), unnest(?::integer[])",
        [
            [value for found in prints.values() for value in found],
            [size + int(name) for name, found in prints.items() for _ in found],
        ],
    )
    con.execute("rollback")
    return time.process_time() - started


def _resident_megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
