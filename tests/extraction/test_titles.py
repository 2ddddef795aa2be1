"""Which headline is believed."""

import pytest

from flows.core.text.cleaning import bare
from flows.extraction.titles import Title, headline, outer_segments, plain
from flows.extraction.witnesses.claims import Claims

LD, H1, META, WINDOW = "json_ld", "h1", "meta", "title_tag"


def _said(
    *claims: tuple[str, str], feed: str | None = None, sites: tuple[str, ...] = ()
) -> Title | None:
    return headline([Claims(origin=o, titles=(t,)) for o, t in claims], feed, sites)


def test_two_witnesses_outvote_json_ld() -> None:
    title = _said((LD, "Old headline"), (H1, "New headline"), (META, "New headline"))
    assert title == Title(text="New headline", origin=H1)


def test_the_feed_has_a_vote() -> None:
    title = _said((LD, "One"), (META, "Two"), (H1, "Three"), feed="Three")
    assert title is not None
    assert title.text == "Three"


def test_json_ld_wins_a_tie_against_the_heading() -> None:
    assert _said((LD, "Kenya: From below"), (H1, "From below")) == Title(
        text="Kenya: From below", origin=LD
    )


def test_without_a_visible_heading_the_one_unlike_the_window_title_is_the_editors() -> None:
    window = (WINDOW, "Plan: Twelve points explained - Daily")
    assert _said(
        (LD, "Plan: Twelve points explained"), (META, "What Beijing wants"), window
    ) == Title(text="What Beijing wants", origin=META)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("China calls for talks - BBC News", "China calls for talks"),
        ("China calls for talks | BBC", "China calls for talks"),
        ("BBC: China calls for talks", "BBC: China calls for talks"),
        ("China – the mediator - BBC", "China – the mediator"),
        ("China - the mediator", "China - the mediator"),
    ],
)
def test_a_suffix_goes_only_where_it_names_the_site(raw: str, kept: str) -> None:
    title = _said((META, raw), sites=("BBC News", "bbc"))
    assert title is not None
    assert title.text == kept


def test_a_suffix_goes_where_another_witness_knows_the_headline_without_it() -> None:
    title = _said((LD, "China calls for talks | Sport"), (H1, "China calls for talks"))
    assert title is not None
    assert title.text == "China calls for talks"


def test_the_sites_own_name_is_no_headline() -> None:
    title = _said(
        (H1, "POLITICS Logo"), (WINDOW, "China calls for talks - POLITICS"), sites=("politics",)
    )
    assert title is not None
    assert title.text == "China calls for talks"


def test_of_several_headings_the_one_others_know_is_taken() -> None:
    witnesses = (
        Claims(origin=H1, titles=("Business Monday", "China calls for talks", "Comments")),
        Claims(origin=META, titles=("China calls for peace talks",)),
    )
    title = headline(witnesses, None, ())
    assert title is not None
    assert title.text == "China calls for talks"


def test_a_cut_headline_is_completed_by_another_witness() -> None:
    title = _said((LD, "China calls for…"), (WINDOW, "China calls for talks in Kyiv"))
    assert title is not None
    assert title.text == "China calls for talks in Kyiv"


def test_nobody_speaking_there_is_no_title() -> None:
    assert _said() is None


def test_mark_up_and_entities_go() -> None:
    assert plain("China&amp;#39;s <em>plan</em>\n for  peace") == "China's plan for peace"


def test_comparison_forgets_case_and_punctuation() -> None:
    assert bare("“Peace,” NOW!") == bare("peace now")


def test_what_the_hosts_titles_end_with_is_no_headline() -> None:
    claims = [Claims(origin=LD, titles=("A plan is out - Morning & Noon",))]
    title = headline(claims, None, (), ("Morning & Noon",))
    assert title == Title(text="A plan is out", origin=LD)


def test_an_end_that_only_resembles_the_hosts_stays() -> None:
    claims = [Claims(origin=LD, titles=("A plan is out - Morning News",))]
    title = headline(claims, None, (), ("Morning",))
    assert title == Title(text="A plan is out - Morning News", origin=LD)


def test_the_outer_segments_of_every_title_are_told_as_written() -> None:
    claims = [
        Claims(origin=WINDOW, titles=("Live | A plan is out | Daily",)),
        Claims(origin=H1, titles=("A plan is out",)),
    ]
    assert outer_segments(claims) == ("Live", "Daily")


def test_a_headline_cut_at_110_characters_is_completed_by_who_has_it_whole() -> None:
    whole = "China publishes a paper of twelve points on what it calls the settlement " * 2
    cut = whole[:110].strip()
    title = _said((LD, cut), (H1, whole))
    assert title is not None
    assert title.text == whole.strip()
    title = _said((LD, cut), (H1, whole), (META, cut))
    assert title is not None
    assert title.text == cut


def _read(*claims: Claims, sites: tuple[str, ...] = ()) -> str | None:
    title = headline(claims, None, sites)
    return title.text if title else None


NAME = "China publishes twelve points"


def test_a_headline_in_the_field_for_the_sites_name_stays_a_headline() -> None:
    said = (Claims(origin=H1, titles=(NAME,)), Claims(origin=WINDOW, titles=(NAME,)))
    assert _read(*said, sites=(NAME, "daily.test")) == NAME


def test_a_heading_about_something_else_is_no_headline() -> None:
    said = (
        Claims(origin=H1, titles=("Markets: oil at 82 dollars",)),
        Claims(origin=META, titles=(NAME,)),
        Claims(origin=WINDOW, titles=(f"{NAME} - Daily",)),
    )
    assert _read(*said) == NAME


def test_a_heading_in_a_script_without_spaces_is_compared_by_pairs_of_characters() -> None:
    heading = "中国发布十二点立场文件呼吁各方尽快停火止战启动和谈"
    said = (
        Claims(origin=H1, titles=(heading,)),
        Claims(origin=META, titles=("中国发布关于政治解决乌克兰危机的十二点立场文件呼吁停火",)),
        Claims(origin=WINDOW, titles=("中国发布关于政治解决乌克兰危机的十二点立场文件呼吁停火",)),
    )
    assert _read(*said) == heading


@pytest.mark.parametrize("heading", [f"Live World {NAME}", f"{NAME} 24 February 2023, 9:30"])
def test_what_is_glued_to_a_heading_is_no_part_of_the_headline(heading: str) -> None:
    said = (
        Claims(origin=H1, titles=(heading,)),
        Claims(origin=META, titles=(NAME,)),
        Claims(origin=WINDOW, titles=(f"{NAME} - Daily",)),
    )
    assert _read(*said) == NAME


def test_of_several_json_ld_headlines_the_one_that_others_repeat_is_heard() -> None:
    said = (
        Claims(origin=LD, titles=("Our newsletter",)),
        Claims(origin=LD, titles=(NAME,)),
        Claims(origin=META, titles=(NAME,)),
    )
    assert _read(*said) == NAME


def test_beside_a_heading_json_ld_that_repeats_the_window_title_counts_as_news_only() -> None:
    written = ("article",), ("newsarticle",)
    found = [
        _read(
            Claims(origin=LD, titles=("12 points by China explained",), types=frozenset(types)),
            Claims(origin=H1, titles=("What China wants in 12 points",)),
            Claims(origin=META, titles=("12 points by China explained",)),
            Claims(origin=WINDOW, titles=("12 points by China explained",)),
        )
        for types in written
    ]
    assert found == ["What China wants in 12 points", "12 points by China explained"]
