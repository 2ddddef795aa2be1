"""Nothing printed can act on the terminal, and what is printed says what the value is."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.core.terminal import fits, print_json, print_table, progress, shown

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
CONTROLS = "".join(map(chr, [*range(9), *range(11, 32), *range(127, 160)])) + "\u2028\u2029\ufeff"
any_text = st.text(st.characters(codec=None) | st.sampled_from(BIDI + CONTROLS + "\ud800"))


@given(any_text)
def test_no_control_or_bidirectional_character_is_shown(text: str) -> None:
    seen = shown(text)
    assert not set(seen) & set(BIDI + CONTROLS)
    seen.encode("utf-8")


@given(any_text)
def test_text_that_cannot_act_is_shown_as_it_is(text: str) -> None:
    plain = "".join(c for c in text if c.isprintable())
    assert shown(plain) == plain


@given(st.recursive(any_text, lambda inner: st.lists(inner) | st.dictionaries(any_text, inner)))
def test_json_holds_the_value_and_nothing_that_acts(value: object) -> None:
    with pytest.MonkeyPatch.context() as patched:
        lines: list[str] = []
        patched.setattr("builtins.print", lambda text: lines.append(text))
        print_json(value)
    assert json.loads(lines[0]) == value
    assert not set(lines[0]) & set(BIDI + CONTROLS)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (datetime(2023, 2, 24, 12, 5, tzinfo=UTC), "2023-02-24 12:05Z"),
        (datetime(2023, 2, 24, 12, 5, 9, tzinfo=UTC), "2023-02-24 12:05:09Z"),
        (0.12345, "0.123"),
        (12345.67, "12345.7"),
        (["AP", "\x1b[31mred"], "AP, [31mred"),
        ([{"claimed_at": datetime(2023, 2, 24, tzinfo=UTC)}], "claimed_at: 2023-02-24 00:00Z"),
    ],
)
def test_values_are_shown_as_people_write_them(value: object, text: str) -> None:
    assert shown(value) == text


def test_json_writes_instants_as_rfc_3339(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"at": datetime(2023, 2, 24, tzinfo=UTC), "day": date(2023, 2, 24)})
    assert json.loads(capsys.readouterr().out) == {
        "at": "2023-02-24T00:00:00+00:00",
        "day": "2023-02-24",
    }


def test_a_number_that_json_has_no_word_for_is_null(capsys: pytest.CaptureFixture[str]) -> None:
    print_json([{"ratio": float("nan"), "most": (float("inf"), 1.5)}])
    assert json.loads(capsys.readouterr().out) == [{"ratio": None, "most": [None, 1.5]}]


@pytest.mark.parametrize(("columns", "is_so"), [(8, True), (9, False)])
def test_a_table_fits_when_no_column_is_squeezed(columns: int, is_so: bool) -> None:
    # 120 columns: whole words of ten letters, or folded text of twelve
    names = [f"c{number}" for number in range(columns)]
    row = ["identified", *["many words of text" for _ in names[1:]]]
    assert fits(names, [row]) is is_so


def test_no_column_is_cut_where_a_table_is_too_wide(capsys: pytest.CaptureFixture[str]) -> None:
    columns = ["kind", "started_at", "state", *(f"#candidates of {n}" for n in range(9))]
    numbers = [76_000 + n for n in range(9)]
    print_table(columns, [("monitor", datetime(2023, 2, 24, tzinfo=UTC), "completed", *numbers)])
    assert capsys.readouterr().out.splitlines()[-1].split() == [
        "monitor", "2023-02-24", "00:00Z", "completed", *map(str, numbers),
    ]  # fmt: skip


def test_a_closed_standard_output_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", None)
    print_table(("a",), [(1,)])


def test_markup_in_a_title_stays_text_and_heads_cannot_act(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_table(("ti\x1b]tle", "#n"), [("[bold]x[/bold]", 1)])
    assert capsys.readouterr().out.split() == ["ti]tle", "n", "[bold]x[/bold]", "1"]


def test_progress_off_a_terminal_says_each_tenth_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.core.terminal._QUIET_SECONDS", 0.0)
    with progress("reading", 20) as bar:
        for _ in range(20):
            bar.advance()
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(",")[0] for line in lines] == [
        f"reading: {done} of 20" for done in range(2, 21, 2)
    ]


def test_what_is_done_at_once_needs_no_progress(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("reading", 20) as bar:
        bar.advance(20)
    assert capsys.readouterr().err == ""
