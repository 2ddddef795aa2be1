"""Which listed URLs are asked, and what their pages are: real passes over a small loopback web.

Each test is a few looks at feeds whose items, and pages whose answers, change between them.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.cli.main import dateline
from flows.core import RunReport
from flows.core.settings import Settings, load_settings
from flows.pipeline.stages import run_monitor
from flows.rehearsal.configuration import SourceEntry, write_configuration
from flows.rehearsal.loopback import Answer, Loopback, Request
from flows.store import open_published
from flows.store.check import check_store

PROJECT = Path(__file__).parents[2]
NOW = datetime(2023, 3, 1, 12, tzinfo=UTC)
HOSTS = (
    "s.test", "m.s.test", "www.s.test", "t.test", "index.test", "one.test", "two.test",
    "three.test", "four.test", "five.test",
)  # fmt: skip
GONE, MISSING = Answer(status=410), Answer(status=404)
# Each a text of its own, on the topic, without a sentence or phrase of another
SUBJECTS = {
    "harbour": (
        "Pilots of the harbour heard on Tuesday that China had a peace plan for Ukraine.",
        "A freighter that had waited out the night brought the paper; its captain read it aloud.",
        "Whether Beijing can sway Moscow nobody on the quay would say, though many had doubts.",
    ),
    "cathedral": (
        "Choristers prayed for Ukraine while diplomats weighed China's 12-point peace proposal.",
        "Two winters have broken the cathedral's windows, and glaziers work there by candle.",
        "Its dean called mediation by Beijing a thin hope, and hope the business of the church.",
    ),
    "orchard": (
        "Growers counting frozen blossoms talked instead of Beijing's position paper on Ukraine.",
        "Nine villages had sent baskets to Kyiv last autumn; one of the drivers never came home.",
        "If China's mediation brings a ceasefire, said an old farmer, he will plant in Kherson.",
    ),
    "tramway": (
        "Conductors carried word of the Chinese ceasefire plan for Ukraine up the hill by hand.",
        "Because the cable had snapped at noon, passengers walked and argued about the Kremlin.",
        "By evening a poster at the upper terminus listed what Beijing wants of both armies.",
    ),
    "quarry": (
        "Surveyors at the slate works paused when radio news named China's envoy to Ukraine.",
        "Li Hui would travel to Kyiv and Moscow, it said, to sound out a political settlement.",
        "Their own instruments meanwhile showed another slip of eleven millimetres since Sunday.",
    ),
    "library": (
        "Lanterns lit the room where forty people studied the Chinese peace plan line by line.",
        "Somebody had pinned a map of Ukraine beside it, with the front in red thread.",
        "Sovereignty first, read the librarian, and asked why Beijing would name no aggressor.",
    ),
}


def story(subject: str, title: str | None = None, extra: str = "", head: str = "") -> Answer:
    """A page on the topic."""
    name = title or f"China's peace plan for Ukraine at the {subject}"
    text = "".join(f"<p>{paragraph}</p>" for paragraph in SUBJECTS[subject])
    return html(
        f"<!doctype html><html lang='en'><head><title>{name}</title>{head}</head><body><article>"
        f"<h1>{name}</h1>{text}{extra}</article></body></html>"
    )


def html(text: str) -> Answer:
    return Answer(headers=(("Content-Type", "text/html; charset=utf-8"),), body=text.encode())


FLASH = html("<html><body><article><h1>Flash</h1><p>More follows.</p></article></body></html>")
OFF_TOPIC = html(
    "<html lang='en'><head><title>Weather</title></head><body><article><h1>Weather</h1>"
    "<p>Rain is expected over the northern hills until Thursday, with some sun in the evening.</p>"
    "<p>Fishermen were told to stay ashore, and the ferry will not sail before the weekend.</p>"
    "<p>Gardeners may cover their beds: the first frost of the year could come on Friday.</p>"
    "</article></body></html>"
)


def item(link: str, title: str, guid: str | None = None, at: datetime | None = None) -> str:
    named = f"<guid isPermaLink='false'>{guid}</guid>" if guid else ""
    dated = f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} GMT</pubDate>" if at else ""
    return f"<item><title>{title}</title><link>{link}</link>{named}{dated}</item>"


@dataclass
class Place:
    """A web that tests change, and the program's store about it."""

    settings: Settings
    web: Loopback
    pages: dict[str, Answer] = field(default_factory=dict)

    def feed(self, host: str, *items: str) -> None:
        body = f"<rss version='2.0'><channel><title>{host}</title>{''.join(items)}</channel></rss>"
        self.pages[f"http://{host}/feed"] = Answer(
            headers=(("Content-Type", "application/rss+xml"),), body=body.encode()
        )

    def look(self, minutes: float = 0) -> RunReport:
        at = NOW + timedelta(minutes=minutes)
        report = asyncio.run(run_monitor(self.settings, clock=lambda: at, all_sources=True))
        assert report.balanced
        return report

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with open_published(self.settings.store.path) as published:
            return published.execute(query).fetchall()

    def urls(self) -> set[object]:
        """Where the articles were read."""
        return {url for (url,) in self.rows("select url from articles where origin = 'monitor'")}

    def asked(self) -> Counter[str]:
        """How often each page was asked for."""
        lines = (f"http://{line.host}{line.target}" for line in self.web.served)
        return Counter(one for one in lines if not one.endswith(("/feed", "/robots.txt")))

    def sound(self) -> bool:
        return all(finding.holds for finding in check_store(self.settings.store.path))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    pages: dict[str, Answer] = {}

    def answer(request: Request) -> Answer:
        return pages.get(f"http://{request.host.partition(':')[0]}{request.target}", MISSING)

    with Loopback(answer) as web:
        config = write_configuration(
            tmp_path,
            sources=[
                SourceEntry(source_id=host.partition(".")[0], outlet=f"The {host}", kind="feed",
                            url=f"http://{host}/feed", country=country)
                for host, country in (("s.test", "GB"), ("t.test", "FR"), ("index.test", "US"),
                                      ("one.test", "DE"), ("two.test", "PL"))
            ],
            resolve=dict.fromkeys(HOSTS, web.address),
            topic_path=PROJECT / "config" / "topic.toml",
            seeds_dir=PROJECT / "seeds",
        )  # fmt: skip
        written = config / "dateline.toml"
        # a busy machine may take long to read a page; no page here means harm
        patient = written.read_text().replace("timeout_seconds = 2.0", "timeout_seconds = 60.0")
        written.write_text(patient)
        yield Place(load_settings(config), web, pages)


