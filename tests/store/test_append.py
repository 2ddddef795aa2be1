from typing import Any

import pytest

from flows.core import CopyKind, Verdict
from flows.store import Store
from flows.store.append import append
from flows.store.articles import component, known_articles, near, same_text, texts
from flows.store.batch import Alias, Cause, Membership
from flows.store.judgements import append_judgements
from tests.store.samples import (
    batch,
    judgement,
    later,
    link,
    new_article,
    new_revision,
)


def ask(store: Store, query: str) -> list[tuple[Any, ...]]:
    with store.turn() as con:
        return con.execute(query).fetchall()


def test_an_article_is_a_row_and_its_first_revision(store: Store) -> None:
    with store.turn() as con:
        append(con, batch(new_article("a")))
    assert ask(
        store, "select article_id, url, outlet, source_id, country, revisions from articles"
    ) == [("a", "https://daily.test/a", "The Daily", "daily", "GB", 1)]
    assert ask(store, "select article_id, revision, text, change from revisions") == [
        ("a", 1, "One.\n\nTwo.", None)
    ]


def test_an_article_alone_is_a_story_of_its_own(store: Store) -> None:
    with store.turn() as con:
        append(
            con, batch(new_article("a"), memberships=(Membership(article_id="a", story_id="a"),))
        )
    assert ask(store, "select story_id, copy_of, copy_kind from articles") == [("a", None, None)]


def test_a_copy_shares_the_story_of_its_original(store: Store) -> None:
    told = Membership(article_id="b", story_id="a", copy_of="a", copy_kind=CopyKind.TRIMMED)
    with store.turn() as con:
        append(con, batch(new_article("a"), new_article("b"), memberships=(told,)))
    assert ask(
        store, "select article_id, story_id, copy_of, copy_kind from articles order by 1"
    ) == [
        ("a", "a", None, None),
        ("b", "a", "a", "trimmed"),
    ]
    assert ask(store, "select story_id, articles, outlets, earliest_article_id from stories") == [
        ("a", 2, 1, "a")
    ]


def test_the_newest_membership_counts_even_in_one_instant(store: Store) -> None:
    with store.turn() as con:
        told = (Membership(article_id="b", story_id="a", copy_of="a"),)
        append(con, batch(new_article("a"), new_article("b"), memberships=told))
        append(con, batch(memberships=(Membership(article_id="b", story_id="b"),)))
    assert ask(store, "select story_id, copy_of from articles where article_id = 'b'") == [
        ("b", None)
    ]


def test_a_revision_replaces_the_text_and_keeps_the_old_one(store: Store) -> None:
    with store.turn() as con:
        append(con, batch(new_article("a", "Old.")))
    with store.turn() as con:
        append(con, batch(stored_at=later(hours=1), revisions=(new_revision("a", "New."),)))
    assert ask(store, "select text, revisions from articles") == [("New.", 2)]
    assert ask(store, "select revision, text, change from revisions order by 1") == [
        (1, "Old.", None),
        (2, "New.", 0.25),
    ]


def test_a_better_reading_is_not_counted_as_the_publishers_change(store: Store) -> None:
    with store.turn() as con:
        append(con, batch(new_article("a", "Old.")))
        append(con, batch(revisions=(new_revision("a", "Better.", cause=Cause.READER),)))
    assert ask(store, "select text, revisions from articles") == [("Better.", 1)]
    assert ask(store, "select revision, cause from revisions order by 1") == [
        (1, "publisher"),
        (2, "reader"),
    ]


def test_two_revisions_in_one_batch_follow_each_other(store: Store) -> None:
    with store.turn() as con:
        append(con, batch(new_article("a", "1")))
        append(con, batch(revisions=(new_revision("a", "2"), new_revision("a", "3"))))
    assert ask(store, "select text, revisions from articles") == [("3", 3)]


def test_an_article_judged_off_topic_later_leaves_the_view_and_stays_in_the_past(
    store: Store,
) -> None:
    with store.turn() as con:
        append(con, batch(new_article("a")))
        off = judgement(Verdict.OFF_TOPIC, 0.1)
        append_judgements(con, "run-2", {"a": off}, later(hours=2))
    assert ask(store, "select count(*) from articles") == [(0,)]
    then = "from articles_as_of(timestamptz '2023-02-24 13:00Z')"
    assert ask(store, f"select article_id, relevance {then}") == [("a", 0.9)]
    assert ask(store, "select relevance from judgements order by judged_at") == [(0.9,), (0.1,)]


