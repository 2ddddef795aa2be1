"""One rehearsal from beginning to end: serve the news web, run the real passes, score the store.

Decides what is driven and what is compared; the web, the timeline and the right answers are
`flows.rehearsal`'s, the passes those of every other run.

Goes through the timeline: sets the web's clock, and calls a pass at each step.

Decides the order only; the passes themselves are handed in, so that a test, a command or a bench
drives what it wants to try.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import flows.rehearsal
from flows.core import RunReport, Verdict
from flows.core.settings import Settings, load_settings
from flows.pipeline.recheck import run_recheck
from flows.pipeline.seeds import Seed, read_seeds
from flows.pipeline.stages import run_monitor
from flows.rehearsal.configuration import resolved, source_entries, write_configuration
from flows.rehearsal.expected import expect
from flows.rehearsal.loopback import Loopback, Served
from flows.rehearsal.observed import observe
from flows.rehearsal.outlets import Outlet
from flows.rehearsal.reprint import outlets_with_reprints
from flows.rehearsal.score import Score, score
from flows.rehearsal.timeline import START, STEPS, Action, Step
from flows.rehearsal.web import NewsWeb, manners
from flows.store import open_published
from flows.topic import Topic, judge, load_topic
from flows.topic.labels import plain_article


class VirtualClock:
    """A `Clock` that starts at a virtual instant and runs on with the real seconds.

    It runs, so that whoever waits for an instant is not left waiting.
    """

    def __init__(self, now: datetime) -> None:
        self.set(now)

    def __call__(self) -> datetime:
        return self._set_to + timedelta(seconds=time.monotonic() - self._set_at)

    def set(self, now: datetime) -> None:
        self._set_to = now
        self._set_at = time.monotonic()


def drive(
    web: NewsWeb,
    clock: VirtualClock,
    *,
    run_pass: Callable[[datetime], None],
    recheck: Callable[[datetime], None],
    steps: Iterable[Step] = STEPS,
) -> None:
    """Call `run_pass` or `recheck` with each step's instant, web and clock set to it first."""
    for step in steps:
        web.now = step.at
        clock.set(step.at)
        {Action.RUN: run_pass, Action.RECHECK: recheck}[step.action](step.at)


# What the invented web is about, for projects that are about something else
_OWN_TOPIC = Path(flows.rehearsal.__file__).parent / "topic.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What a rehearsal came to. `served` is the web's own log of requests, in order.

    `with_own_topic`: the project's is another than the invented web's, which brought its own.
    """

    settings: Settings
    with_own_topic: bool
    reports: tuple[RunReport, ...]
    score: Score
    served: tuple[Served, ...]


def rehearse_in(
    folder: Path,
    topic_path: Path,
    seeds_dir: Path,
    *,
    tell: Callable[[RunReport], None] = lambda _: None,
) -> Rehearsal:
    """Rehearse in `folder`, with the topic and the seeds given; `tell` hears of each pass.

    A topic that finds less than half of what the invented web has for it gives way to the web's.
    """
    outlets = outlets_with_reprints(seeds_dir)
    reports: list[RunReport] = []
    clock = VirtualClock(START)
    with _served(folder, outlets, topic_path, seeds_dir) as web:

        def run_pass(_: datetime) -> None:
            reports.append(asyncio.run(run_monitor(web.settings, clock=clock)))
            tell(reports[-1])

        def recheck(_: datetime) -> None:
            reports.append(asyncio.run(run_recheck(web.settings, clock=clock)))
            tell(reports[-1])

        drive(web.news, clock, run_pass=run_pass, recheck=recheck)
    kept = _kept(web.settings, outlets, seeds_dir)
    behaved = manners(outlets, web.loopback.served)
    return Rehearsal(
        settings=web.settings,
        with_own_topic=web.with_own_topic,
        reports=tuple(reports),
        score=Score(checks=(*kept.checks, *behaved)),
        served=tuple(web.loopback.served),
    )


async def pass_over_the_web(
    folder: Path, topic_path: Path, seeds_dir: Path
) -> tuple[Settings, RunReport]:
    """One monitoring pass over the invented web, of its first morning, into a store in `folder`.

    What it was configured with, and its account.
    """
    with _served(folder, outlets_with_reprints(seeds_dir), topic_path, seeds_dir) as web:
        return web.settings, await run_monitor(web.settings, clock=VirtualClock(START))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Web:
    """The invented web while it is served, and the configuration that leads to it."""

    news: NewsWeb
    loopback: Loopback
    settings: Settings
    with_own_topic: bool


@contextmanager
def _served(
    folder: Path, outlets: Sequence[Outlet], topic_path: Path, seeds_dir: Path
) -> Iterator[_Web]:
    is_about = _is_about(load_topic(topic_path), outlets)
    news = NewsWeb(seeds_dir, START)
    with Loopback(news) as loopback:
        config = write_configuration(
            folder,
            sources=source_entries(outlets),
            resolve=resolved(outlets, served=loopback.address, refusing=loopback.refusing_address),
            topic_path=topic_path if is_about else _OWN_TOPIC,
            seeds_dir=seeds_dir,
        )
        yield _Web(
            news=news,
            loopback=loopback,
            settings=load_settings(config),
            with_own_topic=not is_about,
        )


def _is_about(topic: Topic, outlets: Sequence[Outlet]) -> bool:
    """Whether the invented web's articles are on this topic."""
    wanted = [
        plain_article(piece.title, "\n\n".join(piece.paragraphs), outlet.language)
        for outlet in outlets
        for piece in outlet.pieces
        if piece.ends == ("kept",)
    ]
    found = sum(judge(article, topic).verdict is not Verdict.OFF_TOPIC for article in wanted)
    return 2 * found >= len(wanted)


def _kept(settings: Settings, outlets: Sequence[Outlet], seeds_dir: Path) -> Score:
    """What was published against what the store holds."""
    with open_published(settings.store.path) as published:
        observed = observe(lambda query: published.execute(query).fetchall())
    return score(expect(outlets, STEPS), observed, _seed_texts(seeds_dir))


def _seed_texts(seeds_dir: Path) -> dict[str, str]:
    return {
        seed.name: seed.article.text for seed in read_seeds(seeds_dir) if isinstance(seed, Seed)
    }
