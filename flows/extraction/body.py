"""The text of an article as paragraphs: whose reading of the body is believed.

The block model reads every page; its sureness says which pages trafilatura reads, too, and there
both are heard about each block. What the page holds only in a script (JSON-LD's `articleBody`, the
state of a script's framework) is believed where it goes on as the visible text begins: publishers
show a teaser and keep the text. Where all fail, resiliparse.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import replace

from lxml.html import HtmlElement

from flows.extraction.block_features import Said
from flows.extraction.block_model import BlockModel
from flows.extraction.containers import long_paragraphs, without_following
from flows.extraction.judged_body import Judgement, judged_body, read_together
from flows.extraction.paragraphs import Body, body_from
from flows.extraction.ruled_body import LEAST_CHARS, plain_body, ruled_body
from flows.extraction.scripted import scripted_bodies

# Of the gold's articles one in fourteen is less sure than this
_UNSURE = 0.25
_LEAST_SURE_CHARS = 250
_TEASER_CHARS = 2_000  # a longer text is no teaser (unmeasured)
_LONGER = 1.5
_KEY_CHARS = 60
_TAG = re.compile(r"<(?:br|/p|/div|/li|/h\d)\b[^>]{0,200}>|</?[a-zA-Z][^<>]{0,500}>")


def body_of(
    tree: HtmlElement, source: str, said: Said, claimed: Sequence[str], model: BlockModel
) -> tuple[Body, Judgement]:
    """The body of the page `source` parsed as `tree`, and what the block model makes of the page.

    `said`: what the page's witnesses say; `claimed`: JSON-LD article bodies.
    """
    judged = judged_body(tree, said, model)
    read = judged.body
    if judged.unsure > _UNSURE or read.length < _LEAST_SURE_CHARS:
        read = _together(judged, ruled_body(tree))
    own = without_following(long_paragraphs(tree), read.paragraphs)
    read = replace(read, paragraphs=own)
    for kept in (*map(declared_body, claimed), *_scripted(source, read)):
        if _goes_on(kept, read) or (read.length < LEAST_CHARS <= kept.length):
            read = kept
    return (read if read.paragraphs else plain_body(source)), judged


def declared_body(text: str) -> Body:
    """JSON-LD's `articleBody` as paragraphs: it may hold escaped mark-up."""
    return body_from(_TAG.sub("\n", html.unescape(text)).split("\n"), "json_ld")


def _together(judged: Judgement, ruled: Body) -> Body:
    """What both readers make of an unsure page; trafilatura alone where the model has no text."""
    read = read_together(judged, ruled)
    return read if read.length >= min(LEAST_CHARS, ruled.length) else ruled


def _scripted(source: str, read: Body) -> Sequence[Body]:
    """What scripts of `source` hold, looked for where what was read may be a teaser."""
    return scripted_bodies(source, read) if read.length < _TEASER_CHARS else ()


def _goes_on(kept: Body, read: Body) -> bool:
    """Whether `kept` begins as `read` does and goes on where it ends."""
    if kept.length < max(LEAST_CHARS, _LONGER * read.length) or not read.paragraphs:
        return False
    text = _key(" ".join(kept.paragraphs))
    shown = [_key(paragraph)[:_KEY_CHARS] for paragraph in read.paragraphs if len(paragraph) > 80]
    found = sum(key in text for key in shown)
    return (
        bool(shown) and text.find(shown[0]) in range(_KEY_CHARS * 5) and 5 * found >= 4 * len(shown)
    )


def _key(text: str) -> str:
    return "".join(text.split())
