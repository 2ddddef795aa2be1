"""What was published against what was kept: one check per promise, and the share that holds.

Pure: takes the right answers (`expected`) and the rows of the public views (`observed`). Each
check names its rule, its subject and, when it fails, what was expected and what was there.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from flows.rehearsal.expected import (
    CopiedPiece,
    Expected,
    ExpectedSource,
    KeptPiece,
    LeftPiece,
)
from flows.rehearsal.observed import ArticleRow, Observed, RunRow

_SAME_INSTANT = timedelta(minutes=1)  # pages give minutes, feeds seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that had to hold, and whether it did."""

    rule: str
    subject: str
    holds: bool
    expected: str = ""
    got: str = ""

    def __str__(self) -> str:
        return f"{self.rule}: {self.subject}: expected {self.expected}, got {self.got}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Every check made."""

    checks: tuple[Check, ...]

    @property
    def differences(self) -> tuple[Check, ...]:
        """The checks that failed, in order."""
        return tuple(check for check in self.checks if not check.holds)

    @property
    def share(self) -> float:
        """Checks that hold, over all; 1.0 when nothing differs."""
        return 1 - len(self.differences) / len(self.checks) if self.checks else 1.0

    def by_rule(self) -> list[tuple[str, int, int]]:
        """`(rule, checks that hold, checks made)`, in the order the rules were first checked."""
        made = Counter(check.rule for check in self.checks)
        failed = Counter(check.rule for check in self.differences)
        return [(rule, made[rule] - failed[rule], made[rule]) for rule in made]


def score(expected: Expected, observed: Observed, seeds: dict[str, str]) -> Score:
    """Compare. `seeds` maps the names of the seed files to their texts."""
    comparison = _Comparison(expected, observed, seeds)
    return Score(checks=tuple(comparison.checks()))


class _Comparison:
    def __init__(self, expected: Expected, observed: Observed, seeds: dict[str, str]) -> None:
        self._expected = expected
        self._observed = observed
        self._seeds = seeds
        self._by_url: dict[str, list[ArticleRow]] = {}
        for row in observed.articles:
            if row.url is not None:
                self._by_url.setdefault(row.url, []).append(row)

    def checks(self) -> Iterator[Check]:
        for piece in self._expected.kept:
            yield from self._kept(piece)
        for left in self._expected.left:
            yield from self._left(left)
        for url in self._expected.missed:
            yield _equal("honestly missed", url, 0, len(self._by_url.get(url, ())))
        yield from self._strangers()
        yield from self._seeded()
        for copied in self._expected.copied:
            yield from self._copied(copied)
        yield from self._apart()
        for source in self._expected.sources:
            yield from self._source(source)
        for run in self._observed.runs:
            yield _balanced(run)
        yield from self._last_run()

    def _kept(self, piece: KeptPiece) -> Iterator[Check]:
        subject = min(piece.urls)
        rows = self._rows(piece.urls)
        yield Check(
            rule="found",
            subject=subject,
            holds=bool(rows),
            expected="an article",
            got=self._fate(piece.urls),
        )
        if not rows:
            return
        yield _equal("once", subject, 1, len(rows))
        row = rows[0]
        yield _equal("title", subject, piece.title, row.title)
        yield from _text(subject, piece, row)
        yield from _time(subject, piece, row)
        yield _equal("language", subject, piece.language, row.language)
        yield _equal("authors", subject, piece.authors, row.authors)
        yield _equal("free to read", subject, piece.free_to_read, row.free_to_read)
        yield _equal("revisions", subject, piece.revisions, row.revisions)
        yield from self._seen_by(subject, piece, row)

    def _seen_by(self, subject: str, piece: KeptPiece, row: ArticleRow) -> Iterator[Check]:
        seen = {s.source_id for s in self._observed.sightings if s.article_id == row.article_id}
        missing = sorted(piece.source_ids - seen)
        yield _equal("seen by each source", subject, [], missing)
        strays = sorted(
            s.url
            for s in self._observed.sightings
            if s.url in piece.urls and s.article_id != row.article_id
        )
        yield _equal("every URL leads to it", subject, [], strays)

    def _left(self, left: LeftPiece) -> Iterator[Check]:
        yield _equal("kept out", left.url, 0, len(self._by_url.get(left.url, ())))
        reasons = {skip.reason for skip in self._observed.skips if skip.url == left.url}
        yield Check(
            rule="reason",
            subject=left.url,
            holds=bool(reasons) and reasons <= left.reasons,
            expected=" or ".join(sorted(left.reasons)),
            got=", ".join(sorted(reasons)) or "no skip",
        )

    def _strangers(self) -> Iterator[Check]:
        known = {url for piece in self._expected.kept for url in piece.urls}
        known |= {left.url for left in self._expected.left} | set(self._expected.missed)
        strangers = sorted(self._by_url.keys() - known)
        yield _equal("nothing else", "articles", [], strangers)

    def _seeded(self) -> Iterator[Check]:
        for name in self._seeds:
            yield Check(
                rule="seeds",
                subject=name,
                holds=self._seed(name) is not None,
                expected="an article",
                got="none",
            )

    def _copied(self, copied: CopiedPiece) -> Iterator[Check]:
        copy = next(iter(self._rows([copied.url])), None)
        original = self._original(copied.original)
        if copy is None or original is None:
            return  # told under `found` and `seeds`
        yield _equal("same story", copied.url, original.story_id, copy.story_id)
        yield _equal("copy of", copied.url, original.article_id, copy.copy_of)
        yield _equal("copy kind", copied.url, copied.kind, copy.copy_kind)

    def _apart(self) -> Iterator[Check]:
        """Articles of one story must be of one expected family."""
        families = _families(self._expected.copied)
        stories: dict[str, list[ArticleRow]] = {}
        for row in self._observed.articles:
            stories.setdefault(row.story_id, []).append(row)
        for story_id, rows in stories.items():
            names = [self._name(row) for row in rows]
            owners = {families.get(name, name) for name in names}
            yield Check(
                rule="apart",
                subject=story_id,
                holds=len(owners) == 1,
                expected="one family",
                got=", ".join(sorted(names)),
            )

    def _source(self, source: ExpectedSource) -> Iterator[Check]:
        checks = [row for row in self._observed.checks if row.source_id == source.source_id]
        statuses = {row.status for row in checks}
        yield Check(
            rule="source status",
            subject=source.source_id,
            holds=source.statuses <= statuses and not statuses & source.never,
            expected=", ".join(sorted(source.statuses)),
            got=", ".join(sorted(statuses)) or "never looked at",
        )
        rolled_over = any(row.rolled_over for row in checks)
        yield _equal("roll-over noticed", source.source_id, source.rolled_over, rolled_over)
        gaps = [gap for gap in self._observed.gaps if gap.source_id == source.source_id]
        open_now = any(gap.cause == "rolled_over" for gap in gaps)
        yield _equal("gap open", source.source_id, source.gap_open, open_now)

    def _last_run(self) -> Iterator[Check]:
        runs = [run for run in self._observed.runs if run.kind == "monitor"]
        if runs:
            yield _equal("nothing new is nothing", runs[-1].run_id, 0, runs[-1].stored)

    def _rows(self, urls: Iterable[str]) -> list[ArticleRow]:
        return [row for url in sorted(urls) for row in self._by_url.get(url, ())]

    def _fate(self, urls: Iterable[str]) -> str:
        wanted = set(urls)
        reasons = sorted({skip.reason for skip in self._observed.skips if skip.url in wanted})
        return "skipped: " + ", ".join(reasons) if reasons else "never seen"

    def _original(self, name: str) -> ArticleRow | None:
        if name.startswith("seed:"):
            return self._seed(name.removeprefix("seed:"))
        return next(iter(self._rows([name])), None)

    def _seed(self, name: str) -> ArticleRow | None:
        last = _plain(self._seeds[name].rstrip().splitlines()[-1])
        return next(
            (
                row
                for row in self._observed.articles
                if row.origin == "seed" and last in _plain(row.text)
            ),
            None,
        )

    def _name(self, row: ArticleRow) -> str:
        if row.origin == "seed":
            return next((f"seed:{n}" for n in self._seeds if self._seed(n) == row), row.article_id)
        return row.url or row.article_id


