"""How a backfill stands, as rows a person reads: stretches of days that stand alike, and a verdict.

Pure; printing is the command's.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

from flows.backfilling.plan import Estimate, stretches
from flows.store.backfills import Cell, CellState

Row = tuple[object, ...]
COLUMNS = ("source", "via", "since", "until", "#days", "state", "#found", "reason")


def rows(cells: Sequence[Cell]) -> list[Row]:
    """One row for each stretch of days of a source that stand alike.

    Sources that a provider cannot see at all, for one reason, share a row.
    """
    blind, rest = _blind(cells)
    found: list[Row] = []
    alike: dict[tuple[str, str, CellState, str], list[Cell]] = defaultdict(list)
    for cell in rest:
        alike[cell.source_id, cell.provider, cell.state, cell.reason or ""].append(cell)
    for (source_id, provider, state, reason), group in alike.items():
        for window in stretches(cell.day for cell in group):
            inside = [cell for cell in group if window.since <= cell.day <= window.until]
            counted = [cell.found for cell in inside if cell.found is not None]
            found.append(
                (source_id, provider, window.since, window.until, len(inside), state.value,
                 sum(counted) if counted else None, reason)
            )  # fmt: skip
    found.sort(key=lambda row: (str(row[1]), str(row[0]), str(row[2])))
    return [*found, *blind]


def _blind(cells: Sequence[Cell]) -> tuple[list[Row], list[Cell]]:
    """Rows for the sources whose every day is impossible for one reason, and the other cells."""
    by_source: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        by_source[cell.provider, cell.source_id].append(cell)
    shared: dict[tuple[str, str], list[list[Cell]]] = defaultdict(list)
    rest: list[Cell] = []
    for (provider, _), group in by_source.items():
        reasons = {cell.reason or "" for cell in group}
        never_tried = all(c.state is CellState.IMPOSSIBLE and not c.attempts for c in group)
        if never_tried and len(reasons) == 1:
            shared[provider, reasons.pop()].append(group)
        else:
            rest += group
    found: list[Row] = []
    for (provider, reason), groups in shared.items():
        if len(groups) == 1:
            rest += groups[0]
            continue
        days = [cell.day for cell in groups[0]]
        names = sorted(group[0].source_id for group in groups)
        named = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        found.append(
            (named, provider, min(days), max(days), len(days), CellState.IMPOSSIBLE.value, None,
             reason)
        )  # fmt: skip
    return found, rest


def verdict(cells: Sequence[Cell]) -> list[str]:
    """What is complete and what is not, in a line for each provider."""
    lines = []
    for provider in dict.fromkeys(cell.provider for cell in cells):
        ours = [cell for cell in cells if cell.provider == provider]
        count = Counter(cell.state for cell in ours)
        said = [f"{count[CellState.DONE]} of {len(ours)} days of sources read"]
        if count[CellState.FAILED]:
            said.append(f"{count[CellState.FAILED]} failed, the same command tries them again")
        if count[CellState.PLANNED]:
            said.append(f"{count[CellState.PLANNED]} still to be read")
        if count[CellState.IMPOSSIBLE]:
            said.append(f"{count[CellState.IMPOSSIBLE]} cannot be complete")
        lines.append(f"{provider}: {'; '.join(said)}.")
    return lines


def estimated(estimate: Estimate) -> str:
    """One provider's estimate, in words."""
    if not estimate.cells:
        return f"{estimate.provider}: nothing to do."
    size = f", {_size(estimate.bytes)}" if estimate.bytes else ""
    time = f", {_span(estimate.seconds)} at the pace it allows" if estimate.requests else ""
    return (
        f"{estimate.provider}: {estimate.cells} days of sources to be read; "
        f"about {estimate.requests:,} requests to list them{size}{time}."
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
