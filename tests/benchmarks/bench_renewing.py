"""What it costs to make every URL key and every fingerprint of a store anew, and in what memory.

`python -m tests.benchmarks.bench_renewing [--quick] [CASE…]`: articles of 4 KB, each with an alias,
an ending, a claim and two sightings; every key changes. Prints a table and writes
build/bench/renewing.json.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from flows.core.terminal import progress
from flows.pipeline.run import RULES
from flows.store import Store
from tests.benchmarks.news_words import Newsroom

RESULT = Path(__file__).parents[2] / "build/bench/renewing.json"
_NOW = datetime(2023, 2, 24, tzinfo=UTC)
_WRITTEN = 1000  # different texts; the rest are these again
_CASES = {
    "10,000, keys and fingerprints": (10_000, True, True),
    "100,000, keys": (100_000, True, False),
    "100,000, fingerprints": (100_000, False, True),
    "1,000,000 without texts, keys": (1_000_000, True, False),
}


def main() -> None:
    if len(sys.argv) > 2 and sys.argv[1] == "one":
        print(json.dumps(_renewed(Path(sys.argv[2]), sys.argv[3] == "True", sys.argv[4] == "True")))
        return
    asked = [name for name in _CASES if name in sys.argv] or list(_CASES)
    cases = {name: _CASES[name] for name in asked[: 1 if "--quick" in sys.argv else None]}
    result = {}
    for name, (articles, keys, prints) in cases.items():
        with tempfile.TemporaryDirectory() as folder:
            _build(_store(Path(folder)), articles, texts="without" not in name)
            command = [sys.executable, "-m", "tests.benchmarks.bench_renewing", "one"]
            done = subprocess.run(
                [*command, folder, str(keys), str(prints)], check=True, stdout=subprocess.PIPE
            )
            result[name] = json.loads(done.stdout)
            print(name, {key: round(value, 1) for key, value in result[name].items()})
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1), encoding="utf-8")


def _renewed(folder: Path, keys: bool, prints: bool) -> dict[str, float]:
    """Seconds and megabytes of one renewal, in a process of its own."""
    rules = replace(
        RULES,
        keys="url-99" if keys else RULES.keys,
        url_key=lambda url: f"{RULES.url_key(url)}?new" if keys else RULES.url_key(url),
        prints="fp-99" if prints else RULES.prints,
    )
    started, wall = time.process_time(), time.perf_counter()
    _store(folder).prepare(rules, progress)
    return {
        "cpu_seconds": time.process_time() - started,
        "wall_seconds": time.perf_counter() - wall,
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "file_megabytes": (folder / ".d/work.duckdb").stat().st_size / 1e6,
        "kept_copy_megabytes": sum(p.stat().st_size for p in folder.glob(".d/*.before-*")) / 1e6,
    }


def _store(folder: Path) -> Store:
    return Store(folder / "d.duckdb", folder / ".d", lambda: _NOW)


def _build(store: Store, articles: int, *, texts: bool) -> None:
    store.prepare(RULES)
    written = [one.text for one in Newsroom().write(_WRITTEN)] if texts else ["Words."]
    prints = [RULES.printed(text)[1] for text in written]
    with store.turn() as con:
        con.execute(
            "create temp table written as select unnest(?::varchar[]) as text, "
            "unnest(range(?)) as place",
            [written, len(written)],
        )
        con.execute(
            "create temp table printed as select unnest(?::integer[]) as place, "
            "unnest(?::uinteger[]) as print",
            [
                [place for place, found in enumerate(prints) for _ in found],
                [value for found in prints for value in found],
            ],
        )
        for first in range(0, articles, 50_000):
            numbers = {"first": first, "end": min(articles, first + 50_000), "n": len(written)}
            for statement in _ROWS.split(";"):
                con.execute(statement, numbers if "$n" in statement else None)


_ROWS = """
create or replace temp table made as
select (n + 1)::integer as doc, 'https://daily.test/2023/02/24/a-story-of-the-day-' || n as url,
       'daily.test/2023/02/24/a-story-of-the-day-' || n as url_key, (n % $n)::integer as place
from range($first, $end) r(n);
insert into kept.readings (doc, article, revision, article_id, url, text, text_print, origin,
    first_seen_at, seen_at, stored_at, cause, verdict, relevance)
select doc, doc, 1, 'a' || doc, url, text, md5(text), 'monitor', now(), now(), now(), 'publisher',
       'on_topic', 1
from made join written using (place);
insert into kept.fingerprints (print, doc) select print, doc from made join printed using (place);
insert into kept.aliases (key, url_key, article, stored_at, url)
select md5_number_lower(url_key), url_key, doc, now(), url from made;
insert into kept.sightings (key, url, url_key, source_id, run_id, seen_at)
select md5_number_lower(url_key), url, url_key, 'source-' || s, 'run', now()
from made, range(2) r(s);
insert into kept.claims (key, source_id, run_id, claimed_at)
select md5_number_lower(url_key), 'source-0', 'run', now() from made;
insert into kept.endings (key, url, source_id, run_id, ended_at, ending, article, attempts, day)
select md5_number_lower(url_key), url, 'source-0', 'run', now(), 'stored', doc, 0, today() from made
"""


if __name__ == "__main__":
    main()
