import re
from pathlib import Path

import duckdb
import pytest
from lxml import html

from flows.store import Store
from flows.store.append import append
from tests.browse.places import BIDI, PORT, Visitor, site_of, store_in
from tests.store.samples import NOON, batch, new_article

PAGES = (
    "/", "/?by=country&since=2023-02-24", "/search", "/search?q=peace+plan", "/search?language=uk",
    "/search?copies=all&order=oldest&page=2", "/search?mark=copy&copies=all", "/article/eve1",
    "/article/evcp", "/article/evop", "/story/wir1", "/edits", "/edits?order=newest", "/sources",
    "/source/kyiv", "/why", "/why?url=https://daily.test/eve1", "/why?url=nonsense", "/topic",
)  # fmt: skip
HOSTILE = ("/article/evil1", "/article/evil2", "/article/evil3", "/search?order=seen", "/")


def _tree(page: str) -> html.HtmlElement:
    return html.document_fromstring(page)


def _words(page: str) -> str:
    return " ".join(_tree(page).text_content().split())


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_small_and_names_itself(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    tree = _tree(answer.text)
    assert answer.status_code == 200
    assert len(answer.content) < 100_000
    assert tree.get("lang") == "en"
    assert len(tree.findall(".//h1")) == 1
    assert tree.findtext(".//title")


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_scripts_or_styles_within_or_asks_another_machine(
    visitor: Visitor, path: str
) -> None:
    tree = _tree(visitor.get(path).text)
    assert not tree.findall(".//style")
    assert not [script for script in tree.findall(".//script") if script.text]
    assert not [each for each in tree.iter() if "style" in each.attrib]
    assert not [name for each in tree.iter() for name in each.attrib if str(name).startswith("on")]
    fetched = [each.get(name) for each in tree.iter("script", "img", "iframe", "link")
               for name in ("src", "href")]  # fmt: skip
    assert all(place is None or place.startswith("/") for place in fetched)


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_a_page_leads_to_a_page(visitor: Visitor, path: str) -> None:
    for place in {link.get("href", "") for link in _tree(visitor.get(path).text).iter("a")}:
        if place.startswith("/") and not place.startswith(("/archived", "/search?")):
            assert visitor.get(place).status_code == 200, place


@pytest.mark.parametrize("path", PAGES)
def test_every_field_and_picture_has_words(visitor: Visitor, path: str) -> None:
    tree = _tree(visitor.get(path).text)
    for field in tree.iter("input", "select"):
        labelled = field.get("aria-label") or any(up.tag == "label" for up in field.iterancestors())
        assert labelled or field.get("type") == "hidden"
    for picture in tree.iter("svg"):
        assert picture.get("aria-label") or picture.get("aria-hidden")


@pytest.mark.parametrize("path", HOSTILE)
def test_what_is_from_the_web_is_text_and_a_row_stays_a_row(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    tree = _tree(answer.text)
    assert len(answer.content) < 200_000
    assert not tree.findall(".//img")
    assert not [script for script in tree.iter("script") if script.get("src") != "/browse.js"]
    assert not [link for link in tree.iter("a") if link.get("href", "").startswith("javascript")]
    assert not set(answer.text) & set(BIDI) - set(BIDI.encode("ascii", "ignore").decode()[:-1])


def test_markup_in_a_title_is_shown_as_it_was_written(visitor: Visitor) -> None:
    heading = _tree(visitor.get("/article/evil1").text).find(".//h1")
    assert heading is not None
    assert "<script>alert(1)</script>" in heading.text_content()


def test_an_article_tells_its_terms_times_and_ways(visitor: Visitor) -> None:
    page = visitor.get("/article/evop").text
    assert '<mark title="peace plan">peace plan</mark>' in page
    words = _words(page)
    assert "2023-02-25 06:00 UTC to the second, from json ld" in words
    assert "+3 signature" in words


def test_an_edit_is_shown_word_by_word_in_one_text_and_side_by_side(visitor: Visitor) -> None:
    edits = _tree(visitor.get("/edits").text)
    edited = edits.find(".//main//li//a")
    assert edited is not None
    page = _tree(visitor.get(edited.get("href", "")).text)
    assert page.findall(".//ins")
    assert page.findall(".//table[@class='sides']//td")


def test_a_story_tells_who_was_first_and_what_a_copy_cut(visitor: Visitor) -> None:
    words = _words(visitor.get("/story/wir1").text)
    assert "3 articles of one text" in words
    assert "original" in words
    assert "+2 h 00" in words
    assert "What it cut or changed" in words


def test_a_search_folds_copies_and_counts_what_else_could_be_chosen(visitor: Visitor) -> None:
    page = _tree(visitor.get("/search?language=en").text)
    words = " ".join(page.text_content().split())
    assert "and 1 copy" in words
    chosen = page.xpath("//ul[@class='facet']//a[@aria-current='true']/@href")
    assert chosen == ["/search"]


def test_days_of_a_chart_lead_to_their_articles(visitor: Visitor) -> None:
    page = _tree(visitor.get("/search?language=uk").text)
    bars = page.xpath("//figure//a/@href")
    assert "/search?language=uk&since=2023-02-24&until=2023-02-24" in bars
    assert "1 article in 1 story" in _words(visitor.get(bars[0]).text)


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=9999999999", "since=soon", "order=worst", "q=%00%ff",
              "q=" + "x" * 5000, "country=%27;drop", "nothing=1", 'q="', "q=-", "speaker=Wang"],
)  # fmt: skip
def test_nothing_in_an_address_is_an_error(visitor: Visitor, query: str) -> None:
    assert visitor.get(f"/search?{query}").status_code == 200


