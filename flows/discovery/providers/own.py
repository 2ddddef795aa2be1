"""The sources' own memory: their sitemaps, archive pages, paged feeds and posts by date."""

from collections.abc import AsyncGenerator, Sequence
from datetime import date, datetime
from itertools import chain

from flows.core import Source
from flows.core.backfills import Window, by_month, halves
from flows.discovery import Reading, in_thread, repair, ways_of
from flows.discovery.providers.provider import Asked, Cost, Job, Part, Web


class Own:
    """Asks every way a source itself offers; a day is done when a way reached over it."""

    name = "own"
    sees_all = True

    def refuses(self, source: Source, day: date, today: date) -> str | None:  # noqa: ARG002
        """Feeds alone hold only their newest items."""
        if ways_of(source):
            return None
        return "has no sitemap, archive or paged feed: name some in its `repairs`"

    def cost(self, asked: Sequence[Asked]) -> Cost:
        """An index a month and a file a day of a sitemap by day; less of one by month."""
        requests = [len(one.days) + len(by_month(one.days)) for one in asked]
        return Cost(requests=sum(requests), to_one_host=max(requests, default=0))

    def jobs(self, asked: Sequence[Asked]) -> Sequence[Job]:
        """One job for a source and month: its ways are asked once for all days of it."""
        return [
            Job(
                name=f"own {one.source.source_id} {window.since:%Y-%m}",
                asked=(Asked(source=one.source, days=window.days, hosts=one.hosts),),
            )
            for one in asked
            for window in by_month(one.days)
        ]

    async def work(
        self, job: Job, web: Web, now: datetime, reading: Reading = in_thread
    ) -> AsyncGenerator[Part, None]:
        """Repair each stretch of days as if it were a gap.

        Where a way found something and still did not reach over the stretch, it may have been too
        much for it: the halves are asked instead.
        """
        windows = list(chain.from_iterable(_ahead(one) for one in job.asked))
        while windows:
            one, window = windows.pop()
            name = one.source.source_id
            found = await repair(
                one.source,
                web,
                window.gap(name),
                now=now,
                hosts=frozenset(one.hosts),
                reading=reading,
            )
            parts = halves(window) if found.candidates and not found.closed else ()
            windows += [(one, half) for half in reversed(parts)]
            places = frozenset((name, day) for day in window.days)
            if parts:
                yield Part(candidates=found.candidates)
            elif found.closed:
                yield Part(candidates=found.candidates, done=places)
            elif found.exhausted:
                said = f"{found.detail}; a sitemap in its `repairs` may"
                yield Part(candidates=found.candidates, impossible=dict.fromkeys(places, said))
            else:
                failed = dict.fromkeys(places, found.detail)
                yield Part(candidates=found.candidates, failed=failed)


def _ahead(one: Asked) -> list[tuple[Asked, Window]]:
    return [(one, window) for window in reversed(by_month(one.days))]
