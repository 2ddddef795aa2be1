"""Who is an author, and who an agency."""

import pytest

from flows.extraction.authors import Authors, authors_of
from flows.extraction.witnesses.claims import Claims, Credit, Kind

SILENT = Claims(origin="byline")


def _of(*names: str, kind: Kind = Kind.UNKNOWN, seen: str | None = None) -> Authors:
    marked = Claims(origin="meta", credits=tuple(Credit(name=name, kind=kind) for name in names))
    visible = Claims(origin="byline", credits=(Credit(name=seen),)) if seen else SILENT
    return authors_of((marked,), lambda: visible, ("The Daily Test", "daily.test"))


@pytest.mark.parametrize(
    ("byline", "people"),
    [
        ("By Jane Doe and John Roe", ("Jane Doe", "John Roe")),
        ("Von Jürgen Müller und Anna Schmidt", ("Jürgen Müller", "Anna Schmidt")),
        ("Jane Doe, John Roe & Li Na", ("Jane Doe", "John Roe", "Li Na")),
        ("Jane Doe in Kyiv", ("Jane Doe",)),
        ("Jane Doe (The Daily Test)", ("Jane Doe",)),
        ("José Ortega y Gasset", ("José Ortega y Gasset",)),
        ("Doe, Jane", ("Jane Doe",)),
        ("作者：王小明", ("王小明",)),
        ("(责编：牛镛、岳弘彬)", ("牛镛", "岳弘彬")),
        ("Автор: Иван Петров", ("Иван Петров",)),
        ("Posted by Jane Doe", ("Jane Doe",)),
        ("Analysis by Jane Doe", ("Jane Doe",)),
        ("Author Jane Doe", ("Jane Doe",)),
        ("Articles by Jane Doe", ("Jane Doe",)),
    ],
)
def test_names_are_taken_out_of_bylines(byline: str, people: tuple[str, ...]) -> None:
    assert _of(byline).people == people


@pytest.mark.parametrize(
    "byline",
    [
        "Staff",
        "The foreign desk",
        "Staff writers",
        "admin",
        "jane@daily.test",
        "@janedoe",
        "https://daily.test/jane",
        "Redaktion",
        "12345",
        "",
        "Text Size",
        "Edit",
        "تعديل",
        "Drucken",
        "Imprimer",
        "Печать",
        "Join our mailing list",
        "Reviewed by Jane Doe",
        "page.head.extra.author",
    ],
)
def test_what_is_no_name_is_no_author(byline: str) -> None:
    assert _of(byline) == Authors()


def test_an_agency_stands_apart_from_people() -> None:
    assert _of("Jane Doe, Reuters") == Authors(people=("Jane Doe",), agencies=("Reuters",))


def test_the_outlet_beside_a_person_is_no_author() -> None:
    assert _of("Jane Doe", "The Daily Test").people == ("Jane Doe",)


def test_a_person_in_the_visible_byline_goes_before_the_outlet_in_mark_up() -> None:
    assert _of("The Daily Test", kind=Kind.ORGANISATION, seen="By Jane Doe").people == ("Jane Doe",)


def test_a_visible_byline_must_look_like_a_name() -> None:
    assert _of("The Daily Test", seen="red").people == ("The Daily Test",)


def test_a_name_credited_twice_counts_once() -> None:
    assert _of("Jane Doe", "JANE DOE").people == ("Jane Doe",)


def test_one_word_is_a_name_where_it_is_said_to_have_written() -> None:
    visible = Claims(origin="byline", credits=(Credit(name="Posted by Amanda", kind=Kind.PERSON),))
    assert authors_of((), lambda: visible, ()).people == ("Amanda",)


def test_without_a_person_a_newsroom_in_the_visible_byline_is_credited() -> None:
    visible = Claims(origin="byline", credits=(Credit(name="By The Ledger Newsroom"),))
    assert authors_of((), lambda: visible, ()).people == ("The Ledger Newsroom",)
