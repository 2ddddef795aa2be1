"""The archive drops what no article came from once it is old, and never what one came from."""

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path

from flows.archive.archive import archived_pages, read_archived
from flows.core.settings import load_settings
from flows.pipeline.stages import run_monitor
from flows.rehearsal.rehearse import Rehearsal
from flows.rehearsal.timeline import END
from flows.store import open_published


def test_old_pages_off_the_topic_are_pruned_and_articles_keep_theirs(
    rehearsal: Rehearsal, tmp_path: Path
) -> None:
    shutil.copytree(rehearsal.settings.base, tmp_path / "old")
    settings = load_settings(tmp_path / "old" / "config")
    before = sum(1 for _ in archived_pages(settings.archive.path))
    # the web is gone: every source fails, the pass goes on to its housekeeping
    asyncio.run(run_monitor(settings, clock=lambda: END + timedelta(days=91)))
    after = sum(1 for _ in archived_pages(settings.archive.path))
    with open_published(settings.store.path) as published:
        refs = published.execute(
            "select distinct archive_ref from revisions where archive_ref is not null"
        ).fetchall()
    assert 0 < after < before
    assert all(read_archived(settings.archive.path, ref).body for (ref,) in refs)
