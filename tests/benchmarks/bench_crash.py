"""What `kill -9` and a full disk do to the store: `python -m tests.benchmarks.bench_crash`.

Two writers append numbered batches and publish, each telling after every commit; four readers open
the published file and count. At a random moment a writer is killed and another takes its place.
Afterwards every batch that was told of must be there once, no batch in part, the store sound, and
no reader may ever have been refused. The disk-full half runs on a small filesystem (a tmpfs, where
it may be mounted) and fills it during commits, checkpoints and publications.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from flows.core import Article, Judgement, Origin, Verdict
from flows.core.errors import DatelineError, StoreFull
from flows.core.times import utc_now
from flows.store import Store, open_published
from flows.store.append import append
from flows.store.batch import Batch, NewArticle
from flows.store.check import check_store

OUT = Path("build/bench")
PER_BATCH = 20
READERS = 4
_NOON = datetime(2023, 2, 24, 12, tzinfo=UTC)


def main() -> None:
    """Run both halves, print what was counted, write JSON; exit status 1 if anything was lost."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--full-rounds", type=int, default=30)
    parser.add_argument("--part", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.part:
        kind, folder, name = asked.part
        (write_on if kind == "write" else read_on)(Path(folder), name)
        return
    counts: dict[str, object] = {"killed": killed(asked.rounds), "full": full(asked.full_rounds)}
    print(json.dumps(counts, indent=2))
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "crash.json").write_text(json.dumps(counts, indent=2))
    failed = [
        f"{half}: {name}"
        for half, told in counts.items()
        if isinstance(told, dict)
        for name in ("lost", "doubled", "in_part", "refused", "unsound", "unexplained")
        if told.get(name)
    ]
    if failed:
        sys.exit("LOST: " + ", ".join(failed))


def killed(rounds: int) -> dict[str, object]:
    """`rounds` kills of a random writer at a random moment, readers reading all the while."""
    chance = random.Random(11)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _store(folder).prepare()
        readers = [_part("read", folder, f"r{n}") for n in range(READERS)]
        writers = [_part("write", folder, f"w0-{n}") for n in range(2)]
        acknowledged: set[str] = set()
        for number in range(1, rounds + 1):
            place = chance.randrange(2)
            if chance.random() < 0.9:  # the rest die while they open or prepare
                acknowledged |= _first_told(writers[place])
            time.sleep(chance.uniform(0, 0.8))  # the moment of the kill is the experiment
            acknowledged |= _kill(writers[place])
            writers[place] = _part("write", folder, f"w{number}-{place}")
            if number % 25 == 0:
                print(f"{number} kills, {len(acknowledged)} batches told of", file=sys.stderr)
        for writer in writers:
            acknowledged |= _kill(writer)
        told = _readers_told(readers)
        _store(folder).prepare()
        _store(folder).publish()
        return {"rounds": rounds} | _account(folder, acknowledged) | told


def full(rounds: int) -> dict[str, object]:
    """Fill a small filesystem `rounds` times while a writer commits and publishes on it."""
    with small_filesystem(64) as folder:
        if folder is None:
            return {"skipped": "no small filesystem can be mounted here"}
        return _fill(folder, rounds)


def _fill(folder: Path, rounds: int) -> dict[str, object]:
    chance = random.Random(12)
    store = _store(folder)
    store.prepare()
    ballast = folder / "ballast"
    acknowledged: set[str] = set()
    seen: Counter[str] = Counter()
    for number in range(rounds):
        left = shutil.disk_usage(folder).free
        # leaves room for nothing, for a log, for a commit, or for a commit and half a copy
        ballast.write_bytes(b"x" * max(0, left - chance.choice((0, 200_000, 2 << 20, 8 << 20))))
        for step in range(6):
            seen[_try(store, f"f{number}-{step}", acknowledged)] += 1
        ballast.unlink()
        store.prepare()
        seen[_try(store, f"f{number}-after", acknowledged)] += 1
    store.publish()
    refused = sum(count for what, count in seen.items() if what.startswith("other"))
    return {"rounds": rounds, "seen": dict(seen), "unexplained": refused} | _account(
        folder, acknowledged
    )


def _try(store: Store, name: str, acknowledged: set[str]) -> str:
    """Append and publish; what came of it, in a word."""
    try:
        with store.turn() as con:
            append(con, _batch(name))
    except StoreFull:
        return "full during commit"
    except Exception as error:  # noqa: BLE001  any other error is what this counts
        return f"other: {type(error).__name__}: {str(error)[:200]}"
    acknowledged.add(name)
    try:
        store.publish()
    except StoreFull:
        return "full during publication"
    except Exception as error:  # noqa: BLE001
        return f"other: {type(error).__name__}: {str(error)[:200]}"
    return "done"


