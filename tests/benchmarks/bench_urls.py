"""Whether URL keys merge pages that differ, miss pages that agree, and what a key costs.

`python -m tests.benchmarks.bench_urls` reads the cases of two libraries and the links of real feed
entries from `../shared/data`, prints a table and writes build/bench/urls.json. A merge counts as
wrong unless both URLs agree by a second, plainer comparison written here, or a library of the
cases says so; for feed links, unless the two entries' headlines agree.

Before that, without any data: what the longest and the strangest strings cost, and 200,000 random
hosts, of which none may raise, change when it is read twice, or take two seconds.
"""

import gzip
import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from flows.core.carriers import link_target
from flows.core.urls import fetch_url, host_of, url_key

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


# Each repeats what some rule looks for, to 10 kB
_REPEATED = (
    "a", ".", "/", ":", "%", "&", "=", "?", "#", ";", "@", "[", "\\", " ", "\0", "☃", "\u202e",
    "m.", ".amp", "amp/", "amp;", ".amp.html", "a-b-", "12345a", "%25", "%2e/", "../",
    ";jsessionid=1", "xn--", "xn--a.", "&utm_a=1", "&ref=rss", "google.com/amp/s/",
    "google.com/url?q=https://",
    "https%3A%2F%2F", "/RU=", "/~", "__", "CB", "href.li/?",
)  # fmt: skip
_BEFORE = ("", "https://", "https://a.test/", "https://a.test/?", "https://google.com/url?q=")
_HOST_PIECES = (
    "www.", "m.", "mobile.", "amp.", "xn--", "xn--n3h", "☃", "💩", ".", "..", "。", "co.uk", "com",
    "test", "0", "00", "1", "255", "256", "0x", "0x7f", "4294967296", "%", "%00", "%2e",
    "%E2%98%83", "\u202e", "\u200d", "א", "ب", "ß", "İ", "ﬁ", "١", "a", "Z", "-", "_", "*", "'",
    "a" * 63, "\0", "[", "]", "::1", "[::1]", ":", ":80", ":443", ":99999", "@", "/", "\\", "?",
    "#", " ", "google.com", "l.facebook.com", "x.cdn.ampproject.org",
)  # fmt: skip


def longest_ms() -> dict[str, float]:
    """Function → the most milliseconds of CPU that any repetition of 2 or 10 kB took it."""
    texts = [
        (before + piece * (size // len(piece)))[:size]
        for before in _BEFORE
        for piece in _REPEATED
        for size in (2_000, 10_000)
    ]
    return {
        function.__name__: round(max(_least_ms(function, text) for text in texts), 2)
        for function in (fetch_url, url_key, link_target, host_of)
    }


def _least_ms(function: Callable[[str], object], text: str) -> float:
    """Of three tries: what a neighbour on the machine takes is not the function's."""
    spent = []
    for _ in range(3):
        started = time.process_time()
        function(text)
        spent.append(time.process_time() - started)
    return min(spent) * 1000


def random_hosts(count: int = 200_000) -> dict[str, Any]:
    """Hosts of random pieces: how many can be requested, and what went wrong with any."""
    chance = random.Random(10)
    requested = changed = slow = 0
    for _ in range(count):
        host = "".join(chance.choices(_HOST_PIECES, k=chance.randint(1, 6)))
        started = time.process_time()
        url, key = fetch_url(f"https://{host}/x"), url_key(f"https://{host}/x")
        link_target(f"//{host}/x", "https://paper.test/")
        slow += time.process_time() - started > 2
        changed += url_key(key) != key
        if url is not None:
            requested += 1
            changed += fetch_url(url) != url or url_key(url) != key or not url.isascii()
    return {"hosts": count, "requested": requested, "changed": changed, "over_2_s": slow}


def main() -> None:
    print(f"{'longest_ms':20} {longest_ms()}")
    print(f"{'random_hosts':20} {random_hosts()}")
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
