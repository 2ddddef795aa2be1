"""What a person asks for is refused in words before anything is fetched."""

from datetime import date
from pathlib import Path

import pytest

from flows.core.errors import ConfigurationError
from flows.pipeline.backfill.selection import asked_for
from tests.opened import DAILY, settings_in

DAY = date(2023, 2, 24)


@pytest.mark.parametrize(
    ("via", "said"),
    [
        ("folder:", "folder: names no folder; folder:. is this one"),
        ("folder:nowhere/at/all", "there is no folder nowhere/at/all"),
        ("nobody", "no provider 'nobody'; there are own, gdelt"),
    ],
)
def test_a_provider_that_is_none_is_named(tmp_path: Path, via: str, said: str) -> None:
    settings = settings_in(tmp_path, sources=DAILY)
    with pytest.raises(ConfigurationError, match=said):
        asked_for(settings, DAY, DAY, (via,), (), today=DAY)