def test_a_revision_is_judged_anew(store: Store) -> None:
    with store.turn() as con:
        append(con, batch(new_article("a")))
        append_judgements(con, "run-2", {"a": judgement(Verdict.OFF_TOPIC, 0.1)}, later(hours=2))
        newer = new_revision("a", "New.", judgement=judgement(Verdict.BORDERLINE, 0.5))
        append(con, batch(stored_at=later(hours=3), revisions=(newer,)))
    assert ask(store, "select relevance, borderline from articles") == [(0.5, True)]


def test_articles_as_of_shows_the_text_and_story_of_then(store: Store) -> None:
    with store.turn() as con:
        append(con, batch(new_article("a", "Old."), new_article("b", "Copy.")))
        told = (Membership(article_id="b", story_id="a", copy_of="a"),)
        append(
            con,
            batch(
                stored_at=later(hours=1), revisions=(new_revision("a", "New."),), memberships=told
            ),
        )
    then = "from articles_as_of(timestamptz '2023-02-24 12:30Z') order by article_id"
    assert ask(store, f"select article_id, text, story_id, revisions {then}") == [
        ("a", "Old.", "a", 1),
        ("b", "Copy.", "b", 1),
    ]


def test_known_articles_are_found_by_every_key_they_were_met_under(store: Store) -> None:
    with store.turn() as con:
        append(con, batch(new_article("a", aliases=("daily.test/amp/a",))))
        append(con, batch(aliases=(Alias(article_id="a", url_key="m.daily.test/a"),)))
        found = known_articles(
            con, ["daily.test/a", "daily.test/amp/a", "m.daily.test/a", "no.test/"]
        )
    assert {key: [text.article_id for text in stored] for key, stored in found.items()} == {
        "daily.test/a": ["a"],
        "daily.test/amp/a": ["a"],
        "m.daily.test/a": ["a"],
    }


def test_one_key_may_lead_to_two_articles(store: Store) -> None:
    with store.turn() as con:
        append(con, batch(new_article("a"), new_article("b", aliases=("daily.test/a",))))
        found = known_articles(con, ["daily.test/a"])
    assert [text.article_id for text in found["daily.test/a"]] == ["a", "b"]


def test_texts_are_the_newest_with_their_story(store: Store) -> None:
    with store.turn() as con:
        append(con, batch(new_article("a", "Old."), new_article("b")))
        told = (Membership(article_id="b", story_id="a", copy_of="a"),)
        append(con, batch(revisions=(new_revision("a", "New."),), memberships=told))
        found = texts(con, ["a", "b", "absent"])
    assert {key: (text.text, text.story_id, text.copy_of) for key, text in found.items()} == {
        "a": ("New.", "a", None),
        "b": ("One.\n\nTwo.", "a", "a"),
    }


def test_near_counts_shared_fingerprints_for_each_text_asked_about(store: Store) -> None:
    with store.turn() as con:
        append(
            con,
            batch(
                new_article("a", fingerprints=(1, 2, 3, 4_294_967_295)),
                new_article("b", fingerprints=(2, 3)),
                new_article("c", fingerprints=(3,)),
            ),
        )
        found = near(
            con, {"new": (1, 2, 3, 4_294_967_295), "other": (9, 10)}, at_least=2, at_most=200
        )
    assert found == {"new": (("a", 4), ("b", 2))}


def test_a_fingerprint_of_too_many_documents_says_nothing(store: Store) -> None:
    crowd = [new_article(f"a{n}", fingerprints=(7, 8)) for n in range(5)]
    with store.turn() as con:
        append(con, batch(*crowd, new_article("b", fingerprints=(8, 9, 10))))
        found = near(con, {"new": (7, 8, 9, 10)}, at_least=2, at_most=5)
    assert found == {"new": (("b", 2),)}


def test_same_text_is_found_by_its_print(store: Store) -> None:
    with store.turn() as con:
        append(con, batch(new_article("a", "Same."), new_article("b", "Same."), new_article("c")))
        found = same_text(con, ["print of Same.", "print of Other."])
    assert found == {"print of Same.": ("a", "b")}


def test_a_component_holds_everything_connected_and_the_newest_link_of_each_pair(
    store: Store,
) -> None:
    with store.turn() as con:
        first = (link("a", "b"), link("b", "c"), link("d", "e"))
        append(con, batch(links=first))
        append(con, batch(links=(link("a", "b", rule_version="2"),)))
        found = component(con, ["c"])
    assert found.article_ids == ("a", "b", "c")
    assert [(each.a, each.b, each.rule_version) for each in found.links] == [
        ("a", "b", "2"),
        ("b", "c", "1"),
    ]


def test_a_batch_is_stored_whole_or_not_at_all(store: Store) -> None:
    with pytest.raises(KeyError), store.turn() as con:
        append(con, batch(new_article("a"), aliases=(Alias(article_id="absent", url_key="x"),)))
    assert ask(store, "select count(*) from articles") == [(0,)]
