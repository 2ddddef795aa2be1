"""The language of terms: a string of `topic.toml` → what to look for.

    peace plan              a word or phrase; accents, hyphens and apostrophes mean nothing
    mediat*                 a word that begins so; in a phrase, any of its words may: peace plan*
    =Chin                   case matters (the Polish country, not the part of a face)
    peace NEAR/8 plan       both within eight words, in either order
    (call* | urge*) NEAR/5 @peace    one of several; @name is any term of that group

Decides grammar only; refuses to know texts, groups' contents or languages.
"""

import re
from dataclasses import dataclass

from flows.topic.normal import folded, normalised

MOST_WORDS_APART = 100  # further apart than a long paragraph is not near
_NEAR = re.compile(r"\s+NEAR(?:/(\d+))?\s+")
_GROUP_NAME = re.compile(r"[a-z][a-z0-9_]*")


class TermError(ValueError):
    """A term that cannot be read; `offset` counts characters of the term from 0."""

    def __init__(self, what: str, offset: int = 0) -> None:
        self.what = what
        self.offset = offset
        super().__init__(what)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words in a row, normalised; `opens[i]`: word i may go on (`word*`).

    `cased`: the phrase keeps its capitals, and only that spelling counts.
    """

    words: tuple[str, ...]
    opens: tuple[bool, ...]
    cased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupName:
    """A reference to all terms of a group."""

    name: str


Option = Phrase | GroupName


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """One of `left` and one of `right` with at most `words_apart` words from start to start."""

    left: tuple[Option, ...]
    right: tuple[Option, ...]
    words_apart: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term as written; `language` None: it applies to every text."""

    text: str
    language: str | None
    pattern: Phrase | Near


def parse_term(text: str, language: str | None = None) -> Term:
    """Read one term. Raises `TermError` with what is wrong and where."""
    if not text.strip():
        raise TermError("is empty")
    near = list(_NEAR.finditer(text))
    if not near:
        options = _options(text, 0)
        if len(options) > 1 or isinstance(options[0], GroupName):
            raise TermError("needs NEAR/number between its sides; write alternatives as two terms")
        return Term(text=text, language=language, pattern=options[0])
    if len(near) > 1:
        raise TermError("has more than one NEAR; use a group for one side", near[1].start())
    return Term(text=text, language=language, pattern=_near(text, near[0]))


def _near(text: str, near: re.Match[str]) -> Near:
    if near[1] is None:
        raise TermError("NEAR needs a distance in words, such as NEAR/8", near.start() + 1)
    apart = int(near[1])
    if not 1 <= apart <= MOST_WORDS_APART:
        raise TermError(f"a distance must lie in 1–{MOST_WORDS_APART} words", near.start(1))
    return Near(
        left=_options(text[: near.start()], 0),
        right=_options(text[near.end() :], near.end()),
        words_apart=apart,
    )


def _options(side: str, offset: int) -> tuple[Option, ...]:
    """`(a | b)` → both; anything else → itself. `offset`: where `side` begins in the term."""
    inner = side.strip()
    offset += len(side) - len(side.lstrip())
    if not inner:
        raise TermError("one side of NEAR is empty", offset)
    if inner.startswith("("):
        if not inner.endswith(")"):
            raise TermError("a bracket is not closed", offset)
        inner, offset = inner[1:-1], offset + 1
    elif "|" in inner:
        raise TermError("put alternatives in brackets: (a | b)", offset + inner.index("|"))
    for bracket in re.finditer(r"[()]", inner):
        raise TermError("a bracket has no partner", offset + bracket.start())
    found: list[Option] = []
    for part in re.finditer(r"[^|]*(?:\||$)", inner):
        if part.group() or not found:
            found.append(_option(part.group().rstrip("|"), offset + part.start()))
    return tuple(found)


def _option(text: str, offset: int) -> Option:
    inner = text.strip()
    offset += len(text) - len(text.lstrip())
    if inner.startswith("@"):
        if not _GROUP_NAME.fullmatch(inner[1:]):
            raise TermError("after @ stands the name of a group", offset)
        return GroupName(name=inner[1:])
    cased = inner.startswith("=")
    return _phrase(inner[1:] if cased else inner, offset + cased, cased=cased)


def _phrase(text: str, offset: int, *, cased: bool) -> Phrase:
    words: list[str] = []
    opens: list[bool] = []
    for chunk in re.finditer(r"\S+", text):
        star = chunk.group().find("*")
        if 0 <= star < len(chunk.group()) - 1:
            raise TermError("* stands only at the end of a word", offset + chunk.start() + star)
        normal = normalised(chunk.group().rstrip("*")).split()
        if star >= 0 and (not normal or len(normal[-1]) < 2):
            raise TermError("* needs two letters before it", offset + chunk.start())
        words.extend(normal)
        opens.extend([False] * (len(normal) - 1) + [star >= 0] if normal else [])
    if not words:
        raise TermError("has no letters or digits", offset)
    spelled = tuple(words) if cased else tuple(folded(word) for word in words)
    return Phrase(words=spelled, opens=tuple(opens), cased=cased)
