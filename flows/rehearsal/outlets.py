"""The invented outlets and their texts, read from `content/*.toml`.

Decides the shape of what an outlet publishes: its sources, its pieces, their edits, copies and
oddities, and what must become of each piece. Refuses to know how a page or a feed looks and when
it is asked for. Every text was written for this web; no outlet, reporter or quotation is real,
statesmen and documents are.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parent / "content"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A change of a piece at an instant: words replaced, a paragraph added, or a new title."""

    at: datetime
    words: tuple[tuple[str, str], ...] = ()
    added: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """Whose text a piece carries: `piece_url`, and which of its paragraphs (all when empty)."""

    piece_url: str
    paragraphs: tuple[int, ...] = ()
    kind: str = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One thing an outlet publishes, under `http://HOST` + `path`.

    `page` names its form: `article`, or one of the oddities that `web` answers. `listed_as` are
    the paths under which sources list it, `listed_in` the ids of the sources that do (all when
    empty). `ends` names its way's end: `kept`, or the reasons of which one must be given.
    `staff` is a byline that names nobody. `shows` is how its page gives the date: `second`,
    `local` (a wall clock without zone) or `day`.
    """

    path: str
    title: str
    published: datetime
    paragraphs: tuple[str, ...]
    authors: tuple[str, ...] = ()
    staff: str = ""
    section: str = ""
    page: str = "article"
    listed_as: tuple[str, ...]
    listed_in: tuple[str, ...] = ()
    ends: tuple[str, ...] = ("kept",)
    shows: str = "second"
    copied: Copied | None = None
    edits: tuple[Edit, ...] = ()
    moved_from: str | None = None
    moved_at: datetime | None = None
    counters: bool = False
    blank_from: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A list of pieces at `path`: RSS, Atom, JSON Feed, RDF, sitemap or list page.

    `items` is how many it shows; `dates` how it writes them: `given`, `local`, `none`, `future`.
    `empty_from`: it answers well and holds nothing from then on. `etag`: it knows 304.
    `configured`: it stands in `sources.toml`; else it is only there to be found.
    """

    source_id: str
    kind: str
    form: str
    path: str
    items: int = 30
    dates: str = "given"
    etag: bool = True
    empty_from: datetime | None = None
    selector: str | None = None
    repairs: tuple[str, ...] = ()
    configured: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One publisher on one host. `layout` and `witnesses` say how its pages are made.

    `refuses`: nobody listens at its address. `broken_status`: its answer to all but robots.txt.
    """

    host: str
    name: str
    language: str
    country: str
    timezone: str
    character: str
    layout: str
    witnesses: tuple[str, ...]
    feeds: tuple[Feed, ...]
    pieces: tuple[Piece, ...] = ()
    encoding: str = "utf-8"
    robots: str = "User-agent: *\nDisallow:\n"
    delay_seconds: float = 0.0
    broken_status: int | None = None
    refuses: bool = False

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """The words around an article in one language: never part of its text."""

    by: str
    sections: tuple[str, ...]
    cookies: str
    accept: str
    share: str
    related: str
    newsletter: str
    footer: str
    photo: str
    readers: str


@cache
def outlets() -> tuple[Outlet, ...]:
    """Every outlet, copies filled in from the pieces they copy, in the order of file names."""
    read = [
        _outlet(tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted(CONTENT.glob("*.toml"))
        if path.stem != "furniture"
    ]
    texts = {outlet.url(piece.path): piece for outlet in read for piece in outlet.pieces}
    return tuple(
        replace(outlet, pieces=tuple(_with_copied_text(piece, texts) for piece in outlet.pieces))
        for outlet in read
    )


@cache
def furniture(language: str) -> Furniture:
    tables = tomllib.loads((CONTENT / "furniture.toml").read_text(encoding="utf-8"))
    table = {name: _frozen(value) for name, value in tables[language].items()}
    return Furniture(**table)


def text_at(piece: Piece, now: datetime) -> Piece:
    """The piece as its page stands at `now`: title and paragraphs with the edits made so far."""
    for edit in piece.edits:
        if edit.at <= now:
            piece = _edited(piece, edit)
    return piece


def _edited(piece: Piece, edit: Edit) -> Piece:
    paragraphs = piece.paragraphs
    for old, new in edit.words:
        paragraphs = tuple(paragraph.replace(old, new) for paragraph in paragraphs)
    if edit.added is not None:
        paragraphs = (*paragraphs, edit.added)
    return replace(piece, paragraphs=paragraphs, title=edit.title or piece.title)


def _with_copied_text(piece: Piece, texts: Mapping[str, Piece]) -> Piece:
    if piece.copied is None or piece.page == "reprint":
        return piece
    whole = texts[piece.copied.piece_url].paragraphs
    chosen = piece.copied.paragraphs or range(len(whole))
    return replace(piece, paragraphs=(*piece.paragraphs, *(whole[number] for number in chosen)))


def _outlet(table: Mapping[str, Any]) -> Outlet:
    fields = {name: _frozen(value) for name, value in table["outlet"].items()}
    feeds = tuple(_feed(entry) for entry in table.get("feed", ()))
    pieces = tuple(_piece(entry) for entry in table.get("piece", ()))
    return Outlet(**fields, feeds=feeds, pieces=pieces)


def _feed(entry: Mapping[str, Any]) -> Feed:
    return Feed(**{name: _frozen(value) for name, value in entry.items()})


def _piece(entry: Mapping[str, Any]) -> Piece:
    fields = {name: _frozen(value) for name, value in entry.items()}
    text = fields.pop("text", "")
    copied = fields.pop("copied", None)
    fields["copied"] = Copied(**copied) if copied else None
    fields["edits"] = tuple(Edit(**edit) for edit in fields.pop("edits", ()))
    fields.setdefault("listed_as", (fields["path"],))
    return Piece(paragraphs=_paragraphs(text), **fields)


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(block.split()) for block in text.split("\n\n") if block.strip())


def _frozen(value: Any) -> Any:
    """TOML's lists as tuples and tables with frozen values, so that the dataclasses stay frozen."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, Mapping):
        return {name: _frozen(item) for name, item in value.items()}
    return value
