"""Entries become candidates once each, or are counted with the reason they cannot."""

from datetime import UTC, datetime

import pytest

from flows.core import Candidate, ClaimedTime, Precision, UnreadTime, Zone
from flows.discovery.candidates import candidates_of
from flows.discovery.listing import Entry, Listing
from tests.discovery.support import NOW, source


def found(*entries: Entry, base: str = "https://daily.test/feed.xml", most: int = 2_000):  # type: ignore[no-untyped-def]  # the value is asserted whole
    listing = Listing(form="rss", base=base, entries=entries)
    return candidates_of(listing, source(timezone="Europe/Kyiv"), now=NOW, max_candidates=most)


def test_a_candidate_holds_the_claims_cleaned() -> None:
    (one,) = found(
        Entry(
            link=" /a?x=1&amp;y=2\n",
            title="Xi\x1b[31m &amp; <b>Zelensky</b>\u202e",
            summary="<p>One</p><p>two</p>",
            published="24.02.2023 10:00",
            guid="tag:1",
        )
    ).candidates

    assert one == Candidate(
        url="https://daily.test/a?x=1&y=2",
        url_key="daily.test/a?x=1&y=2",
        source_id="daily",
        seen_at=NOW,
        claimed_title="Xi[31m & Zelensky",
        claimed_summary="One two",
        claimed_at=ClaimedTime(
            at=datetime(2023, 2, 24, 8, tzinfo=UTC),
            precision=Precision.MINUTE,
            origin="feed",
            zone=Zone.SOURCE,
            raw="24.02.2023 10:00",
        ),
        guid="tag:1",
    )


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        (None, "no_link"),
        ("", "no_link"),
        ("javascript:alert(1)", "refused_url"),
        ("file:///etc/passwd", "refused_url"),
        ("mailto:a@b.test", "refused_url"),
        ("https://user:secret@daily.test/", "refused_url"),
        ("https://daily.test/" + "a" * 3_000, "refused_url"),
    ],
)
def test_an_entry_without_a_usable_link_is_counted(link: str | None, reason: str) -> None:
    result = found(Entry(link=link, title="x"))

    assert (result.candidates, result.problems, result.items) == ((), ((reason, 1),), 1)


def test_the_same_url_twice_is_one_candidate() -> None:
    result = found(Entry(link="/a", guid="1"), Entry(link="https://daily.test/a", guid="1"))

    assert len(result.candidates) == 1
    assert result.problems == (("duplicate", 1),)


def test_two_urls_of_one_key_are_two_candidates_for_one_of_them_may_fail() -> None:
    result = found(Entry(link="/a?utm_source=rss", guid="1"), Entry(link="/a", guid="1"))

    assert [one.url for one in result.candidates] == [
        "https://daily.test/a?utm_source=rss",
        "https://daily.test/a",
    ]
    assert result.problems == ()


def test_two_articles_under_one_guid_are_two_candidates() -> None:
    assert len(found(Entry(link="/a", guid="1"), Entry(link="/b", guid="1")).candidates) == 2


def test_a_date_of_change_is_marked_as_one() -> None:
    (one,) = found(Entry(link="/a", updated="2023-02-24T10:00:00Z")).candidates

    assert isinstance(one.claimed_at, ClaimedTime)
    assert one.claimed_at.origin == "feed_updated"


def test_an_unreadable_publication_date_falls_back_to_the_change() -> None:
    (one,) = found(Entry(link="/a", published="soon", updated="2023-02-24")).candidates

    assert isinstance(one.claimed_at, ClaimedTime)


def test_a_date_nobody_can_read_stays_with_its_problem() -> None:
    (one,) = found(Entry(link="/a", published="2999-01-01")).candidates

    assert one.claimed_at == UnreadTime(
        raw="2999-01-01", origin="feed", problem="in the future of the look"
    )


def test_candidates_stand_newest_first_and_the_oldest_are_dropped_over_the_cap() -> None:
    days = [Entry(link=f"/{day}", published=f"2023-02-{day:02}") for day in (3, 1, 4, 2)]

    result = found(*days, most=3)

    assert [one.url[-1] for one in result.candidates] == ["4", "3", "2"]
    assert result.problems == (("beyond_limit", 1),)


def test_undated_candidates_keep_the_order_of_the_source() -> None:
    assert [one.url[-1] for one in found(*(Entry(link=f"/{n}") for n in "cab")).candidates] == [
        "c",
        "a",
        "b",
    ]


def test_a_less_than_sign_is_no_tag() -> None:
    (one,) = found(Entry(link="/a", title="Growth < 5% and > 3%")).candidates

    assert one.claimed_title == "Growth < 5% and > 3%"


def test_a_bent_base_falls_back_to_the_source() -> None:
    (one,) = found(Entry(link="/a"), base="tag:nothing").candidates

    assert one.url == "https://daily.test/a"


def test_each_odd_link_is_counted_and_hides_no_other() -> None:
    odd = ("https://256.1../", "https://a..b/x", "https://" + "a" * 64 + ".test/",
           "https://[:1]/", "https://xn--a\u200d.test/", "https://\ud800/", "\0",
           "https://pa%00per.test/")  # fmt: skip
    fine = ("https://☃.net/x", "https://" + "m." * 100 + "daily.test/m")

    result = found(*(Entry(link=link) for link in (*odd, "/a", *fine)))

    assert [one.url for one in result.candidates] == [
        "https://daily.test/a", "https://xn--n3h.net/x", fine[1],
    ]  # fmt: skip
    assert result.problems == (("refused_url", len(odd)),)


def test_a_link_that_carries_an_article_is_that_article_and_listed_once() -> None:
    links = (
        "https://www.google.com/url?rct=j&sa=t&url=https%3A%2F%2Fdaily.test%2Fa&ct=ga",
        "http://www.bing.com/news/apiclick.aspx?tid=1&url=https%3a%2f%2fdaily.test%2fa&c=2",
        "https://daily.test/a",
    )

    result = found(*(Entry(link=link) for link in links))

    assert [one.url for one in result.candidates] == ["https://daily.test/a"]
    assert result.problems == (("duplicate", 2),)
