"""How well copies are found and different articles kept apart, and what it costs.

`python -m tests.benchmarks.bench_duplicates [PART…] [--quick]` prints tables and
writes build/bench/duplicates.json. Parts: quality, languages, peers, growth; without a name, all.
Peers are skipped when absent.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.copies_quality import Held, Pool, copy_of, prepared, quality
from tests.benchmarks.derived_copies import KINDS
from tests.benchmarks.growing_store import growth
from tests.benchmarks.minhash_peers import measured, names_of_absent, peers
from tests.benchmarks.other_languages import other_languages
from tests.benchmarks.same_topic import ENTRIES

RESULT = Path(__file__).parents[2] / "build/bench/duplicates.json"
_PARTS = {"quality", "languages", "peers", "growth"}
_SIZES = (0, 1_000, 10_000, 100_000, 1_000_000)


def main() -> None:
    if not ENTRIES.exists():
        print("bench_duplicates: ../shared/data is not here; skipped")
        return
    quick = "--quick" in sys.argv
    asked = _PARTS & set(sys.argv) or _PARTS
    result = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.exists() else {}
    pool, bases, words = prepared(quick)
    if "growth" in asked:
        result["growth"] = growth(_SIZES[:4] if quick else _SIZES, [b.compared for b in bases])
        _print_rows(result["growth"])
        _kept(result)
    if "peers" in asked:
        result["peers"] = _peers(pool, bases, words)
        for name, row in result["peers"].items():
            _print_peer(name, row)
        _kept(result)
    if "quality" in asked:
        result["quality"] = quality(pool, bases, words)
        _print_quality(result["quality"])
        _kept(result)
    if "languages" in asked:
        result["languages"] = other_languages()
        print("other languages:", result["languages"])
        _kept(result)


def _kept(result: dict[str, Any]) -> None:
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1), encoding="utf-8")


def _peers(pool: Pool, bases: Sequence[Held], words: Sequence[str]) -> dict[str, Any]:
    held = {name: one.compared.text for name, one in pool.held.items()}
    held |= {base.compared.article_id: base.compared.text for base in bases}
    copies = {
        kind: [(base.compared.article_id, copy_of(base, kind, words)) for base in bases]
        for kind in KINDS
    }
    for name in names_of_absent():
        print(f"{name} is not installed; skipped")
    return {name: measured(make, held, copies) for name, make in peers().items()}


def _print_rows(rows: Sequence[dict[str, Any]]) -> None:
    print("  ".join(rows[0]))
    for row in rows:
        print("  ".join(f"{value:{len(name)}.6g}" for name, value in row.items()))


def _print_peer(name: str, row: dict[str, Any]) -> None:
    for kind, numbers in row["kinds"].items():
        print(f"{name:12} {kind:34} {numbers['recall']:6.3f} {numbers['precision']:6.3f}")
    print(name, {key: round(value, 2) for key, value in row.items() if key != "kinds"})


def _print_quality(found: dict[str, Any]) -> None:
    print(f"{'copies':34} {'n':>4} {'found':>6} {'recall':>6} {'linked':>6} {'prec.':>6}"
          f" {'c3':>5} {'c5':>5} {'align':>5}")  # fmt: skip
    for name, row in found["kinds"].items():
        print(
            f"{name:34} {row['copies']:4} {row['proposed']:6.3f} {row['recall']:6.3f}"
            f" {row['linked']:6.3f} {row['precision']:6.3f} {row['containment3']:5.2f}"
            f" {row['containment5']:5.2f} {row['alignment']:5.2f}"
        )
    for name, row in found["merged"].items():
        print(
            f"{name:34} {row['made']:4} linked {row['linked']:.3f}, two stories tied {row['tied']}"
        )
    print("same topic, different articles:", found["same_topic"])
    print("clusters:", found["clusters"])
    for row in found["seeds"]:
        print(f"{row['seed'][:3]} {row['against'][:34]:34} {row['shared']:4}"
              f" {row['containment5']:5.2f} {row['alignment']:5.2f} {row['kind']}")  # fmt: skip


if __name__ == "__main__":
    main()
