"""When a cell of a backfill has ended, and how.

Decides that a day is done only once every candidate found for it has ended in the store; a day
with pages that could not be fetched, or that was read before it was over, has failed and is worked
on again by the next run. Refuses to know how providers list.

What a backfill means for the coverage of a day. Pure.

Decides the state of a source's day from all its cells and from what stood there; a day that was
watched well stays covered, a day nobody could read says why.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date

from flows.core import Candidate, ClaimedTime, Reason
from flows.core import DayState as State
from flows.core.text.cleaning import how_many
from flows.discovery.providers.provider import Job, Part, Place, Provider
from flows.pipeline.run import Run
from flows.store import Connection
from flows.store.backfills import Cell, CellState, Unfinished, cells_between, end_cells, unfinished
from flows.store.coverage import DayState, record_day_states, standing_days

_MAX_REASON_CHARS = 300


def days_after(
    cells: Iterable[Cell],
    standing: Mapping[tuple[str, date], DayState],
    sees_all: Collection[str],
) -> list[DayState]:
    """The new state of every source's day that has a cell; days that keep theirs are left out.

    `sees_all`: the providers whose done day holds all that its source published.
    """
    by_day: dict[tuple[str, date], list[Cell]] = defaultdict(list)
    for cell in cells:
        by_day[cell.source_id, cell.day].append(cell)
    judged = (
        _judged(place, found, standing.get(place), sees_all) for place, found in by_day.items()
    )
    return [state for state in judged if state is not None]


def _judged(
    place: tuple[str, date],
    cells: list[Cell],
    stood: DayState | None,
    sees_all: Collection[str],
) -> DayState | None:
    source_id, day = place
    done = sorted(cell.provider for cell in cells if cell.state is CellState.DONE)
    state, reason = _state(cells, done, sees_all)
    if stood is not None and (
        stood.state == State.COVERED or (state is not State.REPAIRED and not done)
    ):
        return None
    return DayState(
        source_id=source_id,
        day=day,
        expected=stood.expected if stood is not None else None,
        state=state.value,
        reason=reason[:_MAX_REASON_CHARS],
    )


def _state(cells: list[Cell], done: list[str], sees_all: Collection[str]) -> tuple[State, str]:
    if any(provider in sees_all for provider in done):
        return State.REPAIRED, f"backfilled from {', '.join(done)}"
    if done:
        return State.PARTIAL, f"backfilled from {', '.join(done)}: what was seen there"
    reasons = "; ".join(f"{cell.provider}: {cell.reason}" for cell in cells if cell.reason)
    found = any(cell.found for cell in cells)
    return (State.PARTIAL if found else State.MISSED), reasons or "planned, not worked on yet"


# Failures that another try may cure. Refusals (robots, 403, a challenge) are answers: they have
# ended, and the table of skips says how.
_PASSING = frozenset(
    {
        Reason.DNS,
        Reason.CONNECT,
        Reason.TLS,
        Reason.TIMEOUT,
        Reason.PROTOCOL_ERROR,
        Reason.DECODE_ERROR,
        Reason.HTTP_500,
        Reason.THROTTLED,
        Reason.PROGRAM_FAULT,
    }
)
_NOT_OVER = "the day was not over when it was read: start again after it"
# Cells that found nothing are ended this many at a time
_AT_ONCE = 31
_NEVER_REACHED = "its provider ended without coming to this day"


class Ledger:
    """The cells of one job: what was found for each, and how they end."""

    def __init__(
        self,
        run: Run,
        provider: Provider,
        job: Job,
        attempts: Mapping[Place, int],
        sees_all: frozenset[str],
    ) -> None:
        self._run = run
        self._provider = provider
        self._attempts = attempts
        self._sees_all = sees_all
        self._open = set(job.places)
        self._listed: dict[Place, tuple[CellState, str | None]] = {}
        self._urls: dict[Place, set[str]] = defaultdict(set)
        self._undated: dict[str, set[str]] = defaultdict(set)
        self._keys: dict[str, str] = {}
        self._why_unlisted = _NEVER_REACHED

    def saw(self, part: Part) -> None:
        """Count what a part found, by the day each candidate belongs to."""
        for candidate in part.candidates:
            self._keys[candidate.url] = candidate.url_key
            day = day_of(candidate, part)
            if day is None:
                self._undated[candidate.source_id].add(candidate.url)
            else:
                self._urls[candidate.source_id, day].add(candidate.url)

    async def end(self, part: Part) -> int:
        """End the cells read with `part`, whose candidates have gone their way; returns how many.

        Those with a candidate that another job of this run has at work wait for it; those of a
        part without candidates wait for company, because a commit costs the same for many.
        """
        self._listed |= dict.fromkeys(part.done & self._open, (CellState.DONE, None))
        for state, reasons in (
            (CellState.FAILED, part.failed),
            (CellState.IMPOSSIBLE, part.impossible),
        ):
            self._listed |= {p: (state, why) for p, why in reasons.items() if p in self._open}
        waits = not part.candidates and len(self._listed) < _AT_ONCE
        return 0 if waits or not self._listed else await self._record()

    def broke_off(self, why: str) -> None:
        """The provider ended in the middle: the days it did not come to have failed for `why`."""
        self._why_unlisted = why

    async def record(self) -> int:
        """End what waits, once its job has ended; returns how many."""
        return await self._record() if self._listed else 0

    async def close(self) -> int:
        """End what is left, once every job of the provider has ended."""
        left = self._open - self._listed.keys()
        self._listed |= dict.fromkeys(left, (CellState.FAILED, self._why_unlisted))
        return await self._record() if self._listed else 0

    async def _record(self) -> int:
        ended = await self._run.clerk.do(self._write)
        self._open -= ended
        for place in ended:
            del self._listed[place]
        return len(ended)

    def _write(self, con: Connection) -> set[Place]:
        urls = {url for place in self._listed for url in self._urls_of(place)}
        waiting = unfinished(con, {url: self._keys[url] for url in sorted(urls)})
        cells = [
            cell
            for place in sorted(self._listed)
            if (cell := self._cell(place, waiting)) is not None
        ]
        now = self._run.clock()
        end_cells(con, self._run.run_id, cells, now)
        days = [cell.day for cell in cells]
        if days:
            record_day_states(con, self._days(con, cells, min(days), max(days)), now)
        return {(cell.source_id, cell.day) for cell in cells}

    def _days(
        self, con: Connection, cells: Sequence[Cell], since: date, until: date
    ) -> list[DayState]:
        touched = {(cell.source_id, cell.day) for cell in cells}
        known = [c for c in cells_between(con, since, until) if (c.source_id, c.day) in touched]
        return days_after(known, standing_days(con, since, until), self._sees_all)

    def _urls_of(self, place: Place) -> set[str]:
        return self._urls[place] | self._undated[place[0]]

    def _cell(self, place: Place, waiting: Mapping[str, Unfinished]) -> Cell | None:
        """How the cell ends; None while this very run has a page of it at work."""
        left = [waiting[url] for url in self._urls_of(place) if url in waiting]
        if any(one.run_id == self._run.run_id for one in left):
            return None
        state, reason = self._listed[place]
        if state is CellState.DONE:
            reason = self._too_early(place[1]) or _why_unfinished(left)
            state = CellState.DONE if reason is None else CellState.FAILED
        return Cell(
            source_id=place[0],
            provider=self._provider.name,
            day=place[1],
            state=state,
            reason=reason,
            attempts=self._attempts[place] + 1,
            found=len({self._keys[url] for url in self._urls[place]}),
        )

    def _too_early(self, day: date) -> str | None:
        return _NOT_OVER if day >= self._run.started_at.astimezone(UTC).date() else None


def day_of(candidate: Candidate, part: Part) -> date | None:
    """The day a candidate counts for: its claim's, else the one its provider gives."""
    claim = candidate.claimed_at
    return claim.at.date() if isinstance(claim, ClaimedTime) else part.days.get(candidate.url_key)


def _why_unfinished(left: Iterable[Unfinished]) -> str | None:
    """In words, why candidates of a day have not ended; None when all have."""
    elsewhere = sum(1 for one in left if one.run_id is not None)
    passing = Counter(one.reason for one in left if one.run_id is None and one.reason in _PASSING)
    said = []
    if passing:
        reasons = ", ".join(str(reason) for reason, _ in passing.most_common())
        said.append(f"{how_many(passing.total(), 'page')} could not be fetched ({reasons})")
    if elsewhere:
        said.append(f"{how_many(elsewhere, 'page')} in the work of another run")
    return "; ".join(said) + ": start again" if said else None
