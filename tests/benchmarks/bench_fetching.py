"""What a request costs through our fetching beside bare clients, and whether the pace holds.

`python -m tests.benchmarks.bench_fetching [--quick]` prints tables and writes
build/bench/fetching.json. CPU is the client process's own (`process_time`), the best of three
interleaved rounds; the server runs in a process of its own and its log judges the pace.
"""

import asyncio
import gzip
import importlib
import json
import multiprocessing
import resource
import sys
import tempfile
import time
import urllib.request
import zlib
from collections import defaultdict
from collections.abc import Awaitable, Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]  # ships no types
import zstandard

from flows.archive.archive import Archive
from flows.core import Page
from flows.core.settings import FetchSettings
from flows.core.times import utc_now
from flows.fetch.client import Web
from flows.fetch.decoding import Decoder
from flows.fetch.failure import NotFetched
from flows.fetch.walls import wall_of
from tests.benchmarks.page_server import page_server

RESULT = Path(__file__).parents[2] / "build/bench/fetching.json"
DATA = Path(__file__).parents[2] / "../shared/data"
_HOSTS = 50
Run = Callable[[int, int], Awaitable[int]]


async def ours(port: int, each: int, *, archive: bool = False) -> int:
    """Every page of every host through `Web`, without a pace."""
    names = {f"host{number}.test": f"127.0.0.1:{port}" for number in range(_HOSTS)}
    settings = FetchSettings(
        pace_seconds=0, hosts_at_once=_HOSTS, resolve=names, allow_networks=("127.0.0.0/8",)
    )
    with tempfile.TemporaryDirectory() as folder:
        kept = Archive(Path(folder) / "archive", "bench", utc_now) if archive else None
        async with Web(settings, state_dir=Path(folder), clock=utc_now, archive=kept) as web:

            async def one_host(name: str) -> int:
                bodies = 0
                for number in range(each):
                    got = await web.get(f"http://{name}/{number}")
                    assert isinstance(got, Page), got
                    bodies += len(got.body)
                return bodies

            total = sum(await asyncio.gather(*(one_host(name) for name in names)))
        if kept is not None:
            kept.close()
        return total


async def ours_with_archive(port: int, each: int) -> int:
    """The same, with every page written to the archive."""
    return await ours(port, each, archive=True)


def httpx_like(module: Any, *, clients: int) -> Run:
    """Bare httpx or its fork: `clients` clients share the hosts."""

    async def run(port: int, each: int) -> int:
        limits = module.Limits(max_connections=_HOSTS, max_keepalive_connections=_HOSTS)
        opened = [module.AsyncClient(limits=limits) for _ in range(clients)]

        async def one_host(number: int) -> int:
            client, bodies = opened[number % clients], 0
            headers = {"Host": f"host{number}.test"}
            for path in range(each):
                answer = await client.get(f"http://127.0.0.1:{port}/{path}", headers=headers)
                bodies += len(answer.content)
            return bodies

        try:
            return sum(await asyncio.gather(*(one_host(number) for number in range(_HOSTS))))
        finally:
            for client in opened:
                await client.aclose()

    return run


def aiohttp_run(module: Any) -> Run:
    """Bare aiohttp, one session."""

    async def run(port: int, each: int) -> int:
        async with module.ClientSession(connector=module.TCPConnector(limit=_HOSTS)) as session:

            async def one_host(number: int) -> int:
                bodies = 0
                for path in range(each):
                    url, name = f"http://127.0.0.1:{port}/{path}", f"host{number}.test"
                    async with session.get(url, headers={"Host": name}) as answer:
                        bodies += len(await answer.read())
                return bodies

            return sum(await asyncio.gather(*(one_host(number) for number in range(_HOSTS))))

    return run


