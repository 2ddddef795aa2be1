"""What a page costs on a grown store: `python -m tests.benchmarks.bench_browse`.

Each page is asked for through the whole application, in this process, once cold and then warm; CPU
seconds mean the same on a busy machine, wall seconds are what a person waits. The store is that of
`bench_store`, made here where none lies in `--folder`.
"""

import argparse
import asyncio
import json
import os
import tempfile
import time
from pathlib import Path

import httpx

from flows.browse import Site, browse_app, write_report
from flows.store.browsing.newest import Newest
from flows.topic import read_topic
from tests.benchmarks.bench_store import build
from tests.opened import TOPIC

PORT = 8323
OUT = Path("build/bench")
BAR_SECONDS = 0.3  # a page, warm, at 100,000 articles
BAR_MEGABYTES = 150.0
_REPEATS = 3


def main() -> None:
    """Build or reuse a store, ask for each page, print a table, write JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--written", type=int, default=4_000, help="appended, then multiplied")
    parser.add_argument("--folder", type=Path, default=OUT / "browse")
    asked = parser.parse_args()
    store = asked.folder / "dateline.duckdb"
    if not store.exists():
        build(asked.folder, min(asked.written, asked.articles), asked.articles)
    site = Site(
        store=store, archive=asked.folder / "archive", topic=read_topic(TOPIC, Path("topic.toml")),
        labels=asked.folder / "labels.jsonl",
    )  # fmt: skip
    figures = asyncio.run(_pages(site, _paths(store)))
    figures["megabytes at rest"] = _resident_megabytes()
    figures |= _report(site)
    for name, figure in figures.items():
        print(f"{name:<40} {figure}")
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "browse.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")


def _paths(store: Path) -> dict[str, str]:
    """The pages by name; words, an article and days are taken from the store."""
    newest = Newest(store)
    try:
        with newest.reading() as opened:
            (article, outlet, day) = opened.con.execute(
                "select article_id, outlet, day from temp.browsed order by moment desc limit 1"
            ).fetchall()[0]
            words = [
                word
                for (word,) in opened.con.execute(
                    "select word from kept.words order by term limit 2 offset 40"
                ).fetchall()
            ]
    finally:
        newest.close()
    return {
        "overview": "/",
        "all articles": "/search",
        "all articles, copies too": "/search?copies=all&page=3",
        "one outlet": f"/search?outlet={outlet}",
        "a day": f"/search?since={day}&until={day}",
        "a common word": f"/search?q={words[0]}",
        "two common words": f"/search?q={words[0]}+{words[1]}",
        "an article": f"/article/{article}",
        "a story": f"/story/{article}",
        "edits": "/edits",
        "sources": "/sources",
        "topic": "/topic",
        "why": "/why?url=https://daily.test/none",
        "feed": "/feed.atom",
        "table": "/search.csv?order=oldest",
    }


async def _pages(site: Site, paths: dict[str, str]) -> dict[str, object]:
    figures: dict[str, object] = {}
    transport = httpx.ASGITransport(browse_app(site, PORT))
    base = f"http://127.0.0.1:{PORT}"
    async with httpx.AsyncClient(transport=transport, base_url=base, timeout=60) as client:
        started = time.perf_counter()
        await client.get("/")
        figures["first page, opening the file (wall s)"] = round(time.perf_counter() - started, 2)
        for name, path in paths.items():
            await client.get(path)
            walls, cpus, size = [], [], 0
            for _ in range(_REPEATS):
                wall, cpu = time.perf_counter(), time.process_time()
                answer = await client.get(path)
                walls.append(time.perf_counter() - wall)
                cpus.append(time.process_time() - cpu)
                size = len(answer.content)
            said = "" if min(walls) <= BAR_SECONDS else "  over the bar"
            figures[name] = (
                f"{answer.status_code}  wall {min(walls):.3f} s  cpu {min(cpus):.3f} s  "
                f"{size / 1000:.0f} KB{said}"
            )
    return figures


def _report(site: Site) -> dict[str, object]:
    """The report of the newest month: seconds, and of how many files."""
    newest = Newest(site.store)
    with newest.reading() as opened:
        query = "select max(day) - 30 from temp.browsed"
        since = opened.con.execute(query).fetchall()[0][0]
    newest.close()
    with tempfile.TemporaryDirectory() as folder:
        wall, cpu = time.perf_counter(), time.process_time()
        files = write_report(site, Path(folder) / "report", since)
        return {
            "report of a month": f"{files} files  wall {time.perf_counter() - wall:.1f} s  "
            f"cpu {time.process_time() - cpu:.1f} s"
        }


def _resident_megabytes() -> str:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return f"{pages * os.sysconf('SC_PAGE_SIZE') / 1e6:.0f} of at most {BAR_MEGABYTES:.0f}"


if __name__ == "__main__":
    main()
