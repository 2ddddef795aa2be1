"""Threats 32 and 51 to 65: what a feed may hold."""

from pathlib import Path

from flows.core import (
    ClaimedTime,
    Look,
    LookStatus,
    Precision,
    Reason,
    Source,
    SourceMemory,
    UnreadTime,
    Zone,
)
from flows.discovery import look
from tests.hostile.server import HTML, floods, says
from tests.hostile.threats import NOW, Register, at_bad, without_growing

LISTED = Register()

_MOST_ENTRIES = 2_000


def _source(source_id: str = "bad") -> Source:
    return Source(
        source_id=source_id, outlet="Bad", kind="feed", url="http://bad.test/feed.xml"
    )  # fmt: skip


def _looked(folder: Path, body: bytes | str, source: Source | None = None) -> Look:
    """One look at a feed of these bytes; nothing else may be asked for."""
    content = body if isinstance(body, bytes) else body.encode()
    found, server = at_bad(
        says(body=content, kind="application/rss+xml"),
        folder,
        lambda web: look(
            source or _source(), web, SourceMemory(source_id=(source or _source()).source_id),
            now=NOW,
        ),
        max_bytes=10_000_000,
        clock=lambda: NOW,
    )  # fmt: skip
    assert [one.path for one in server.asked("bad")] == ["/feed.xml"]
    return found


def _feed(*items: str, before: str = "") -> str:
    told = "".join(f"<item>{item}</item>" for item in items)
    head = f'<?xml version="1.0"?>{before}<rss version="2.0">'
    return f"{head}<channel><title>Bad</title>{told}</channel></rss>"


def _item(number: int, more: str = "") -> str:
    return f"<title>T{number}</title><link>http://bad.test/{number}</link>{more}"


def _dated(folder: Path, date: str) -> ClaimedTime | UnreadTime | None:
    (candidate,) = _looked(folder, _feed(_item(1, date))).candidates
    return candidate.claimed_at


@LISTED.of(32)
def html_as_a_feed(folder: Path) -> None:
    pointing = HTML.replace(
        b"<title>", b'<link rel="alternate" type="application/rss+xml" href="/real.xml"><title>'
    )
    found = _looked(folder, pointing)
    assert (found.status, found.reason) == (LookStatus.FAILED, Reason.NOT_A_LISTING)
    assert "http://bad.test/real.xml" in (found.suggestion or "")


def usual_look(folder: Path) -> None:
    """A look at a feed that means no harm."""
    assert len(_looked(folder, _feed(_item(1), _item(2))).candidates) == 2


def laughed(folder: Path) -> list[str]:
    """The summaries of a feed whose entities stand for 3 GB."""
    levels = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)
    )  # fmt: skip
    laughs = f'<!DOCTYPE rss [<!ENTITY l0 "ha">{levels}]>'
    body = _feed(_item(1, "<description>&l9;</description>"), before=laughs)
    return [one.claimed_summary or "" for one in _looked(folder, body).candidates]


@LISTED.of(51)
def billion_laughs(folder: Path) -> None:
    # expat stops at a hundred times the input, but not below 8 MB; feedparser then holds 92 MB
    summaries = without_growing(laughed, folder, most_kilobytes=120_000)
    assert all(len(one) < 10_000 for one in summaries)


@LISTED.of(52)
def entity_from_a_file_and_definitions_from_the_net(folder: Path) -> None:
    secret = folder / "secret"
    secret.write_text("betrayed", encoding="utf-8")
    outer = '<!DOCTYPE rss SYSTEM "http://bad.test/outer.dtd" '
    before = f'{outer}[<!ENTITY x SYSTEM "file://{secret}">]>'
    body = _feed(_item(1, "<description>&x;</description>"), before=before)
    assert "betrayed" not in repr(_looked(folder, body))


@LISTED.of(53)
def flood_of_comments(folder: Path) -> None:
    flood = f"<description><![CDATA[{'<!--' * 100_000}]]></description>"
    found = _looked(folder, _feed(_item(1, flood)))
    assert [one.url for one in found.candidates] == ["http://bad.test/1"]


@LISTED.of(54)
def hundred_thousand_entries(folder: Path) -> None:
    found = _looked(folder, _feed(*(_item(number) for number in range(100_000))))
    assert len(found.candidates) == _MOST_ENTRIES
    assert dict(found.problems)["beyond_limit"] == 100_000 - _MOST_ENTRIES


