"""Two texts → one family, shared passages, or nothing; with the numbers that say so.

Decides on words only. Translations into another language share no words and are never tied here;
titles, times and outlets alone tie nothing, though serial texts are held apart by them. Which
pairs are worth comparing is the fingerprints' word, what a family is that of `families`.
"""

from dataclasses import dataclass
from datetime import datetime

from flows.core import Evidence, Link, LinkKind
from flows.dedup.alignment import opens_alike
from flows.dedup.evidence import ReadText, evidence, read_text
from flows.dedup.serials import counted_apart, recurring
from flows.dedup.shared_passages import opens_apart, passages, told_inside

RULE_VERSION = "copies-2"

# Thresholds chosen on derived copies and on distinct reports of one event; the measurement is
# tests/benchmarks/bench_duplicates.py. Below 40 words only the same words are the same text.
_LEAST_WORDS = 40
_LEAST_EXACT = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedText:
    """What comparing needs of an article. `form` is `article`, `live` or `list`."""

    article_id: str
    title: str | None
    text: str
    language: str | None
    outlet: str | None
    first_seen_at: datetime
    agencies: tuple[str, ...] = ()
    dateline: str | None = None
    published_at: datetime | None = None
    form: str = "article"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """What two texts are to each other; `kind` None is nothing. `why` names the deciding rule."""

    kind: LinkKind | None
    evidence: Evidence
    passages: tuple[str, ...]
    why: str
    rule_version: str = RULE_VERSION


def as_link(a: ComparedText, b: ComparedText, found: Relation, decided_at: datetime) -> Link | None:
    """The row to keep for a relation, or None when there is none."""
    if found.kind is None:
        return None
    first, second = sorted((a.article_id, b.article_id))
    return Link(
        a=first,
        b=second,
        kind=found.kind,
        evidence=found.evidence,
        passages=found.passages,
        rule_version=found.rule_version,
        decided_at=decided_at,
    )


def compare(a: ComparedText, b: ComparedText) -> Relation:
    """What `a` and `b` are to each other; the same whichever comes first."""
    return compare_read(a, read_text(a.text), b, read_text(b.text))


def compare_read(a: ComparedText, read_a: ReadText, b: ComparedText, read_b: ReadText) -> Relation:
    """As `compare`, with texts already read: reading one text costs more than comparing two."""
    if b.article_id < a.article_id:
        return compare_read(b, read_b, a, read_a)
    numbers = evidence(read_a, read_b)
    kind, why = _decided(a, read_a, b, read_b, numbers)
    shown = passages(read_a, read_b) if kind is not None else ()
    return Relation(kind=kind, evidence=numbers, passages=shown, why=why)


def _decided(
    a: ComparedText, read_a: ReadText, b: ComparedText, read_b: ReadText, numbers: Evidence
) -> tuple[LinkKind | None, str]:
    if read_a.found == read_b.found and len(read_a.found) >= _LEAST_EXACT:
        return LinkKind.SAME, "same words"
    why = _copied(numbers) or _retold(numbers)
    shorter, longer = sorted((read_a, read_b), key=lambda read: (len(read.found), read.text))
    if _is_cut(numbers):
        why = _cut(numbers, why, opens_alike(shorter.told, longer.told))
    against = why and _against(a, b, shorter, longer, numbers)
    if why and not against:
        return LinkKind.SAME, why
    if against or _shares_passages(numbers):
        return LinkKind.PARTIAL, against or "shared passages"
    return None, "too little in common"


def _copied(numbers: Evidence) -> str | None:
    """Most of the shorter text stands word by word in the longer, and not as quotations alone."""
    if (
        min(numbers.words_a, numbers.words_b) >= _LEAST_WORDS
        and numbers.containment5 >= 0.70
        and numbers.unquoted5 >= 0.50
        and numbers.alignment >= 0.60
    ):
        return "copied"
    return None


def _retold(numbers: Evidence) -> str | None:
    """The shorter text tells the longer again, sentence by sentence, in partly other words.

    Without its quotations a copy is about as near as with them; two reporters at one press
    conference are not. A text of two or three sentences is soon aligned with any other on its
    event, so it must be nearer in its words.
    """
    shorter = min(numbers.words_a, numbers.words_b)
    retold = (
        shorter >= 80
        and numbers.containment3 >= 0.24
        and numbers.containment5 >= 0.10
        and numbers.unquoted5 >= max(0.06, 0.25 * numbers.containment5)
        and numbers.alignment >= 0.80
    )
    retold_briefly = (
        shorter >= 60
        and numbers.containment3 >= 0.50
        and numbers.containment5 >= 0.35
        and numbers.unquoted5 >= 0.30
        and numbers.alignment >= 0.90
    )
    return "retold" if retold or retold_briefly else None


def _is_cut(numbers: Evidence) -> bool:
    return 2 * min(numbers.words_a, numbers.words_b) < max(numbers.words_a, numbers.words_b)


def _cut(numbers: Evidence, why: str | None, opens: bool) -> str | None:
    """What becomes of `why` when the shorter text is less than half of the longer.

    One that opens as the longer does was cut from it, even when it is brief and retold; one that
    does not must stand in it nearly whole, for two stories may well share their background.
    """
    if not opens:
        return why if numbers.alignment >= 0.86 else None
    cut_and_retold = (
        min(numbers.words_a, numbers.words_b) >= 50
        and numbers.containment3 >= 0.40
        and numbers.containment5 >= 0.20
        and numbers.unquoted5 >= 0.15
        and numbers.alignment >= 0.95
    )
    return why or ("cut and retold" if cut_and_retold else None)


def _shares_passages(numbers: Evidence) -> bool:
    return (
        min(numbers.words_a, numbers.words_b) >= _LEAST_WORDS
        and numbers.containment5 >= 0.10
        and (numbers.unquoted5 >= 0.10 or numbers.containment5 >= 0.50)  # a document they reprint
        and numbers.alignment >= 0.25
    )


def _against(
    a: ComparedText, b: ComparedText, shorter: ReadText, longer: ReadText, numbers: Evidence
) -> str | None:
    """What keeps two texts apart although they have the words of one."""
    if counted_apart(a.title, b.title):
        return "instalments of one series"
    one_outlet = a.outlet is not None and a.outlet == b.outlet
    if one_outlet and numbers.jaccard5 < 0.75:
        if "live" in (a.form, b.form):
            return "live pages of one outlet"
        if recurring(a.title, b.title, _out_at(a), _out_at(b)):
            return "one title on two days"
        if min(numbers.words_a, numbers.words_b) < 100 and numbers.containment5 < 0.85:
            return "short texts of one outlet"  # its standing phrases may be most of them
    if numbers.containment5 >= 0.50 and opens_apart(shorter, longer):
        return "one document under two openings"
    if told_inside(shorter, longer) and not opens_alike(shorter.told, longer.told):
        return "told inside a longer text"
    return None


def _out_at(text: ComparedText) -> datetime:
    return text.published_at or text.first_seen_at
