"""Which language a text is in."""

from flows.core.text.languages import language_of
from tests.extraction.pages import PARAGRAPHS


def test_the_text_decides_against_the_tag() -> None:
    assert language_of(PARAGRAPHS[0], ("de",)) == "en"


def test_the_tag_decides_between_languages_that_are_close() -> None:
    text = "Kina offentliggjorde fredag et dokument med tolv punkter om krigen i Ukraine."
    assert language_of(text, ("da-DK",)) == "da"
    assert language_of(text, ("nb",)) == "no"


def test_a_text_too_short_to_tell_is_in_the_tags_language() -> None:
    assert language_of("Fred", ("", "sv")) == "sv"
    assert language_of("Fred", ()) is None
