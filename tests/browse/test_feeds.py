import csv
import io
import json
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime

import feedparser
import pytest

from flows.browse.feeds import Entry, Feed, atom, json_feed
from tests.browse.places import Visitor

FEEDS = ("/feed", "/search", "/edits", "/gaps")
_TOLD = {"content-type": "application/atom+xml"}
_ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.mark.parametrize("path", [*FEEDS, "/search.atom?q=peace", "/search.atom?language=uk"])
def test_a_parser_that_is_not_ours_reads_every_atom_feed(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path if "." in path else path + ".atom")
    parsed = feedparser.parse(
        answer.content, response_headers={"content-type": "application/atom+xml"}
    )
    assert not parsed.bozo
    assert parsed.version == "atom10"
    assert parsed.entries
    assert parsed.feed.id
    assert parsed.feed.updated_parsed
    for entry in parsed.entries:
        assert entry.id.startswith("urn:dateline:")
        assert entry.title
        assert entry.updated_parsed
    assert len({entry.id for entry in parsed.entries}) == len(parsed.entries)


@pytest.mark.parametrize("path", FEEDS)
def test_an_atom_feed_has_what_rfc_4287_asks_for(visitor: Visitor, path: str) -> None:
    root = ElementTree.fromstring(visitor.get(path + ".atom").content)
    assert root.tag == f"{_ATOM}feed"
    for name in ("id", "title", "updated"):
        assert len(root.findall(_ATOM + name)) == 1
    assert root.find(f"{_ATOM}author/{_ATOM}name") is not None
    assert root.find(f"{_ATOM}link[@rel='self']") is not None
    for entry in root.findall(f"{_ATOM}entry"):
        for name in ("id", "title", "updated"):
            assert len(entry.findall(_ATOM + name)) == 1
        rels = [(link.get("rel"), link.get("type"), link.get("hreflang"))
                for link in entry.findall(f"{_ATOM}link")]  # fmt: skip
        assert len(rels) == len(set(rels))


@pytest.mark.parametrize("path", FEEDS)
def test_a_json_feed_has_what_its_version_asks_for(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path + ".json")
    feed = json.loads(answer.content)
    assert answer.headers["content-type"].startswith("application/feed+json")
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert isinstance(feed["title"], str)
    assert feed["items"]
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert isinstance(item["content_text"], str)
        for name in ("date_published", "date_modified"):
            if name in item:
                assert datetime.fromisoformat(item[name]).tzinfo is not None
        assert set(item) <= {"id", "url", "title", "content_text", "date_published",
                             "date_modified", "authors", "language", "_dateline"}  # fmt: skip


def test_an_entry_keeps_its_id_wherever_it_is_found(visitor: Visitor) -> None:
    everywhere = json.loads(visitor.get("/feed.json").content)["items"]
    found = json.loads(visitor.get("/search.json?language=uk").content)["items"]
    assert {item["id"] for item in found} <= {item["id"] for item in everywhere}


@pytest.mark.parametrize("text", ["\x00\x0b\ufffe<b>&", "\ud800 lone", "]]>", "\u202eturned"])
def test_any_text_can_stand_in_a_feed(text: str) -> None:
    entry = Entry(ident="urn:x", title=text, updated=datetime(2023, 2, 24, tzinfo=UTC),
                  summary=text, url="https://a.test/\x01", author=text, language=text)  # fmt: skip
    feed = Feed(ident="urn:f", title=text, home=None, own=None, entries=(entry,))
    ElementTree.fromstring(atom(feed, datetime(2023, 2, 24, tzinfo=UTC)))
    assert json.loads(json_feed(feed))["items"][0]["id"] == "urn:x"


def test_a_table_of_a_search_runs_nothing_in_a_spreadsheet(visitor: Visitor) -> None:
    answer = visitor.get("/search.csv?copies=all")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 13
    assert "attachment" in answer.headers["content-disposition"]
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "@"))]
