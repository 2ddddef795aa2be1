"""Which agency a name or a dateline stands for."""

import pytest

from flows.duplicates.credits import agency_of, signed


@pytest.mark.parametrize(
    ("name", "agency"),
    [
        ("AP", "AP"),
        ("AP News", "AP"),
        ("Associated Press", "AP"),
        ("BEIJING (AP)", "AP"),
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


@pytest.mark.parametrize(
    ("opening", "agency"),
    [
        ("BEIJING (AP) China has called for a ceasefire.", "AP"),
        ("BEIJING, Feb 24 (Reuters) - China called for talks.", "Reuters"),
        ("MOSCOW, February 24. /TASS/. The ministry said", "TASS"),
        ("Berlin (dpa) - Der Kanzler", "dpa"),
        ("新华社北京2月24日电 中国外交部", "Xinhua"),
        ("The club (founded in 1903) plays in blue.", None),
        ("Nobody signed this.", None),
    ],
)
def test_a_dateline_names_its_agency(opening: str, agency: str | None) -> None:
    assert signed(opening) == agency
