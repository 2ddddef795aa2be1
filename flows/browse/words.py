"""How values from the file look on a page: times, counts, names, and text nobody can act with.

Decides wording and shortening; refuses to know pages. Templates escape; this takes away what
escaping does not: control characters and marks that turn the direction of what follows.
"""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import pairwise

from markupsafe import Markup, escape

from flows.core.terminal import shown
from flows.topic.marking import Marker

# A headline beyond this is no headline; a row stays a row
_LONGEST_TITLE = 240


def clean(value: object) -> str:
    """Text without what could act, in one line."""
    return " ".join(shown(value).split())


def short(value: object, most: int = _LONGEST_TITLE) -> str:
    """At most so many letters of a text in one line, cut between words where there are any."""
    text = clean(shown(value)[: most * 8])
    if len(text) <= most:
        return text
    cut = text[:most]
    head, _, tail = cut.rpartition(" ")
    return (head if head and len(tail) < 30 else cut) + " …"


def paragraphs(text: object) -> list[str]:
    """The paragraphs of a text, without what could act."""
    return [line.strip() for line in shown(text).split("\n") if line.strip()]


def moment(at: object, precision: object = "minute") -> str:
    """An instant as precisely as it is known: `2023-02-24 09:30 UTC`, `2023-02-24`."""
    if isinstance(at, datetime):
        if precision == "day":
            return at.strftime("%Y-%m-%d")
        return at.strftime("%Y-%m-%d %H:%M UTC")
    return at.isoformat() if isinstance(at, date) else ""


def machine_time(at: object) -> str:
    """An instant or a day as `datetime=` and feeds want it (RFC 3339)."""
    if isinstance(at, datetime):
        return at.isoformat(timespec="seconds").replace("+00:00", "Z")
    return at.isoformat() if isinstance(at, date) else ""


def after(first: object, at: object) -> str:
    """How long after the first: `at once`, `+12 min`, `+3 h 05`, `+2 d 4 h`."""
    if not isinstance(first, datetime) or not isinstance(at, datetime):
        return ""
    minutes = round((at - first).total_seconds() / 60)
    if minutes == 0:
        return "at once"
    sign, minutes = ("−", -minutes) if minutes < 0 else ("+", minutes)
    if minutes < 60:
        return f"{sign}{minutes} min"
    if minutes < 48 * 60:
        return f"{sign}{minutes // 60} h {minutes % 60:02}"
    return f"{sign}{minutes // 1440} d {minutes % 1440 // 60} h"


def count(number: object) -> str:
    """A whole number in groups of three."""
    return f"{number:,}".replace(",", "\u202f") if isinstance(number, int) else clean(number)


def plural(number: int, one: str, many: str = "") -> str:
    """`1 article`, `2 articles`."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def percent(share: object) -> str:
    """A share of 0–1 in percent, one figure below ten."""
    if not isinstance(share, int | float):
        return ""
    return f"{share * 100:.1f} %" if share < 0.1 else f"{share * 100:.0f} %"


def marked(text: str, marker: Marker, evidence: Iterable[str] = ()) -> Markup:
    """A paragraph with its terms in <mark> and the sentences that earned points in <span>."""
    parts = [part for said in evidence for part in _parts(said)]
    marks = marker.marks(text)
    terms = {mark.start: mark.term for mark in marks}
    ends = {mark.start: mark.end for mark in marks}
    sentences = [(start, start + len(part)) for part in parts if (start := text.find(part)) >= 0]
    cuts = {0, len(text)}
    for start, end in (*ends.items(), *sentences):
        cuts |= {start, end}
    pieces: list[Markup] = []
    term, until = "", 0
    for start, end in pairwise(sorted(cuts)):
        piece = escape(text[start:end])
        if start in terms:
            term, until = terms[start], ends[start]
        if start < until:
            piece = Markup('<mark title="{}">{}</mark>').format(clean(term), piece)
        if any(a <= start and end <= b for a, b in sentences):
            piece = Markup('<span class="evidence">{}</span>').format(piece)
        pieces.append(piece)
    return Markup("").join(pieces)


def _parts(evidence: str) -> list[str]:
    """The sentences of a piece of evidence, which joins and cuts them with `…`."""
    return [part for piece in evidence.split("…") if len(part := piece.strip()) > 3]
