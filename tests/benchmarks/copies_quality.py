"""End to end: sampled fingerprints propose, the twenty best are compared, the rule decides."""

import json
import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from flows.core import LinkKind
from flows.dedup import (
    LEAST_SHARED,
    TOO_COMMON,
    ComparedText,
    Member,
    ReadText,
    Relation,
    as_link,
    compare_read,
    families,
    fingerprints,
    read_text,
)
from flows.dedup.evidence import evidence
from tests.benchmarks.derived_copies import KINDS
from tests.benchmarks.harder_copies import HARDER, MERGED
from tests.benchmarks.harder_copies import Kind as Harder
from tests.benchmarks.same_topic import Made, same_topic_articles

DATA = Path(__file__).parents[2] / "../shared/data"
SEEDS = Path(__file__).parents[2] / "seeds"
_NOW = datetime(2023, 2, 24, tzinfo=UTC)
_MOST_COMPARED = 20
_LEAST_BASE_WORDS = 150


@dataclass(slots=True)
class Held:
    """An article of the pool, read once. `truth`: the base it is a copy of, or its own name."""

    compared: ComparedText
    truth: str
    read: ReadText
    prints: tuple[int, ...]


class Pool:
    """Articles by their sampled fingerprints, as the store joins them."""

    def __init__(self) -> None:
        self.held: dict[str, Held] = {}
        self._rows: dict[int, list[str]] = defaultdict(list)

    def add(self, one: Held) -> None:
        self.held[one.compared.article_id] = one
        for value in one.prints:
            self._rows[value].append(one.compared.article_id)

    def candidates(self, one: Held) -> list[str]:
        shared: Counter[str] = Counter()
        for value in one.prints:
            if len(self._rows[value]) <= TOO_COMMON:
                shared.update(self._rows[value])
        del shared[one.compared.article_id]
        near = [(-count, name) for name, count in shared.items() if count >= LEAST_SHARED]
        return [name for _, name in sorted(near)[:_MOST_COMPARED]]

    def relations(self, one: Held) -> Iterator[tuple[Held, Relation]]:
        for name in self.candidates(one):
            other = self.held[name]
            yield other, compare_read(one.compared, one.read, other.compared, other.read)


def hold(name: str, text: str, *, title: str | None = None, outlet: str | None = None,
         truth: str | None = None, day: str | None = None) -> Held:  # fmt: skip
    at = datetime.fromisoformat(day).replace(tzinfo=UTC) if day else _NOW
    compared = ComparedText(article_id=name, title=title, text=text, language=None,
                            outlet=outlet, first_seen_at=at, published_at=at)  # fmt: skip
    return Held(
        compared=compared,
        truth=truth or name,
        read=read_text(text),
        prints=fingerprints(text),
    )


def prepared(quick: bool) -> tuple[Pool, list[Held], list[str]]:
    """The pool of different articles, the bases copies are made of, and words to exchange."""
    made = same_topic_articles(1000 if quick else 5000, random.Random(20230224))
    pool = Pool()
    for one in made:
        pool.add(_held_made(one))
    count = 40 if quick else 150
    bases = [*_without_copies(_bases(count)), *(_held_made(one) for one in made[:count])]
    words = [word for base in bases for word in base.compared.text.split() if word.isalpha()]
    return pool, bases, words


def quality(pool: Pool, bases: Sequence[Held], words: Sequence[str]) -> dict[str, Any]:
    """Recall and precision of every kind of copy, and what of different articles is merged."""
    apart = _kept_apart(pool)
    for base in bases:
        pool.add(base)
    makers = {name: partial(copy_of, kind=name, words=words) for name in KINDS}
    makers |= {
        name: partial(_harder, make=make, bases=bases, words=words) for name, make in HARDER.items()
    }
    kinds = {name: _kind(bases, pool, make) for name, make in makers.items()}
    return {
        "kinds": kinds,
        "merged": {name: _merged(make, bases, words) for name, make in MERGED.items()},
        "same_topic": apart,
        "clusters": clusters(),
        "seeds": seeds(words),
    }