def flooded_feed(folder: Path) -> Reason | None:
    """How a look at a feed of 50 MB ends."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 50000000\r\n\r\n"
    found, _ = at_bad(
        floods(head, b"<item></item>" * 5_000),
        folder,
        lambda web: look(_source(), web, SourceMemory(source_id="bad"), now=NOW),
    )
    assert found.status is LookStatus.FAILED
    return found.reason


@LISTED.of(55)
def feed_of_fifty_megabytes(folder: Path) -> None:
    assert without_growing(flooded_feed, folder) is Reason.TOO_LARGE


def _is_no_time(claim: ClaimedTime | UnreadTime | None) -> bool:
    """Unread, with what was wrong with it: it can sort above nothing."""
    return isinstance(claim, UnreadTime) and bool(claim.problem)


@LISTED.of(56)
def date_of_a_far_future(folder: Path) -> None:
    assert _is_no_time(_dated(folder, "<pubDate>Fri, 24 Feb 2999 10:00:00 GMT</pubDate>"))


@LISTED.of(57)
def dates_before_there_was_a_web(folder: Path) -> None:
    for date in ("Sun, 24 Feb 1793 10:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"):
        assert _is_no_time(_dated(folder, f"<pubDate>{date}</pubDate>")), date


@LISTED.of(58)
def impossible_zone_and_no_date(folder: Path) -> None:
    """Of a time whose zone cannot be, no more than the day is believed, and it says so."""
    claim = _dated(folder, "<pubDate>Fri, 24 Feb 2023 10:00:00 +9999</pubDate>")
    assert isinstance(claim, ClaimedTime)
    assert (claim.precision, claim.zone) == (Precision.DAY, Zone.NONE)
    assert claim.raw.endswith("+9999")
    assert _dated(folder, "") is None


@LISTED.of(59)
def date_of_next_week(folder: Path) -> None:
    assert _is_no_time(_dated(folder, "<pubDate>Sat, 28 Nov 2026 12:00:00 GMT</pubDate>"))


@LISTED.of(60)
def one_guid_for_two_items(folder: Path) -> None:
    """Both are kept, each by its own address, whichever comes first."""
    items = [_item(number, "<guid isPermaLink='false'>same</guid>") for number in (1, 2)]
    keys = [
        {one.url_key for one in _looked(folder, _feed(*order)).candidates}
        for order in (items, items[::-1])
    ]
    assert keys == [{"bad.test/1", "bad.test/2"}] * 2


@LISTED.of(61)
def one_guid_in_two_feeds(folder: Path) -> None:
    item = "<guid isPermaLink='false'>same</guid>"
    (first,) = _looked(folder, _feed(_item(1, item))).candidates
    (second,) = _looked(folder, _feed(_item(2, item)), _source("other")).candidates
    assert (first.source_id, first.guid) != (second.source_id, second.guid)
    assert first.url_key != second.url_key


@LISTED.of(62)
def item_without_anything(folder: Path) -> None:
    found = _looked(folder, _feed("<description>Nothing</description>", _item(1)))
    assert [one.url for one in found.candidates] == ["http://bad.test/1"]
    assert sum(count for _, count in found.problems) == 1


@LISTED.of(63)
def line_breaks_in_a_link(folder: Path) -> None:
    (candidate,) = _looked(
        folder, _feed("<title>T</title><link>http://bad.test/a\r\nHost: evil.test</link>")
    ).candidates
    assert candidate.url == "http://bad.test/aHost:%20evil.test"


@LISTED.of(64)
def control_characters(folder: Path) -> None:
    body = _feed("<title>A\x1b[31mB\x07\u202eC</title><link>http://bad.test/a\x01b</link>")
    found = _looked(folder, body)
    texts = [text for one in found.candidates for text in (one.url, one.claimed_title or "")]
    assert not any(sign in text for text in texts for sign in "\x01\x07\x1b\u202e")


@LISTED.of(65)
def look_alike_host(folder: Path) -> None:
    (candidate,) = _looked(
        folder, _feed("<title>T</title><link>http://b\u0430d.test/1</link>")
    ).candidates
    assert candidate.url == "http://xn--bd-7kc.test/1"
