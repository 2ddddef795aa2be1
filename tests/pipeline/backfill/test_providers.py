"""Each provider is honest about what it could not read, could not see, and cannot know yet."""

import asyncio
import gzip
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest

from flows.core import RunReport
from flows.core.settings import Settings
from flows.pipeline.backfill.work import run_backfill
from flows.pipeline.stages import run_monitor
from flows.rehearsal.loopback import Loopback
from flows.store.backfills import Cell
from tests.pipeline.backfill.past import (
    CRAWL,
    DAILY,
    DOC,
    GDELT,
    WAYBACK,
    Past,
    Piece,
    pieces,
    response,
)
from tests.pipeline.backfill.place import NOW, asked_rows, backfill_of, clock, configured, stored

DAY = date(2024, 2, 29)
NEXT = date(2024, 3, 1)


def piece(number: int, at: datetime, *known_to: str, is_gone: bool = False) -> Piece:
    return Piece(
        host=DAILY, number=number, published_at=at, known_to=frozenset(known_to), is_gone=is_gone
    )


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def run(
    settings: Settings, via: str, since: date = DAY, until: date = DAY
) -> tuple[RunReport, dict[str, Cell]]:
    """The report, and the cells of `daily` by day."""
    plan = replace(
        backfill_of(settings, since, until, [via]),
        sources=tuple(one for one in settings.sources if one.source_id == "daily"),
    )
    report, cells = asyncio.run(run_backfill(settings, plan, clock=clock))
    return report, {str(cell.day): cell for cell in cells}


def known(via: str) -> str:
    return {
        "own": DAILY, "gdelt": GDELT, "gdelt-doc": DOC, "cc-news": CRAWL, "wayback": WAYBACK,
    }[via]  # fmt: skip


@pytest.mark.parametrize("via", ["own", "gdelt", "gdelt-doc", "cc-news", "wayback"])
def test_a_service_that_asks_to_be_left_alone_fails_the_day_and_says_so(
    tmp_path: Path, via: str
) -> None:
    past = Past([piece(1, at(DAY, 9), known(via))], refuses={known(via)})
    with Loopback(past) as web:
        report, cells = run(configured(tmp_path, web.address), via)

    assert cells[str(DAY)].state == "failed"
    assert "left alone" in str(cells[str(DAY)].reason) or "429" in str(cells[str(DAY)].reason)
    assert (report.state, report.sources_failed) == ("failed", 1)


def test_what_an_outlet_refused_for_a_while_is_fetched_when_the_backfill_is_started_again(
    tmp_path: Path,
) -> None:
    past = Past([piece(1, at(DAY, 9), DOC)], refuses={DAILY})
    with Loopback(past) as web:
        settings = configured(tmp_path, web.address)
        _, first = run(settings, "gdelt-doc")
        past.refuses.clear()
        (settings.state_dir / "hosts.sqlite").unlink()  # an hour has passed
        _, second = run(settings, "gdelt-doc")

    assert (first[str(DAY)].state, first[str(DAY)].found) == ("failed", 1)
    assert first[str(DAY)].reason == "1 page could not be fetched (throttled): start again"
    assert (second[str(DAY)].state, second[str(DAY)].attempts) == ("done", 2)
    assert len(stored(settings)) == 1


@pytest.fixture(scope="module")
def bulk_day(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Cell]:
    """A day of GDELT's files of which one was never published; one article came at its end."""
    lacking = f"/gdeltv2/{DAY:%Y%m%d}101500.gkg.csv.zip"
    seen = [piece(1, at(DAY, 9), GDELT), piece(2, at(DAY, 23, 51), GDELT)]
    with Loopback(Past(seen, lacks={lacking})) as web:
        settings = configured(tmp_path_factory.mktemp("bulk"), web.address)
        _, cells = run(settings, "gdelt")
    return settings, cells[str(DAY)]


def test_a_quarter_gdelt_never_published_cannot_be_complete(
    bulk_day: tuple[Settings, Cell],
) -> None:
    _, cell = bulk_day

    assert (cell.state, cell.found) == ("impossible", 1)
    assert cell.reason == (
        "GDELT never published 1 of the 208 files of this day; all others were read"
    )