def copy_of(base: Held, kind: str, words: Sequence[str]) -> str:
    """The text of one derived copy; the same at every call."""
    dice = random.Random(f"{kind} {base.compared.article_id}")
    return KINDS[kind](base.compared.text, dice, words)


def _harder(base: Held, make: Harder, bases: Sequence[Held], words: Sequence[str]) -> str:
    name = base.compared.article_id
    return make(base.compared.text, random.Random(name), words, _next(base, bases).compared.text)


def _next(base: Held, bases: Sequence[Held]) -> Held:
    """Another article, from which what an outlet adds is taken."""
    return bases[(bases.index(base) + 7) % len(bases)]


def _merged(make: Harder, bases: Sequence[Held], words: Sequence[str]) -> dict[str, Any]:
    """Texts made of a story and of other work: how many are linked with the story, and how many
    would make one family of the two."""
    linked = tied = 0
    for base in bases:
        other = _next(base, bases)
        made = hold("made of both", _harder(base, make, bases, words), outlet="copy.test")
        found = [
            compare_read(made.compared, made.read, one.compared, one.read) for one in (base, other)
        ]
        linked += found[0].kind is not None
        links = (
            as_link(made.compared, one.compared, relation, _NOW)
            for one, relation in zip((base, other), found, strict=True)
        )
        members = [_member(one) for one in (made, base, other)]
        tied += any(len(one.places) == 3 for one in families(members, filter(None, links)))
    return {"made": len(bases), "linked": linked / len(bases), "tied": tied}


def _member(one: Held) -> Member:
    return Member(
        article_id=one.compared.article_id,
        outlet=one.compared.outlet,
        word_count=len(one.read.found),
        first_seen_at=_NOW,
    )


def _held_made(one: Made) -> Held:
    return hold(one.name, one.text, title=one.title, outlet=one.outlet, day=one.day)


def _kept_apart(pool: Pool) -> dict[str, Any]:
    """Every pair the fingerprints propose among different articles of one topic."""
    seen: set[tuple[str, str]] = set()
    kinds: Counter[str] = Counter()
    merged = []
    started = time.process_time()
    for one in pool.held.values():
        for other, found in pool.relations(one):
            first, second = sorted((one.compared.article_id, other.compared.article_id))
            if (first, second) in seen:
                continue
            seen.add((first, second))
            kinds[found.kind.value if found.kind else "none"] += 1
            if found.kind is LinkKind.SAME:
                merged.append([first, second, found.why])
    spent = time.process_time() - started
    return {
        "articles": len(pool.held),
        "pairs_compared": len(seen),
        "same": kinds["same"],
        "partial": kinds["partial"],
        "merged": merged[:10],
        "milliseconds_per_pair": 1000 * spent / max(1, len(seen)),
        "rows_per_article": statistics.mean(len(one.prints) for one in pool.held.values()),
    }


def _bases(count: int) -> Iterator[Held]:
    """Real articles without a natural copy among them: one per event, and one per gold page."""
    found = 0
    events: set[int] = set()
    for row in _lines(DATA / "clusters/news_cluster.jsonl"):
        if row["event_id"] not in events and len((row["text"] or "").split()) >= _LEAST_BASE_WORDS:
            events.add(row["event_id"])
            found += 1
            yield hold(row["id"], row["text"], title=row["title"], outlet=row["domain"])
    for row in _lines(DATA / "articles/gold.jsonl"):
        text = row.get("body") or ""
        if found < count and len(text.split()) >= _LEAST_BASE_WORDS and row["split"] != "test":
            found += 1
            yield hold(row["id"], text, title=row["title"], outlet=row["domain"])


def _without_copies(bases: Iterable[Held]) -> Iterator[Held]:
    """One page crawled twice is one base: half of its 5-word shingles in common."""
    kept: list[Held] = []
    for base in bases:
        if all(evidence(base.read, other.read).jaccard5 < 0.5 for other in kept):
            kept.append(base)
            yield base


