"""An edit is told from furniture, and shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.dedup import Edit, changed_words, edit, word_diff
from flows.dedup.revisions import is_one_article
from tests.dedup.texts import CHINESE, WIRE, opening

TITLE = "Marenne calls for truce in the Straits"


def why(new: str, *, old: str = WIRE, title: str = TITLE) -> str:
    found = edit(TITLE, old, title, new)
    return found.why if found.is_revision else f"not: {found.why}"


@pytest.mark.parametrize(
    "new",
    [
        "Updated 2 hours ago\n\n" + WIRE,
        WIRE + "\n\n1,204 shares\n\n17 comments",
        WIRE + "\n\nRead more: The week in pictures",
        WIRE.replace("\n\n", "\n\nFerry company to be sold\n\n", 1),
        WIRE + "\n\nSign up for our newsletter.",
        WIRE.replace("Thursday", "THURSDAY").replace("—", "-"),
    ],
    ids=["time", "counters", "related", "bare link", "newsletter", "marks"],
)
def test_furniture_is_no_edit(new: str) -> None:
    assert edit(TITLE, WIRE, TITLE, new).is_revision is False


def test_a_related_link_that_gives_way_to_another_is_no_edit() -> None:
    old = WIRE + "\n\nFerry company to be sold"
    new = WIRE + "\n\nTram line closes after a century"
    assert why(new, old=old) == "not: furniture"


def test_changed_counters_are_no_edit() -> None:
    assert why(WIRE + "\n\n99 shares", old=WIRE + "\n\n12 shares") == "not: furniture"


def test_a_corrected_number_is_an_edit() -> None:
    assert why(WIRE.replace("0.4", "0.5") + "Prices rose 5 percent.",
               old=WIRE + "Prices rose 4 percent.") == "number"  # fmt: skip


def test_a_corrected_name_is_an_edit() -> None:
    assert why(WIRE.replace("Odile Karsten", "Odile Carsten")) == "words"


def test_an_added_and_a_removed_paragraph_are_edits() -> None:
    more = WIRE + "\n\nCorrection: the vote was held on Tuesday, not Wednesday.\n"
    assert why(more) == "added"
    assert why(WIRE, old=more) == "removed"


def test_a_changed_subheading_is_an_edit() -> None:
    old = WIRE.replace("\n\n", "\n\nFive dead in the harbour\n\n", 1)
    assert why(old.replace("Five dead", "Six dead"), old=old) == "words"


def test_a_changed_headline_is_an_edit_and_a_sites_name_behind_it_is_none() -> None:
    assert why(WIRE, title="Marenne drops its call for truce") == "title"
    assert why(WIRE, title=f"{TITLE} | The Courier") == "not: same"


@pytest.mark.parametrize(
    ("new", "wanted"),
    [
        ("", "not: empty"),
        ("  \n ", "not: empty"),
        ("Please enable JavaScript and turn off your ad blocker to continue.", "not: shell"),
        ("We and our partners use cookies. Accept all or manage your consent here.", "not: shell"),
        (opening(WIRE, 2), "not: cut_short"),
    ],
)
def test_an_empty_blocked_or_cut_answer_is_never_an_edit(new: str, wanted: str) -> None:
    assert why(new) == wanted


def test_a_corrected_chinese_number_is_an_edit() -> None:
    assert edit(None, CHINESE, None, CHINESE.replace("九个", "八个")).is_revision


def test_the_share_of_changed_words_counts_both_sides() -> None:
    assert changed_words("one two three four.", "one two three five.") == pytest.approx(2 / 8)
    assert changed_words(WIRE, WIRE) == 0.0
    assert edit(TITLE, WIRE, TITLE, WIRE) == Edit(is_revision=False, why="same", change=0.0)


def test_a_word_diff_shows_kept_removed_and_added_runs() -> None:
    shown = word_diff("Five people died on Monday.", "Six people died on Monday night.")
    assert [(run.kind, run.text) for run in shown] == [
        ("removed", "Five"),
        ("added", "Six"),
        ("kept", " people died on"),
        ("removed", " Monday."),
        ("added", " Monday night."),
    ]


def test_a_word_diff_of_chinese_goes_by_characters() -> None:
    shown = word_diff("九个成员弃权。", "八个成员弃权。")
    assert [(run.kind, run.text) for run in shown] == [
        ("removed", "九"),
        ("added", "八"),
        ("kept", "个成员弃权。"),
    ]


_TEXTS = st.text(alphabet="ab 九停ก㈱ក.\n", max_size=60)


@given(_TEXTS, _TEXTS)
def test_kept_and_added_runs_make_the_new_text(old: str, new: str) -> None:
    assert "".join(run.text for run in word_diff(old, new) if run.kind != "removed") == new


@given(_TEXTS, _TEXTS)
def test_the_share_of_changed_words_is_a_share(old: str, new: str) -> None:
    assert 0.0 <= changed_words(old, new) <= 1.0


OTHER = " ".join(f"Sentence {n} of another text has none of its words: {n * n}." for n in range(40))
HALF = opening(WIRE, 3) + "\n\n" + OTHER


@pytest.mark.parametrize(
    ("new", "at_its_address", "later", "one"),
    [
        (WIRE + "\n\n" + OTHER, False, True, True),
        (opening(WIRE, 3), False, None, True),
        (OTHER, True, None, False),
        (OTHER, True, False, False),
        (OTHER, False, None, False),
        (HALF, True, None, True),
        (HALF, True, True, False),
        (HALF, False, None, False),
    ],
)
def test_texts_are_one_article_by_the_wording_they_share(
    new: str, at_its_address: bool, later: bool | None, one: bool
) -> None:
    assert is_one_article(WIRE, new, at_its_address=at_its_address, later=later) is one


def test_a_live_page_rewritten_from_top_to_bottom_is_one_by_its_time() -> None:
    assert is_one_article(WIRE, OTHER, at_its_address=True, later=False, live=True)
    assert not is_one_article(WIRE, OTHER, at_its_address=True, later=True, live=True)
