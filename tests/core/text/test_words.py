"""What a word and a sentence are, in scripts with and without spaces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.core.text.words import places, plain, sentences, shingle_lengths, unquoted, words


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The U.S. said 1,234 ships", ["the", "us", "said", "1234", "ships"]),
        ("cease-fire’s end", ["cease", "fire", "s", "end"]),
        ("海峡AP通讯", ["海", "峡", "ap", "通", "讯"]),
        ("ﬁnal １２", ["final", "12"]),
        ("Переговоры, 5 марта", ["переговоры", "5", "марта"]),
        ("Bundes\u00adkanz\u00adler", ["bundeskanzler"]),
        ("İstanbul'da", ["i̇stanbul", "da"]),
    ],
)
def test_a_word_is_a_run_of_letters_or_one_character_of_an_unspaced_script(
    text: str, wanted: list[str]
) -> None:
    assert words(text) == wanted


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Её отчёт", "Ее отчет"),
        ("Große Straße", "Grosse Strasse"),
        ("п'ять імен", "пʼять імен"),
        ("أعلن الوزير إلى الحكومة", "اعلن الوزير الى الحكومه"),
        ("مُحَمَّد", "محمد"),
    ],
)
def test_letters_that_house_styles_take_for_each_other_are_one(one: str, other: str) -> None:
    assert words(one) == words(other)


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


POINTS = (
    "Beijing said:\n1. Respect all borders.\n\n2. End the old mentality.\n3. Cease fire.\n"
    "So it said."
)


def test_the_numbered_points_of_a_document_are_a_quotation() -> None:
    assert unquoted(POINTS) == "Beijing said:\nSo it said."
    assert unquoted("一、停火。\n二、对话。\n三、粮食。\n北京说。") == "北京说。"


def test_numbers_that_do_not_count_from_one_are_no_points() -> None:
    years = "2021. It began.\n2022. It went on.\n3. It ended."
    assert unquoted(years) == years


@given(st.text())
def test_each_word_has_its_place(text: str) -> None:
    shown = plain(text)
    assert [words(shown[start:end]) for start, end in places(text)] == [[w] for w in words(text)]
