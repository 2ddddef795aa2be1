"""The sources that ship: enough of them, from enough places, each with its evidence."""

import re
from pathlib import Path

from flows.core.settings import load_settings
from flows.core.urls import url_key

CONFIG = Path(__file__).parents[1] / "config"
SOURCES = load_settings(CONFIG).sources


def test_they_come_from_forty_countries_in_twelve_languages() -> None:
    enabled = [source for source in SOURCES if source.enabled]

    assert len(enabled) >= 150
    assert len({source.country for source in enabled}) >= 40
    assert len({source.language for source in enabled}) >= 12


def test_each_says_language_country_character_and_zone() -> None:
    for source in SOURCES:
        assert source.language, source.source_id
        assert source.country, source.source_id
        assert source.character, source.source_id


def test_no_address_is_asked_twice() -> None:
    keys = [url_key(source.url) for source in SOURCES]

    assert len(keys) == len(set(keys))


def test_each_entry_stands_under_its_evidence() -> None:
    text = (CONFIG / "sources.toml").read_text(encoding="utf-8")

    assert len(re.findall(r"^# .+\n\[\[source\]\]$", text, re.MULTILINE)) == len(SOURCES)


def test_the_sides_of_the_topic_are_watched_in_their_own_languages() -> None:
    watched = {(source.country, source.language) for source in SOURCES if source.enabled}

    assert {("CN", "zh"), ("RU", "ru"), ("UA", "uk"), ("TW", "zh")} <= watched


def test_official_sites_of_all_three_sides_are_watched() -> None:
    official = {one.country for one in SOURCES if one.character == "official" and one.enabled}

    assert {"CN", "RU", "UA"} <= official
