"""What an operator is told, and only once: a source gone silent, a run failed, a gap not repaired.

Decides from facts, what was told before and `now`; refuses to know where facts come from or how a
notice travels. A trouble is told when it first stands, and again only after it went away.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

# A source is asked every 10 minutes to a day; three failures in a row that span six hours are no
# longer a restart of its server. Unmeasured.
SILENT_FAILURES = 3.0
SILENT_AFTER = timedelta(hours=6)
# Repairs are tried by every pass; what still stands open after a day needs a person. Unmeasured.
GAP_AFTER = timedelta(days=1)
DIGEST_STORIES = 50
DIGEST_OUTLETS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStanding:
    """How a source stands: `failures` since the last success, weighted, and the last error."""

    source_id: str
    outlet: str
    failures: float
    last_success_at: datetime | None
    configured_at: datetime
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenGap:
    """An open gap; `silence` where the source itself went quiet, else something was missed."""

    gap_id: str
    source_id: str
    since: datetime
    until: datetime
    found_at: datetime
    cause: str
    silence: bool
    remedy: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRun:
    """The latest ended run of its kind, which failed or was lost."""

    kind: str
    run: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStory:
    """A story first seen since the last digest."""

    title: str
    outlets: tuple[str, ...]
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything a decision needs, as the store's views say it."""

    sources: tuple[SourceStanding, ...] = ()
    gaps: tuple[OpenGap, ...] = ()
    failed_runs: tuple[FailedRun, ...] = ()
    new_stories: tuple[NewStory, ...] = ()
    stored_until: datetime | None = None  # what is published holds nothing stored later


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was told: the keys of troubles that stand, when the last digest was made, and up to
    which instant of storing it told of stories: what was published later is of the next one."""

    keys: frozenset[str] = frozenset()
    digest_at: datetime | None = None
    digest_until: datetime | None = None


# From the least: what a day brought, what can wait for the morning, what stops the collecting
Severity = Literal["info", "warning", "failure"]
_SEVERITIES: tuple[Severity, ...] = ("info", "warning", "failure")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something to tell; `key` stays the same for as long as it stands."""

    key: str
    text: str
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is sent; its severity is that of the worst it tells."""

    title: str
    body: str
    severity: Severity = "info"


def troubles(facts: Facts, now: datetime) -> tuple[Trouble, ...]:
    """Every trouble that stands, told before or not."""
    found = [
        *(_failed(run) for run in facts.failed_runs),
        *_each(_silent(source, now) for source in facts.sources),
        *_each(_open_gap(gap, now) for gap in facts.gaps),
    ]
    return tuple({trouble.key: trouble for trouble in found}.values())


def message(standing: Iterable[Trouble], told: Told) -> Message | None:
    """The troubles not told yet, as one message; None when there is nothing new."""
    new = [trouble for trouble in standing if trouble.key not in told.keys]
    if not new:
        return None
    title = new[0].text if len(new) == 1 else f"{len(new)} things need a look"
    body = "\n".join(f"- {trouble.text}" for trouble in new)
    return Message(
        title=f"Dateline: {title}",
        body=f"{body}\n\n`dateline status` says more.",
        severity=max((trouble.severity for trouble in new), key=_SEVERITIES.index),
    )


def digest_due(told: Told, wanted: Literal["never", "daily"], now: datetime) -> bool:
    """Whether a UTC day has ended since the last digest."""
    return wanted == "daily" and told.digest_at is not None and told.digest_at.date() < now.date()


def digest(stories: tuple[NewStory, ...], since: datetime) -> Message | None:
    """The new stories of a day, those in most outlets first; None when there are none."""
    if not stories:
        return None
    ordered = sorted(stories, key=lambda story: (-len(story.outlets), story.title))
    lines = [_line(story) for story in ordered[:DIGEST_STORIES]]
    if len(ordered) > DIGEST_STORIES:
        lines.append(f"… and {len(ordered) - DIGEST_STORIES} more")
    count = "1 new story" if len(ordered) == 1 else f"{len(ordered)} new stories"
    return Message(title=f"Dateline: {count} since {since:%Y-%m-%d %H:%M}Z", body="\n".join(lines))


def _each(found: Iterable[Trouble | None]) -> Iterator[Trouble]:
    return (trouble for trouble in found if trouble is not None)


def _failed(run: FailedRun) -> Trouble:
    return Trouble(
        key=f"run:{run.kind}",
        text=f"the {run.kind} run {run.run} failed: {run.detail}",
        severity="failure",
    )


def _silent(source: SourceStanding, now: datetime) -> Trouble | None:
    quiet_since = source.last_success_at or source.configured_at
    if source.failures < SILENT_FAILURES or now - quiet_since < SILENT_AFTER:
        return None
    said = f": {source.error}" if source.error else ""
    return Trouble(
        key=f"silent:{source.source_id}",
        text=f"source {source.source_id} ({source.outlet}) has not answered since "
        f"{quiet_since:%Y-%m-%d %H:%M}Z{said}",
        severity="warning",
    )


def _open_gap(gap: OpenGap, now: datetime) -> Trouble | None:
    if gap.silence:
        return Trouble(
            key=f"silent:{gap.source_id}",
            text=f"source {gap.source_id} has gone silent since {gap.since:%Y-%m-%d %H:%M}Z "
            f"({gap.cause})",
            severity="warning",
        )
    if now - gap.found_at < GAP_AFTER:
        return None
    remedy = f"; {gap.remedy}" if gap.remedy else ""
    return Trouble(
        key=f"gap:{gap.gap_id}",
        text=f"a gap of source {gap.source_id} is not repaired: {gap.since:%Y-%m-%d %H:%M}Z to "
        f"{gap.until:%Y-%m-%d %H:%M}Z ({gap.cause}){remedy}",
        severity="warning",
    )


def _line(story: NewStory) -> str:
    outlets = ", ".join(story.outlets[:DIGEST_OUTLETS])
    if len(story.outlets) > DIGEST_OUTLETS:
        outlets += f" and {len(story.outlets) - DIGEST_OUTLETS} more"
    by = f" — {outlets}" if outlets else ""
    link = f"\n  {story.url}" if story.url else ""
    return f"- {story.title}{by}{link}"
