import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.fetch.robots import (
    Robots,
    RobotsStatus,
    Rules,
    answered,
    group_for,
    product_token,
    standing,
    unreachable,
)

CASES = Path(__file__).parents[2] / "../shared/data/robots/google_robots_cases.jsonl"
NOW = datetime(2023, 2, 24, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def _allows(text: str | bytes, path: str = "/x", token: str = "Dateline") -> bool:
    body = text.encode() if isinstance(text, str) else text
    return Rules(group_for(token, body)).allows(f"http://a.test{path}")


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Dateline/0.1", "Dateline"),
        ("Dateline/0.1 (+https://example.org/bot)", "Dateline"),
        ("news_desk-bot", "news_desk-bot"),
        ("007", "007"),
    ],
)
def test_robots_are_asked_with_the_product_token_only(header: str, token: str) -> None:
    assert product_token(header) == token


def test_a_group_for_us_goes_before_the_group_for_all() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: dateline\nDisallow: /private\n"
    assert _allows(text, "/public")
    assert not _allows(text, "/private")


def test_a_version_in_the_group_name_is_no_other_name() -> None:
    assert not _allows("User-agent: Dateline/1.0\nDisallow: /\n")


def test_a_shorter_name_is_another_robot() -> None:
    assert _allows("User-agent: Date\nDisallow: /\n")


def test_a_longer_name_is_another_robot() -> None:
    assert _allows("User-agent: Datelinebot\nDisallow: /\n")


def test_all_groups_that_name_us_are_one() -> None:
    text = "User-agent: Dateline\nDisallow: /a\n\nUser-agent: x\nAllow: /\n\nUser-agent: Dateline\nDisallow: /b\n"  # noqa: E501
    assert (_allows(text, "/a"), _allows(text, "/b"), _allows(text, "/c")) == (False, False, True)


def test_names_in_a_row_share_their_rules() -> None:
    assert not _allows("User-agent: x\nUser-agent: Dateline\nUser-agent: y\nDisallow: /\n")


def test_a_group_with_no_rules_allows_everything() -> None:
    assert _allows("User-agent: *\nDisallow: /\n\nUser-agent: Dateline\nDisallow:\n")


@pytest.mark.parametrize("line", ["Sitemap: http://a.test/s.xml", "Noise: 1", "nothing at all", ""])
def test_other_lines_neither_open_nor_close_a_group(line: str) -> None:
    assert not _allows(f"User-agent: Dateline\n{line}\nDisallow: /\n")
    assert not _allows(f"User-agent: Dateline\nDisallow: /a\n{line}\nDisallow: /\n")


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n",
        b"User-agent: *\r\nDisallow: /\r\n",
        b"User-agent: *\rDisallow: /\r",
        b"\0User-agent: *\nDis\0allow: /\n",
        b"USER-AGENT : * # all\n\tdisallow:/ # of it\n",
        b"useragent: *\ndissalow: /\n",
        b"user-agent *\ndisallow /\n",
        b"User-agent: *\nDisallow: /\nDisallow: \xff\xfe\n",
    ],
    ids=["byte-order mark", "crlf", "cr", "nul", "spaces", "misspelt", "no colons", "no utf-8"],
)
def test_a_file_written_badly_still_forbids(text: bytes) -> None:
    assert not _allows(text)


@pytest.mark.parametrize("text", [b"", b"<html><body>Disallow: /</body></html>", b"\0" * 999])
def test_a_file_that_says_nothing_forbids_nothing(text: bytes) -> None:
    assert _allows(text)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/a", False), ("/a/b", True), ("/a/b.pdf", False), ("/end", False), ("/endless", True)],
)
def test_the_longest_match_decides(path: str, allowed: bool) -> None:
    text = "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /*.pdf$\nDisallow: /end$\n"
    assert _allows(text, path) is allowed


def test_of_equal_matches_the_allowing_one_decides() -> None:
    assert _allows("User-agent: *\nDisallow: /x\nAllow: /x\n")


