"""What the store costs at a million articles: `python -m tests.benchmarks.bench_store`.

Articles of 4 KB with the word frequencies of news are appended as a run appends them; from
`--written` on, the rows are multiplied in SQL (other identifiers, times, fingerprints; the same
texts far apart, so that nothing compresses better for it). CPU seconds first: they mean the same on
a busy machine.
"""

import argparse
import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy

from flows.core import (
    Article,
    Candidate,
    ClaimedTime,
    Contribution,
    Judgement,
    Match,
    Origin,
    Precision,
    Source,
    Verdict,
    Zone,
)
from flows.core.times import utc_now
from flows.dedup import LEAST_SHARED, TOO_COMMON
from flows.store import Connection, Store, open_published
from flows.store.append import append
from flows.store.articles import near
from flows.store.batch import Batch, NewArticle
from flows.store.connections import open_working
from tests.benchmarks.news_words import Newsroom, Written

BATCH = 500
FINGERPRINTS = 80  # one in eight of the shingles of 640 words
START = datetime(2021, 1, 1, tzinfo=UTC)
OUT = Path("build/bench")
# The bars of the project, in the units of the table; None: reported only.
BARS: dict[str, float | None] = {
    "open_s": 0.2,
    "search_3_common_s": 0.3,
    "search_3_middling_s": 0.3,
    "search_3_rare_s": 0.3,
    "coverage_by_week_s": 0.5,
    "commit_500_s": 2.0,
    "publish_s": 10.0,
    "bytes_per_article": 4000.0,
    "writer_mb": 600.0,
}


def main() -> None:
    """Build or reuse a store, measure, print a table, write JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--written", type=int, default=50_000, help="appended, then multiplied")
    parser.add_argument("--folder", type=Path, default=OUT / "store")
    parser.add_argument("--keep", action="store_true", help="keep the store for another run")
    parser.add_argument("--commit", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.commit is not None:
        _commit_and_tell(asked.folder, asked.commit)
        return
    if not (asked.folder / "dateline.duckdb").exists():
        build(asked.folder, min(asked.written, asked.articles), asked.articles)
    figures = measure(asked.folder)
    figures |= compare_with_fts5()
    _print(figures)
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "store.json").write_text(json.dumps(figures, indent=2))
    if not asked.keep:
        shutil.rmtree(asked.folder)


def store_in(folder: Path) -> Store:
    return Store(folder / "dateline.duckdb", folder / ".dateline", utc_now)


def build(folder: Path, written: int, articles: int) -> None:
    """A store of `articles` articles, `written` of them appended batch by batch."""
    folder.mkdir(parents=True, exist_ok=True)
    store = store_in(folder)
    store.prepare()
    press = Press()
    for first in range(0, written, BATCH):
        with store.turn() as con:
            append(con, press.batch(first, BATCH))
        if first % 20_000 == 0:
            store.publish()  # sorts the index now and then, as a long run does
    for copy in range(1, articles // written):
        with open_working(folder / ".dateline" / "work.duckdb") as con:
            _multiply(con, copy, written)
        print(f"{(copy + 1) * written:,} articles", file=sys.stderr, flush=True)
    store.publish()


class Press:
    """Invented articles of 200 outlets, one a minute."""

    def __init__(self, seed: int = 7) -> None:
        self._room = Newsroom(seed)
        self._random = numpy.random.default_rng(seed)
        self._sources = [
            Source(source_id=f"s{n}", outlet=f"Outlet {n}", kind="feed", url=f"https://s{n}.test/")
            for n in range(200)
        ]

    def batch(self, first: int, count: int) -> Batch:
        """`count` articles numbered from `first`."""
        made = tuple(
            self._article(first + n, text) for n, text in enumerate(self._room.write(count))
        )
        return Batch(run_id="bench", stored_at=_minute(first + count), articles=made)

    def _article(self, number: int, text: Written) -> NewArticle:
        source = self._sources[number % len(self._sources)]
        article_id, seen_at = f"{number:012x}", _minute(number)
        url = f"https://{source.source_id}.test/{seen_at:%Y/%m/%d}/{article_id}"
        return NewArticle(
            article_id=article_id,
            article=_article(url, source, text, seen_at),
            judgement=_JUDGED,
            origin=Origin.MONITOR,
            first_seen_at=seen_at,
            text_print=f"{self._random.integers(1 << 62):016x}",
            candidate=Candidate(
                url=url, url_key=url[8:], source_id=source.source_id, seen_at=seen_at
            ),
            source=source,
            archive_ref=f"{seen_at:%Y%m%d}-bench.warc.gz:{number * 9000}",
            fingerprints=tuple(self._random.integers(0, 1 << 32, FINGERPRINTS).tolist()),
        )


def measure(folder: Path) -> dict[str, float]:
    """Every figure of the table, in seconds of wall time unless its name says otherwise."""
    path = folder / "dateline.duckdb"
    figures: dict[str, float] = {}
    started = time.perf_counter()
    with open_published(path) as con:
        con.execute("select title from articles limit 1").fetchall()
        figures["open_s"] = time.perf_counter() - started
        ((articles,),) = con.execute("select count(*) from articles").fetchall()
        figures["articles"] = articles
        for name, query, parameters in _queries():
            wall, cpu = best_of(3, con, query, parameters)
            figures[f"{name}_s"], figures[f"{name}_cpu_s"] = wall, cpu
    figures["bytes_per_article"] = path.stat().st_size / articles
    for name, cost in _committing(folder, articles).items():
        figures[name] = cost
    figures |= _publishing(folder)
    return figures


def best_of(
    times: int, con: Connection, query: str, parameters: list[object]
) -> tuple[float, float]:
    """Wall and CPU seconds of the quickest of `times` runs."""
    costs = []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        con.execute(query, parameters).fetchall()
        costs.append((time.perf_counter() - wall, time.process_time() - cpu))
    return min(costs)


def _queries() -> Iterator[tuple[str, str, list[object]]]:
    vocabulary = Newsroom().vocabulary

    def words(*ranks: int) -> str:
        return " ".join(vocabulary[rank] for rank in ranks)

    search = "from search(?)"
    yield "search_3_common", search, [words(100, 200, 400)]  # each in a quarter of the articles
    yield "search_3_middling", search, [words(500, 1500, 3000)]
    yield "search_3_rare", search, [words(5000, 20000, 50000)]
    yield "search_1_common", search, [words(150)]
    yield "search_prefix", search, [vocabulary[3000][:5] + "*"]
    yield "search_phrase", search, [f'"{words(1000, 2000)}"']
    yield "search_common_phrase", search, [f'"{words(100, 200)}"']
    by_week = "select date_trunc('week', published_at) as week, outlet, count(*) from articles"
    yield "coverage_by_week", f"{by_week} group by all", []
    yield "as_of", "select count(*) from articles_as_of(timestamptz '2021-06-01 00:00:00+00')", []
    newest = "select title, outlet from articles order by published_at desc limit 50"
    yield "newest_50", newest, []
    yield "stories", "select story_id from stories order by articles desc limit 10", []


def _committing(folder: Path, articles: int) -> dict[str, float]:
    """A batch of 500, and the questions asked before it, in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_store", "--folder", str(folder)]
    done = subprocess.run(
        [*command, "--commit", str(articles)], capture_output=True, check=True, text=True
    )
    return {str(name): float(cost) for name, cost in json.loads(done.stdout).items()}


