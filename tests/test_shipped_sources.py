"""The sources that ship: enough of them, from enough places, each with its evidence, none dead."""

import csv
import re
from pathlib import Path

import pytest

from flows.core.settings import load_settings
from flows.core.text.listing_markup import chosen, html_tree
from flows.core.urls import host_of, url_key

CONFIG = Path(__file__).parents[1] / "config"
SOURCES = load_settings(CONFIG).sources
ENABLED = [source for source in SOURCES if source.enabled]
TEXT = (CONFIG / "sources.toml").read_text(encoding="utf-8")
EVIDENCE = CONFIG.parent.parent / "shared" / "data" / "feeds" / "sources_evidence_2026-11.csv"

# Every address of these refused honest clients in 2026: the comments in the file say when
REFUSING = {
    "www.president.gov.ua", "mfa.gov.ua", "www.diplomatie.gouv.fr", "ecfr.eu", "www.efe.com",
    "www.pap.pl", "www.nieuwsblad.be", "www.pna.gov.ph",
}  # fmt: skip


def test_they_come_from_sixty_countries_in_twenty_five_languages() -> None:
    assert len(ENABLED) >= 280
    assert len({source.country for source in ENABLED}) >= 60
    assert len({source.language for source in ENABLED}) >= 25


def test_each_says_language_country_character_and_zone() -> None:
    for source in SOURCES:
        assert source.language, source.source_id
        assert source.country, source.source_id
        assert source.character, source.source_id


def test_no_address_is_asked_twice() -> None:
    keys = [url_key(source.url) for source in SOURCES]

    assert len(keys) == len(set(keys))


def test_each_entry_stands_under_its_evidence() -> None:
    assert len(re.findall(r"^# .+\n\[\[source\]\]$", TEXT, re.MULTILINE)) == len(SOURCES)


def test_who_is_not_asked_says_since_when_or_why() -> None:
    blocks = re.findall(r"((?:^# .+\n)+)\[\[source\]\]\n((?:.+\n)+)", TEXT, re.MULTILINE)
    off = [comment for comment, entry in blocks if "\nenabled = false" in entry]

    assert len(off) == len(SOURCES) - len(ENABLED)
    assert all(re.search(r"\(20\d\d-\d\d|headlines only", comment) for comment in off)


def test_nobody_is_asked_who_refuses_everyone() -> None:
    assert not {host_of(source.url) for source in ENABLED} & REFUSING


def test_nothing_known_to_be_dead_or_moved_is_asked() -> None:
    if not EVIDENCE.exists():
        pytest.skip(f"{EVIDENCE} is not there")
    with EVIDENCE.open(encoding="utf-8", newline="") as rows:
        left = {row["url"] for row in csv.DictReader(rows) if row["verdict"] in ("dead", "moved")}

    assert not {source.url for source in ENABLED} & left


def test_every_selector_is_one() -> None:
    tree = html_tree(b"<a href='/2026/11/28/a'>a</a>")
    assert tree is not None

    lists = [source for source in SOURCES if source.kind == "list"]

    assert lists
    for source in lists:
        assert chosen(tree, source.selector or "") is not None, source.source_id


def test_the_sides_of_the_topic_are_watched_in_their_own_languages() -> None:
    watched = {(source.country, source.language) for source in ENABLED}

    assert {("CN", "zh"), ("RU", "ru"), ("UA", "uk"), ("TW", "zh")} <= watched


def test_official_sites_of_all_three_sides_and_the_un_are_watched() -> None:
    official = {one.country for one in ENABLED if one.character == "official"}

    assert {"CN", "RU", "UA", "UN"} <= official


def test_chinas_wire_party_press_and_government_are_watched_in_both_languages() -> None:
    hosts = {".".join(host_of(one.url).split(".")[-3:]) for one in ENABLED if one.country == "CN"}
    ways = {
        (one.source_id.partition("-")[0], one.language) for one in ENABLED if one.country == "CN"
    }

    assert {"english.news.cn", "www.news.cn", "www.globaltimes.cn", "www.cgtn.com"} <= hosts
    assert {(who, language) for who in ("xinhua", "peoples", "mfa", "gov") for language in
            ("en", "zh")} <= ways  # fmt: skip


def test_an_outlet_whose_pages_refuse_everyone_is_counted_by_its_headlines() -> None:
    walled = {source.source_id for source in ENABLED if source.headlines_only}

    assert "reuters" in walled
