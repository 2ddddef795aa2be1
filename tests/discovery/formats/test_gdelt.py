"""GDELT: which file covers which quarter, what its rows say, and windows split under the cap."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.discovery.formats.gdelt import (
    DOC_CAP,
    bulk_files,
    doc_query,
    parse_articles,
    parse_bulk_file,
    parse_file_list,
    split_window,
    window_complete,
)
from flows.discovery.listing import Child, Entry, Listing, Unreadable

GKG = "http://data.gdeltproject.org/gdeltv2/20230224101500.gkg.csv.zip"
EXPORT = "http://data.gdeltproject.org/gdeltv2/20230224101500.export.CSV.zip"


def zipped(*rows: list[str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.csv", "\n".join("\t".join(row) for row in rows))
    return packed.getvalue()


def gkg(url: str, title: str = "") -> list[str]:
    row = [""] * 27
    row[1], row[4] = "20230224101500", url
    row[26] = f"<PAGE_LINKS>x</PAGE_LINKS><PAGE_TITLE>{title}</PAGE_TITLE>" if title else ""
    return row


def test_the_newest_files_are_named_by_the_list() -> None:
    body = f"150383 297a16b493 {EXPORT}\n4000000 66b03ef2 {GKG}\nrubbish\n".encode()

    found = parse_file_list(body, url="http://data.gdeltproject.org/gdeltv2/lastupdate.txt")

    assert isinstance(found, Listing)
    assert found.children == (
        Child(url=EXPORT, lastmod="20230224T101500Z"),
        Child(url=GKG, lastmod="20230224T101500Z"),
    )


def test_the_files_of_a_window_cover_it_quarter_by_quarter() -> None:
    since = datetime(2023, 2, 24, 10, 7, tzinfo=UTC)

    files = list(bulk_files(since, since + timedelta(minutes=20)))

    assert [file.rpartition("/")[2] for file in files] == [
        "20230224100000.gkg.csv.zip",
        "20230224101500.gkg.csv.zip",
        "20230224103000.gkg.csv.zip",
    ]


def test_a_graph_file_gives_each_article_once_with_its_title_and_when_it_was_seen() -> None:
    body = zipped(
        gkg("https://daily.test/1", "China &amp; peace"),
        gkg("https://daily.test/1"),
        gkg("BBC tape"),
    )

    found = parse_bulk_file(body, url=GKG)

    assert isinstance(found, Listing)
    assert found.entries == (
        Entry(
            link="https://daily.test/1",
            title="China &amp; peace",
            published="20230224T101500Z",
            claim="gdelt_seen",
        ),
    )


def test_only_articles_of_the_hosts_asked_for_are_kept() -> None:
    body = zipped(
        gkg("https://edition.cnn.test/1"),
        gkg("https://notcnn.test/2"),
        gkg("https://www.cnn.test/3"),
        gkg("https://" + "cnn.test." * 2_000 + "cnn.test/4"),  # no host has so many labels
        gkg("https://[cnn.test/5"),
    )

    found = parse_bulk_file(body, url=GKG, hosts={"www.cnn.test"})

    assert isinstance(found, Listing)
    assert [entry.link for entry in found.entries] == [
        "https://edition.cnn.test/1",
        "https://www.cnn.test/3",
    ]


def test_an_event_file_is_read_by_its_own_columns() -> None:
    row = [""] * 61
    row[59], row[60] = "20230224101500", "https://daily.test/1"

    found = parse_bulk_file(zipped(row), url=EXPORT)

    assert isinstance(found, Listing)
    assert [entry.link for entry in found.entries] == ["https://daily.test/1"]


def encrypted() -> bytes:
    """A zip file that asks for a password: bit 0 of the flags, in both headers."""
    body = bytearray(zipped(gkg("x")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        body[body.index(mark) + offset] |= 1
    return bytes(body)


def test_a_field_of_any_length_is_read() -> None:
    row = gkg("https://a.test/1", "A title")
    row[17] = "x" * 200_000

    found = parse_bulk_file(zipped(row), url=GKG)

    assert isinstance(found, Listing)
    assert [entry.title for entry in found.entries] == ["A title"]


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04rubbish", zipped(gkg("x"))[:-30], encrypted()])
def test_a_torn_zip_file_gives_a_reason(body: bytes) -> None:
    assert isinstance(parse_bulk_file(body, url=GKG), Unreadable)


def test_a_zip_bomb_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.csv", b"\0" * 90_000_000)

    found = parse_bulk_file(packed.getvalue(), url=GKG)

    assert isinstance(found, Unreadable)
    assert "unpacks to" in found.problem


def test_an_article_list_of_the_doc_api_is_read() -> None:
    body = json.dumps(
        {
            "articles": [
                {"url": "https://daily.test/1", "title": "One", "seendate": "20230224T101500Z"}
            ]
        }
    )

    found = parse_articles(body.encode(), url="https://api.test/")

    assert isinstance(found, Listing)
    assert found.entries[0] == Entry(
        link="https://daily.test/1", title="One", published="20230224T101500Z", claim="gdelt_seen"
    )


def test_an_error_in_plain_text_is_passed_on() -> None:
    found = parse_articles(b"Your query was too short.", url="https://api.test/")

    assert found == Unreadable(problem="GDELT says: Your query was too short.")


def test_a_query_names_its_window() -> None:
    since = datetime(2023, 2, 24, tzinfo=UTC)

    asked = doc_query("china ukraine", since, since + timedelta(days=1))

    assert "startdatetime=20230224000000&enddatetime=20230225000000" in asked
    assert f"maxrecords={DOC_CAP}" in asked


@given(rows=st.integers(0, DOC_CAP), minutes=st.integers(1, 100_000))
def test_the_halves_of_a_window_are_the_window(rows: int, minutes: int) -> None:
    since = datetime(2023, 2, 24, tzinfo=UTC)
    until = since + timedelta(minutes=minutes)

    halves = split_window(since, until, rows=rows)

    if halves:
        (first, middle), (again, last) = halves
        assert (first, middle, last) == (since, again, until)
        assert since < middle < until
    else:
        assert window_complete(rows) or minutes <= 15


def test_a_row_cut_before_its_address_is_told() -> None:
    rows = [["20230224101500-7", "20230224101500", "1"], ["the end of a title that had a line"]]
    listing = parse_bulk_file(zipped(*rows), url=GKG)
    assert isinstance(listing, Listing)
    assert listing.flaw == "1 row cut before the address"