TWINS = {
    "harbour": ("http://m.s.test/news/harbour", MISSING, "http://s.test/news/harbour"),
    "cathedral": ("http://s.test/cathedral", GONE, "http://s.test/cathedral/"),
    "orchard": ("http://s.test/blossoms-in-the-orchard/amp", FLASH,
                "http://s.test/blossoms-in-the-orchard"),
    "tramway": ("http://s.test/tramway?ref=rss", GONE, "http://s.test/tramway"),
    "quarry": ("http://www.s.test/quarry", MISSING, "http://s.test/quarry"),
    "library": ("http://s.test/library;jsessionid=1", FLASH, "http://s.test/library"),
}  # fmt: skip


@pytest.mark.parametrize("lister", ["s.test", "t.test"], ids=["the same source", "another source"])
def test_a_twin_that_failed_hides_no_article(place: Place, lister: str) -> None:
    for subject, (bad, failure, good) in TWINS.items():
        place.pages |= {bad: failure, good: story(subject)}
    place.feed("s.test", *(item(bad, subject) for subject, (bad, _, _) in TWINS.items()))
    place.look()
    place.feed(lister, *(item(good, subject) for subject, (_, _, good) in TWINS.items()))
    place.look(minutes=10)

    assert place.urls() == {good for _, _, good in TWINS.values()}
    assert place.sound()


def test_within_one_listing_a_twin_is_asked_when_the_first_brings_no_text(place: Place) -> None:
    for subject, (bad, failure, good) in TWINS.items():
        place.pages |= {bad: failure, good: story(subject)}
    both = [item(url, subject) for subject, (bad, _, good) in TWINS.items() for url in (bad, good)]
    place.feed("s.test", *both)
    place.look()

    assert place.urls() == {good for _, _, good in TWINS.values()}
    assert place.sound()


