"""What an arrival is to the store: new, known, a revision or a copy, in whatever order it comes."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from flows.core import Ending, Origin, Reason
from flows.dedup.fingerprints import text_print
from flows.pipeline.compare import compare_arrivals
from flows.pipeline.identity import Arrival, article_id_of
from flows.store import Store
from flows.store.append import append
from flows.store.batch import Batch
from flows.store.withdrawals import Withdrawal, withdraw
from tests.store.samples import NOON, article, candidate, judgement, later

WIRE = "\n\n".join(
    (
        "Envoys from six governments met on Friday to weigh a plan for ending the long war.",
        "The plan lists twelve points and asks both armies to stop where they stand today.",
        "A spokesman for the hosts said the text had been read with great care and some doubt.",
        "Two of the envoys asked for changes to the fourth point, which speaks of sanctions.",
        "No date was set for another meeting, though a hall has been booked until next month.",
        "Grain ships kept leaving the southern ports while the delegations talked upstairs.",
        "The oldest of the envoys, who is eighty, said he had seen worse plans come to good.",
        "Outside the hall a few dozen people stood in the rain with candles and paper flags.",
    )
)
OTHER = "\n\n".join(
    (
        "The harbour pilots voted to accept a new timetable after a winter of short strikes.",
        "Under the deal two boats will be kept ready at night and one more on market days.",
        "The port authority called the vote a relief and promised to repair the old pier.",
        "Fishermen said they would wait to see whether the lights on the mole are mended too.",
        "A first review is planned for the autumn, when the bigger vessels return from the east.",
    )
)

RAIN = "\n\n".join(
    (
        "Seven bridges over the upper river were closed before dawn after a week of heavy rain.",
        "Farmers drove their cattle to higher ground, and two schools became shelters overnight.",
        "The waterworks expect the crest on Monday; bakeries will sell by candlelight until then.",
        "An old ferryman offered his barge to the mail, which has not crossed since Wednesday.",
    )
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "dateline.duckdb", tmp_path / ".dateline", lambda: NOON)
    made.prepare()
    return made


def arrival(name: str, text: str, *, outlet: str = "The Daily", **fields: object) -> Arrival:
    url = f"https://{name}"
    return Arrival(
        url_key=name,
        article=article(text, url=url, outlet=outlet, **fields),
        judgement=judgement(),
        origin=Origin.MONITOR,
        seen_at=NOON,
        candidate=candidate(name, url=url, url_key=name),
    )


def settle(store: Store, arrivals: Sequence[Arrival], minutes: int = 0) -> Batch:
    with store.turn() as con:
        batch = compare_arrivals(con, arrivals, run_id="run", now=later(minutes=minutes))
        append(con, batch)
    return batch


def stories(store: Store) -> set[frozenset[str]]:
    """The groups of copies, by URL."""
    with store.turn() as con:
        rows = con.execute("select list(url) from articles group by story_id").fetchall()
    return {frozenset(urls) for (urls,) in rows}


def test_a_text_never_met_is_a_new_article(store: Store) -> None:
    batch = settle(store, [arrival("daily.test/a", WIRE)])
    assert [new.article_id for new in batch.articles] == [article_id_of("daily.test/a")]


def test_the_same_page_again_is_known(store: Store) -> None:
    settle(store, [arrival("daily.test/a", WIRE)])
    batch = settle(store, [arrival("daily.test/a", WIRE)], 1)
    assert (batch.articles, batch.revisions) == ((), ())
    assert [ended.ending for ended in batch.endings] == [Ending.KNOWN]


def test_another_address_of_one_outlet_with_the_same_text_is_the_same_article(
    store: Store,
) -> None:
    settle(store, [arrival("daily.test/a", WIRE)])
    batch = settle(store, [arrival("daily.test/b", WIRE)], 1)
    assert batch.articles == ()
    assert [alias.url_key for alias in batch.aliases] == ["daily.test/b"]


def test_two_addresses_in_one_batch_with_the_same_text_are_one_article(store: Store) -> None:
    batch = settle(store, [arrival("daily.test/a", WIRE), arrival("daily.test/b", WIRE)])
    assert len(batch.articles) == 1


def test_two_forms_of_one_page_in_one_batch_are_an_article_and_its_revision(store: Store) -> None:
    page = arrival("daily.test/a", WIRE)
    longer = f"{WIRE}\n\nThe printed form ends with the names of all twelve envoys and their towns."
    printed = replace(arrival("daily.test/print/a", longer), aliases=("daily.test/a",))
    batch = settle(store, [page, printed])
    assert (len(batch.articles), len(batch.revisions)) == (1, 1)
    with store.turn() as con:
        told = con.execute("select article_id, revisions, text from articles").fetchall()
        endings = con.execute("select ending from kept.endings order by 1").fetchall()
    assert told == [(article_id_of("daily.test/a"), 2, longer)]
    assert endings == [("revised",), ("stored",)]


def test_one_address_with_another_text_is_two_articles_and_a_warning(store: Store) -> None:
    settle(store, [arrival("daily.test/?id=1", WIRE, title="A plan")])
    batch = settle(store, [arrival("daily.test/?id=1", OTHER, title="The pilots")], 1)
    assert len(batch.articles) == 1
    assert [warning.kind for warning in batch.warnings] == ["same_key_other_text"]


@pytest.mark.parametrize("edited", [WIRE, OTHER], ids=["the older", "the newer"])
def test_of_two_articles_at_one_address_the_likest_is_revised(store: Store, edited: str) -> None:
    shared = "\n\n".join(WIRE.split("\n\n")[:3])
    settle(store, [arrival("daily.test/live", WIRE, title="A plan")])
    settle(store, [arrival("daily.test/live", OTHER, title="The pilots")], 1)
    added = f"{edited}\n\n{shared if edited is OTHER else OTHER}"
    batch = settle(store, [arrival("daily.test/live", added, title="Both of them")], 2)
    with store.turn() as con:
        (title,) = con.execute("select title from revisions where revision = 1 and article_id = ?",
                               [batch.revisions[0].article_id]).fetchall()[0]  # fmt: skip
    assert title == ("A plan" if edited is WIRE else "The pilots")


def test_a_text_that_comes_back_to_its_address_is_its_article_again(store: Store) -> None:
    for minutes, (text, title) in enumerate([(OTHER, "Pilots"), (WIRE, "Plan"), (RAIN, "Plan")]):
        settle(store, [arrival("daily.test/live", text, title=title)], minutes)
    batch = settle(store, [arrival("daily.test/live", WIRE, outlet="", title="Envoys")], 3)
    assert (len(batch.articles), len(batch.revisions)) == (0, 1)


def test_a_text_taken_back_twice_has_no_identifier_twice(store: Store) -> None:
    for minutes, (text, title) in enumerate([(OTHER, "Pilots"), (WIRE, "Plan"), (WIRE, "Plan")]):
        settle(store, [arrival("daily.test/live", text, title=title, outlet="")], minutes)
        if text is WIRE:
            prints = (text_print(WIRE),)
            with store.turn() as con:
                withdraw(con, "run", Withdrawal(
                    url_keys=("daily.test/live",), text_prints=prints, detail="", rule_version="1",
                    reason=Reason.REPEATED_TEXT), later(minutes=minutes))  # fmt: skip
    settle(store, [arrival("daily.test/live", WIRE, outlet="", title="Plan")], 3)
    with store.turn() as con:
        names = con.execute("select article_id from kept.readings").fetchall()
    assert len(names) == len(set(names)) == 4


def test_a_changed_number_is_a_revision(store: Store) -> None:
    settle(store, [arrival("daily.test/a", WIRE)])
    corrected = WIRE.replace("twelve points", "thirteen points")
    batch = settle(store, [arrival("daily.test/a", corrected)], 1)
    assert len(batch.revisions) == 1


def test_a_copy_elsewhere_is_its_own_article_in_the_same_story(store: Store) -> None:
    trimmed = "\n\n".join(WIRE.split("\n\n")[:5])
    settle(store, [arrival("daily.test/a", WIRE, agencies=("AP",))])
    settle(store, [arrival("other.test/x", trimmed, outlet="Other", title="Envoys weigh plan")], 1)
    assert stories(store) == {frozenset({"https://daily.test/a", "https://other.test/x"})}


def test_the_order_of_arrival_changes_no_story(tmp_path: Path) -> None:
    arrivals = [
        arrival("daily.test/a", WIRE),
        arrival("other.test/x", "\n\n".join(WIRE.split("\n\n")[:5]), outlet="Other"),
        arrival("third.test/y", WIRE.replace("Friday", "Saturday"), outlet="Third"),
        arrival("daily.test/pilots", OTHER, title="Pilots"),
    ]
    found = []
    for number, order in enumerate([*permutations(arrivals)][::5]):
        made = Store(tmp_path / f"{number}.duckdb", tmp_path / f".{number}", lambda: NOON)
        made.prepare()
        for minutes, one in enumerate(order):
            settle(made, [one], minutes)
        found.append(stories(made))
    assert all(one == found[0] for one in found)
    assert len(found[0]) == 2
