from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from flows.rehearsal.loopback import Answer, Request
from flows.rehearsal.timeline import END, START
from flows.rehearsal.web import NewsWeb
from tests.rehearsal.places import SEEDS


def _get(
    url: str, now: datetime = START, headers: Mapping[str, str] = MappingProxyType({})
) -> Answer:
    host, _, target = url.removeprefix("http://").partition("/")
    web = NewsWeb(SEEDS, now)
    return web(Request(method="GET", host=host, target=f"/{target}", headers=headers))


def _header(answer: Answer, name: str) -> str | None:
    return dict(answer.headers).get(name)


def test_a_page_is_not_there_before_it_is_published() -> None:
    url = "http://evening-mirror.test/world/kremlin-thanks-beijing-4479"
    assert _get(url, START).status == 404
    assert _get(url, START + timedelta(hours=1)).status == 200


def test_a_feed_that_has_not_changed_answers_304_to_its_etag() -> None:
    url = "http://harbour-courier.test/world/atom.xml"
    etag = _header(_get(url), "ETag")
    assert etag is not None
    again = _get(url, START + timedelta(minutes=1), {"if-none-match": etag})
    assert (again.status, again.body) == (304, b"")


def test_a_feed_that_has_changed_answers_in_full() -> None:
    url = "http://meridian-press.test/feeds/top.rss"
    etag = _header(_get(url), "ETag")
    assert etag is not None
    assert _get(url, END, {"if-none-match": etag}).status == 200


def test_tracking_parameters_and_the_amp_path_lead_to_the_same_page() -> None:
    path = "/world/2023/feb/24/brussels-weighs-chinese-offer"
    pages = {
        _get(f"http://harbour-courier.test{form}").body
        for form in (path, f"{path}?utm_source=feed", f"/amp{path}")
    }
    assert len(pages) == 1


def test_a_moved_piece_answers_at_its_old_path_until_it_moves() -> None:
    url = "http://kurier-nadwislanski.test/pilne/1190"
    moved = _get(url, datetime(2023, 2, 24, 10, 45, tzinfo=UTC))
    assert _get(url, datetime(2023, 2, 24, 10, 0, tzinfo=UTC)).status == 200
    assert (moved.status, _header(moved, "Location")) == (
        301,
        "/swiat/pekin-wysle-emisariusza-do-kijowa,1190",
    )


def test_a_broken_host_answers_everything_but_robots_with_its_error() -> None:
    assert _get("http://broken-gazette.test/robots.txt").status == 200
    assert _get("http://broken-gazette.test/feed").status == 500


def test_robots_are_told_what_is_forbidden() -> None:
    assert b"Disallow: /members/" in _get("http://northern-ledger.test/robots.txt").body


def test_a_page_that_turned_into_a_consent_wall_holds_nothing_of_its_text() -> None:
    url = "http://dnipro-visnyk.test/news/2023/02/24/zelenskyi-hoche-zustritysia-z-si"
    later = datetime(2023, 2, 24, 12, 0, tzinfo=UTC)
    page = _get(url, datetime(2023, 2, 24, 10, 0, tzinfo=UTC)).body.decode()
    assert "Левандовська" in page
    assert "Левандовська" not in _get(url, later).body.decode()


def test_pages_are_in_the_encoding_of_their_outlet() -> None:
    body = _get("http://volga-listok.test/news/2023-02-24/ledohod-na-volge.html").body
    assert "Ледоход" in body.decode("windows-1251")


def test_bodies_are_packed_for_those_who_accept_it() -> None:
    url = "http://meridian-press.test/feeds/top.rss"
    packed = _get(url, headers={"accept-encoding": "gzip, br"})
    assert _header(packed, "Content-Encoding") == "gzip"
    assert len(packed.body) < len(_get(url).body)


def test_a_slow_host_takes_its_time() -> None:
    assert _get("http://slow-chronicle.test/feed.xml").delay_seconds > 0


def test_a_page_that_never_comes_stalls() -> None:
    assert _get("http://slow-chronicle.test/africa/the-page-that-never-comes").stalls


def test_a_name_that_is_no_outlet_is_misdirected() -> None:
    assert _get("http://nobody.test/").status == 421


def test_counters_change_the_bytes_and_leave_the_words() -> None:
    url = "http://harbour-courier.test/world/2023/feb/24/what-beijing-wants-from-its-plan"
    early, late = _get(url, START).body, _get(url, END).body
    assert early != late
    assert b"is a marker laid on the table" in late
