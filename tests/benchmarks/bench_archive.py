"""What the archive costs per page, and how large it grows.

`python -m tests.benchmarks.bench_archive [--quick]` prints a table and writes
build/bench/archive.json. Over real pages where the data folder is present, over one made page
otherwise; warcio writing the same responses stands beside.
"""

import gzip
import io
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from flows.archive.archive import Archive, archived_pages, read_archived
from flows.archive.pruning import prune
from flows.core import Page
from flows.core.times import utc_now
from tests.benchmarks.page_server import page

RESULT = Path(__file__).parents[2] / "build/bench/archive.json"
DATA = Path(__file__).parents[2] / "../shared/data"


def pages(every: int) -> list[Page]:
    """Each `every`-th real page, or fifty times the made one."""
    paths = sorted((DATA / "articles").glob("*/*.html.gz"))[::every]
    bodies = [gzip.decompress(path.read_bytes()) for path in paths]
    if not bodies:
        print("the data folder is not here: one made page instead of real ones")
        bodies = [page()] * 50
    return [
        Page(
            requested_url=f"http://a.test/{number}",
            url=f"http://a.test/{number}",
            status=200,
            fetched_at=utc_now(),
            headers=(("content-type", "text/html"),),
            body=body,
            media_type="text/html",
        )
        for number, body in enumerate(bodies)
    ]


def ours(articles: list[Page], folder: Path) -> dict[str, float]:
    """Milliseconds of CPU per page to write, read by reference, read in order, and prune."""
    with Archive(folder, "bench", utc_now) as archive:
        refs: list[str] = []
        write = _cpu(lambda: refs.extend([archive.write(one) for one in articles]))
    size = sum(path.stat().st_size for path in folder.iterdir())
    read = _cpu(lambda: [read_archived(folder, ref) for ref in refs])
    scan = _cpu(lambda: list(archived_pages(folder)))
    kept = set(refs[::2])
    rewrite = _cpu(lambda: prune(folder, before=utc_now(), is_kept=kept.__contains__))
    count = len(articles)
    return {
        "write_ms": write / count * 1e3,
        "read_ms": read / count * 1e3,
        "scan_ms": scan / count * 1e3,
        "prune_ms": rewrite / count * 1e3,
        "archived_kilobytes": size / count / 1e3,
    }


def warcio(articles: list[Page], folder: Path) -> dict[str, float]:
    """The same responses through warcio, at its own level."""
    path = folder / "warcio.warc.gz"

    def write() -> None:
        with path.open("wb") as file:
            writer = WARCWriter(file, gzip=True)
            for one in articles:
                headers = StatusAndHeaders("200 OK", list(one.headers), protocol="HTTP/1.1")
                writer.write_record(
                    writer.create_warc_record(
                        one.url,
                        "response",
                        payload=io.BytesIO(one.body),
                        length=len(one.body),
                        http_headers=headers,
                    )
                )

    cpu = _cpu(write)
    return {
        "write_ms": cpu / len(articles) * 1e3,
        "archived_kilobytes": path.stat().st_size / len(articles) / 1e3,
    }


def _cpu(do: Callable[[], object]) -> float:
    before = time.process_time()
    do()
    return time.process_time() - before


def _best(
    measure: Callable[[list[Page], Path], dict[str, float]], articles: list[Page], rounds: int
) -> dict[str, float]:
    found: list[dict[str, float]] = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            found.append(measure(articles, Path(folder)))
    return {name: min(one[name] for one in found) for name in found[0]}


def main() -> None:
    """Measure, print and write."""
    is_quick = "--quick" in sys.argv
    articles = pages(12 if is_quick else 3)
    rounds = 2 if is_quick else 3
    result = {"ours": _best(ours, articles, rounds), "warcio": _best(warcio, articles, rounds)}
    mean = sum(len(one.body) for one in articles) / len(articles) / 1e3
    print(f"{len(articles)} pages of {mean:.0f} KB on average")
    for title, row in result.items():
        print(f"{title:8} " + ", ".join(f"{name} {value:.3g}" for name, value in row.items()))
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
