"""Which agencies the words of a page credit."""

import pytest

from flows.core.text.markup import parsed
from flows.extraction.credits import credited, lines_about_rights
from flows.extraction.dateline import read_dateline
from tests.extraction.pages import PARAGRAPHS


@pytest.mark.parametrize(
    ("line", "agencies"),
    [
        ("Copyright 2018 The Associated Press. All rights reserved.", ("AP",)),
        ("© 2023 AFP", ("AFP",)),
        ("(c) Copyright Thomson Reuters 2023", ("Reuters",)),
        ("Reuters", ("Reuters",)),
        ("(AFP, dpa)", ("AFP", "dpa")),
        ("Reuters/AFP", ("Reuters", "AFP")),
        ("Source: Xinhua", ("Xinhua",)),
        ("Quelle: dpa", ("dpa",)),
        ("With inputs from AFP and Reuters", ("AFP", "Reuters")),
        ("Источник: ТАСС", ("TASS",)),
    ],
)
def test_a_line_that_only_credits_an_agency_is_heard_and_taken_out(
    line: str, agencies: tuple[str, ...]
) -> None:
    found = credited((*PARAGRAPHS, line))
    assert (found.agencies, found.paragraphs) == (agencies, PARAGRAPHS)


@pytest.mark.parametrize(
    ("end", "agencies"), [("(AFP)", ("AFP",)), ("[dpa/Reuters].", ("dpa", "Reuters"))]
)
def test_a_credit_that_closes_a_paragraph_is_heard(end: str, agencies: tuple[str, ...]) -> None:
    assert credited((*PARAGRAPHS, f"Talks go on. {end}")).agencies == agencies


@pytest.mark.parametrize(
    "line",
    [
        "The ministry told Reuters that talks would begin.",
        "He spoke of a plan (in Paris).",
        "Copyright 2023 The Daily Test. All rights reserved.",
        "Associated Press writers were among those who were asked to leave the hall.",
    ],
)
def test_an_agency_that_is_merely_named_is_not_credited(line: str) -> None:
    found = credited((*PARAGRAPHS, line))
    assert (found.agencies, found.paragraphs) == ((), (*PARAGRAPHS, line))


def test_copyright_lines_are_read_off_the_page_but_not_off_its_footer() -> None:
    tree = parsed(
        "<body><p>Text.</p><div>Copyright 2023 AFP.</div><footer>© Reuters</footer></body>"
    )
    assert tree is not None
    assert credited(PARAGRAPHS, lines_about_rights(tree)).agencies == ("AFP",)


def test_an_agency_without_a_place_opens_a_text() -> None:
    found = read_dateline("(Reuters) - China on Friday called for a ceasefire.")
    assert found is not None
    assert (found.place, found.agencies) == (None, ("Reuters",))


@pytest.mark.parametrize("head", ["FILE - In this photo", "WATCH — The minister", "ФОТО - Министр"])
def test_a_kind_of_text_or_picture_is_no_place(head: str) -> None:
    assert read_dateline(f"{head} speaks in the hall.") is None