def test_a_twin_of_a_read_page_is_not_asked_unless_its_title_is_another(place: Place) -> None:
    place.pages |= {
        "http://s.test/news/1": story("harbour"),
        "http://s.test/news/2": story("orchard"),
        "http://s.test/news/3": OFF_TOPIC,
        "http://m.s.test/news/2": story("quarry"),
    }
    place.feed("s.test", *(item(f"http://s.test/news/{n}", f"News {n}") for n in (1, 2, 3)))
    place.look()
    place.feed(
        "t.test",
        item("http://www.s.test/news/1?utm_source=t", "Another word for it"),
        item("http://m.s.test/news/1", "NEWS  1"),
        item("http://m.s.test/news/3", "News 3"),
        item("http://m.s.test/news/2", "Of the quarry"),
    )
    place.look(minutes=10)
    place.look(minutes=20)

    assert place.asked() == Counter(
        ["http://s.test/news/1", "http://s.test/news/2", "http://s.test/news/3",
         "http://m.s.test/news/2"]
    )  # fmt: skip
    assert place.urls() == {"http://s.test/news/1", "http://s.test/news/2",
                            "http://m.s.test/news/2"}  # fmt: skip


def test_what_a_listing_newly_says_makes_a_url_due_again(place: Place) -> None:
    links = {name: f"http://s.test/{name}" for name in ("flash", "live", "redated", "renamed")}
    place.pages |= {links["flash"]: FLASH, links["live"]: OFF_TOPIC, links["redated"]: OFF_TOPIC,
                    links["renamed"]: OFF_TOPIC, "http://s.test/steady": OFF_TOPIC}  # fmt: skip
    steady = item("http://s.test/steady", "Steady", "g5", NOW)
    place.feed("s.test", item(links["flash"], "More follows", "g1", NOW),
               item(links["live"], "Live", "g2", NOW), item(links["redated"], "Same", "g3", NOW),
               item(links["renamed"], "Same too", "g4", NOW), steady)  # fmt: skip
    place.look()
    for name, subject in zip(links, ("harbour", "orchard", "quarry", "library"), strict=True):
        place.pages[links[name]] = story(subject)
    later = NOW + timedelta(minutes=5)
    place.feed("s.test", item(links["flash"], "Harbour hears of a plan", "g1b", later),
               item(links["live"], "Orchard hears of a plan", "g2", NOW),
               item(links["redated"], "Same", "g3", later),
               item(links["renamed"], "Same too", "g4b", NOW), steady)  # fmt: skip
    place.look(minutes=10)
    place.look(minutes=20)

    assert place.urls() == set(links.values())
    assert place.asked() == Counter(dict.fromkeys(links.values(), 2) | {
        "http://s.test/steady": 1})  # fmt: skip


def test_a_page_that_is_not_there_yet_is_tried_again_and_not_for_ever(place: Place) -> None:
    late, never = "http://s.test/late", "http://s.test/never"
    place.pages |= {late: MISSING, never: FLASH}
    place.feed("s.test", item(late, "Late", at=NOW), item(never, "Never", at=NOW))
    place.look()
    place.pages[late] = story("harbour")
    for hours in (1, 4, 13, 30, 60):
        place.look(minutes=hours * 60)

    assert place.urls() == {late}
    assert place.asked() == Counter({late: 2, never: 4})


def test_one_address_for_a_new_story_each_day_gives_an_article_each_day(place: Place) -> None:
    days = ("harbour", "orchard", "quarry")
    for day, subject in enumerate(days):
        at = NOW + timedelta(days=day)
        place.pages |= {"http://s.test/today": story(subject, "The day"),
                        "http://t.test/today": story(subject, "The day")}  # fmt: skip
        place.feed("s.test", item("http://s.test/today", "The day", at=at))
        place.feed("t.test", item("http://t.test/today", "The day", guid=f"g{day}"))
        place.look(minutes=day * 1440)

    rows = place.rows("select source_id, revisions from articles where origin = 'monitor'")
    assert sorted(rows) == [("s", 1)] * 3 + [("t", 1)] * 3
    assert place.sound()


