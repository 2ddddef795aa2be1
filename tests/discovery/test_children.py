"""What a look reads below a sitemap or GDELT's list, and how far back it may claim to reach."""

import asyncio
import gzip
from datetime import datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

from flows.core import Look, LookStatus, Source, SourceMemory
from flows.discovery import QUARTER, look
from flows.discovery.children import MAX_FILES
from tests.discovery.support import NOW, Reply, TableWeb, memory, sitemap, sitemap_index, source

HOUR = timedelta(hours=1)
MAP = "https://daily.test/sitemap.xml"
LISTS = "http://data.gdeltproject.org/gdeltv2/lastupdate.txt"
GDELT = source(kind="gdelt", url=LISTS)


def looked(
    replies: dict[str, Reply],
    known: SourceMemory | None = None,
    *,
    of: Source,
    after: timedelta = timedelta(),
) -> Look:
    web = TableWeb(replies, at=NOW + after)
    return asyncio.run(look(of, web, known or memory(), now=NOW + after))


def news(first: int, last: int, *more: tuple[str, str]) -> bytes:
    """A sitemap of articles ten minutes apart from a day before NOW."""
    start = NOW - timedelta(days=1)
    times = [(number, start + timedelta(minutes=10 * number)) for number in range(first, last + 1)]
    return sitemap(
        *((f"https://daily.test/{number}", f"{at:%Y-%m-%dT%H:%M:%SZ}") for number, at in times),
        *more,
    )


ABOUT = ("https://daily.test/about", "2019-05-05")
DAYS_LATER = timedelta(days=5)


def test_a_page_of_years_ago_does_not_connect_a_sitemap_that_drops_its_articles() -> None:
    of = source(kind="sitemap", url=MAP)
    first = looked({MAP: news(100, 143, ABOUT)}, of=of)

    seen = looked({MAP: news(700, 743, ABOUT)}, first.memory, of=of, after=DAYS_LATER)

    assert seen.rolled_over
    assert seen.gap_since == first.memory.newest_item_at


def test_a_sitemap_reaches_back_to_an_instant_not_to_its_day() -> None:
    of = source(kind="sitemap", url=MAP)
    first = looked({MAP: news(75, 90)}, of=of, after=-timedelta(hours=8))

    # later on the same day, and thirty articles on
    seen = looked({MAP: news(100, 129)}, first.memory, of=of)

    assert seen.rolled_over


def test_an_index_with_old_pages_does_not_connect_its_news_of_two_days() -> None:
    of = source(kind="sitemap", url=MAP)
    fresh, pages = "https://daily.test/news.xml", "https://daily.test/pages.xml"
    first = looked(
        {MAP: sitemap_index((fresh, "2026-11-21"), (pages, "2019-05-05")), fresh: news(100, 143)},
        of=of,
    )

    seen = looked(
        {MAP: sitemap_index((fresh, "2026-11-26"), (pages, "2019-05-05")), fresh: news(700, 743)},
        first.memory,
        of=of,
        after=DAYS_LATER,
    )

    assert seen.rolled_over


def test_an_index_by_number_connects_by_the_file_before() -> None:
    of = source(kind="sitemap", url=MAP)
    one, two = "https://daily.test/posts-1.xml", "https://daily.test/posts-2.xml"
    known = memory(newest_item_at=NOW - HOUR, last_success_at=NOW, recent_keys=("daily.test/x",))

    index = sitemap_index((one, "2026-11-01"), (two, "2026-11-26"))
    seen = looked({MAP: index, two: news(700, 743)}, known, of=of, after=DAYS_LATER)

    assert not seen.rolled_over


def test_a_file_that_fails_for_days_is_read_back_to_where_it_failed() -> None:
    of = source(kind="sitemap", url=MAP)
    home, world = "https://daily.test/home.xml", "https://daily.test/world.xml"
    index = sitemap_index((home, "2026-11-26"), (world, "2026-11-26"))
    known = looked({MAP: index, home: news(100, 143), world: news(1000, 1000)}, of=of).memory
    for days in range(1, 5):
        files: dict[str, Reply] = {MAP: index, home: news(100, 143 + 144 * days)}
        known = looked(files, known, of=of, after=timedelta(days=days)).memory
    first_day = ("https://daily.test/world-1", "2026-11-22T09:00:00Z")

    files = {MAP: index, home: news(100, 800), world: news(144, 150, first_day)}
    back = looked(files, known, of=of, after=DAYS_LATER)

    assert first_day[0] in [one.url for one in back.candidates]


