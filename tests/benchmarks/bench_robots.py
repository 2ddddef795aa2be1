"""How our reading of robots.txt agrees with the reference parser, and what it costs.

`python -m tests.benchmarks.bench_robots` prints tables and writes build/bench/robots.json. The
cases and real files lie in the data folder; without it there is nothing to measure, and it says so.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from protego import Protego

from flows.fetch.robots import Rules, group_for

DATA = Path(__file__).parents[2] / "../shared/data/robots"
RESULT = Path(__file__).parents[2] / "build/bench/robots.json"
_URL = "http://a.test/world/2023/02/24/talks-in-the-capital"


def _ours(agent: str, body: bytes) -> Callable[[str], bool]:
    return Rules(group_for(agent, body)).allows


def _protego(agent: str, body: bytes) -> Callable[[str], bool]:
    parsed = Protego.parse(body.decode("utf-8", "replace"))
    return lambda url: bool(parsed.can_fetch(url, agent))


READERS = {"ours": _ours, "protego alone": _protego}


def agreement() -> dict[str, dict[str, Any]]:
    """Of the reference cases, how many each reader decides alike, and which ours misses."""
    lines = (DATA / "google_robots_cases.jsonl").read_text(encoding="utf-8").splitlines()
    found: dict[str, dict[str, Any]] = {}
    for title, reader in READERS.items():
        missed = [case["test"] for case in map(json.loads, lines) if not _agrees(reader, case)]
        found[title] = {
            "cases": len(lines), "agree": len(lines) - len(missed), "missed": missed,
        }  # fmt: skip
    return found


def _agrees(reader: Callable[[str, bytes], Callable[[str], bool]], case: dict[str, Any]) -> bool:
    encoded = case["robots_txt_hex"]
    body = bytes.fromhex(encoded) if encoded else case["robots_txt"].encode()
    return reader(case["user_agent"], body)(case["url"]) is case["allowed"]


def costs() -> dict[str, dict[str, float]]:
    """Milliseconds to read each real file, and to ask it once."""
    bodies = [path.read_bytes() for path in sorted((DATA / "hosts").rglob("*")) if path.is_file()]
    found: dict[str, dict[str, float]] = {}
    for title, reader in READERS.items():
        read = ask = 0.0
        for body in bodies:
            before = time.process_time()
            allows = reader("Dateline", body)
            between = time.process_time()
            allows(_URL)
            read, ask = read + between - before, ask + time.process_time() - between
        found[title] = {
            "files": len(bodies),
            "mean_kilobytes": sum(map(len, bodies)) / len(bodies) / 1e3,
            "read_ms": read / len(bodies) * 1e3,
            "first_ask_ms": ask / len(bodies) * 1e3,
        }
    return found


def main() -> None:
    """Measure, print and write."""
    if not DATA.exists():
        print("skipped: the data folder is not here")
        return
    result = {"agreement": agreement(), "costs": costs()}
    for title, row in result["agreement"].items():
        print(f"{title:14} agrees in {row['agree']} of {row['cases']}; misses {row['missed']}")
    for title, row in result["costs"].items():
        print(f"{title:14} " + ", ".join(f"{name} {value:.3g}" for name, value in row.items()))
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
