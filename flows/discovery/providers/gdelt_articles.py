"""GDELT's DOC API: what it saw of a host, up to 250 articles an answer, three months back.

Decides how a day is split until no answer can hide a row. The API refuses under load more often
than not; the bulk files of `gdelt_files` are the surer way.
"""

from collections.abc import AsyncGenerator, Sequence
from datetime import date, datetime, timedelta

from flows.core import Candidate, Skipped, Source
from flows.core.backfills import Window
from flows.core.urls import host_of
from flows.discovery import (
    DOC_API,
    Answer,
    Listing,
    Reading,
    Unreadable,
    doc_query,
    in_thread,
    split_window,
    window_complete,
)
from flows.discovery.providers.gdelt_files import candidates_in
from flows.discovery.providers.provider import (
    Asked,
    Cost,
    Job,
    Outlets,
    Part,
    Web,
    has_no_host,
    reasons,
)

# "Rolling three months" (GDELT DOC 2.0 documentation); the shortest three months have 89 days
_REACHES_BACK = timedelta(days=89)
# One request in five seconds is what its answers ask for when it refuses
_PACE_SECONDS = 5.0
_MOST_BYTES = 2_000_000  # 250 rows have some 100 KB


class GdeltArticles:
    """Asks for each day of each source. `api` is another address in tests."""

    name = "gdelt-doc"
    sees_all = False

    def __init__(self, *, api: str = DOC_API, pace_seconds: float = _PACE_SECONDS) -> None:
        self._api = api
        self._pace_seconds = pace_seconds

    def refuses(self, source: Source, day: date, today: date) -> str | None:
        """Sources without a host of their own, and days older than three months."""
        if today - day > _REACHES_BACK:
            return "GDELT's DOC API reaches three months back: use gdelt"
        return has_no_host(source)

    def cost(self, asked: Sequence[Asked]) -> Cost:
        """A request a day of a source; more where a day has 250 articles."""
        requests = sum(len(one.days) for one in asked)
        return Cost(requests=requests, to_one_host=requests, least_pace_seconds=self._pace_seconds)

    def jobs(self, asked: Sequence[Asked]) -> Sequence[Job]:
        """One job a source."""
        return [Job(name=f"gdelt-doc {one.source.source_id}", asked=(one,)) for one in asked]

    async def work(
        self, job: Job, web: Web, now: datetime, reading: Reading = in_thread
    ) -> AsyncGenerator[Part, None]:
        """Each day on its own, so that each is proved on its own."""
        web.slow_down(host_of(self._api), self._pace_seconds)
        for one in job.asked:
            outlets = Outlets([one])
            for day in one.days:
                yield await self._day(one, outlets, day, web, now, reading)

    async def _day(
        self, one: Asked, outlets: Outlets, day: date, web: Web, now: datetime, reading: Reading
    ) -> Part:
        place = (one.source.source_id, day)
        window = Window(since=day, until=day)
        windows = [(window.begins_at, min(window.ends_at, now))]
        found: list[Candidate] = []
        hidden: list[str] = []
        while windows:
            since, until = windows.pop()
            listing = await self._listing(one, since, until, web, reading)
            if isinstance(listing, str):
                return Part(candidates=tuple(found), failed=reasons([place], listing))
            rows = len(listing.entries)
            halves = split_window(since, until, rows=rows)
            windows += halves
            if not halves:
                found += candidates_in(listing, outlets, now)
                hidden += [] if window_complete(rows) else [f"{since:%H:%M}"]
        if hidden:
            said = f"250 articles or more in a quarter of an hour (at {', '.join(hidden)})"
            return Part(candidates=tuple(found), impossible=reasons([place], said))
        return Part(candidates=tuple(found), done=frozenset([place]))

    async def _listing(
        self, one: Asked, since: datetime, until: datetime, web: Web, reading: Reading
    ) -> Listing | str:
        # `domain:` finds subdomains and more besides; what is not of the source falls out later
        hosts = [f"domain:{host}" for host in one.hosts]
        words = hosts[0] if len(hosts) == 1 else f"({' OR '.join(hosts)})"
        url = doc_query(words, since, until).replace(DOC_API, self._api, 1)
        page = await web.get(url, kind="feed", max_bytes=_MOST_BYTES)
        if isinstance(page, Skipped):
            return f"{page.reason}: {page.detail}"
        listing = await reading(Answer(kind="gdelt_articles", url=url, body=page.body))
        return listing.problem if isinstance(listing, Unreadable) else listing