def test_beyond_500_kib_nothing_is_read() -> None:
    filling = "# " + "a" * 97 + "\n"
    assert _allows("User-agent: *\n" + filling * 5200 + "Disallow: /\n")
    assert not _allows("User-agent: *\n" + filling * 5000 + "Disallow: /\n")


@pytest.mark.parametrize(
    ("said", "seconds"), [("3", 3), ("0.5", 0.5), ("99999999", 60), ("-1", 0), ("x", 0)]
)
def test_a_crawl_delay_is_honoured_up_to_a_minute(said: str, seconds: float) -> None:
    body = f"User-agent: *\nCrawl-delay: {said}\n".encode()
    assert Rules(group_for("Dateline", body)).crawl_delay_seconds == seconds


@given(st.binary(max_size=2000), st.text(max_size=50))
def test_no_file_breaks_the_reader(body: bytes, path: str) -> None:
    rules = Rules(group_for("Dateline", body))
    assert rules.allows(f"http://a.test/{path}") in (True, False)
    assert 0 <= rules.crawl_delay_seconds <= 60


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, b"User-agent: *\nDisallow: /\n", RobotsStatus.RULES),
        (404, b"", RobotsStatus.ABSENT),
        (403, b"", RobotsStatus.ABSENT),
        (302, b"", RobotsStatus.ABSENT),
        (429, b"", RobotsStatus.UNREACHABLE),
        (500, b"", RobotsStatus.UNREACHABLE),
        (503, b"", RobotsStatus.UNREACHABLE),
    ],
)
def test_a_status_allows_forbids_or_is_read(
    status: int, body: bytes, expected: RobotsStatus
) -> None:
    assert answered(status, body, token="Dateline", now=NOW).status is expected


@pytest.mark.parametrize(
    ("max_age", "fresh"),
    [(None, DAY), (timedelta(days=9), DAY), (timedelta(hours=5), 5 * HOUR), (timedelta(0), HOUR)],
)
def test_a_file_is_fresh_for_a_day_at_most_and_an_hour_at_least(
    max_age: timedelta | None, fresh: timedelta
) -> None:
    known = answered(200, b"", token="Dateline", now=NOW, max_age=max_age)
    assert known.fresh_until == NOW + fresh


def _known(days_ago: int) -> Robots:
    at = NOW - timedelta(days=days_ago)
    return answered(200, b"User-agent: *\nDisallow: /\n", token="Dateline", now=at)


def test_a_known_file_stands_in_for_an_unreachable_one() -> None:
    stood_in = standing(_known(2), unreachable("robots.txt answered 503", now=NOW))
    assert (stood_in.status, stood_in.rules) == (RobotsStatus.RULES, _known(2).rules)
    assert (stood_in.fetched_at, stood_in.fresh_until) == (NOW - timedelta(days=2), NOW + HOUR)


def test_after_a_month_it_stands_in_no_longer() -> None:
    failed = unreachable("robots.txt answered 503", now=NOW)
    assert standing(_known(31), failed) == failed


def test_a_new_file_replaces_the_known_one() -> None:
    new = answered(404, b"", token="Dateline", now=NOW)
    assert standing(_known(2), new) == new


# Where we differ from the reference parser: it compares escaped unreserved characters literally,
# RFC 9309 2.2.2 decodes them first.
_DIFFER = {"ID_Encoding": 3}


@pytest.mark.skipif(not CASES.exists(), reason="the data folder is not here")
def test_the_reference_parsers_cases_but_three_come_out_the_same() -> None:
    missed: dict[str, int] = {}
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    for case in cases:
        encoded = case["robots_txt_hex"]
        body = bytes.fromhex(encoded) if encoded else case["robots_txt"].encode()
        if Rules(group_for(case["user_agent"], body)).allows(case["url"]) is not case["allowed"]:
            missed[case["test"]] = missed.get(case["test"], 0) + 1
    assert (len(cases), missed) == (142, _DIFFER)
