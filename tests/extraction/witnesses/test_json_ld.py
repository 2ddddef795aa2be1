"""What is read from JSON-LD, whole and broken."""

import pytest
from lxml.html import document_fromstring

from flows.extraction.witnesses.claims import Claims, Kind
from flows.extraction.witnesses.json_ld import About, LinkedData, address_of, linked_data
from tests.extraction.pages import json_ld


def _read(*blocks: str) -> LinkedData:
    return linked_data(
        document_fromstring("<html><head>" + "".join(map(json_ld, blocks)) + "</head></html>")
    )


def _first(*blocks: str) -> Claims:
    return _read(*blocks).articles[0]


@pytest.mark.parametrize(
    "block",
    [
        '{"@type":"NewsArticle","headline":"Talks"}',
        '[{"@type":"WebSite","name":"x"},{"@type":["Article","NewsArticle"],"headline":"Talks"}]',
        '{"@graph":[{"@type":"https://schema.org/NewsArticle","headline":"Talks"}]}',
        '{"@type":"WebPage","mainEntity":{"@type":"NewsArticle","headline":"Talks"}}',
        '<!-- {"@type":"NewsArticle","headline":"Talks"} -->',
        '{"@type":"NewsArticle","headline":"Talks",}',
        '{"@type":"NewsArticle","headline":"Talks"};',
        '{"@type":"NewsArticle","articleBody":"a\nb","headline":"Talks"}',
    ],
)
def test_the_article_is_found_wherever_it_stands(block: str) -> None:
    assert _first(block).titles == ("Talks",)


def test_the_most_specific_node_speaks_first() -> None:
    read = _read('{"@type":"WebPage","name":"x"}', '{"@type":"NewsArticle","headline":"Talks"}')
    assert read.articles[0].titles == ("Talks",)
    assert read.types == {"webpage", "newsarticle"}


def test_authors_are_followed_by_reference() -> None:
    block = (
        '{"@graph":[{"@type":"NewsArticle","author":{"@id":"#jane"}},'
        '{"@id":"#jane","@type":"Person","name":"Jane Doe"}]}'
    )
    assert [(c.name, c.kind) for c in _first(block).credits] == [("Jane Doe", Kind.PERSON)]


@pytest.mark.parametrize("free", ["false", '"False"'])
def test_a_pay_wall_is_told_by_boolean_or_word(free: str) -> None:
    assert _first(f'{{"@type":"NewsArticle","isAccessibleForFree":{free}}}').free_to_read is False


@pytest.mark.parametrize(
    "block", ["", "{", "null", "[" * 5_000, '{"@type":' * 5_000, '{"@type":1}', '"text"']
)
def test_what_cannot_be_mended_is_silence(block: str) -> None:
    assert _read(block).articles == ()


_OWN = '{"@type":"NewsArticle","url":"https://www.daily.test/talks","headline":"Talks"}'
_OTHER = '{"@type":"NewsArticle","url":"https://daily.test/storm?x=1","headline":"A storm"}'
_THIRD = '{"@type":"NewsArticle","url":"https://daily.test/vote","headline":"A vote"}'
_PAGE = About(addresses=frozenset({address_of("https://daily.test/talks/")}))


def _about(about: About, *blocks: str) -> LinkedData:
    html = "<html><head>" + "".join(map(json_ld, blocks)) + "</head></html>"
    return linked_data(document_fromstring(html), about)


@pytest.mark.parametrize(
    "about", [_PAGE, About(headlines=frozenset({"talks"}))], ids=["address", "headline"]
)
def test_of_several_articles_the_pages_own_speaks(about: About) -> None:
    read = _about(about, _OTHER, _OWN, _THIRD)
    assert [claims.titles for claims in read.articles] == [("Talks",)]


def test_articles_of_a_list_make_no_page_an_article() -> None:
    block = (
        '{"@type":"CollectionPage","mainEntity":{"@type":"ItemList","itemListElement":'
        f'[{{"@type":"ListItem","item":{_OTHER}}},{{"@type":"ListItem","item":{_THIRD}}}]}}}}'
    )
    read = _about(_PAGE, block)
    assert read.articles == ()
    assert "newsarticle" not in read.types
    assert "collectionpage" in read.types


def test_articles_that_are_all_elsewhere_make_no_page_an_article() -> None:
    assert _about(_PAGE, f"[{_OTHER},{_THIRD}]").articles == ()


def test_one_article_with_another_address_is_believed() -> None:
    assert _about(_PAGE, _OTHER).articles[0].titles == ("A storm",)


def test_a_live_blog_begins_with_its_coverage() -> None:
    block = '{"@type":"LiveBlogPosting","coverageStartTime":"2023-02-24T01:00:00Z"}'
    assert _first(block).published == ("2023-02-24T01:00:00Z",)


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ('"Jane Doe"', ["Jane Doe"]),
        ('["Jane Doe","John Roe"]', ["Jane Doe", "John Roe"]),
        ('{"name":"Jane Doe"}', ["Jane Doe"]),
        ('{"@type":"Person","name":["Jane Doe","John Roe"]}', ["Jane Doe", "John Roe"]),
        ('{"@type":["Person","Thing"],"name":{"@value":"Jane Doe"}}', ["Jane Doe"]),
        ('[[{"@type":"Person","givenName":"Jane","familyName":"Doe"}]]', ["Jane Doe"]),
        ('"https://daily.test/people/jane-doe"', []),
        ('{"@type":"Person","url":"https://daily.test/people/jane-doe"}', []),
        ('{"@id":"#nobody"}', []),
        ("null", []),
        ("7", []),
    ],
)
def test_authors_are_written_in_many_ways(author: str, names: list[str]) -> None:
    block = f'{{"@type":"NewsArticle","author":{author}}}'
    assert [credit.name for credit in _first(block).credits] == names