def _commit_and_tell(folder: Path, articles: int) -> None:
    store = store_in(folder)
    press = Press(seed=8)
    costs: list[tuple[float, float]] = []
    joins = []
    for turn in range(5):
        batch = press.batch(articles * 2 + turn * BATCH, BATCH)
        wall, cpu = time.perf_counter(), time.process_time()
        with store.turn() as con:
            append(con, batch)
        costs.append((time.perf_counter() - wall, time.process_time() - cpu))
        with store.turn() as con:
            cpu = time.process_time()
            prints = {new.article_id: new.fingerprints for new in batch.articles}
            near(con, prints, at_least=LEAST_SHARED, at_most=TOO_COMMON)
            joins.append(time.process_time() - cpu)
    walls = sorted(wall for wall, _ in costs)
    told = {
        "commit_500_s": walls[2],
        "commit_500_worst_s": walls[-1],
        "commit_500_cpu_s": sorted(cpu for _, cpu in costs)[2],
        "near_500_cpu_s": sorted(joins)[2],
        "writer_mb": _most_memory_mb(),
    }
    print(json.dumps(told))


def _most_memory_mb() -> float:
    """This program's own peak: `getrusage` would count what forked it, too."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _publishing(folder: Path) -> dict[str, float]:
    store = store_in(folder)
    (folder / ".dateline" / "published.json").unlink(missing_ok=True)
    wall, cpu = time.perf_counter(), time.process_time()
    store.publish()
    return {
        "publish_s": time.perf_counter() - wall,
        "publish_cpu_s": time.process_time() - cpu,
    }


def compare_with_fts5(count: int = 20_000) -> dict[str, float]:
    """SQLite's FTS5 and our index on the same texts: cost to build, size, look-up."""
    folder = OUT / "fts5"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    texts = Newsroom().write(count)
    vocabulary = Newsroom().vocabulary
    asked = [vocabulary[rank] for rank in (500, 1500, 3000)]
    with _timed() as ours_cost:
        ours = _ours(folder / "ours", count)
    database = sqlite3.connect(folder / "fts5.db")
    with _timed() as fts5_cost:
        database.execute("create virtual table news using fts5(title, text)")
        database.executemany("insert into news values (?, ?)", ((t.title, t.text) for t in texts))
        database.commit()
    query = "select rowid from news where news match ? order by bm25(news) limit 100"
    with _timed() as fts5_search:
        database.execute(query, [" ".join(asked)]).fetchall()
    database.close()
    with open_published(ours) as con:
        _, ours_search = best_of(3, con, "from search(?)", [" ".join(asked)])
    size = (folder / "fts5.db").stat().st_size
    figures = {
        "fts5_articles": count,
        "fts5_build_cpu_s": fts5_cost(),
        "ours_build_cpu_s": ours_cost(),
        "fts5_bytes_per_article": size / count,
        "ours_bytes_per_article": ours.stat().st_size / count,
        "fts5_search_cpu_s": fts5_search(),
        "ours_search_cpu_s": ours_search,
    }
    shutil.rmtree(folder)
    return figures


