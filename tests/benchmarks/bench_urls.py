"""Whether URL keys merge pages that differ, miss pages that agree, and what a key costs.

`python -m tests.benchmarks.bench_urls` reads the cases of two libraries and the links of real feed
entries from `../shared/data`, prints a table and writes build/bench/urls.json. A merge counts as
wrong unless both URLs agree by a second, plainer comparison written here, or a library of the
cases says so; for feed links, unless the two entries' headlines agree.
"""

import gzip
import json
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from flows.core.urls import fetch_url, url_key

DATA = Path(__file__).parents[2] / "../shared/data"
RESULT = Path(__file__).parents[2] / "build/bench/urls.json"
_CASES = ("urls/courlan_cases.jsonl", "urls/metadata_lib_url_cases.jsonl")
_ENTRIES = DATA / "feeds/entries_2023-02-01_2023-03-12.jsonl.gz"


def merged_wrongly() -> list[tuple[str, str]]:
    """Pairs of case URLs under one key that nothing else says are one page."""
    agreed = _agreed()
    wrong = []
    for urls in _by_key(_case_urls()).values():
        first, *others = sorted(urls)
        wrong += [
            (first, other)
            for other in others
            if _plain(first) != _plain(other) and frozenset((first, other)) not in agreed
        ]
    return wrong


def _case_urls() -> set[str]:
    return {url for path in _CASES for row in _lines(DATA / path) for url in _urls(row)}


def _by_key(urls: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for url in urls:
        fetchable = fetch_url(url)
        if fetchable is not None:
            found[url_key(fetchable)].add(url)
    return found


def _plain(url: str) -> str:
    """A comparison that shares no code with the keys: no scheme, www, fragment, `utm_`, slash."""
    bare = re.sub(r"^\s*https?:/*(?:www\.)?|#(?![!/]).*$", "", url.strip(), flags=re.IGNORECASE)
    host, slash, rest = bare.partition("/")
    path, mark, query = (slash + rest).partition("?")
    kept = sorted(p for p in re.split(r"&(?:amp;)?", query) if p and not p.startswith("utm_"))
    host = re.sub(r":(?:80|443)$", "", host.lower())
    return f"{host}{path.rstrip('/')}{mark if kept else ''}{'&'.join(kept)}"


def _agreed() -> set[frozenset[str]]:
    """Pairs that one of the libraries' cases gives as input and normalised output."""
    pairs = set()
    for path in _CASES:
        for row in _lines(DATA / path):
            found = list(_urls(row))
            pairs |= {frozenset((a, b)) for a in found for b in found if a != b}
    return pairs


def feed_links() -> dict[str, Any]:
    """Real links: how many keys hold several URLs, and how many of those differ in headline."""
    titles: dict[str, set[str]] = defaultdict(set)
    with gzip.open(_ENTRIES, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            titles[row["link"] or ""].add(" ".join((row["title"] or "").lower().split()))
    started = time.process_time()
    groups = _by_key(titles)
    spent = time.process_time() - started
    several = {key: urls for key, urls in groups.items() if len(urls) > 1}
    differing = [
        sorted(urls)
        for urls in several.values()
        if not set.intersection(*map(titles.get, urls))  # type: ignore[arg-type]
    ]
    return {
        "urls": len(titles),
        "keys": len(groups),
        "keys_of_several_urls": len(several),
        "headlines_differ": len(differing),
        "examples": differing[:20],
        "urls_per_second": round(len(titles) / spent),
    }


def _urls(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if re.match(r"\s*https?://", value, re.IGNORECASE) and fetch_url(value):
            yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _urls(part)
    elif isinstance(value, list):
        for part in value:
            yield from _urls(part)


def _lines(path: Path) -> Iterator[Any]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def main() -> None:
    if not (DATA / _CASES[0]).exists():
        print("bench_urls: ../shared/data is not here; skipped")
        return
    urls = _case_urls()
    groups = _by_key(urls)
    twice = [url for url in urls if (key := url_key(url)) != url_key(key)]
    result = {
        "case_urls": len(urls),
        "case_keys": len(groups),
        "not_idempotent": len(twice),
        "merged_wrongly": merged_wrongly(),
        "feed_links": feed_links(),
    }
    for name, value in result.items():
        print(f"{name:20} {value}")
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
