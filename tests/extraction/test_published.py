"""Whom to believe on when an article was published."""

from datetime import UTC, datetime

import pytest

from flows.core import ClaimedTime, Precision, UnreadTime, Zone
from flows.extraction.published import modified_time, published_time
from flows.extraction.witnesses.claims import Claims

LATEST = datetime(2023, 3, 1, tzinfo=UTC)


def _said(origin: str, *raw: str) -> Claims:
    return Claims(origin=origin, published=raw)


def _changed(day: int, origin: str = "sitemap_updated") -> ClaimedTime:
    return ClaimedTime(
        at=datetime(2023, 2, day, 8, tzinfo=UTC),
        precision=Precision.SECOND,
        origin=origin,
        zone=Zone.STATED,
        raw=f"2023-02-{day}T08:00:00Z",
    )


def test_a_day_gives_way_to_a_time_on_that_day() -> None:
    witnesses = (_said("json_ld", "2023-02-24"), _said("meta", "2023-02-24T01:00:00Z"))
    time = published_time(witnesses, None, (), zone=None, latest=LATEST).time
    assert time is not None
    assert (time.origin, time.precision) == ("meta", Precision.SECOND)


def test_a_day_does_not_give_way_to_a_time_on_another_day() -> None:
    witnesses = (_said("json_ld", "2023-02-24"), _said("meta", "2023-02-27T01:00:00Z"))
    time = published_time(witnesses, None, (), zone=None, latest=LATEST).time
    assert time is not None
    assert time.origin == "json_ld"


def test_the_last_resort_is_not_asked_where_a_witness_knows_the_time() -> None:
    def never() -> Claims:
        raise AssertionError

    witnesses = (_said("json_ld", "2023-02-24T01:00:00Z"),)
    assert published_time(witnesses, None, (never,), zone=None, latest=LATEST).time is not None


def test_disagreement_of_more_than_a_day_is_kept() -> None:
    witnesses = (_said("json_ld", "2023-02-24T01:00:00Z"), _said("url", "2022-12-01"))
    published = published_time(witnesses, None, (), zone=None, latest=LATEST)
    assert [time.raw for time in published.alternatives] == ["2022-12-01"]


def test_an_impossible_date_is_told_and_not_stored() -> None:
    claimed = UnreadTime(raw="soon", origin="feed", problem="no date")
    published = published_time(
        (_said("json_ld", "2999-01-01"),), claimed, (), zone=None, latest=LATEST
    )
    assert published.time is None
    assert published.problem is not None
    assert "2999-01-01" in published.problem
    assert "soon" in published.problem


def test_a_modification_before_the_publication_is_none() -> None:
    published = published_time(
        (_said("meta", "2023-02-24T01:00:00Z"),), None, (), zone=None, latest=LATEST
    )
    changed = Claims(origin="meta", modified=("2023-02-20T01:00:00Z",))
    assert modified_time((changed,), published.time, zone=None, latest=LATEST) is None


@pytest.mark.parametrize("origin", ["sitemap_updated", "feed_updated"])
def test_a_sources_time_of_change_never_dates_a_publication(origin: str) -> None:
    published = published_time((), _changed(24, origin), (), zone=None, latest=LATEST)
    assert published.time is None
    assert published.alternatives == ()
    assert published.problem == (
        f"only a time of change is claimed: {origin} '2023-02-24T08:00:00Z'"
    )


def test_a_sources_time_of_change_does_not_refine_a_day() -> None:
    published = published_time(
        (_said("meta", "2023-02-24"),), _changed(24), (), zone=None, latest=LATEST
    )
    assert published.time is not None
    assert published.time.precision is Precision.DAY


def test_a_sources_time_of_change_is_a_modification() -> None:
    published = published_time(
        (_said("meta", "2023-02-23T01:00:00Z"),), _changed(24), (), zone=None, latest=LATEST
    )
    assert published.alternatives == ()
    assert modified_time((), published.time, _changed(24), zone=None, latest=LATEST) == _changed(24)
    assert modified_time((), None, _changed(24), zone=None, latest=LATEST) == _changed(24)


def test_the_pages_modification_goes_before_the_sources() -> None:
    said = Claims(origin="json_ld", modified=("2023-02-26T01:00:00Z",))
    time = modified_time((said,), None, _changed(24), zone=None, latest=LATEST)
    assert time is not None
    assert time.origin == "json_ld"


def test_a_change_before_the_publication_is_kept_as_disagreement() -> None:
    published = published_time(
        (_said("json_ld", "2023-02-27T01:00:00Z"),), _changed(24), (), zone=None, latest=LATEST
    )
    assert published.time is not None
    assert published.time.origin == "json_ld"
    assert published.alternatives == (_changed(24),)


def test_a_midnight_gives_way_to_a_time_on_that_day() -> None:
    witnesses = (
        _said("json_ld", "2023-02-24T00:00:00+08:00"),
        _said("meta", "2023-02-24T09:30:00+08:00"),
    )
    time = published_time(witnesses, None, (), zone=None, latest=LATEST).time
    assert time is not None
    assert time.at == datetime(2023, 2, 24, 1, 30, tzinfo=UTC)


def _claimed(hour: int, *, origin: str = "feed", day: int = 24) -> ClaimedTime:
    return ClaimedTime(
        at=datetime(2023, 2, day, hour, tzinfo=UTC),
        precision=Precision.SECOND,
        origin=origin,
        zone=Zone.STATED,
        raw=f"Fri, {day} Feb 2023 {hour:02d}:00:00 GMT",
    )


@pytest.mark.parametrize(
    "passing",
    [_said("time_tag", "2019-05-12T10:00:00Z"), _said("url", "2019-05-12")],
)
def test_the_feeds_exact_claim_goes_before_what_merely_stands_on_the_page(passing: Claims) -> None:
    time = published_time((passing,), _claimed(9), (), zone=None, latest=LATEST).time
    assert time == _claimed(9)


def test_where_the_feed_is_exact_the_pages_prose_is_not_asked() -> None:
    def never() -> Claims:
        raise AssertionError

    published = published_time((), _claimed(9), (never, never), zone=None, latest=LATEST)
    assert published.time == _claimed(9)


def test_mark_up_goes_before_the_feed() -> None:
    witnesses = (_said("meta", "2023-02-24T08:00:00Z"),)
    published = published_time(witnesses, _claimed(9), (), zone=None, latest=LATEST)
    assert published.time is not None
    assert published.time.origin == "meta"
    assert published.alternatives == (_claimed(9),)


def test_a_disagreement_of_more_than_a_minute_is_kept() -> None:
    witnesses = (
        _said("json_ld", "2023-02-24T10:00:00+08:00"),
        _said("meta", "2023-02-24T12:00:00Z"),
    )
    published = published_time(witnesses, None, (), zone=None, latest=LATEST)
    assert [time.origin for time in published.alternatives] == ["meta"]


@pytest.mark.parametrize("other", ["2023-02-24T01:00:40Z", "2023-02-24"])
def test_claims_that_can_both_be_right_are_no_disagreement(other: str) -> None:
    witnesses = (_said("json_ld", "2023-02-24T01:00:00Z"), _said("meta", other))
    published = published_time(witnesses, None, (), zone=None, latest=LATEST)
    assert published.alternatives == ()
