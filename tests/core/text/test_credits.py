"""Which agency a name or a dateline stands for."""

import pytest

from flows.core.text.agencies import agency_of


@pytest.mark.parametrize(
    ("name", "agency"),
    [
        ("AP", "AP"),
        ("AP News", "AP"),
        ("Associated Press", "AP"),
        ("BEIJING (AP)", "AP"),
        ("BEIJING, Feb 24 (Reuters)", "Reuters"),
        ("MOSCOW, February 24. /TASS/", "TASS"),
        ("Reuters", "Reuters"),
        ("Reuters UK", "Reuters"),
        ("Xinhua", "Xinhua"),
        ("新华社", "Xinhua"),
        ("ТАСС", "TASS"),
        ("dpa", "dpa"),
        ("Agence France-Presse", "AFP"),
        ("The Courier", None),
        ("Pa Kua Club", None),
        ("Jane Reuterson", None),
        ("", None),
        (None, None),
    ],
)
def test_an_agency_is_known_by_its_names(name: str | None, agency: str | None) -> None:
    assert agency_of((name,)) == agency
