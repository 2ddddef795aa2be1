"""The sampled rows by which copies are found, and the print of exact words."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from flows.dedup import LEAST_SHARED, fingerprints, text_print
from flows.dedup.fingerprints import shingle_hashes, word_hashes
from tests.dedup.texts import CHINESE, ELSEWHERE, RETOLD, RIVAL, WIRE, opening


def test_the_hash_of_a_shingle_never_changes() -> None:
    """Stored rows depend on these values: a change needs a new FINGERPRINT_VERSION."""
    assert shingle_hashes(
        word_hashes(["china", "called", "for", "peace", "talks"]), 4
    ).tolist() == [
        9259095087512082310,
        5129013651135673814,
    ]
    assert shingle_hashes(word_hashes(["停", "火"]), 8).tolist() == [6540959738924527424]


def test_the_fingerprints_of_a_text_never_change() -> None:
    assert fingerprints(opening(WIRE, 1)) == (
        283263,
        964950923,
        1545189752,
        1745652072,
        1963612196,
        3331061280,
        3799918837,
        3824524926,
    )
    assert text_print("Peace, at last.") == "b1b26c57b5868dc5ad2f85270843ddb0"


def test_fingerprints_are_ascending_distinct_and_fit_32_bits() -> None:
    found = fingerprints(WIRE)
    assert list(found) == sorted(set(found))
    assert all(0 <= value < 2**32 for value in found)


def test_about_one_shingle_in_eight_is_kept_and_twice_as_many_of_the_opening() -> None:
    words = " ".join(f"word{number}" for number in range(8000))
    assert 850 < len(fingerprints(words)) < 1150
    opening_words = [" ".join(f"w{n}x{text}" for n in range(150)) for text in range(40)]
    assert 30 < sum(len(fingerprints(one)) for one in opening_words) / 40 < 45


def test_a_trimmed_a_retold_and_a_chinese_copy_share_rows_with_their_original() -> None:
    pairs = ((WIRE, opening(WIRE, 3)), (WIRE, RETOLD), (CHINESE, opening(CHINESE, 2)))
    for original, copy in pairs:
        assert len(set(fingerprints(original)) & set(fingerprints(copy))) >= LEAST_SHARED


def test_texts_on_other_matters_share_none() -> None:
    assert not set(fingerprints(WIRE)) & set(fingerprints(ELSEWHERE))


def test_a_text_print_ignores_furniture_case_marks_and_spaces() -> None:
    dressed = "Updated 3 hours ago\n\n" + WIRE.upper().replace("\n\n", "\n\n\n") + "\n12 comments"
    assert text_print(dressed) == text_print(WIRE)


def test_a_text_print_sees_one_changed_number() -> None:
    assert text_print(WIRE) != text_print(WIRE.replace("nine", "ten"))
    assert text_print(WIRE) != text_print(RIVAL)


@given(st.text())
def test_any_text_has_fingerprints_and_a_print(text: str) -> None:
    assert np.all(np.diff(np.array(fingerprints(text), dtype=np.int64)) > 0)
    assert len(text_print(text)) == 32
