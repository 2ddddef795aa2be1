"""A simulated month of real feeds: our schedule against fixed intervals, decider only.

Reads the entries of 44 feeds as they were published in February and March 2023 and lets each feed
show its newest `WINDOW` items on a virtual clock. Nothing is fetched or parsed. The feeds' real
windows are unknown; 20 is what blogs and agencies show, and 10 is there to make feeds roll over.
"""

import gzip
import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from flows.core import Candidate, ClaimedTime, Precision, Source, SourceMemory, Zone
from flows.core.terminal import print_line, print_table
from flows.discovery.memory import continuity
from flows.discovery.schedule import EFFORT, Advice, planned, remembered

DATA = Path(__file__).parents[2] / "../shared/data/feeds/entries_2023-02-01_2023-03-12.jsonl.gz"
RESULT = Path(__file__).parents[2] / "build/bench/polling.json"
SINCE = datetime(2023, 2, 10, tzinfo=UTC)
UNTIL = datetime(2023, 3, 12, tzinfo=UTC)
FIXED_MINUTES = (15, 30, 60)
WINDOWS = (20, 10)
PASS_MINUTES = (15, 5)
FEEDS = 44


@dataclass
class Outcome:
    """What one way of polling saw of all feeds."""

    looks: int = 0
    published: int = 0
    delays: list[float] = field(default_factory=list)
    lost: int = 0
    lost_unflagged: int = 0
    flagged: int = 0

    def row(self) -> dict[str, float]:
        ordered = sorted(self.delays) or [0.0]
        return {
            "looks": self.looks,
            "published": self.published,
            "seen_share": len(self.delays) / max(1, self.published),
            "median_minutes": median(ordered),
            "p95_minutes": ordered[int(len(ordered) * 0.95)],
            "mean_minutes": sum(ordered) / len(ordered),
            "lost": self.lost,
            "lost_unflagged": self.lost_unflagged,
            "roll_overs_flagged": self.flagged,
        }


Feed = Sequence[Candidate]
Plan = Callable[[SourceMemory, Source, Advice, datetime], SourceMemory]


def main() -> None:
    """Print the table and write build/bench/polling.json."""
    if not DATA.exists():
        print_line(f"skipped: {DATA} is absent")
        return
    feeds = read_feeds()
    results: dict[str, dict[str, float]] = {}
    for window in WINDOWS:
        results[f"window {window}, ours"] = simulated(feeds, window, ours(EFFORT)).row()
        for minutes in FIXED_MINUTES:
            results[f"window {window}, every {minutes} min"] = simulated(
                feeds, window, fixed(minutes)
            ).row()
    usual = WINDOWS[0]
    for minutes in FIXED_MINUTES:
        looks = int(results[f"window {usual}, every {minutes} min"]["looks"])
        adapted = simulated(feeds, usual, ours(effort_for(feeds, usual, looks)))
        results[f"window {usual}, ours with the requests of {minutes} min"] = adapted.row()
    for minutes in PASS_MINUTES:
        way = f"window {usual}, ours in passes every {minutes} min"
        results[way] = simulated(feeds, usual, in_passes(minutes)).row()
    results["window 10, ours at a twentieth of the looks"] = simulated(
        feeds, 10, ours(EFFORT * 20, safe=False)
    ).row()
    print_table(
        ("way", "#looks", "#seen", "#median min", "#p95 min", "#mean min", "#lost", "#unflagged"),
        [
            (way, int(row["looks"]), f"{row['seen_share']:.2%}", f"{row['median_minutes']:.1f}",
             f"{row['p95_minutes']:.1f}", f"{row['mean_minutes']:.1f}", int(row["lost"]),
             int(row["lost_unflagged"]))
            for way, row in results.items()
        ],
        title=f"{len(feeds)} feeds, {SINCE:%d %b} to {UNTIL:%d %b %Y}",
    )  # fmt: skip
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def read_feeds() -> list[Feed]:
    """The items of the busiest 44 sources (the others delivered one entry each), oldest first."""
    by_source: dict[str, dict[str, datetime]] = defaultdict(dict)
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            by_source[row["source"]][row["link"]] = datetime.fromisoformat(row["date_published"])
    busiest = sorted(by_source, key=lambda name: -len(by_source[name]))[:FEEDS]
    return [
        [_item(name, link, at) for link, at in sorted(by_source[name].items(), key=lambda i: i[1])]
        for name in busiest
    ]


def _item(source: str, link: str, at: datetime) -> Candidate:
    claim = ClaimedTime(at=at, precision=Precision.SECOND, origin="feed", zone=Zone.STATED, raw="")
    return Candidate(url=link, url_key=link, source_id=source, seen_at=at, claimed_at=claim)


