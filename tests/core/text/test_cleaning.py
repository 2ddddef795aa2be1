"""What may be kept of a string from the web."""

from hypothesis import given
from hypothesis import strategies as st

from flows.core.text.cleaning import clean_line, clean_text


def test_controls_and_bidi_overrides_never_reach_the_store() -> None:
    hostile = "a\x00b\x1b[31mc\x9b\u202ed\u2066e\ufefff\ud800"
    assert clean_text(hostile) == "ab[31mcdef"


def test_every_kind_of_line_end_becomes_a_newline() -> None:
    assert clean_text("a\r\nb\rc\u2028d\x85e") == "a\nb\nc\nd\ne"


def test_text_is_composed() -> None:
    assert clean_text("Zelensky\u0301") == "Zelensk\u00fd"


def test_soft_hyphens_and_spaces_without_width_are_no_text() -> None:
    assert clean_line("Waffen\u00adstill\u200bstand\u2060 now") == "Waffenstillstand now"


def test_joiners_that_scripts_need_stay() -> None:
    assert clean_text("می\u200cخواهم") == "می\u200cخواهم"


def test_text_is_cut_at_the_cap() -> None:
    assert clean_text("peace plan", 6) == "peace"


def test_a_line_has_single_spaces() -> None:
    assert clean_line(" Peace\n\t plan\u00a0now ") == "Peace plan now"


@given(st.text(alphabet=st.characters()), st.integers(min_value=1, max_value=50))
def test_cleaning_twice_is_cleaning_once(text: str, cap: int) -> None:
    once = clean_text(text, cap)
    assert clean_text(once, cap) == once
    assert len(once) <= cap