def a_zip_of(row: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("x.csv", row)
    return buffer.getvalue()


CUT = [a_zip_of(b"20240229101500-7\t20240229101500\t1\thttp")]
HALF = [a_zip_of(b"20240229101500-7\t20240229101500" * 9)[:-150]]
DAMAGED = [b"PK\x03\x04 and no more"]


@pytest.mark.parametrize(
    ("answers", "state", "reason"),
    [
        ([b""], "impossible", "GDELT published damaged 1 of the 208 files of this day; all others"),
        (DAMAGED, "impossible", "GDELT published damaged 1 of the 208 files of this day; all"),
        (HALF, "impossible", "GDELT published damaged 1 of the 208 files of this day; all"),
        (CUT, "impossible", "GDELT published with rows cut short 1 of the 208 files of this day"),
        ([b"PK\x03\x04 cut", None], "done", None),
        (
            [b"PK\x03\x04 cut", b"PK\x03\x04 cut else"],
            "failed",
            "1 quarter not read; http://data.",
        ),
    ],
    ids=["empty", "damaged", "half a zip", "rows cut", "cut once", "cut differently"],
)
def test_a_file_of_gdelt_that_is_none_is_damaged_only_when_it_comes_twice_alike(
    tmp_path: Path, answers: list[bytes | None], state: str, reason: str | None
) -> None:
    target = f"/gdeltv2/{DAY:%Y%m%d}101500.translation.gkg.csv.zip"
    with Loopback(Past([piece(1, at(DAY, 9), GDELT)], spoils={target: answers})) as web:
        settings = configured(tmp_path, web.address)
        _, cells = run(settings, "gdelt")

    cell = cells[str(DAY)]
    assert (cell.state.value, cell.found) == (state, 1)
    assert (cell.reason or "").startswith(reason or "")
    assert len(stored(settings)) == 1


def test_what_gdelt_saw_after_midnight_is_found_for_the_day_before(
    bulk_day: tuple[Settings, Cell],
) -> None:
    settings, _ = bulk_day

    assert [row[1] for row in stored(settings)] == [
        "Talks on the plan for Ukraine, meeting 1",
        "Talks on the plan for Ukraine, meeting 2",
    ]


def test_the_doc_api_is_asked_for_shorter_times_until_no_answer_can_hide_a_row(
    tmp_path: Path,
) -> None:
    many = [
        piece(n, at(DAY, 6) + timedelta(seconds=170 * n), DOC, is_gone=True) for n in range(300)
    ]
    past = Past(many)
    with Loopback(past) as web:
        _, cells = run(configured(tmp_path, web.address), "gdelt-doc")

    asked = [one for one in past.asked if one.startswith(DOC) and "robots" not in one]
    assert (cells[str(DAY)].state, cells[str(DAY)].found) == ("done", 300)
    assert len(asked) == 3


def test_more_in_a_quarter_of_an_hour_than_the_doc_api_shows_cannot_be_complete(
    tmp_path: Path,
) -> None:
    many = [piece(n, at(DAY, 6, 1) + timedelta(seconds=n), DOC, is_gone=True) for n in range(260)]
    with Loopback(Past(many)) as web:
        _, cells = run(configured(tmp_path, web.address), "gdelt-doc")

    assert cells[str(DAY)].state == "impossible"
    assert str(cells[str(DAY)].reason).startswith("250 articles or more in a quarter of an hour")


def test_the_doc_api_cannot_see_what_is_older_than_three_months(tmp_path: Path) -> None:
    old = date(2023, 11, 30)
    past = Past([piece(1, at(old, 9), DOC)])
    with Loopback(past) as web:
        report, cells = run(configured(tmp_path, web.address), "gdelt-doc", old, old)

    assert cells[str(old)].state == "impossible"
    assert (past.asked, report.state) == ([], "completed")


def test_a_crawl_file_that_is_not_there_fails_the_days_it_may_hold(tmp_path: Path) -> None:
    past = Past(pieces(date(2024, 2, 25), date(2024, 3, 1)))
    past.lacks = {name for name in past.warc_files() if "20240229170307" in name}
    with Loopback(past) as web:
        settings = configured(tmp_path, web.address)
        _, cells = run(settings, "cc-news", date(2024, 2, 26), NEXT)

    assert {day: cell.state.value for day, cell in cells.items()} == {
        "2024-02-26": "done",
        "2024-02-27": "done",
        "2024-02-28": "failed",  # what it published late is crawled on the 29th
        "2024-02-29": "failed",
        "2024-03-01": "failed",  # its night lies in the file begun on the 29th
    }


def crawled(
    folder: Path, spoilt: Callable[[bytes], bytes]
) -> tuple[list[str], dict[str, tuple[str, str | None]]]:
    """The URLs stored and how three days end when `spoilt` is what became of the second's file."""
    past = Past([piece(n, at(date(2024, 2, 27 + n), 9), CRAWL, is_gone=True) for n in range(3)])
    second = next(name for name in past.warc_files() if "20240228050307" in name)
    past.spoils[second] = [spoilt(past.warc(second))]
    with Loopback(past) as web:
        settings = configured(folder, web.address)
        _, cells = run(settings, "cc-news", date(2024, 2, 27), date(2024, 2, 29))
    stated = {day: (cell.state.value, cell.reason) for day, cell in cells.items()}
    return [str(row[0])[-6:] for row in stored(settings)], stated


def test_a_broken_member_of_the_crawl_costs_nothing_behind_it_and_its_days_are_not_done(
    tmp_path: Path,
) -> None:
    noise = gzip.compress(
        response("http://daily.test/other", at(DAY, 9), Random(7).randbytes(5000))
    )
    stored_urls, cells = crawled(
        tmp_path, lambda file: noise[:2000] + b"\xff\0" + noise[2002:] + bytes(512) + file
    )

    assert stored_urls == ["plan-0", "plan-1", "plan-2"]
    assert {state for state, _ in (cells["2024-02-27"], cells["2024-02-28"])} == {"failed"}
    assert str(cells["2024-02-28"][1]).startswith("not read: 1 broken gzip member (CC-NEWS-2024022")
    assert cells["2024-02-29"] == ("done", None)


@pytest.mark.parametrize(
    ("kind", "date_", "state", "reason"),
    [
        ("response", "9999-12-31T23:59:59-12:00", "failed", "1 record without a WARC-Date that"),
        ("revisit", "2024-02-28T06:00:00Z", "impossible", "1 revisit record whose page is not h"),
    ],
)
def test_a_record_of_the_crawl_that_is_not_read_keeps_its_day_open(
    tmp_path: Path, kind: str, date_: str, state: str, reason: str
) -> None:
    lost = response("http://daily.test/2024/02/28/another", at(DAY, 9), b"<html>")
    lost = lost.replace(b"Type: response", f"Type: {kind}".encode())
    lost = lost.replace(b"2024-02-29T09:00:00Z", date_.encode())
    stored_urls, cells = crawled(tmp_path, lambda file: gzip.compress(lost) + file)

    assert stored_urls == ["plan-0", "plan-1", "plan-2"]
    assert cells["2024-02-28"][0] == state
    assert str(cells["2024-02-28"][1]).startswith(f"not read: {reason}")


def test_a_file_of_the_crawl_that_ends_early_fails_its_days(tmp_path: Path) -> None:
    stored_urls, cells = crawled(tmp_path, lambda file: file[:-30])

    assert stored_urls == ["plan-0", "plan-1", "plan-2"]
    assert str(cells["2024-02-28"][1]).startswith("not read: 1 record cut off by the end of the f")


def test_days_common_crawl_has_not_published_yet_have_failed(tmp_path: Path) -> None:
    past = Past(pieces(date(2024, 2, 25), date(2024, 2, 28)))  # its files end on 2 March
    with Loopback(past) as web:
        _, cells = run(configured(tmp_path, web.address), "cc-news", DAY, NEXT)

    assert [cell.reason for cell in cells.values()] == [
        None,
        "Common Crawl has not published all files of this day yet",
    ]


def test_a_page_that_is_gone_is_stored_as_it_was_captured(tmp_path: Path) -> None:
    gone = piece(1, at(DAY, 9), WAYBACK, is_gone=True)
    with Loopback(Past([gone])) as web:
        settings = configured(tmp_path, web.address)
        run(settings, "wayback")

    assert asked_rows(
        settings,
        "select url, published_at, first_seen_at from articles where origin = 'backfill'",
    ) == [(gone.url, gone.published_at, NOW)]


def test_a_url_found_gone_before_is_still_read_from_an_archive(tmp_path: Path) -> None:
    gone = piece(1, at(DAY, 9), DOC, WAYBACK, is_gone=True)
    with Loopback(Past([gone])) as web:
        settings = configured(tmp_path, web.address)
        run(settings, "gdelt-doc")
        before = stored(settings)
        run(settings, "wayback")

    assert (before, [row[0] for row in stored(settings)]) == ([], [gone.url])


def test_a_day_that_is_not_over_has_failed_and_what_it_holds_is_kept(tmp_path: Path) -> None:
    today = NOW.date()
    early = piece(1, at(today, 1), DOC)
    with Loopback(Past([early])) as web:
        settings = configured(tmp_path, web.address)
        _, cells = run(settings, "gdelt-doc", today, today)

    assert cells[str(today)].state == "failed"
    assert cells[str(today)].reason == "the day was not over when it was read: start again after it"
    assert len(stored(settings)) == 1


def test_coverage_tells_what_a_third_party_saw_from_what_a_source_listed(tmp_path: Path) -> None:
    past = Past(pieces(date(2024, 2, 27), NEXT))
    with Loopback(past) as web:
        settings = configured(tmp_path, web.address)
        run(settings, "wayback", DAY, NEXT)
        run(settings, "own", NEXT, NEXT)

    assert asked_rows(
        settings, "select day, state, reason from coverage where state is not null order by day"
    ) == [
        (DAY, "partial", "backfilled from wayback: what was seen there"),
        (NEXT, "repaired", "backfilled from own, wayback"),
    ]


def test_a_pass_beside_a_backfill_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    past = Past(pieces(date(2024, 2, 24), date(2024, 3, 4)), throttles=5)
    since, until = date(2024, 2, 24), date(2024, 3, 4)

    async def both(settings: Settings) -> Sequence[RunReport]:
        plan = backfill_of(settings, since, until, ["own", "wayback"])
        pass_, (filled, _) = await asyncio.gather(
            run_monitor(settings, clock=clock, all_sources=True),
            run_backfill(settings, plan, clock=clock),
        )
        return pass_, filled

    with Loopback(past) as web:
        settings = configured(tmp_path, web.address)
        reports = asyncio.run(both(settings))
        again = backfill_of(settings, since, until, ["own", "wayback"])
        asyncio.run(run_backfill(settings, again, clock=clock))

    listed = {one.url for one in past.pieces if {DAILY, WAYBACK} & one.known_to}
    kept = asked_rows(settings, "select url from articles where url is not null")
    states = {row[0] for row in asked_rows(settings, "select state from backfills")}
    assert (sorted(str(row[0]) for row in kept), states) == (sorted(listed), {"done"})
    assert all(report.balanced and not report.left_open for report in reports)


def test_what_a_backfill_repaired_stays_repaired_in_the_next_pass(tmp_path: Path) -> None:
    past = Past(pieces(date(2024, 3, 1), date(2024, 3, 4)))
    with Loopback(past) as web:
        settings = configured(tmp_path, web.address)
        asyncio.run(run_monitor(settings, clock=clock, all_sources=True))
        today = NOW.date()
        run(settings, "own", today - timedelta(days=2), today - timedelta(days=2))
        asyncio.run(run_monitor(settings, clock=clock, all_sources=True))

    states = asked_rows(
        settings, "select day, state from coverage where source_id = 'daily' and state is not null"
    )
    assert (today - timedelta(days=2), "repaired") in states


def test_what_was_impossible_is_tried_once_its_source_is_configured_anew(tmp_path: Path) -> None:
    with Loopback(Past([piece(1, at(DAY, 9), DAILY)])) as web:
        settings = configured(tmp_path, web.address)
        (daily,) = (one for one in settings.sources if one.source_id == "daily")
        no_way, no_way_yet = replace(daily, kind="list", selector="a"), replace(daily, kind="list")
        states = []
        for hours, one in enumerate((no_way, no_way_yet, daily)):
            changed = settings.model_copy(update={"sources": (one,)})
            plan = backfill_of(changed, DAY, DAY, ["own"])
            now = partial(_later, hours)
            _, (cell,) = asyncio.run(run_backfill(changed, plan, clock=now))
            states.append(str(cell.state))

    assert states == ["impossible", "impossible", "done"]
    assert len(stored(settings)) == 1


def test_pages_of_a_source_of_headlines_are_not_asked_for_but_read_where_others_keep_them(
    tmp_path: Path,
) -> None:
    with Loopback(Past([piece(1, at(DAY, 9), DAILY, WAYBACK)])) as web:
        settings = configured(tmp_path, web.address)
        entries = [replace(one, headlines_only=True) for one in settings.sources]
        settings = settings.model_copy(update={"sources": tuple(entries)})
        report, cells = run(settings, "own")
        asked = {line.target for line in web.served if line.host == DAILY}
        before = stored(settings)
        run(settings, "wayback")

    skips = asked_rows(settings, "select stage, reason from skips where source_id = 'daily'")
    assert (before, skips) == ([], [("fetch", "headline_only")])
    assert (report.balanced, report.skipped, cells[str(DAY)].state) == (True, 1, "done")
    assert asked == {"/robots.txt", "/sitemap.xml", "/sitemap-2024-02-29.xml"}
    assert len(stored(settings)) == 1


def _later(hours: int) -> datetime:
    return NOW + timedelta(hours=hours)