def test_a_file_that_fails_for_weeks_is_a_gap() -> None:
    of = source(kind="sitemap", url=MAP)
    home, world = "https://daily.test/home.xml", "https://daily.test/world.xml"
    index = sitemap_index((home, "2026-12-06"), (world, "2026-12-06"))
    known = looked({MAP: index, home: news(100, 143), world: news(90, 99)}, of=of).memory

    files: dict[str, Reply] = {MAP: index, home: news(100, 143 + 144 * 15)}
    seen = looked(files, known, of=of, after=timedelta(days=15))

    assert (seen.rolled_over, seen.gap_since) == (True, known.newest_item_at)
    assert seen.memory.newest_item_at > known.newest_item_at  # type: ignore[operator]  # both are known


def test_files_no_look_asks_for_are_told() -> None:
    children = tuple((f"https://daily.test/part-{n}.xml", "2026-11-21") for n in range(30))
    files: dict[str, Reply] = {url: news(100, 110) for url, _ in children}

    seen = looked({MAP: sitemap_index(*children), **files}, of=source(kind="sitemap", url=MAP))

    assert seen.error == f"{30 - MAX_FILES} files not asked for"


def quarter(at: datetime) -> str:
    return f"http://data.gdeltproject.org/gdeltv2/{at:%Y%m%d%H%M%S}.gkg.csv.zip"


def graph(at: datetime) -> bytes:
    """A file with one article, of another host than any of ours when there are some."""
    row = ["", f"{at:%Y%m%d%H%M%S}", "", "", f"https://daily.test/{at:%H%M}"]
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("gkg.csv", "\t".join(row))
    return packed.getvalue()


def test_a_quarter_that_cannot_be_read_between_others_is_a_gap() -> None:
    known = memory(newest_item_at=NOW - HOUR, last_success_at=NOW - HOUR, recent_keys=("x",))
    quarters = [NOW - HOUR + n * QUARTER for n in (1, 3, 4)]
    files = {quarter(at): graph(at) for at in quarters}

    seen = looked({LISTS: f"1 x {quarter(NOW)}".encode(), **files}, known, of=GDELT)

    assert (seen.rolled_over, len(seen.candidates)) == (True, 3)
    assert (seen.gap_since, seen.gap_until) == (quarters[0], quarters[0] + QUARTER)


def test_quarters_beyond_those_a_look_may_read_are_a_gap_though_none_was_of_our_hosts() -> None:
    week = timedelta(days=7)
    known = memory(last_success_at=NOW - week)
    files = {quarter(at): graph(at) for at in (NOW - n * QUARTER for n in range(MAX_FILES))}
    web = TableWeb({LISTS: f"1 x {quarter(NOW)}".encode(), **files})

    seen = asyncio.run(look(GDELT, web, known, now=NOW, hosts=frozenset({"ours.test"})))

    assert (seen.status, seen.items, seen.rolled_over) == (LookStatus.OK, 0, True)
    assert seen.gap_since == NOW - week
    assert seen.gap_until == NOW - MAX_FILES * QUARTER


def test_what_a_file_below_an_index_holds_beyond_the_limit_is_said() -> None:
    of = source(kind="sitemap", url=MAP)
    part = "https://daily.test/part.xml"
    many = sitemap(*((f"https://daily.test/{n}", "2023-02-24") for n in range(50_003)))

    seen = looked({MAP: sitemap_index((part, "2026-11-21")), part: many}, of=of)

    assert seen.error == f"{part}: 3 more than 50,000 URLs"


def test_a_torn_file_below_an_index_is_said() -> None:
    of = source(kind="sitemap", url=MAP)
    part = "https://daily.test/part.xml.gz"

    seen = looked(
        {MAP: sitemap_index((part, "2026-11-21")), part: gzip.compress(news(1, 99))[:-9]}, of=of
    )

    assert seen.error == f"{part}: its gzip ends before its end"
    assert seen.items == 99


def test_of_very_many_changed_at_once_the_newest_are_offered_and_all_counted() -> None:
    of = source(kind="sitemap", url=MAP)
    old, new = ("2026-11-20", "2026-11-21T09:00:00+08:00")
    many = sitemap(*((f"https://daily.test/{n}", old if n < 8_000 else new) for n in range(10_000)))

    seen = looked({MAP: many}, of=of)

    assert {int(one.url.rpartition("/")[2]) for one in seen.candidates} == set(range(8_000, 10_000))
    assert (seen.items, dict(seen.problems)["beyond_limit"]) == (10_000, 8_000)