def test_a_link_with_a_new_token_at_each_look_is_the_same_item(place: Place) -> None:
    def link(n: int, token: str) -> str:
        forms = (f"http://s.test/n/{n}?v={token}", f"http://s.test/s-{token}/n/{n}")
        return forms[n % 2]

    tokens = ("a1", "b2", "c3", "d4")
    subjects = list(SUBJECTS)
    for number, subject in enumerate(subjects):
        for token in tokens:
            place.pages[link(number, token)] = story(subject)
    for look, token in enumerate(tokens):
        place.feed("s.test", *(
            # two are told by guid and title, two by title and time, two have guids as restless
            item(link(n, token), f"Item {n}", (f"g{n}", None, f"{n}{token}")[n // 2],
                 NOW - timedelta(hours=n))
            for n in range(len(subjects))
        ))  # fmt: skip
        place.look(minutes=10 * look)

    assert len(place.urls()) == len(subjects)
    assert place.asked().total() == len(subjects)
    looks = place.rows("select new_items, rolled_over from source_checks where source_id = 's'")
    assert looks == [(6, False), (0, False), (0, False), (0, False)]
    said = CliRunner().invoke(
        dateline, ["status", "--json", "--config", str(place.settings.config_dir)]
    )
    notes = {one["source_id"]: one["note"] for one in json.loads(said.output)["sources"]}
    assert "its links change at every look" in notes["s"]


def test_a_guid_that_changes_at_each_look_makes_nothing_due(place: Place) -> None:
    for subject in SUBJECTS:
        place.pages[f"http://s.test/{subject}"] = OFF_TOPIC
    for look in range(4):
        place.feed("s.test", *(
            item(f"http://s.test/{subject}", subject, f"{subject}-{look}", NOW)
            for subject in SUBJECTS
        ))  # fmt: skip
        place.look(minutes=20 * look)

    assert set(place.asked().values()) == {1}


def test_a_renamed_address_that_the_old_one_leads_to_is_one_article(place: Place) -> None:
    old, new = "http://s.test/old-name-of-it", "http://s.test/new-name-of-it"
    place.pages[old] = story("harbour")
    place.feed("s.test", item(old, "Old name of it", "g1", NOW))
    place.look()
    place.pages |= {
        old: Answer(status=301, headers=(("Location", new),)),
        new: story("harbour", "New name of it", "<p>One more paragraph came with the name.</p>"),
    }
    place.feed("s.test", item(new, "New name of it", "g1", NOW))
    place.look(minutes=10)

    articles = place.rows("select article_id, url, revisions from articles "
                          "where origin = 'monitor'")  # fmt: skip
    assert [row[1:] for row in articles] == [(new, 2)]
    seen = place.rows("select url, article_id from sightings order by seen_at")
    assert seen == [(old, articles[0][0]), (new, articles[0][0])]


@pytest.mark.parametrize("backwards", [False, True])
def test_the_second_page_of_a_long_read_is_no_revision_of_the_first(
    place: Place, backwards: bool
) -> None:
    first, second = "http://s.test/long-read", "http://s.test/long-read?page=2"
    head = f"<link rel='canonical' href='{first}'>"
    place.pages |= {
        first: story("harbour", "A long read", head=head),
        second: story("quarry", "A long read", head=head),
    }
    both = [item(first, "A long read"), item(second, "A long read")]
    for minutes, one in enumerate(reversed(both) if backwards else both):
        place.feed("s.test", one)
        place.look(minutes=10 * minutes)

    rows = place.rows("select url, revisions from articles where origin = 'monitor' order by 1")
    assert rows == [(first, 1), (second, 1)]


def test_an_index_that_lists_one_text_on_many_hosts_gives_a_row_of_each_outlet(
    place: Place,
) -> None:
    hosts = ("one.test", "two.test", "three.test", "four.test", "five.test")
    named = {"three.test": "Third Post", "four.test": "Daily", "five.test": "Daily"}
    for host in hosts:
        site = f"<meta property='og:site_name' content='{named.get(host, 'x')}'>"
        place.pages[f"http://{host}/wire"] = story("harbour", head=site)
    place.feed("index.test", *(item(f"http://{host}/wire", f"On {host}") for host in hosts))
    place.look()

    rows = place.rows("select url, outlet, country from articles where origin = 'monitor'")
    assert set(rows) == {
        ("http://one.test/wire", "The one.test", "DE"),
        ("http://two.test/wire", "The two.test", "PL"),
        ("http://three.test/wire", "Third Post", None),
        ("http://four.test/wire", "Daily", None),
        ("http://five.test/wire", "Daily", None),
    }
    assert place.rows("select articles, outlets from stories where articles > 1") == [(5, 4)]
