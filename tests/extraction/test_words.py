"""Counting words in scripts with spaces and without."""

import pytest

from flows.core.text.words import word_count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("China's 12-point plan, again.", 4),
        ("中国的立场", 5),
        ("ウクライナの和平", 8),
        ("중국은 평화를 원한다", 3),
        ("Си Цзиньпин и Путин", 4),
        ("สันติภาพ", 2),
        ("习近平 met Putin 3 times", 7),
        ("", 0),
    ],
)
def test_every_script_counts_by_its_own_custom(text: str, count: int) -> None:
    assert word_count(text) == count
