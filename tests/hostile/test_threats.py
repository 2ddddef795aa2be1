"""Each of 71 numbered hostile inputs ends as it should.

1-13 time, size, codings, redirects · 14-30 addresses, names, certificates · 31-42 types, manners,
framing · 43-50 pages · 51-65 listings · 66-71 what is kept and believed
"""

from pathlib import Path

import pytest

from tests.hostile.fetched_threats import FETCHED
from tests.hostile.kept_threats import KEPT
from tests.hostile.led_astray_threats import LED
from tests.hostile.listed_threats import LISTED
from tests.hostile.read_threats import READ

THREATS = FETCHED | LED | READ | LISTED | KEPT


@pytest.mark.parametrize(
    "number", range(1, 72), ids=lambda n: f"{n}-{getattr(THREATS[n], '__name__', '')}"
)
def test_it_ends_as_it_should(number: int, tmp_path: Path) -> None:
    THREATS[number](tmp_path)
