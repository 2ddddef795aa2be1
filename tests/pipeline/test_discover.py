"""Looks that wait for one turn are recorded together, and each candidate is handed on once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flows.core import Candidate, Look, LookStatus, Source, SourceMemory
from flows.pipeline.discover import Lookout
from flows.pipeline.run import Run
from flows.store import Connection, open_published
from tests.opened import during, settings_in
from tests.store.samples import NOON, candidate


def _candidate(page: str, source_id: str) -> Candidate:
    listed = candidate(page, source_id)
    # half a character, which no store takes
    return replace(listed, claimed_title="\ud83d") if page == "refused" else listed


class Seen:
    """Steps in which every source answers at once with what was written down for it."""

    def __init__(self, listed: Mapping[str, tuple[str, ...]]) -> None:
        self._listed = listed

    async def look(self, name: str, _work: Callable[[], Awaitable[Any]]) -> Any:
        return Look(
            source_id=name, started_at=NOON, finished_at=NOON, status=LookStatus.OK,
            candidates=tuple(_candidate(one, name) for one in self._listed[name]),
            memory=SourceMemory(source_id=name), items=len(self._listed[name]),
        )  # fmt: skip


def _looked(folder: Path, listed: Mapping[str, tuple[str, ...]]) -> tuple[list[str], list[Any]]:
    """The names handed on, and every look as recorded."""
    settings = settings_in(folder)
    handed: list[str] = []

    def take(candidates: Iterable[Candidate]) -> None:
        handed.extend(one.url_key.rpartition("/")[2] for one in candidates)

    async def work(run: Run) -> None:
        lookout = Lookout(run, Seen(listed), take)
        async with asyncio.TaskGroup() as group:
            for name in listed:
                source = Source(source_id=name, outlet=name, kind="feed", url="http://a.test/")
                group.create_task(lookout.look_at(source, SourceMemory(source_id=name)))

    during(settings, work)
    with open_published(settings.store.path) as published:
        looks = published.execute(
            "select source_id, items, new_items from source_checks order by source_id"
        ).fetchall()
        (known,) = published.execute("select known from runs").fetchone() or (None,)
    return sorted(handed), [*looks, known]


def test_every_look_is_recorded_with_what_was_new_to_its_source(tmp_path: Path) -> None:
    listed = {f"source-{n:02}": (f"of-{n}", "shared") for n in range(30)}

    handed, (*looks, known) = _looked(tmp_path, listed)

    assert looks == [(name, 2, 2) for name in listed]
    assert handed == sorted([*(f"of-{n}" for n in range(30)), "shared"])
    assert known == 29  # the page all of them list is one source's candidate, known to the others


def test_a_look_that_the_store_refuses_costs_no_other(tmp_path: Path) -> None:
    listed = {f"source-{n}": (f"of-{n}",) for n in range(10)} | {"bad": ("refused",)}

    handed, (*looks, _known) = _looked(tmp_path, listed)

    assert looks == [(f"source-{n}", 1, 1) for n in range(10)]
    assert handed == [f"of-{n}" for n in range(10)]


def test_looks_outlive_whatever_else_fails_in_their_turn(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    listed = {f"source-{n}": (f"of-{n}",) for n in range(10)}

    async def work(run: Run) -> None:
        lookout = Lookout(run, Seen(listed), lambda _: None)

        async def fail() -> None:
            with pytest.raises(ValueError, match="no"):
                await run.clerk.do(_refuse)

        async with asyncio.TaskGroup() as group:
            for name in listed:
                source = Source(source_id=name, outlet=name, kind="feed", url="http://a.test/")
                group.create_task(lookout.look_at(source, SourceMemory(source_id=name)))
                group.create_task(fail())

    during(settings, work)
    with open_published(settings.store.path) as published:
        (looks,) = published.execute("select count(*) from source_checks").fetchone() or (0,)
    assert looks == len(listed)


def _refuse(_: Connection) -> None:
    raise ValueError("no")