def competitors() -> tuple[dict[str, Run], list[str]]:
    """What is measured, and which peers are not installed."""
    runs: dict[str, Run] = {"ours": ours, "ours with archive": ours_with_archive}
    absent = []
    makers: dict[str, list[tuple[str, Callable[[Any], Run]]]] = {
        "httpx": [
            ("bare httpx, one client", lambda module: httpx_like(module, clients=1)),
            ("bare httpx, a client per host", lambda module: httpx_like(module, clients=_HOSTS)),
        ],
        "httpx2": [("bare httpx2, one client", lambda module: httpx_like(module, clients=1))],
        "aiohttp": [("bare aiohttp", aiohttp_run)],
    }
    for name, entries in makers.items():
        try:
            module = importlib.import_module(name)
        except ImportError:
            absent.append(name)
            continue
        runs |= {title: make(module) for title, make in entries}
    return runs, absent


async def _awaited(run: Run, port: int, each: int) -> int:
    return await run(port, each)


def cpu_per_request(port: int, each: int, rounds: int) -> dict[str, dict[str, float]]:
    """Milliseconds of CPU and requests per wall second, per competitor."""
    runs, absent = competitors()
    for name in absent:
        print(f"skipped: {name} is not installed")
    best: dict[str, dict[str, float]] = {}
    for _ in range(rounds):
        for title, run in runs.items():
            cpu, wall = time.process_time(), time.perf_counter()
            total = asyncio.run(_awaited(run, port, each))
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            assert total > 100_000 * _HOSTS * each
            count = _HOSTS * each
            measured = {"cpu_ms": cpu / count * 1000, "requests_per_second": count / wall}
            if title not in best or measured["cpu_ms"] < best[title]["cpu_ms"]:
                best[title] = measured
    return best


def pace_in_the_servers_log(port: int, *, pace: float, processes: int) -> dict[str, float]:
    """The smallest gap between two requests to one host, with several processes asking at once."""
    _log_of(port)
    with tempfile.TemporaryDirectory() as folder:
        # spawn, because a fork would take the parent's threads' locks with it
        context = multiprocessing.get_context("spawn")
        started = [
            context.Process(target=_visit, args=(port, folder, pace)) for _ in range(processes)
        ]
        for process in started:
            process.start()
        for process in started:
            process.join()
            assert process.exitcode == 0
    times: dict[str, list[float]] = defaultdict(list)
    for host, at in _log_of(port):
        times[host].append(at)
    gaps = [after - before for seen in times.values() for before, after in pairwise(sorted(seen))]
    return {
        "processes": processes,
        "requests": sum(len(seen) for seen in times.values()),
        "pace_seconds": pace,
        "smallest_gap_seconds": min(gaps),
        "broken": sum(gap < pace for gap in gaps),
    }


def _visit(port: int, folder: str, pace: float) -> None:
    names = {f"host{number}.test": f"127.0.0.1:{port}" for number in range(10)}
    settings = FetchSettings(pace_seconds=pace, resolve=names, allow_networks=("127.0.0.0/8",))

    async def visit() -> None:
        async with Web(settings, state_dir=Path(folder), clock=utc_now) as web:
            urls = [f"http://{name}/{number}" for number in range(4) for name in names]
            ended = await asyncio.gather(*(web.get(url) for url in urls))
            assert all(isinstance(page, Page) for page in ended)

    asyncio.run(visit())


def _log_of(port: int) -> list[tuple[str, float]]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/log") as answer:
        return [(str(host), float(at)) for host, at in json.load(answer)]


def memory_of_candidates(port: int, candidates: int) -> dict[str, float]:
    """What the process grows by with that many candidates waiting at once, pages let go."""
    names = {f"host{number}.test": f"127.0.0.1:{port}" for number in range(_HOSTS)}
    settings = FetchSettings(pace_seconds=0, resolve=names, allow_networks=("127.0.0.0/8",))

    async def fetched(web: Web, url: str) -> int:
        page = await web.get(url)
        return len(page.body) if isinstance(page, Page) else 0

    async def all_of_them(folder: str) -> int:
        async with Web(settings, state_dir=Path(folder), clock=utc_now) as web:
            urls = [f"http://host{number % _HOSTS}.test/{number}" for number in range(candidates)]
            return sum(await asyncio.gather(*(fetched(web, url) for url in urls)))

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory() as folder:
        total = asyncio.run(all_of_them(folder))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "candidates": candidates,
        "fetched_megabytes": total / 1e6,
        "grown_megabytes": (after - before) / 1e3,
    }


