"""Texts that stand only in scripts."""

import json

import pytest

from flows.extraction.paragraphs import body_from
from flows.extraction.scripted import scripted_bodies
from tests.extraction.pages import PARAGRAPHS

SHOWN = body_from(PARAGRAPHS[:1], "blocks")
_MARKED_UP = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
_LISTED = [{"type": "p", "text": paragraph} for paragraph in PARAGRAPHS]


def _next(value: object) -> str:
    return f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(value)}</script>'


def _pushed(*rows: str) -> str:
    pushes = (json.dumps([1, row]) for row in rows)
    return "".join(f"<script>self.__next_f.push({push})</script>" for push in pushes)


@pytest.mark.parametrize(
    "source",
    [
        _next({"props": {"article": {"title": "Talks", "body": _MARKED_UP}}}),
        _next({"props": {"blocks": _LISTED, "more": [{"text": "Another story of the day. " * 4}]}}),
        f"<script>window.__INITIAL_STATE__ = {json.dumps({'a': {'html': _MARKED_UP}})};</script>",
        f"<script>window.__STATE__=JSON.parse({json.dumps(json.dumps({'b': _LISTED}))})</script>",
        f"<script>window['__PRELOADED_STATE__'] = {json.dumps([_LISTED])}</script>",
        _pushed(f"1:{json.dumps(['$', 'div', None, {'children': _LISTED}])}\n"),
        _pushed("1:T3e8,", _MARKED_UP),
    ],
)
def test_a_state_that_goes_on_as_the_page_begins_holds_the_text(source: str) -> None:
    found = scripted_bodies(source, SHOWN)
    assert [body.paragraphs for body in found] == [PARAGRAPHS]
    assert found[0].extractor == "script"


@pytest.mark.parametrize(
    "source",
    [
        _next({"stories": [{"text": "Another story of the day, told in a sentence. " * 3}] * 3}),
        '<script id="__NEXT_DATA__">{"broken": </script>',
        '<script id="__NEXT_DATA__">' + "[" * 5_000 + "</script>",
        "<script>window.__STATE__ = new Map()</script>",
        "<p>no script</p>",
    ],
)
def test_a_state_without_the_text_holds_none(source: str) -> None:
    assert list(scripted_bodies(source, SHOWN)) == []
