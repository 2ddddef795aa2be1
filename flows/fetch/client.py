"""The network of a run: nothing else opens a connection.

`Web.get` takes a URL through robots.txt, its host's pace, redirects and retries to a `Page`, or to
a skip whose reason an analyst understands. All waiting happens inside. Decides in which order the
rules of `flows.fetch` apply, to every hop alike; the rules themselves stand there. Refuses to
know what a page says.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Literal, Protocol, Self

from flows.core import Page, Reason, Skipped, Stage, Validators
from flows.core.boundary import guarded
from flows.core.settings import FetchSettings
from flows.core.times import Clock
from flows.core.urls import fetch_url, host_of
from flows.fetch import request as errands
from flows.fetch import response as answers
from flows.fetch.addresses import Guard, Resolver
from flows.fetch.attempts import Asker
from flows.fetch.backoff import Patience, retry_after
from flows.fetch.decoding import inflate_undeclared
from flows.fetch.failure import NotFetched
from flows.fetch.host_state import HostMemory
from flows.fetch.hosts import Lanes
from flows.fetch.refresh import sent_on
from flows.fetch.request import Errand
from flows.fetch.response import Answer, BodyPlan, Headers
from flows.fetch.robots import MAX_ROBOTS_BYTES, MAX_ROBOTS_REDIRECTS, Permission, product_token
from flows.fetch.transport import Proxies, tls_context
from flows.fetch.walls import wall_of

_MOST_REDIRECTS = 10
_HOSTS_FILE = "hosts.sqlite"


class Pages(Protocol):
    """Where fetched pages are kept (`flows.archive.archive.Archive`)."""

    def write(self, page: Page, *, request: Iterable[tuple[str, str]] = ()) -> str:
        """Keep `page`; returns its `archive_ref`."""


class Web:
    """Everything a run asks of the network, as an async context manager.

    `state_dir` holds the memory of hosts that all processes of this machine share. `patience` and
    `resolver` are seams for tests: how long to try, and what a name resolves to.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        state_dir: Path,
        clock: Clock,
        archive: Pages | None = None,
        patience: Patience | None = None,
        resolver: Resolver | None = None,
    ) -> None:
        self._settings = settings
        self._state_dir = state_dir
        self._clock = clock
        self._archive = archive
        self._patience = patience or Patience()
        self._guard = Guard(
            allow_networks=settings.allow_networks,
            allow_ports=settings.allow_ports,
            resolve=settings.resolve,
            resolver=resolver,
        )
        self._user_agent = errands.user_agent(settings.user_agent, settings.contact)
        self._under_way: set[asyncio.Task[object]] = set()

    async def __aenter__(self) -> Self:
        settings = self._settings
        self._memory = HostMemory(self._state_dir / _HOSTS_FILE)
        self._lanes = Lanes(
            self._memory,
            self._guard,
            tls_context(settings.trust_store, os.environ),
            pace_seconds=settings.pace_seconds,
            per_host=settings.per_host,
            hosts_at_once=settings.hosts_at_once,
            deadline_seconds=settings.timeout_seconds,
        )
        self._asker = Asker(
            self._lanes,
            self._memory,
            self._guard,
            Proxies(),
            clock=self._clock,
            patience=self._patience,
        )
        self._permission = Permission(
            self._memory,
            token=product_token(settings.user_agent),
            clock=self._clock,
            ask=self._robots_file,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._lanes.close()
        self._memory.close()
        self._guard.close()

    async def get(
        self,
        url: str,
        *,
        kind: Literal["page", "feed"] = "page",
        validators: Validators | None = None,
        max_bytes: int | None = None,
        span: tuple[int, int] | None = None,
    ) -> Page | Skipped:
        """Fetch `url` as politely as its host asks.

        A "page" is an HTML answer with status 200, archived when there is an archive. A "feed" may
        be of any media type. Either is of status 304, with an empty body, where `validators` were
        given and nothing has changed since.
        `max_bytes` (after decompression) defaults to the settings'. `span`, first and last byte,
        asks for a piece of a file as it lies there: a "feed" of status 206, or of 200 where the
        server answers with all of it. Everything else is `Skipped`.
        What nobody foresaw on the way, redirects and robots.txt included, is `program_fault`.
        Raises only `ArchiveError`, `OSError` or `sqlite3.Error`, for machinery that is broken.
        """
        task = asyncio.current_task()
        assert task is not None
        self._under_way.add(task)
        try:
            work = self._get(url, kind, validators or Validators(), max_bytes, span)
            return await guarded(work, url, Stage.FETCH)
        finally:
            self._under_way.discard(task)

    def slow_down(self, host: str, seconds: float) -> None:
        """Ask `host` no oftener than every `seconds` from now on, whatever settings allow."""
        self._lanes.lane(host).least_pace_seconds = seconds

    async def _get(
        self,
        url: str,
        kind: str,
        validators: Validators,
        max_bytes: int | None,
        span: tuple[int, int] | None,
    ) -> Page | Skipped:
        start = fetch_url(url)
        if start is None:
            return NotFetched(Reason.REFUSED_URL, "no http(s) URL that may be requested").skipped()
        errand = self._errand(start, kind, validators, max_bytes, span)
        try:
            answer = await self._follow(errand, most=_MOST_REDIRECTS, permit=self._permit)
            page = self._page(url, errand, answer)
        except NotFetched as failure:
            return failure.skipped(errand.url)
        if kind == "page" and page.status == 200 and self._archive is not None:
            return replace(page, archive_ref=self._archive.write(page, request=answer.sent))
        return page

    def _errand(
        self,
        url: str,
        kind: str,
        validators: Validators,
        max_bytes: int | None,
        span: tuple[int, int] | None,
    ) -> Errand:
        limit = self._settings.max_bytes if max_bytes is None else max_bytes

        def plan(status: int, headers: Headers) -> BodyPlan:
            wanted = 200 if errands.is_piece(status, span) else status
            return answers.body_plan(wanted, headers, is_page=kind == "page", max_bytes=limit)

        conditions = errands.conditions(validators)

        def check(answer: Answer) -> None:
            if not errands.is_piece(answer.status, span):
                self._check(answer, is_conditional=bool(conditions))

        return Errand(
            kind=kind,
            url=url,
            headers=errands.headers(kind, self._user_agent) | conditions | errands.piece(span),
            plan=plan,
            check=check,
            left_seconds=self._settings.timeout_seconds,
            max_bytes=limit,
        )

    async def _follow(
        self, errand: Errand, *, most: int, permit: Callable[[str], Awaitable[None]]
    ) -> Answer:
        """The answer at the end of the redirects; every hop is checked like the first.

        A page that sends its reader on (`refreshing`) is a hop like any other.
        """
        seen: set[tuple[str, str | None]] = set()
        while True:
            await permit(errand.url)
            answer = await self._asker.ask(errand)
            location = answers.redirect_target(answer.status, answer.headers)
            location = location or _sent_on(errand, answer)
            if location is None:
                return answer
            # The same URL again is a loop, unless what we sent along had changed.
            state = (errand.url, answers.header(answer.sent, "cookie"))
            if state in seen or len(errand.redirects) >= most:
                hops = len(errand.redirects)
                raise NotFetched(Reason.TOO_MANY_REDIRECTS, f"after {hops} redirects")
            seen.add(state)
            errands.move(errand, answer.status, location)

    async def _permit(self, url: str) -> None:
        rules = await self._permission.rules(url)
        self._lanes.lane(host_of(url)).crawl_delay_seconds = rules.crawl_delay_seconds
        if not rules.allows(url):
            raise NotFetched(Reason.ROBOTS, "robots.txt forbids this path")

    async def _robots_file(self, url: str) -> Answer:
        errand = Errand(
            kind="robots",
            url=url,
            headers=errands.headers("robots", self._user_agent),
            plan=lambda _status, _headers: BodyPlan(max_bytes=MAX_ROBOTS_BYTES, cut=True),
            check=_check_robots,
            left_seconds=self._settings.timeout_seconds,
            max_bytes=MAX_ROBOTS_BYTES,
        )
        return await self._follow(errand, most=MAX_ROBOTS_REDIRECTS, permit=_permit_all)

    def _check(self, answer: Answer, *, is_conditional: bool) -> None:
        if answers.redirect_target(answer.status, answer.headers) is not None:
            return
        asked = answer.get("retry-after")
        if answer.status != 200:
            wall = wall_of("", "", answer.headers, answer.body, status=answer.status)
            if wall is not None:
                raise NotFetched(wall, f"answered {answer.status}", http_status=answer.status)
        try:
            answers.check_status(
                answer.status, has_retry_after=asked is not None, is_conditional=is_conditional
            )
        except NotFetched as failure:
            failure.retry_after = retry_after(asked, now=self._clock())
            raise

    def _page(self, requested_url: str, errand: Errand, answer: Answer) -> Page:
        body = answer.body
        if errand.kind == "page" and answer.status == 200:
            body = inflate_undeclared(body, max_bytes=errand.max_bytes)
            answers.check_page(answer.headers, body)
            wall = wall_of(requested_url, errand.url, answer.headers, body)
            if wall is not None:
                raise NotFetched(wall, "instead of an article", http_status=answer.status)
        media_type, charset = answers.content_type(answer.headers)
        return Page(
            requested_url=requested_url,
            url=errand.url,
            status=answer.status,
            fetched_at=self._clock(),
            headers=answer.headers,
            body=body,
            media_type=media_type,
            charset=charset,
            redirects=tuple(errand.redirects),
            validators=_validators(errand, answer),
            elapsed_seconds=errand.elapsed_seconds,
        )


def _sent_on(errand: Errand, answer: Answer) -> str | None:
    """Where a page that is no article sends its reader on to; a wall is to be told as a wall."""
    if errand.kind == "robots" or answer.status != 200:
        return None
    location = sent_on(errand.url, answer.headers, answer.body)
    if location is None:
        return None
    is_wall = wall_of(errand.requested_url, errand.url, answer.headers, answer.body)
    return None if is_wall else location


def _validators(errand: Errand, answer: Answer) -> Validators:
    """None after a page that sends on: the next request begins at that page, which they are not of,
    and which would answer 304 for as long as it stands."""
    if errand.was_sent_on:
        return Validators()
    return Validators(etag=answer.get("etag"), last_modified=answer.get("last-modified"))


async def _permit_all(url: str) -> None:
    """robots.txt itself is never forbidden (RFC 9309, 2.2.2)."""


def _check_robots(answer: Answer) -> None:
    """A server's momentary trouble is worth a second try before a host is left for an hour."""
    if answer.status >= 500 and answer.get("retry-after") is None:
        raise NotFetched(Reason.HTTP_500, f"answered {answer.status}")
