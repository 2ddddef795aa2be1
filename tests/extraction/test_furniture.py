"""What of a body is not the article's."""

from flows.extraction.furniture import without_furniture
from tests.extraction.pages import PARAGRAPHS


def _kept(*paragraphs: str, links: frozenset[str] = frozenset()) -> tuple[str, ...]:
    return without_furniture(
        paragraphs,
        titles=("China publishes twelve points",),
        link_texts=links,
        authors=("Jane Doe",),
    )


def test_the_headline_again_goes() -> None:
    assert _kept("China publishes twelve points", *PARAGRAPHS) == PARAGRAPHS


def test_a_headline_run_into_the_first_paragraph_goes() -> None:
    run_in = f"China publishes twelve points {PARAGRAPHS[0]}"
    assert _kept(run_in, *PARAGRAPHS[1:]) == PARAGRAPHS


def test_a_paragraph_that_is_one_link_goes_with_its_label() -> None:
    links = frozenset({"kyiv studies the paper with care"})
    assert (
        _kept(*PARAGRAPHS, "See this: Kyiv studies the paper with care", links=links) == PARAGRAPHS
    )


def test_links_stay_in_a_list_of_links() -> None:
    listed = tuple(f"The best of the long reads number {n}" for n in range(8))
    links = frozenset(text.lower() for text in listed)
    assert _kept(*listed, PARAGRAPHS[0], links=links) == (*listed, PARAGRAPHS[0])


def test_credits_and_calls_to_subscribe_go() -> None:
    assert _kept("Photo: Jane Roe / AFP", *PARAGRAPHS, "Sign up for our newsletter.") == PARAGRAPHS


def test_what_the_site_counts_goes() -> None:
    counted = ("758 people have read this story", "90 minutes ago", "3 min read", "12 comments")
    assert _kept(*counted[:2], *PARAGRAPHS, *counted[2:]) == PARAGRAPHS


def test_a_note_on_the_author_goes_at_the_end_only() -> None:
    note = "Jane Doe is our correspondent in Beijing."
    assert _kept(*PARAGRAPHS, note) == PARAGRAPHS


def test_byline_and_date_before_the_first_sentence_go() -> None:
    assert _kept("By Jane Doe", "24.02.2023 09:00", *PARAGRAPHS) == PARAGRAPHS


def test_a_page_of_nothing_but_furniture_is_kept() -> None:
    assert _kept("Sign up for our newsletter.") == ("Sign up for our newsletter.",)


def test_the_headline_again_goes_though_it_shows_mark_up() -> None:
    assert _kept("<b>China</b> publishes twelve points", *PARAGRAPHS) == PARAGRAPHS


def test_a_sentence_of_the_text_that_is_a_link_stays() -> None:
    links = frozenset({"".join(c if c.isalnum() else " " for c in PARAGRAPHS[1]).casefold()})
    known = frozenset(" ".join(link.split()) for link in links)
    assert _kept(*PARAGRAPHS, links=known) == PARAGRAPHS
