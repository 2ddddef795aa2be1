"""News agencies are known by their names, in any script and spelling, and nobody else is."""

import pytest

from flows.core.text.agencies import _NAMES, agency_named


@pytest.mark.parametrize(
    ("credit", "agency"),
    [
        ("The Associated Press", "AP"),
        ("Agence France-Presse", "AFP"),
        ("Рейтер", "Reuters"),
        ("Інтерфакс-Україна", "Interfax-Ukraine"),
        ("ČTK", "ČTK"),
        ("CTK", "ČTK"),
        ("Agencia Brasil", "Agência Brasil"),
        ("新华网", "Xinhua"),
        ("共同通信", "Kyodo"),
        ("연합뉴스", "Yonhap"),
    ],
)
def test_an_agency_is_known_by_its_names(credit: str, agency: str) -> None:
    assert agency_named(credit) == agency


@pytest.mark.parametrize("agency", _NAMES)
def test_an_agency_is_known_by_the_name_we_give_it(agency: str) -> None:
    assert agency_named(agency) == agency


@pytest.mark.parametrize(
    "credit", ["Ap", "Pa", "lusa", "Ap Smith", "Jane Reuters", "The Courier", ""]
)
def test_words_and_people_are_no_agencies(credit: str) -> None:
    assert agency_named(credit) is None
