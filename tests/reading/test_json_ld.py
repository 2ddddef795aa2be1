"""What is read from JSON-LD, whole and broken."""

import pytest
from lxml.html import document_fromstring

from flows.reading.claims import Claims, Kind
from flows.reading.json_ld import LinkedData, linked_data
from tests.reading.pages import json_ld


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
