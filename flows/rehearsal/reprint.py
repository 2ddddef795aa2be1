"""A reprint of a seed document's story, made from the seed file when it is asked for.

Decides what an outlet that republishes an agency story changes: a lede of its own, a house style
for some words, some paragraphs left out. Nothing of a seed's text is kept here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from flows.rehearsal.outlets import Outlet, Piece, outlets

# The head of a seed: the word `date`, a day, and perhaps a dateline such as `BEIJING (AP)`.
_HEAD = re.compile(r"^\s*date \d{4}-\d{2}-\d{2}\s+(?:[A-Z][A-Z ]+\([A-Z]+\)\s+)?")
# House style: what a desk changes in a text it takes over. Touches about one word in thirty.
_HOUSE_STYLE = (
    ("The United States", "Washington"),
    ("the United States", "the U.S. administration"),
    ("ceasefire", "cease-fire"),
    ("Zelenskyy", "Zelensky"),
    ("at this point", "now"),
    ("In addition", "Also"),
    ("Thursday", "on Thursday"),
)
_LEFT_OUT = 7  # every seventh paragraph falls to the desk's scissors


def outlets_with_reprints(seeds_dir: Path) -> tuple[Outlet, ...]:
    """Every outlet, reprints filled in from the seed documents in `seeds_dir`.

    Of a document that is not there nothing is reprinted.
    """
    seeds = {path.name: path.read_text(encoding="utf-8") for path in seeds_dir.glob("*.txt")}
    return tuple(
        replace(outlet, pieces=tuple(_filled(outlet.pieces, seeds))) for outlet in outlets()
    )


def _filled(pieces: Iterable[Piece], seeds: Mapping[str, str]) -> Iterator[Piece]:
    for piece in pieces:
        if piece.page != "reprint" or piece.copied is None:
            yield piece
        elif seed := seeds.get(piece.copied.piece_url.removeprefix("seed:")):
            yield reprinted(piece, seed)


def reprinted(piece: Piece, seed: str) -> Piece:
    """`piece`, whose own paragraphs are its lede, carrying most of the text of `seed` after it."""
    body = [" ".join(block.split()) for block in _HEAD.sub("", seed).split("\n\n")]
    kept = [
        _in_house_style(paragraph)
        for number, paragraph in enumerate(body, 1)
        if paragraph and number % _LEFT_OUT
    ]
    return replace(piece, paragraphs=(*piece.paragraphs, *kept))


def _in_house_style(paragraph: str) -> str:
    for old, new in _HOUSE_STYLE:
        paragraph = paragraph.replace(old, new)
    return paragraph