def _ours(folder: Path, count: int) -> Path:
    folder.mkdir()
    store = store_in(folder)
    store.prepare()
    press = Press()
    for first in range(0, count, BATCH):
        with store.turn() as con:
            append(con, press.batch(first, BATCH))
    store.publish()
    return store.path


@contextmanager
def _timed() -> Iterator[Callable[[], float]]:
    """CPU seconds of the block, asked for afterwards."""
    spent = [time.process_time()]
    yield lambda: spent[0]
    spent[0] = time.process_time() - spent[0]


def _multiply(con: Connection, copy: int, written: int) -> None:
    """The written rows once more, as other articles `copy` times the span later."""
    shift, days = copy * written, copy * written / 1440
    con.execute("begin")
    for statement in _COPIES:
        con.execute(statement.format(n=shift, k=copy, days=days, written=written))
    con.execute("commit")


def _minute(number: int) -> datetime:
    return START + timedelta(minutes=number)


def _article(url: str, source: Source, text: Written, seen_at: datetime) -> Article:
    published = ClaimedTime(
        at=seen_at,
        precision=Precision.SECOND,
        origin="json_ld",
        zone=Zone.STATED,
        raw=seen_at.isoformat(),
    )
    return Article(
        url=url,
        outlet=source.outlet,
        title=text.title,
        text=text.text,
        lede=text.text.split("\n\n", 1)[0],
        word_count=640,
        language="en",
        extractor="json_ld",
        reader_version="1",
        authors=("Some Body", "Other Person"),
        published=published,
        section="World",
        tags=("peace", "war"),
    )


def _print(figures: dict[str, float]) -> None:
    print(f"{'':28}{'reached':>12}{'bar':>10}")
    for name, reached in figures.items():
        bar = BARS.get(name)
        mark = "" if bar is None else "  ok" if reached <= bar else "  SHORT"
        print(f"{name:28}{reached:12,.3f}{'' if bar is None else f'{bar:10,.1f}'}{mark}")


_JUDGED = Judgement(
    verdict=Verdict.ON_TOPIC,
    relevance=0.9,
    matches=(
        Match(term="peace plan", group="peace", place="title", count=1),
        Match(term="xi jinping", group="china", place="lede", count=2),
    ),
    contributions=(
        Contribution(rule="signature", points=3.0, evidence="The peace plan was named."),
    ),
    rules_version="1",
)

_COPIES = (
    "insert into kept.readings by name select * replace (doc + {n} as doc, article + {n} as "
    "article, 'k{k}' || article_id[3:] as article_id, '{k}' || text_print as text_print, "
    "published_at + interval ({days}) days as published_at, "
    "first_seen_at + interval ({days}) days as first_seen_at) "
    "from kept.readings where doc <= {written}",
    "insert into kept.postings by name select term, doc + {n} as doc, weight from "
    "(from kept.postings union all from kept.recent_postings) where doc <= {written} "
    "order by doc // 20000, term, doc",
    "insert into kept.fingerprints select hash(print + {k}) % 4294967296, doc + {n} "
    "from kept.fingerprints where doc <= {written}",
    "insert into kept.judgements by name select * replace (article + {n} as article, "
    "doc + {n} as doc) from kept.judgements where doc <= {written}",
    "insert into kept.aliases by name select * replace (key + {k} as key, article + {n} as "
    "article) from kept.aliases where article <= {written}",
    "insert into kept.endings by name select * replace (key + {k} as key, article + {n} as "
    "article) from kept.endings where article <= {written}",
)

if __name__ == "__main__":
    main()
