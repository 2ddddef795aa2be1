"""Texts that stand only in a page's scripts: the state that frameworks draw the page from.

Decides which strings of such a state are the article's: those of the smallest part of it that
holds what the page shows, in order. Refuses to run anything; what is no JSON is passed over.
"""

import html
import json
import re
from collections.abc import Iterator, Sequence

from flows.extraction.paragraphs import Body, body_from

EXTRACTOR = "script"
MAX_STATE_CHARS = 5_000_000
_MAX_DEPTH = 60
_MAX_STRINGS = 20_000
_STATE = re.compile(
    r"<script\b[^>]{0,300}\bid=[\"']?__(?:NEXT|NUXT)_DATA__[^>]{0,300}>"
    r"|\b(?:window|self|globalThis)(?:\.|\[[\"'])__\w{2,40}__(?:[\"']\])?\s*=\s*"
    r"|\b__\w{0,30}(?:STATE|DATA|PROPS)\w{0,10}__\s*=\s*",
    re.I,
)
_PUSHED = re.compile(r"self\.__next_f\.push\(\s*(?=\[)")
_ROW = re.compile(r"(?:^|\n)[0-9a-f]{1,6}:(?:T[0-9a-f]+,)?")
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/h\d|/blockquote)\b[^>]{0,200}>", re.I)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_LEAST_CHARS = 40  # of a string that may be a paragraph
_KEY_CHARS = 60
_DECODER = json.JSONDecoder(strict=False)


def scripted_bodies(source: str, shown: Body) -> Sequence[Body]:
    """Bodies that the scripts of `source` hold and that begin with what is `shown`."""
    if "__" not in source:
        return ()
    first = next((text for text in shown.paragraphs if len(text) >= 2 * _LEAST_CHARS), None)
    if first is None:
        return ()
    found = []
    for state in _states(source):
        lines = _around(state, _key(first), 0)
        if lines:
            found.append(body_from(lines, EXTRACTOR))
    return found


def _states(source: str) -> Iterator[object]:
    for found in _STATE.finditer(source):
        if (value := _value(source, found.end())) is not None:
            yield value
    rows = "".join(
        part
        for found in _PUSHED.finditer(source)
        if isinstance(pushed := _value(source, found.end()), list)
        for part in pushed[1:2]
        if isinstance(part, str)
    )
    if rows:
        yield [value for row in _ROW.split(rows) if (value := _row(row)) is not None]


def _value(source: str, start: int) -> object:
    """The JSON that begins at `start`; None where none does."""
    text = source[start : start + MAX_STATE_CHARS].lstrip()
    if text.startswith("JSON.parse("):
        inner = _decoded(text.removeprefix("JSON.parse(").lstrip())
        return _decoded(inner) if isinstance(inner, str) else None
    return _decoded(text) if text[:1] in {"{", "["} else None


def _decoded(text: str) -> object:
    try:
        value: object = _DECODER.raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None
    return value


def _row(row: str) -> object:
    """A row of a stream of components: JSON, or a text as it is."""
    row = row.strip()
    if row[:1] in {"{", "["}:
        return _decoded(row)
    return row if len(row) >= _LEAST_CHARS else None


def _around(value: object, key: str, depth: int) -> list[str]:
    """The lines of the smallest part of `value` that holds the paragraph `key` and others."""
    if depth > _MAX_DEPTH:
        return []
    if isinstance(value, str):
        lines = _lines(value)
        return lines if len(lines) > 1 and any(key in _key(line) for line in lines) else []
    for part in _parts(value):
        if lines := _around(part, key, depth + 1):
            return lines
    if isinstance(value, list):
        texts = [line for text in _strings(value, depth) for line in _lines(text)]
        if len(texts) > 2 and any(_key(text).startswith(key) for text in texts):
            return _distinct(texts)
    return []


def _parts(value: object) -> Sequence[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else ()


def _strings(value: object, depth: int) -> Iterator[str]:
    """The strings of `value` that may be paragraphs, in order."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, str):
        if len(value) >= _LEAST_CHARS and " " in value.strip() and "://" not in value[:12]:
            yield value
        return
    for part in _parts(value):
        yield from _strings(part, depth + 1)


def _lines(text: str) -> list[str]:
    """`text` as paragraphs, without its mark-up."""
    text = html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))
    return [line for line in text.split("\n") if line.strip()]


def _distinct(lines: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(lines))


def _key(text: str) -> str:
    return "".join(text.split())[:_KEY_CHARS]
