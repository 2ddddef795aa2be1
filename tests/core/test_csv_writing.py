"""CSV that neither a spreadsheet nor a terminal obeys."""

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.core.csv_writing import harmless, write_csv


@pytest.mark.parametrize(
    "cell", ["=1", "+1", "-1", "@a", "\t=1", " =1", "|x", "＝1", "\x1b=1", "\tx"]
)
def test_a_cell_that_would_act_gets_an_apostrophe(cell: str) -> None:
    assert str(harmless(cell)).startswith("'")


@pytest.mark.parametrize(
    "cell", [1, -1.5, None, "plain", "a=1", "[=1]", "said; he", "a:\n- one\n  - two"]
)
def test_other_cells_stay(cell: object) -> None:
    assert harmless(cell) == cell


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("China plan;=cmd|'/C calc'!A0", "China plan;'=cmd|'/C calc'!A0"),
        ("a; @b", "a;' @b"),
        ("a\t+1", "a\t'+1"),
        ("first\n=1", "first\n'=1"),
        ("first\n-2+3", "first\n'-2+3"),
    ],
)
def test_what_begins_a_cell_for_a_reader_that_parts_elsewhere_gets_one_too(
    cell: str, written: str
) -> None:
    assert harmless(cell) == written


def test_every_cell_is_quoted_and_comes_back() -> None:
    file = io.StringIO()
    row = ["a;b", 'say "no",\nhe said', None, 1, True, ["x"], datetime(2026, 1, 2, 3, tzinfo=UTC)]
    write_csv(file, ["=name", *"bcdefg"], [row])
    assert file.getvalue() == (
        '"\'=name","b","c","d","e","f","g"\n'
        '"a;b","say ""no"",\nhe said","","1","true","[""x""]","2026-01-02 03:00:00+00:00"\n'
    )
    assert next(iter(list(csv.reader(io.StringIO(file.getvalue())))[1:]))[0] == "a;b"


@settings(deadline=None)
@given(st.lists(st.lists(st.text(), min_size=2, max_size=2)))
def test_no_reader_of_commas_or_semicolons_meets_a_formula(rows: list[list[str]]) -> None:
    file = io.StringIO()
    write_csv(file, ["a", "b"], rows)
    for delimiter in ",;\t":
        for cells in csv.reader(io.StringIO(file.getvalue()), delimiter=delimiter):
            assert [cell for cell in cells if cell[:1] in set("=+@\t\r|＝＋＠")] == []


@pytest.mark.parametrize("piece", [" \t", "\n", ";\t \n", "= "])
def test_a_text_of_nothing_but_what_the_rule_looks_for_takes_no_time(piece: str) -> None:
    assert len(str(harmless(piece * 200_000))) >= 200_000
