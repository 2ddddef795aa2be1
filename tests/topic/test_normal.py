"""One spelling for many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.topic.normal import folded, normalised, width


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("China’s cease-fire", "China cease fire"),
        ("Zelenský, Zełenski", "Zelensky Zelenski"),
        ("Çin'in İstanbul ısrarı", "Cin in Istanbul israri"),
        ("المبادرة الصّينية إلى أوكرانيا", "المبادره الصينيه الي اوكرانيا"),
        ("Київ, йти ґанок", "Киів ити ганок"),
        ("ガザとＧ７", "ガザとG7"),
        ("평화협상", "평화협상"),
        ("peace\u00adful talks\u200b", "peaceful talks"),
        ("U.S.–China", "U S China"),
    ],
)
def test_writings_that_mean_the_same_become_one(written: str, normal: str) -> None:
    assert normalised(written) == normalised(normal)


def test_the_normal_spelling_is_plain() -> None:
    assert normalised("China’s “cease-fire”, Zelenský!") == "China cease fire Zelensky "


def test_kana_keep_their_voicing() -> None:
    assert normalised("ガ") != normalised("カ")


@given(st.text())
def test_normalising_twice_is_once(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@given(st.text())
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(folded(normalised(text))) == len(normalised(text))


@given(st.text())
def test_newlines_stay_as_many_as_they_were(text: str) -> None:
    assert normalised(text).count("\n") == text.count("\n")


def test_two_han_letters_are_as_wide_as_a_word() -> None:
    assert width("中国呼吁停火") == 3
    assert width("China calls for a ceasefire") == 4
