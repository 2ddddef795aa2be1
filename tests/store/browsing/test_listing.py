from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.core.errors import StoreError
from flows.store import Store
from flows.store.append import append
from flows.store.browsing import listing, told
from flows.store.browsing.listing import Choice
from flows.store.browsing.newest import Newest, Opened
from tests.store.newsweek import fill
from tests.store.samples import NOON, batch, claimed, new_article

FRIDAY = date(2023, 2, 24)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    folder = tmp_path_factory.mktemp("listed")
    store = Store(folder / "dateline.duckdb", folder / ".dateline", lambda: NOON)
    store.prepare()
    fill(store)
    newest = Newest(folder / "dateline.duckdb")
    with newest.reading() as opened:
        yield opened
    newest.close()


def _names(opened: Opened, choice: Choice) -> list[str]:
    if choice.words:
        listing.look_up(opened, choice.words)
    return [str(row["article_id"]) for row in listing.listed(opened, choice)]


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        (Choice(picks=(("language", "uk"),)), ["bord", "kyi1"]),
        (Choice(picks=(("language", "uk"),), order="oldest"), ["kyi1", "bord"]),
        (Choice(picks=(("mark", "copy"),), folded=False), ["trim", "evcp"]),
        (Choice(picks=(("country", "GB"), ("mark", "edited"))), ["evop"]),
        (Choice(picks=(("country", "GB"),), until=FRIDAY - timedelta(days=1)), ["eve1"]),
        (Choice(words='"peace plan" nato', order="best"), ["evop"]),
        (Choice(words="санкції", picks=(("mark", "borderline"),)), ["bord"]),
        (Choice(picks=(("speaker", "Wang Yi"),)), []),
    ],
)
def test_a_choice_lists_what_it_names_in_its_order(
    opened: Opened, choice: Choice, names: list[str]
) -> None:
    assert _names(opened, choice) == names


def test_of_a_text_the_original_stands_for_its_copies(opened: Opened) -> None:
    rows = {row["story_id"]: row for row in listing.listed(opened, Choice(since=FRIDAY))}
    (story,) = [row for row in rows.values() if row["together"] == 3]
    assert story["article_id"] == "wir1"


def test_where_the_original_is_not_chosen_the_first_copy_stands_for_the_text(
    opened: Opened,
) -> None:
    assert _names(opened, Choice(picks=(("mark", "copy"),))) == ["evcp"]


def test_counts_of_a_facet_leave_its_own_pick_open(opened: Opened) -> None:
    counted = listing.facets(opened, Choice(picks=(("language", "uk"),)))
    assert dict(counted["language"])["uk"] == 2
    assert len(counted["language"]) > 1
    assert counted["character"] == [("independent", 2)]


def test_sizes_and_days_count_every_chosen_article_once(opened: Opened) -> None:
    sizes = listing.sizes(opened, Choice())
    found = listing.days(opened, Choice(), "character")
    assert found is not None
    assert sizes.articles == sum(found.counts.values())
    assert sizes.stories == sizes.articles - 2
    assert found.step == "day"


def test_nothing_chosen_has_no_days(opened: Opened) -> None:
    assert listing.days(opened, Choice(picks=(("language", "xx"),)), "country") is None


@pytest.mark.parametrize(
    ("span", "step"), [(99, "day"), (100, "week"), (699, "week"), (700, "month")]
)
def test_long_spans_are_counted_by_week_and_by_month(
    store: Store, tmp_path: Path, span: int, step: str
) -> None:
    with store.turn() as con:
        append(con, batch(
            new_article("aaa"),
            new_article("bbb", "Other.", read={"published": claimed(NOON - timedelta(days=span))}),
        ))  # fmt: skip
    store.publish()
    newest = Newest(tmp_path / "dateline.duckdb")
    with newest.reading() as opened:
        found = listing.days(opened, Choice(), "language")
    newest.close()
    assert found is not None
    assert found.step == step


def test_an_article_is_told_alike_alone_and_among_many(opened: Opened) -> None:
    alone = told.told(opened, ["evop"])
    many = told.told(opened, ["evop", *(f"none{number}" for number in range(30))])
    assert alone == many
    assert [row["revision"] for row in alone["evop"].revisions] == [1, 2]


def test_another_file_in_its_place_is_opened_and_none_is_said(store: Store, tmp_path: Path) -> None:
    store.publish()
    newest = Newest(tmp_path / "dateline.duckdb")
    with newest.reading() as opened:
        assert listing.sizes(opened, Choice()).articles == 0
    with store.turn() as con:
        append(con, batch(new_article("aaa")))
    store.publish()
    with newest.reading() as opened:
        assert listing.sizes(opened, Choice()).articles == 1
    newest.close()
    (tmp_path / "dateline.duckdb").unlink()
    with pytest.raises(StoreError, match="dateline run"), newest.reading():
        pass
