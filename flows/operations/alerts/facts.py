"""How things stand, as the published views say it: sources, gaps, runs, new stories.

Decides the queries; refuses to know what is worth telling of their answers.
"""

from datetime import datetime
from typing import Any, Protocol

from flows.core import GapCause, RunState
from flows.operations.alerts.decide import Facts, FailedRun, NewStory, OpenGap, SourceStanding

_SILENCES = (GapCause.SILENCE, GapCause.STALE)
_FAILED = (RunState.FAILED, RunState.LOST)


class Rows(Protocol):
    """What a query gives."""

    def fetchall(self) -> list[tuple[Any, ...]]: ...


class Reading(Protocol):
    """A connection to the published file."""

    def execute(self, query: str, parameters: list[Any]) -> Rows: ...


def read_facts(connection: Reading, stories_since: datetime) -> Facts:
    """What the published views say: sources that fail, open gaps, failed runs, new stories.

    A story is new when its first text was stored after `stories_since`.
    """
    return Facts(
        sources=tuple(
            SourceStanding(
                source_id=row[0], outlet=row[1], failures=row[2], last_success_at=row[3],
                configured_at=row[4], error=row[5],
            )
            for row in connection.execute(_FAILING_SOURCES, []).fetchall()
        ),
        gaps=tuple(
            OpenGap(
                gap_id=str(row[0]), source_id=row[1], since=row[2], until=row[3], found_at=row[4],
                cause=row[5], silence=row[5] in _SILENCES, remedy=row[6],
            )
            for row in connection.execute(_OPEN_GAPS, []).fetchall()
        ),
        failed_runs=tuple(
            FailedRun(kind=row[0], run=row[1], detail=_failure(row[2], row[3], row[4]))
            for row in connection.execute(_FAILED_RUNS, [list(_FAILED)]).fetchall()
        ),
        new_stories=tuple(
            NewStory(title=row[0] or "(no title)", outlets=tuple(row[1]), url=row[2])
            for row in connection.execute(_NEW_STORIES, [stories_since]).fetchall()
        ),
        stored_until=connection.execute(_STORED_UNTIL, []).fetchall()[0][0],
    )  # fmt: skip


_FAILING_SOURCES = """
    select s.source_id, s.outlet, s.failures, s.last_success_at, s.saved_at,
           (select arg_max(c.error, c.started_at) from source_checks c
            where c.source_id = s.source_id) as error
    from sources s
    where s.enabled and s.failures > 0
    order by s.source_id
"""
_OPEN_GAPS = """
    select g.gap_id, g.source_id, g.since, g.until, g.found_at, g.cause, g.remedy
    from gaps g
    order by g.source_id, g.since
"""
# a run under way or stopped by a signal says nothing about whether its kind works
_FAILED_RUNS = """
    select r.kind, r.run_id, r.state, r.sources, r.sources_failed
    from (
        select kind, run_id, state, sources, sources_failed,
               row_number() over (partition by kind order by started_at desc) as place
        from runs
        where state not in ('running', 'stopped')
    ) r
    where r.place = 1 and list_contains(?, r.state)
    order by r.kind
"""
_NEW_STORIES = """
    select s.title,
           coalesce(list(distinct a.outlet order by a.outlet) filter (a.outlet is not null), []),
           arg_min(a.url, a.first_seen_at)
    from stories s
    join articles a using (story_id)
    join revisions r on r.article_id = a.article_id and r.revision = 1
    where a.origin <> 'seed'
    group by s.story_id, s.title
    having min(r.stored_at) > ?
    order by s.title
"""
_STORED_UNTIL = "select max(stored_at) from revisions where revision = 1"


def _failure(state: str, sources: int | None, failed: int | None) -> str:
    if state == RunState.LOST:
        return "its process vanished; the next run takes its open work over"
    if sources and failed == sources:
        return f"none of its {sources} sources answered"
    return "see its log"
