import pytest

from flows.topic.marking import Marker


def _marked(text: str, *terms: str) -> list[str]:
    return [text[mark.start : mark.end] for mark in Marker(terms).marks(text)]


@pytest.mark.parametrize(
    ("text", "term", "letters"),
    [
        ("China’s peace plan", "China", "China’s"),
        ("the Cease-Fire, today", "cease fire", "Cease-Fire"),
        ("mediators met", "mediat*", "mediators"),
        ("Zełenski przyjął", "zelenski", "Zełenski"),
        ("Pékin propose", "pekin", "Pékin"),
        ("中国呼吁停火止战", "停火", "停火"),
        ("وقالت الصّين أمس", "صين", "الصّين"),
        ("the peaceful plans of", "peace* plan*", "peaceful plans"),
        ("ﬁnal ﬁght", "fight", "ﬁght"),
    ],
)
def test_a_term_is_shown_on_the_letters_it_was_found_in(text: str, term: str, letters: str) -> None:
    assert _marked(text, term) == [letters]


def test_both_sides_of_near_are_shown_and_references_to_groups_are_not() -> None:
    assert _marked(
        "They call for talks", "(call* | urge*) NEAR/3 talks", "@china NEAR/5 talks"
    ) == [
        "call",
        "talks",
    ]


def test_of_terms_that_overlap_the_longest_is_shown() -> None:
    assert _marked("a peace plan", "peace", "peace plan", "plan") == ["peace plan"]


def test_a_term_that_no_longer_reads_marks_nothing() -> None:
    assert _marked("peace", "(a | b)", "") == []


@pytest.mark.parametrize("text", ["", "\u0301", "İİİ ß ﷺ", "x" * 100_000, "\u200b \u00ad", "𝐏𝐞𝐚𝐜𝐞"])
def test_any_text_can_be_marked(text: str) -> None:
    for mark in Marker(("peace", "ss")).marks(text):
        assert 0 <= mark.start < mark.end <= len(text)