def _kind(bases: Sequence[Held], pool: Pool, make: Callable[[Held], str]) -> dict[str, Any]:
    """Copies of every base, each looked for in the pool; a tie to anything else is a false one."""
    found = proposed = false = linked = 0
    numbers: list[tuple[float, float, float]] = []
    for base in bases:
        copy = hold(f"copy of {base.compared.article_id}", make(base), title="Another headline",
                    outlet="copy.test", truth=base.truth)  # fmt: skip
        ties = list(pool.relations(copy))
        own = [tie for other, tie in ties if other.truth == copy.truth]
        proposed += bool(own)
        found += any(tie.kind is LinkKind.SAME for tie in own)
        linked += any(tie.kind is not None for tie in own)
        false += sum(tie.kind is LinkKind.SAME for other, tie in ties if other.truth != copy.truth)
        e = compare_read(copy.compared, copy.read, base.compared, base.read).evidence
        numbers.append((e.containment3, e.containment5, e.alignment))
    count = len(bases)
    mean3, mean5, aligned = (statistics.mean(column) for column in zip(*numbers, strict=True))
    return {
        "copies": count,
        "proposed": proposed / count,
        "recall": found / count,
        "linked": linked / count,
        "precision": found / max(1, found + false),
        "containment3": mean3,
        "containment5": mean5,
        "alignment": aligned,
    }


def clusters() -> dict[str, Any]:
    """The human-made clusters: natural copies found, pairs of different events merged."""
    texts = {row["id"]: row for row in _lines(DATA / "clusters/news_cluster.jsonl")
             if row["text"]}  # fmt: skip
    gold = {
        tuple(sorted((row["a"], row["b"]))): row
        for row in _lines(DATA / "clusters/overlap_pairs.jsonl")
        if row["a"] in texts and row["b"] in texts
    }
    pool = Pool()
    for name, row in texts.items():
        pool.add(hold(name, row["text"], title=row["title"], outlet=row["domain"],
                      day=row["date_publish"][:10] if row["date_publish"] else None))  # fmt: skip
    same = {
        tuple(sorted((one.compared.article_id, other.compared.article_id)))
        for one in pool.held.values()
        for other, found in pool.relations(one)
        if found.kind is LinkKind.SAME
    }
    copies = {pair for pair, row in gold.items() if row["jaccard5"] >= 0.5 and row["same_event"]}
    other_event = {
        pair for pair in same if texts[pair[0]]["event_id"] != texts[pair[1]]["event_id"]
    }
    return {
        "copies": len(copies),
        "found": len(copies & same),
        "merged_of_different_events": len(other_event),
        "same_in_all": len(same),
    }


def seeds(words: Sequence[str]) -> list[dict[str, Any]]:
    """The seeds against each other and against noisy copies of themselves."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))}
    rows = []
    for name, text in texts.items():
        one = hold(name, text)
        for kind in KINDS:
            copy = hold("z", KINDS[kind](text, random.Random(kind), words))
            shared = len(set(one.prints) & set(copy.prints))
            tie = compare_read(one.compared, one.read, copy.compared, copy.read)
            rows.append(_seed_row(name, kind, shared, tie))
        for other_name, other in texts.items():
            if other_name > name:
                second = hold(other_name, other)
                tie = compare_read(one.compared, one.read, second.compared, second.read)
                shared = len(set(one.prints) & set(second.prints))
                rows.append(_seed_row(name, other_name, shared, tie))
    return rows


def _seed_row(name: str, other: str, shared: int, tie: Relation) -> dict[str, Any]:
    return {
        "seed": name,
        "against": other,
        "shared": shared,
        "containment5": tie.evidence.containment5,
        "alignment": tie.evidence.alignment,
        "kind": tie.kind.value if tie.kind else "none",
    }


def _lines(path: Path) -> Iterable[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