def ours(effort: float, *, safe: bool = True) -> Plan:
    """The shipped decider with another effort; not `safe`, it forgets how long a listing is."""

    def plan(memory: SourceMemory, source: Source, advice: Advice, now: datetime) -> SourceMemory:
        told = advice if safe else replace(advice, items=0)
        return planned(memory, source, told, now=now, effort=effort)

    return plan


def in_passes(minutes: int) -> Plan:
    """The shipped decider asked by a scheduled run every `minutes`, which takes what is due."""

    def plan(memory: SourceMemory, source: Source, advice: Advice, now: datetime) -> SourceMemory:
        kept = planned(memory, source, advice, now=now)
        assert kept.next_due_at is not None
        passes = max(1, -((now - kept.next_due_at) // timedelta(minutes=minutes)))
        return replace(kept, next_due_at=now + passes * timedelta(minutes=minutes))

    return plan


def fixed(minutes: int) -> Plan:
    """The same interval for every feed, whatever it brings."""

    def plan(memory: SourceMemory, _: Source, __: Advice, now: datetime) -> SourceMemory:
        return replace(memory, next_due_at=now + timedelta(minutes=minutes))

    return plan


def effort_for(feeds: Sequence[Feed], window: int, looks: int) -> float:
    """The effort whose looks come closest to `looks`, found over every fourth feed."""
    some = feeds[::4]
    share = looks * len(some) / len(feeds)
    effort = EFFORT
    for _ in range(4):  # looks are nearly proportional to 1 / effort between floor and ceiling
        effort *= simulated(some, window, ours(effort)).looks / share
    return effort


def simulated(feeds: Sequence[Feed], window: int, plan: Plan) -> Outcome:
    """All feeds, each polled by `plan` from SINCE to UNTIL."""
    outcome = Outcome()
    for number, feed in enumerate(feeds):
        _simulate(feed, window, plan, outcome, offset=timedelta(seconds=17 * number))
    return outcome


def _simulate(feed: Feed, window: int, plan: Plan, outcome: Outcome, *, offset: timedelta) -> None:
    source = Source(source_id=feed[0].source_id, outlet="", kind="feed", url="https://x.test/")
    memory = SourceMemory(source_id=source.source_id)
    times = [_at(item) for item in feed]
    first = bisect_right(times, SINCE + offset)
    seen = [False] * len(feed)
    gaps: list[tuple[datetime, datetime]] = []
    now = SINCE + offset
    while now < UNTIL:
        shown = range(max(0, bisect_right(times, now) - window), bisect_right(times, now))
        listing = [feed[index] for index in reversed(shown)]
        joined = continuity(listing, memory, now=now)
        if joined.rolled_over and joined.gap_since and joined.gap_until:
            gaps.append((joined.gap_since, joined.gap_until))
        for index in shown:
            if not seen[index]:
                seen[index] = True
                if index >= first:
                    outcome.delays.append((now - times[index]).total_seconds() / 60)
        memory = _after(memory, listing, len(joined.new), now)
        claimed = [_at(item) for item in listing]
        advice = Advice(items=len(listing), claimed=claimed, rolled_over=joined.rolled_over)
        memory = plan(memory, source, advice, now)
        outcome.looks += 1
        assert memory.next_due_at is not None
        now = memory.next_due_at
    _count(outcome, times, seen, gaps, first, bisect_right(times, memory.last_look_at or SINCE))


def _after(
    memory: SourceMemory, listing: Sequence[Candidate], new: int, now: datetime
) -> SourceMemory:
    return replace(
        memory,
        last_look_at=now,
        last_success_at=now,
        recent_keys=tuple(item.url_key for item in listing),
        newest_item_at=_at(listing[0]) if listing else memory.newest_item_at,
        recent_looks=remembered(memory.recent_looks, now, new),
    )


def _count(
    outcome: Outcome,
    times: Sequence[datetime],
    seen: Sequence[bool],
    gaps: Sequence[tuple[datetime, datetime]],
    first: int,
    last: int,
) -> None:
    outcome.published += last - first
    outcome.flagged += len(gaps)
    for index in range(first, last):
        if not seen[index]:
            outcome.lost += 1
            at = times[index]
            outcome.lost_unflagged += not any(since <= at <= until for since, until in gaps)


def _at(item: Candidate) -> datetime:
    assert isinstance(item.claimed_at, ClaimedTime)
    return item.claimed_at.at


if __name__ == "__main__":
    main()