@pytest.mark.parametrize(
    "path", ["/?since=0001-01-01", "/?since=9999-12-31", "/?by=%00", "/search?outlet=%00",
             "/search?since=0001-01-01&until=9999-12-31", "/edits?order=%ff", "/why?url=%00",
             "/why?url=http://[", "/why?url=" + "x" * 9000, "/search.atom?country=%00&page=7",
             "/search.csv?q=%22%22", "/search?language=en&language=uk"],
)  # fmt: skip
def test_nor_on_any_other_page(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/article/none", "/story/none", "/source/none", "/event/none", "/archived/eve1",
             "/archived/eve1/page", "/statements", "/nothing", "/article/%00", "/../etc/passwd"],
)  # fmt: skip
def test_what_is_not_there_is_said_to_be_missing(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_why_tells_the_life_of_a_url_and_of_one_never_seen(visitor: Visitor) -> None:
    known = _words(visitor.get("/why?url=https://daily.test/run-1-wall").text)
    assert "paywall at fetch" in known
    never = _words(visitor.get("/why?url=https://never.test/x").text)
    assert "Never seen" in never


def test_a_newly_published_file_is_noticed_between_two_requests(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    visitor = Visitor(site_of(tmp_path))
    assert visitor.get("/article/fresh").status_code == 404
    with store.turn() as con:
        append(con, batch(new_article("fresh"), run_id="run-late"))
    store.publish()
    assert visitor.get("/article/fresh").status_code == 200


def test_without_a_store_the_page_says_what_to_do(tmp_path: Path) -> None:
    answer = Visitor(site_of(tmp_path)).get("/")
    assert answer.status_code == 503
    assert "dateline run" in answer.text


def test_an_empty_store_has_every_page(tmp_path: Path) -> None:
    store = Store(tmp_path / "data/dateline.duckdb", tmp_path / "data/.dateline", lambda: NOON)
    store.prepare()
    store.publish()
    visitor = Visitor(site_of(tmp_path))
    for path in ("/", "/search", "/search?q=peace", "/edits", "/sources", "/topic", "/feed.atom",
                 "/feed.json", "/edits.atom", "/gaps.json", "/search.csv", "/why"):  # fmt: skip
        assert visitor.get(path).status_code == 200, path


_LATER = """
create view events as select 'ev1' as event_id, 'Twelve points <b>' as title, 3 as articles,
    2 as stories, 2 as outlets, ['en', 'uk'] as languages, ['GB'] as countries,
    timestamptz '2023-02-24 02:00+00' as since, timestamptz '2023-02-25 02:00+00' as until,
    'eve1' as first_article_id;
create view event_articles as
    select 'ev1' as event_id, unnest(['eve1', 'kyi1', 'wir1']) as article_id;
create view statements as select 'evop' as article_id, 'Wang Yi' as speaker, 'said' as verb,
    'A plan will follow <i>' as statement, 'direct' as kind, ['plan'] as about,
    timestamptz '2023-02-24 02:00+00' as said_at, 'en' as language;
create view mentions as
    select 'evop' as article_id, 'NATO' as entity, 'organisation' as kind, 2 as count;
create view attention as select 'Kyiv Courier' as outlet, date '2023-02-24' as day, 10 as seen,
    2 as on_topic, 0.2 as share;
"""


def test_pages_of_later_views_appear_when_the_file_has_them(tmp_path: Path) -> None:
    store_in(tmp_path)
    with duckdb.connect(str(tmp_path / "data/dateline.duckdb")) as con:
        con.execute(_LATER)
    visitor = Visitor(site_of(tmp_path))
    menu = re.findall(r'<a href="/(\w+)"', visitor.get("/").text)
    assert {"events", "statements", "attention"} <= set(menu)
    for path, said in (
        ("/", "Twelve points <b>"),
        ("/events", "Twelve points <b>"),
        ("/event/ev1", "Китай оприлюднив мирний план"),
        ("/statements", "A plan will follow <i>"),
        ("/statements?speaker=Wang+Yi", "Statements of Wang Yi"),
        ("/attention", "Kyiv Courier"),
        ("/article/evop", "A plan will follow <i>"),
        ("/article/evop", "2 NATO"),
        ("/search?speaker=Wang+Yi", "1 article in 1 story"),
    ):
        answer = visitor.get(path)
        assert answer.status_code == 200
        assert said in _words(answer.text), path


def test_the_port_of_the_pages_is_that_of_the_feeds(visitor: Visitor) -> None:
    assert f"http://127.0.0.1:{PORT}/feed.atom" in visitor.get("/feed.atom").text