def write_on(folder: Path, name: str) -> None:
    """Append batch after batch until killed; tell of each once it is committed."""
    store = _store(folder)
    store.prepare()
    number = 0
    while True:
        batch = f"{name}-{number}"
        with store.turn() as con:
            append(con, _batch(batch))
        print(batch, flush=True)
        if number % 5 == 4:
            store.publish()
        number += 1


def read_on(folder: Path, _: str) -> None:
    """Open, count, close until told to stop; then tell how often, and how often in vain."""
    stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
    opened = refused = 0
    before = 0
    while not stop:
        try:
            with open_published(folder / "dateline.duckdb") as con:
                ((count,),) = con.execute("select count(*) from articles").fetchall()
            refused += count < before or count % PER_BATCH != 0
            before = count
            opened += 1
        except (DatelineError, OSError, RuntimeError) as error:
            refused += 1
            print(f"refused: {error}", file=sys.stderr, flush=True)
    print(json.dumps({"opened": opened, "refused": refused}), flush=True)


def _store(folder: Path) -> Store:
    return Store(folder / "dateline.duckdb", folder / ".dateline", utc_now)


def _batch(name: str) -> Batch:
    articles = tuple(_article(f"{name}-{n}") for n in range(PER_BATCH))
    return Batch(run_id=name, stored_at=_NOON, articles=articles)


def _article(article_id: str) -> NewArticle:
    text = " ".join(f"word{hash((article_id, n)) % 5000}" for n in range(300))
    return NewArticle(
        article_id=article_id,
        article=Article(
            url=f"https://daily.test/{article_id}",
            outlet="The Daily",
            title=f"Title {article_id}",
            text=text,
            lede=text[:200],
            word_count=300,
            language="en",
            extractor="json_ld",
            reader_version="1",
        ),
        judgement=Judgement(
            verdict=Verdict.ON_TOPIC, relevance=1, matches=(), contributions=(), rules_version="1"
        ),
        origin=Origin.MONITOR,
        first_seen_at=_NOON,
        text_print=article_id,
        aliases=(f"daily.test/{article_id}",),
        fingerprints=tuple(hash((article_id, n)) % (1 << 32) for n in range(40)),
    )


def _part(kind: str, folder: Path, name: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.benchmarks.bench_crash", "--part", kind]
    return subprocess.Popen([*command, str(folder), name], stdout=subprocess.PIPE, text=True)


def _kill(writer: "subprocess.Popen[str]") -> set[str]:
    """Kill a writer; the batches it told of. A line cut short by the kill was not told."""
    assert writer.stdout is not None
    writer.kill()
    with writer:
        return set(writer.stdout.read().split("\n")[:-1])


def _first_told(writer: "subprocess.Popen[str]") -> set[str]:
    """Wait until a writer has told of a batch."""
    assert writer.stdout is not None
    return {writer.stdout.readline().rstrip("\n")}


def _readers_told(readers: "list[subprocess.Popen[str]]") -> dict[str, int]:
    total: Counter[str] = Counter()
    for reader in readers:
        reader.send_signal(signal.SIGTERM)
        told, _ = reader.communicate()
        total.update(json.loads(told))
    return dict(total)


def _account(folder: Path, acknowledged: set[str]) -> dict[str, object]:
    """Every batch told of against the published file."""
    with open_published(folder / "dateline.duckdb") as con:
        rows = con.execute(
            "select run_id, count(*), count(distinct article_id) from kept.readings group by run_id"
        ).fetchall()
    found = {run_id: (count, different) for run_id, count, different in rows}
    unsound = [each.rule for each in check_store(folder / "dateline.duckdb") if not each.holds]
    return {
        "acknowledged": len(acknowledged),
        "found": len(found),
        "lost": len(acknowledged - found.keys()),
        "doubled": sum(count != different for count, different in found.values()),
        "in_part": sum(count != PER_BATCH for count, _ in found.values()),
        "unsound": unsound,
    }


@contextmanager
def small_filesystem(megabytes: int) -> Iterator[Path | None]:
    with tempfile.TemporaryDirectory() as name:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", name]
        if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
            yield None
            return
        try:
            yield Path(name)
        finally:
            with suppress(OSError):
                subprocess.run(["umount", "--lazy", name], check=False)


if __name__ == "__main__":
    main()
