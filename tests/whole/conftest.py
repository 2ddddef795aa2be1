"""One rehearsal for all whole-run tests: real passes over the invented web, into a real store."""

from pathlib import Path

import pytest

from flows.rehearsal.rehearse import Rehearsal, rehearse_in

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    """The shipped topic and seeds, rehearsed once."""
    folder = tmp_path_factory.mktemp("rehearsal")
    return rehearse_in(folder, PROJECT / "config" / "topic.toml", PROJECT / "seeds")
