"""Everything judged again by today's topic rules, without a request.

Decides what is judged — stored articles from their stored text, off-topic pages from the archive —
and what counts as a change. A judgement by the present rules is not taken twice, so an interrupted
pass goes on where it stopped. An article that leaves the topic is marked, never deleted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flows.core import (
    Article,
    Ending,
    Judgement,
    Origin,
    Reason,
    RunReport,
    Stage,
    Verdict,
)
from flows.core.boundary import by_halves, ending_of
from flows.core.settings import Settings
from flows.core.terminal import progress
from flows.core.times import Clock
from flows.pipeline.append import Kept, Left
from flows.pipeline.copies import followed
from flows.pipeline.reread import count_fault, parts, reconsidered, revisit
from flows.pipeline.retention import unpruned
from flows.pipeline.run import Run, open_run
from flows.pipeline.stages import judged
from flows.store import Connection
from flows.store.articles import texts
from flows.store.batch import StoredText
from flows.store.candidates import candidates_stored
from flows.store.judgements import (
    ArchivedSkip,
    Standing,
    append_judgements,
    archived_skips,
    standing_judgements,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One verdict that today's rules change. `before` and `after` are verdicts."""

    title: str | None
    url: str | None
    before: Verdict
    after: Verdict
    relevance_before: float
    relevance_after: float


Tell = Callable[[Change], None]


async def run_redecide(
    settings: Settings, *, clock: Clock, dry_run: bool = False, tell: Tell = lambda _: None
) -> RunReport:
    """Judge all that the present rules have not judged; `tell` hears of each verdict that changes.

    With `dry_run` nothing is decided, only told. In the account, `revised` counts stored articles
    whose verdict changes, `stored` pages that become articles, `skipped` those still off the topic.
    """
    async with (
        unpruned(settings.state_dir),
        open_run(settings, kind="redecide", origin=Origin.MONITOR, clock=clock) as run,
    ):
        await redecided(run, dry_run=dry_run, tell=tell)
    return run.report


async def redecided(run: Run, *, dry_run: bool = False, tell: Tell = lambda _: None) -> None:
    """The pass itself, within an open run."""
    standing = await run.clerk.do(lambda con: _behind(con, run.topic.version))
    skips = await run.clerk.do(
        lambda con: archived_skips(con, [Reason.OFF_TOPIC], run.topic.version)
    )
    run.tally.candidates = len(standing) + len(skips)
    with progress("judging again", run.tally.candidates) as bar:
        for part in parts(standing):
            await _judge_stored(run, part, dry_run, tell)
            bar.advance(len(part))
        for skipped in parts(skips):
            await _judge_skipped(run, skipped, dry_run, tell)
            bar.advance(len(skipped))


def _behind(con: Connection, rules_version: str) -> list[Standing]:
    return [one for one in standing_judgements(con) if one.rules_version != rules_version]


async def _judge_stored(run: Run, standing: Sequence[Standing], dry_run: bool, tell: Tell) -> None:
    async def together(some: Sequence[Standing]) -> None:
        await _judge_together(run, some, dry_run, tell)

    async def alone(one: Standing, error: Exception) -> None:
        ending_of(error, one.article_id, Stage.JUDGE)
        count_fault(run)

    await by_halves(standing, together, alone)


async def _judge_together(
    run: Run, standing: Sequence[Standing], dry_run: bool, tell: Tell
) -> None:
    ids = [one.article_id for one in standing]

    def work(con: Connection) -> list[Change]:
        # in one turn: a text that is stored meanwhile has a judgement of its own
        stored, claims = texts(con, ids), candidates_stored(con, ids)
        judgements = {
            name: judged(run, _as_article(text), claims.get(name)) for name, text in stored.items()
        }
        if not dry_run:
            with followed(con, list(judgements), run.run_id, run.clock()):
                append_judgements(con, run.run_id, judgements, run.clock())
        return [
            _change(stored[one.article_id], one, judgements[one.article_id])
            for one in standing
            if one.article_id in stored  # not taken back since
            and judgements[one.article_id].verdict != one.verdict
        ]

    def enter(changed: list[Change]) -> None:
        run.tally.endings[Ending.REVISED] += len(changed)
        run.tally.endings[Ending.KNOWN] += len(standing) - len(changed)

    for change in await run.clerk.do(work, enter):
        tell(change)


async def _judge_skipped(
    run: Run, skips: Sequence[ArchivedSkip], dry_run: bool, tell: Tell
) -> None:
    outcomes = await (reconsidered(run, skips) if dry_run else revisit(run, skips))
    relevance = {skip.candidate.url: skip.relevance or 0.0 for skip in skips}
    for outcome in outcomes:
        if isinstance(outcome, Kept):
            tell(_entered(outcome, relevance[outcome.candidate.url]))
    if dry_run:
        _count(run, outcomes, len(skips))


def _count(run: Run, outcomes: Sequence[Kept | Left], asked: int) -> None:
    """Enter what would happen into the account of a dry run."""
    stored = sum(1 for outcome in outcomes if isinstance(outcome, Kept))
    run.tally.endings[Ending.STORED] += stored
    run.tally.endings[Ending.SKIPPED] += len(outcomes) - stored
    run.tally.endings[Ending.KNOWN] += asked - len(outcomes)


def _as_article(text: StoredText) -> Article:
    """A stored text as the judge wants it."""
    return Article(
        url=text.url,
        outlet=text.outlet,
        title=text.title,
        text=text.text,
        lede=text.text.split("\n\n", 1)[0],
        word_count=text.word_count,
        language=text.language,
        extractor="",
        reader_version=text.reader_version,
        form=text.form,
    )


def _change(text: StoredText, before: Standing, after: Judgement) -> Change:
    return Change(
        title=text.title,
        url=text.url,
        before=Verdict(before.verdict),
        after=after.verdict,
        relevance_before=before.relevance,
        relevance_after=after.relevance,
    )


def _entered(outcome: Kept, relevance_before: float) -> Change:
    return Change(
        title=outcome.article.title,
        url=outcome.page.url,
        before=Verdict.OFF_TOPIC,
        after=outcome.judgement.verdict,
        relevance_before=relevance_before,
        relevance_after=outcome.judgement.relevance,
    )
