"""How a backfill stands, as rows a person reads: stretches of days that stand alike, and a verdict.

Pure; printing is the command's.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flows.core.backfills import Estimate, Window, stretches
from flows.core.errors import NothingReached
from flows.core.text.cleaning import how_many
from flows.store.backfills import Cell, CellState

Row = tuple[object, ...]
_CELLS = ("day of sources", "days of sources")
COLUMNS = ("source", "via", "since", "until", "#days", "state", "#found", "reason")


def rows(cells: Sequence[Cell]) -> list[Row]:
    """One row for each stretch of days of a source that stand alike.

    Sources whose stretches stand alike and brought nothing share a row.
    """
    alike: dict[tuple[str, str, CellState, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        alike[cell.source_id, cell.provider, cell.state, cell.reason or ""].append(cell)
    found: list[_Stretch] = []
    shared: dict[_Stretch, list[str]] = defaultdict(list)
    for (source_id, provider, state, reason), group in alike.items():
        for window in stretches(cell.day for cell in group):
            inside = [cell for cell in group if window.since <= cell.day <= window.until]
            counted = [cell.found for cell in inside if cell.found is not None]
            stretch = _Stretch(provider, window, state, sum(counted) if counted else None, reason)
            if stretch.found:
                found.append(replace(stretch, source=source_id))
            else:
                shared[stretch].append(source_id)
    found += [replace(stretch, source=_named(names)) for stretch, names in shared.items()]
    found.sort(key=lambda one: (one.provider, one.source, one.window.since))
    return [
        (one.source, one.provider, one.window.since, one.window.until, len(one.window.days),
         one.state.value, one.found, one.reason)
        for one in found
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Stretch:
    provider: str
    window: Window
    state: CellState
    found: int | None
    reason: str
    source: str = ""


def _named(names: Sequence[str]) -> str:
    first, *others = sorted(names)
    return f"{first} and {len(others)} more" if len(others) > 1 else ", ".join([first, *others])


def verdict(cells: Sequence[Cell]) -> list[str]:
    """What is complete and what is not, in a line for each provider."""
    lines = []
    for provider in dict.fromkeys(cell.provider for cell in cells):
        ours = [cell for cell in cells if cell.provider == provider]
        count = Counter(cell.state for cell in ours)
        said = [f"{count[CellState.DONE]:,} of {how_many(len(ours), *_CELLS)} read"]
        if count[CellState.FAILED]:
            said.append(f"{count[CellState.FAILED]:,} failed, the same command tries them again")
        if count[CellState.PLANNED]:
            said.append(f"{count[CellState.PLANNED]:,} still to be read")
        if count[CellState.IMPOSSIBLE]:
            said.append(f"{count[CellState.IMPOSSIBLE]:,} cannot be complete")
        lines.append(f"{provider}: {'; '.join(said)}.")
    return lines


def refuse_nothing(cells: Sequence[Cell]) -> None:
    """Raise `NothingReached` when no day of any source is complete."""
    if cells and all(cell.state is not CellState.DONE for cell in cells):
        raise NothingReached(f"No day is complete. {' '.join(verdict(cells))}")


def estimated(estimate: Estimate) -> str:
    """One provider's estimate, in words."""
    if not estimate.cells:
        return f"{estimate.provider}: nothing to do."
    size = f", {_size(estimate.bytes)}" if estimate.bytes else ""
    time = f", {_span(estimate.seconds)} at the pace it allows" if estimate.requests else ""
    return (
        f"{estimate.provider}: {how_many(estimate.cells, *_CELLS)} to be read; "
        f"about {how_many(estimate.requests, 'request')} to list them{size}{time}."
    )


def _size(count: int) -> str:
    for unit, size in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count / 1e3:.3g} kB"


def _span(seconds: float) -> str:
    if seconds >= 2 * 86_400:
        return f"{seconds / 86_400:.0f} days"
    if seconds >= 2 * 3_600:
        return f"{seconds / 3_600:.0f} hours"
    return f"{max(seconds, 60) / 60:.0f} min"