def bombs() -> dict[str, dict[str, float]]:
    """A gigabyte behind each coding: megabytes grown and CPU seconds until it is refused."""
    found: dict[str, dict[str, float]] = {}
    for coding, content in _gigabytes().items():
        before, cpu = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        decoder = Decoder(coding, max_bytes=10_000_000)
        reason = "none"
        try:
            for start in range(0, len(content), 65536):
                decoder.feed(content[start : start + 65536])
        except NotFetched as failure:
            reason = failure.reason.value
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        found[f"{coding}: {reason}"] = {
            "sent_bytes": len(content),
            "grown_megabytes": (after - before) / 1e3,
            "cpu_seconds": time.process_time() - cpu,
        }
    return found


def _gigabytes() -> dict[str, bytes]:
    """10⁹ zeros in each coding, made piece by piece."""
    megabyte, codings = bytes(1_000_000), {}
    for name, wbits in (("gzip", 31), ("deflate", 15)):
        deflater = zlib.compressobj(1, zlib.DEFLATED, wbits)
        parts = [deflater.compress(megabyte) for _ in range(1000)]
        codings[name] = b"".join([*parts, deflater.flush()])
    compressor = brotli.Compressor(quality=1)
    parts = [compressor.process(megabyte) for _ in range(1000)]
    codings["br"] = b"".join([*parts, compressor.finish()])
    zstd = zstandard.ZstdCompressor().compressobj()
    codings["zstd"] = b"".join([*(zstd.compress(megabyte) for _ in range(1000)), zstd.flush()])
    return codings


def false_walls() -> dict[str, float]:
    """How many real article pages would be taken for a challenge, consent or login page."""
    paths = sorted((DATA / "articles").glob("*/*.html.gz"))
    taken, cpu = 0, 0.0
    for path in paths:
        body = gzip.decompress(path.read_bytes())
        before = time.process_time()
        taken += wall_of("http://a.test/x", "http://a.test/x", (), body) is not None
        cpu += time.process_time() - before
    return {"pages": len(paths), "taken": taken, "cpu_ms": cpu / max(1, len(paths)) * 1e3}


def main() -> None:
    """Measure everything, print it, and write the result."""
    is_quick = "--quick" in sys.argv
    each, rounds = (10, 2) if is_quick else (40, 3)
    result: dict[str, Any] = {}
    with page_server() as port:
        result["memory"] = memory_of_candidates(port, 1000 if is_quick else 5000)
        result["requests"] = cpu_per_request(port, each, rounds)
        result["pace"] = pace_in_the_servers_log(port, pace=0.2, processes=3)
    result["bombs"] = bombs()
    result["walls"] = false_walls()
    _print(result)
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


def _print(result: dict[str, Any]) -> None:
    bare = result["requests"].get("bare httpx, one client", {}).get("cpu_ms")
    for title, row in result["requests"].items():
        ratio = f"{row['cpu_ms'] / bare:5.2f} x httpx" if bare else ""
        print(f"{title:32} {row['cpu_ms']:6.2f} ms CPU {row['requests_per_second']:7.0f}/s {ratio}")
    for topic in ("pace", "memory", "walls"):
        said = ", ".join(f"{key} {value:.4g}" for key, value in result[topic].items())
        print(f"{topic:8} {said}")
    for title, row in result["bombs"].items():
        said = ", ".join(f"{key} {value:.3g}" for key, value in row.items())
        print(f"bomb     {title:20} {said}")


if __name__ == "__main__":
    main()
