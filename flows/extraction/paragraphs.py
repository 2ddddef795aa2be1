"""The body of an article as paragraphs: the value that every reader of bodies returns."""

from collections.abc import Iterable
from dataclasses import dataclass

from flows.core.text.cleaning import MAX_TEXT_CHARS, clean_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Paragraphs in order, each on one line, and the extractor that read them.

    Of the paragraphs, `headings` head a part of the text and `points` are items of lists.
    """

    paragraphs: tuple[str, ...]
    extractor: str
    headings: frozenset[str] = frozenset()
    points: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)

    @property
    def length(self) -> int:
        """Characters of all paragraphs."""
        return sum(map(len, self.paragraphs))


EMPTY = Body(paragraphs=(), extractor="none")


def body_from(
    lines: Iterable[str],
    extractor: str,
    headings: Iterable[str] = (),
    points: Iterable[str] = (),
) -> Body:
    """The body whose paragraphs are `lines`, cleaned; at most as long as a text may be."""
    paragraphs, room = [], MAX_TEXT_CHARS
    for line in lines:
        paragraph = clean_line(line, max(room, 1))
        if paragraph and room > 0:
            paragraphs.append(paragraph)
            room -= len(paragraph) + 2
    return Body(
        paragraphs=tuple(paragraphs),
        extractor=extractor,
        headings=frozenset(map(clean_line, headings)),
        points=frozenset(map(clean_line, points)),
    )
