"""The language of terms."""

import pytest

from flows.topic.terms import GroupName, Near, Phrase, TermError, parse_term


def test_a_phrase_is_its_normalised_words() -> None:
    term = parse_term("China’s Cease-fire Plan*", "en")
    assert term.pattern == Phrase(
        words=("china", "cease", "fire", "plan"), opens=(False, False, False, True)
    )


def test_an_equals_sign_keeps_the_capitals() -> None:
    assert parse_term("=Chin").pattern == Phrase(words=("Chin",), opens=(False,), cased=True)


def test_near_joins_alternatives_and_groups() -> None:
    assert parse_term("(call* | @contact) NEAR/8 =Xi").pattern == Near(
        left=(Phrase(words=("call",), opens=(True,)), GroupName(name="contact")),
        right=(Phrase(words=("Xi",), opens=(False,), cased=True),),
        words_apart=8,
    )


@pytest.mark.parametrize(
    ("text", "what", "offset"),
    [
        ("", "is empty", 0),
        ("…", "has no letters", 0),
        ("peace NEAR plan", "needs a distance", 6),
        ("peace NEAR/0 plan", "must lie in", 11),
        ("a NEAR/2 b NEAR/3 c", "more than one NEAR", 10),
        ("(a | b NEAR/2 c", "is not closed", 0),
        ("a | b NEAR/2 c", "in brackets", 2),
        ("(a | (b) NEAR/2 c", "has no partner", 5),
        ("pe*ce plan", "only at the end", 2),
        ("big p*", "two letters", 4),
        ("(a | @B) NEAR/2 c", "name of a group", 5),
        ("@peace", "needs NEAR", 0),
        ("(a | ) NEAR/2 c", "has no letters", 5),
    ],
)
def test_a_term_that_cannot_be_read_says_what_and_where(text: str, what: str, offset: int) -> None:
    with pytest.raises(TermError, match=what) as caught:
        parse_term(text)
    assert caught.value.offset == offset