def _families(copied: Iterable[CopiedPiece]) -> dict[str, str]:
    """URL or seed → the original whose family it belongs to."""
    families = {}
    for copy in copied:
        families[copy.url] = copy.original
        families[copy.original] = copy.original
    return families


def _text(subject: str, piece: KeptPiece, row: ArticleRow) -> Iterator[Check]:
    text = _plain(row.text)
    missing = [paragraph for paragraph in piece.paragraphs if _plain(paragraph) not in text]
    yield Check(
        rule="whole text",
        subject=subject,
        holds=not missing,
        expected=f"{len(piece.paragraphs)} paragraphs",
        got=f"without {missing[0][:60]!r} and {len(missing) - 1} more" if missing else "",
    )
    yield Check(
        rule="begins with its lede",
        subject=subject,
        holds=text.startswith(_plain(piece.paragraphs[0])),
        expected=piece.paragraphs[0][:60],
        got=row.text[:60],
    )
    strange = [words for words in piece.furniture if _plain(words) in text]
    yield _equal("no furniture", subject, [], strange)


def _time(subject: str, piece: KeptPiece, row: ArticleRow) -> Iterator[Check]:
    at = row.published_at
    yield Check(
        rule="published",
        subject=subject,
        holds=at is not None and abs(at - piece.published_at) < _SAME_INSTANT,
        expected=str(piece.published_at),
        got=str(at),
    )
    yield _equal("day only", subject, piece.day_only, row.published_precision == "day")


def _balanced(run: RunRow) -> Check:
    ended = run.stored + run.revised + run.known + run.skipped + run.left_open
    return _equal("balanced", f"{run.kind} {run.run_id}", run.candidates, ended)


def _equal(rule: str, subject: str, expected: object, got: object) -> Check:
    return Check(
        rule=rule, subject=subject, holds=expected == got, expected=str(expected), got=str(got)
    )


def _plain(text: str) -> str:
    """Without white space and typographic quotes: what extraction may change harmlessly."""
    return re.sub(r"\s+", "", text).translate(str.maketrans("“”’‘", "\"\"''"))
