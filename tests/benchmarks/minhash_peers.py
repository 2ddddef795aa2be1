"""The same copies looked for by two libraries' MinHash LSH, where they are installed.

datasketch and rensa are in the project's bench group, not among its dependencies; what is absent
is skipped and said. Both get 128 permutations over the distinct 5-word shingles of the text, and
index for a Jaccard of one half, the lowest their documentation recommends for copies.
"""

import importlib.util
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

_PERMUTATIONS = 128
_THRESHOLD = 0.5
_BANDS = 32  # rensa takes bands: 32 of 4 rows have their threshold near one half


class Index(Protocol):
    """What a library's index does here."""

    def add(self, name: str, shingles: Sequence[str]) -> None: ...

    def ask(self, shingles: Sequence[str]) -> set[str]: ...


def peers() -> dict[str, Callable[[], Index]]:
    """The libraries that are installed, by name."""
    known: dict[str, Callable[[], Index]] = {"datasketch": _Datasketch, "rensa": _Rensa}
    return {name: make for name, make in known.items() if importlib.util.find_spec(name)}


def measured(
    make: Callable[[], Index],
    held: Mapping[str, str],
    copies: Mapping[str, Sequence[tuple[str, str]]],
) -> dict[str, Any]:
    """`held`: name → text; `copies`: kind → (name of the original, text of the copy)."""
    index = make()
    started = time.process_time()
    for name, text in held.items():
        index.add(name, shingles_of(text))
    indexed = time.process_time() - started
    kinds: dict[str, dict[str, float]] = {}
    asked = 0.0
    for kind, pairs in copies.items():
        found = false = 0
        for original, text in pairs:
            started = time.process_time()
            answers = index.ask(shingles_of(text))
            asked += time.process_time() - started
            found += original in answers
            false += len(answers - {original})
        kinds[kind] = {
            "recall": found / max(1, len(pairs)),
            "precision": found / max(1, found + false),
        }
    count = sum(map(len, copies.values()))
    return {
        "kinds": kinds,
        "index_milliseconds": 1000 * indexed / max(1, len(held)),
        "ask_milliseconds": 1000 * asked / max(1, count),
        "python_bytes_per_article": _memory(make, held),
    }


def shingles_of(text: str) -> list[str]:
    words = text.lower().split()
    return sorted({" ".join(words[i : i + 5]) for i in range(max(1, len(words) - 4))})


def _memory(make: Callable[[], Index], held: Mapping[str, str]) -> float:
    """Bytes Python allocated per article; what a library keeps outside Python is not seen."""
    some = dict(list(held.items())[:300])
    prepared = {name: shingles_of(text) for name, text in some.items()}
    tracemalloc.start()
    index = make()
    for name, shingles in prepared.items():
        index.add(name, shingles)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return kept / len(some)


class _Datasketch:
    def __init__(self) -> None:
        from datasketch import MinHash, MinHashLSH

        self._minhash = MinHash
        self._lsh = MinHashLSH(threshold=_THRESHOLD, num_perm=_PERMUTATIONS)

    def _signature(self, shingles: Sequence[str]) -> Any:
        signature = self._minhash(num_perm=_PERMUTATIONS)
        signature.update_batch([shingle.encode() for shingle in shingles])
        return signature

    def add(self, name: str, shingles: Sequence[str]) -> None:
        self._lsh.insert(name, self._signature(shingles))

    def ask(self, shingles: Sequence[str]) -> set[str]:
        return set(self._lsh.query(self._signature(shingles)))


class _Rensa:
    def __init__(self) -> None:
        from rensa import RMinHash, RMinHashLSH

        self._minhash = RMinHash
        self._lsh = RMinHashLSH(_THRESHOLD, _PERMUTATIONS, _BANDS)
        self._names: list[str] = []

    def _signature(self, shingles: Sequence[str]) -> Any:
        signature = self._minhash(_PERMUTATIONS, 42)
        signature.update(list(shingles))
        return signature

    def add(self, name: str, shingles: Sequence[str]) -> None:
        self._lsh.insert(len(self._names), self._signature(shingles))
        self._names.append(name)

    def ask(self, shingles: Sequence[str]) -> set[str]:
        return {self._names[place] for place in self._lsh.query(self._signature(shingles))}


def names_of_absent() -> Iterator[str]:
    yield from sorted({"datasketch", "rensa"} - peers().keys())
