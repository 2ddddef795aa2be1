"""What a word and a sentence are, in scripts with and without spaces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.duplicates.words import places, plain, sentences, shingle_lengths, unquoted, words


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The U.S. said 1,234 ships", ["the", "us", "said", "1234", "ships"]),
        ("cease-fire’s end", ["cease", "fire", "s", "end"]),
        ("海峡AP通讯", ["海", "峡", "ap", "通", "讯"]),
        ("ﬁnal １２", ["final", "12"]),
        ("Переговоры, 5 марта", ["переговоры", "5", "марта"]),
    ],
)
def test_a_word_is_a_run_of_letters_or_one_character_of_an_unspaced_script(
    text: str, wanted: list[str]
) -> None:
    assert words(text) == wanted


def test_the_script_decides_the_length_of_shingles() -> None:
    assert shingle_lengths(words("talks on the straits")) == (3, 5)
    assert shingle_lengths(words("海峡停火谈判 AP")) == (5, 8)


def test_sentences_end_at_marks_and_line_breaks_not_at_abbreviations() -> None:
    text = 'Mr. Ferrel met Gen. Oss. "It is over," he said.\nNobody agreed! 停火了。和平了。'
    assert sentences(text) == [
        "Mr. Ferrel met Gen. Oss.",
        '"It is over," he said.',
        "Nobody agreed!",
        "停火了。",
        "和平了。",
    ]


def test_quotations_are_taken_out_within_a_paragraph() -> None:
    assert unquoted("He said “we shall never leave this port” and left.") == "He said   and left."
    assert unquoted("«Мы никогда не уйдём из порта», — сказал он.") == " , — сказал он."


@given(st.text())
def test_each_word_has_its_place(text: str) -> None:
    shown = plain(text)
    assert [shown[start:end].lower() for start, end in places(text)] == words(text)
