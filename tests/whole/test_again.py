"""Decisions are taken again from the archive, without a request, and only once."""

import asyncio
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flows.core import Verdict
from flows.core.settings import Settings, load_settings
from flows.pipeline.redecide import Change, run_redecide
from flows.pipeline.reread import run_reread
from flows.rehearsal.rehearse import Rehearsal
from flows.rehearsal.timeline import END
from flows.store import open_published


@pytest.fixture
def copied(rehearsal: Rehearsal, tmp_path: Path) -> Settings:
    """The rehearsal's folder, copied, so that a test may change it."""
    shutil.copytree(rehearsal.settings.base, tmp_path / "again")
    return load_settings(tmp_path / "again" / "config")


def _only_ferries(settings: Settings) -> None:
    """Today's rules are about another topic altogether."""
    settings.topic_path.write_text(
        'name = "Ferries"\nlanguages = ["en"]\n\n[thresholds]\nkeep = 2\nborderline = 1\n\n'
        '[groups.ferry]\nany = ["ferry", "ferries"]\n\n'
        '[[rule]]\nname = "a ferry"\nall_of = ["ferry"]\npoints = { title = 3 }\n',
        encoding="utf-8",
    )


def _next_day() -> datetime:
    return END + timedelta(days=1)


def _titles(settings: Settings) -> set[str]:
    with open_published(settings.store.path) as published:
        return {title for (title,) in published.execute("select title from articles").fetchall()}


def test_a_rule_change_moves_articles_out_and_skipped_pages_in(copied: Settings) -> None:
    before = _titles(copied)
    _only_ferries(copied)
    changes: list[Change] = []
    report = asyncio.run(run_redecide(copied, clock=_next_day, tell=changes.append))
    joined = {change.title for change in changes if change.before is Verdict.OFF_TOPIC}
    left = {change.title for change in changes if change.after is Verdict.OFF_TOPIC}
    assert report.balanced
    assert any("erry" in (title or "") for title in joined)
    assert _titles(copied) == (before - left) | joined


def test_a_dry_run_tells_and_changes_nothing(copied: Settings) -> None:
    before = _titles(copied)
    _only_ferries(copied)
    changes: list[Change] = []
    asyncio.run(run_redecide(copied, clock=_next_day, dry_run=True, tell=changes.append))
    assert changes
    assert _titles(copied) == before


def test_the_same_rules_have_nothing_to_decide_again(copied: Settings) -> None:
    report = asyncio.run(run_redecide(copied, clock=_next_day))
    assert report.candidates == 0


def test_the_same_reader_has_nothing_to_read_again(copied: Settings) -> None:
    report = asyncio.run(run_reread(copied, clock=_next_day))
    assert (report.revised, report.stored) == (0, 0)
