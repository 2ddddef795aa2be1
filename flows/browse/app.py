"""Requests → pages: the ASGI application behind `dateline browse`.

Decides which address leads to which page; refuses to know what stands on it. Reading happens in
worker threads, one question at a time.
"""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from flows.archive.archive import read_archived
from flows.browse import pages
from flows.browse.addresses import Served
from flows.browse.archived import harmless_page
from flows.browse.asked import choice_of, day_of, page_of
from flows.browse.feeds import Feed, atom, json_feed
from flows.browse.labelling import MOST_BYTES, answered, label, labelled_already
from flows.browse.rendering import Sheet, asset, render
from flows.browse.safety import Gate, same_token
from flows.browse.sites import CSV_ROWS, Site, edits_feed, feed_of, frame_of, gaps_feed, table_of
from flows.core.errors import ArchiveError, DatelineError
from flows.core.urls import fetch_url, url_key
from flows.store.browsing import listing, overview
from flows.store.browsing.listing import Choice
from flows.store.browsing.newest import Newest, Opened
from flows.store.browsing.told import told
from flows.store.url_life import url_life

_AT = Served()
_HTML = "text/html; charset=utf-8"
_ATOM = "application/atom+xml; charset=utf-8"
_JSON = "application/feed+json; charset=utf-8"
_ASSETS = {
    "style.css": "text/css; charset=utf-8",
    "browse.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}

Answer = Callable[[Opened, Request], Sheet | Response | None]


def browse_app(site: Site, port: int) -> ASGIApp:
    """The application for a server that listens on `port` of this machine."""
    return Gate(_Pages(site, port).app, port, may_post=site.can_label)


class _Pages:
    """The routes over one site."""

    def __init__(self, site: Site, port: int) -> None:
        self._site = site
        self._base = f"http://127.0.0.1:{port}"
        self._newest = Newest(site.store)
        self._token = secrets.token_urlsafe(24)
        gets: dict[str, Answer] = {
            "/": _overview,
            "/search": _search,
            "/search.csv": _search_csv,
            "/search.atom": partial(self._search_feed, kind="atom"),
            "/search.json": partial(self._search_feed, kind="json"),
            "/feed.atom": partial(self._search_feed, kind="atom"),
            "/feed.json": partial(self._search_feed, kind="json"),
            "/edits.atom": partial(self._other_feed, make=edits_feed, kind="atom"),
            "/edits.json": partial(self._other_feed, make=edits_feed, kind="json"),
            "/gaps.atom": partial(self._other_feed, make=gaps_feed, kind="atom"),
            "/gaps.json": partial(self._other_feed, make=gaps_feed, kind="json"),
            "/article/{ident}": self._article,
            "/archived/{ident}": self._archived,
            "/archived/{ident}/page": self._archived_page,
            "/story/{ident}": _story,
            "/edits": _edits,
            "/sources": lambda opened, _: pages.sources_sheet(opened),
            "/source/{ident}": _source,
            "/why": _why,
            "/topic": self._topic,
            "/events": lambda opened, _: pages.events_sheet(opened),
            "/event/{ident}": _event,
            "/statements": _statements,
            "/attention": lambda opened, _: pages.attention_sheet(opened),
        }
        routes = [Route(path, self._endpoint(answer)) for path, answer in gets.items()]
        routes += [Route(f"/{name}", partial(_asset, name=name)) for name in _ASSETS]
        routes.append(Route("/label", self._label, methods=["POST"]))
        routes.append(Route("/{anything:path}", self._endpoint(lambda _, __: None)))
        self.app = Starlette(routes=routes)

    def _endpoint(self, answer: Answer) -> Callable[[Request], Response]:
        def endpoint(request: Request) -> Response:
            try:
                with self._newest.reading() as opened:
                    return self._answered(opened, request, answer)
            except DatelineError as error:
                return Response(str(error) + "\n", status_code=503, media_type="text/plain")

        return endpoint

    def _answered(self, opened: Opened, request: Request, answer: Answer) -> Response:
        found = answer(opened, request)
        if isinstance(found, Response):
            return found
        sheet = found or pages.missing_sheet(f"There is nothing at {request.url.path}.")
        html = render(sheet, frame_of(self._site, opened, live=True), _AT)
        # a lone surrogate in a text has no bytes; the page has a mark in its place
        return Response(
            html.encode("utf-8", "replace"), status_code=200 if found else 404, media_type=_HTML
        )

    def _search_feed(self, opened: Opened, request: Request, *, kind: str) -> Response:
        choice = choice_of(request.query_params.multi_items())
        if "order" not in request.query_params:
            choice = _newest_first(choice)
        home = self._base + (_AT.chosen(choice) or "/")
        feed = feed_of(opened, choice, _AT, self._base, home, self._own(request))
        return _fed(feed, opened, kind)

    def _other_feed(
        self, opened: Opened, request: Request, *, make: Callable[..., Feed], kind: str
    ) -> Response:
        name = request.url.path.partition(".")[0]
        home = self._base + ("/sources" if name == "/gaps" else name)
        return _fed(make(opened, _AT, self._base, home, self._own(request)), opened, kind)

    def _own(self, request: Request) -> str:
        query = f"?{request.url.query}" if request.url.query else ""
        return f"{self._base}{request.url.path}{query}"

    def _topic(self, opened: Opened, request: Request) -> Sheet:  # noqa: ARG002  as all answers
        labelled = labelled_already(self._site.labels)
        return pages.topic_sheet(opened, self._site.topic, labelled, self._token)

    def _article(self, opened: Opened, request: Request) -> Sheet | None:
        ident = request.path_params["ident"]
        found = told(opened, [ident]).get(ident)
        return pages.article_sheet(found, self._site.topic) if found else None

    def _archived(self, opened: Opened, request: Request) -> Sheet | None:
        ident = request.path_params["ident"]
        found = told(opened, [ident]).get(ident)
        if found is None or not found.article["archive_ref"]:
            return None
        ref = str(found.article["archive_ref"])
        try:
            page = read_archived(self._site.archive, ref)
        except (ArchiveError, OSError) as error:
            return pages.missing_sheet(f"The archive cannot show this page: {error}")
        return Sheet(
            template="archived",
            values={
                "article_id": ident,
                "title": found.article["title"],
                "fetched_at": page.fetched_at,
                "url": page.url,
                "size": len(page.body),
                "ref": ref,
            },
        )

    def _archived_page(self, opened: Opened, request: Request) -> Response | None:
        ident = request.path_params["ident"]
        found = told(opened, [ident]).get(ident)
        if found is None or not found.article["archive_ref"]:
            return None
        try:
            page = read_archived(self._site.archive, str(found.article["archive_ref"]))
        except (ArchiveError, OSError):
            return None
        return Response(harmless_page(page), media_type=_HTML)

    async def _label(self, request: Request) -> Response:
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > MOST_BYTES:
                return Response("Too much for a label.\n", status_code=413)
        fields = answered(bytes(body))
        if not same_token(fields.get("token", ""), self._token):
            return Response("This page is of an earlier start; load it again.\n", status_code=403)
        taken = await run_in_threadpool(
            self._take, fields.get("article", ""), fields.get("label", "")
        )
        if not taken:
            return Response("No such article, or no such label.\n", status_code=400)
        return RedirectResponse("/topic#queue", status_code=303)

    def _take(self, article_id: str, answer: str) -> bool:
        with self._newest.reading() as opened:
            found = told(opened, [article_id]).get(article_id)
        return found is not None and label(self._site.labels, found.article, answer)


def _overview(opened: Opened, request: Request) -> Sheet:
    asked = request.query_params
    return pages.overview_sheet(opened, day_of(asked.get("since", "")), asked.get("by", ""))


def _search(opened: Opened, request: Request) -> Sheet:
    asked = request.query_params
    return pages.search_sheet(
        opened, choice_of(asked.multi_items()), page_of(asked.get("page", ""))
    )


def _search_csv(opened: Opened, request: Request) -> Response:
    choice = choice_of(request.query_params.multi_items())
    if choice.words:
        listing.look_up(opened, choice.words)
    written = table_of(listing.listed(opened, choice, most=CSV_ROWS))
    # the mark lets spreadsheets read UTF-8
    return Response(
        ("\ufeff" + written).encode("utf-8", "replace"),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="dateline.csv"'},
    )


def _newest_first(choice: Choice) -> Choice:
    """A feed tells what is new, also of a search for words."""
    return Choice(words=choice.words, picks=choice.picks, since=choice.since, until=choice.until,
                  folded=choice.folded, order="seen")  # fmt: skip


def _story(opened: Opened, request: Request) -> Sheet | None:
    return pages.story_sheet(opened, request.path_params["ident"])


def _edits(opened: Opened, request: Request) -> Sheet:
    return pages.edits_sheet(opened, largest=request.query_params.get("order") != "newest")


def _source(opened: Opened, request: Request) -> Sheet | None:
    return pages.source_sheet(opened, request.path_params["ident"])


def _why(opened: Opened, request: Request) -> Sheet:
    url = request.query_params.get("url", "").strip()[:4_000]
    if not url:
        return pages.why_sheet("")
    address = fetch_url(url)
    if address is None:
        return pages.why_sheet(
            url, "This is no http(s) URL; write it whole, as https://daily.example/story."
        )
    key = url_key(address)
    return pages.why_sheet(url, "", url_life(opened.con, key), key)


def _event(opened: Opened, request: Request) -> Sheet | None:
    return pages.event_sheet(opened, request.path_params["ident"])


def _statements(opened: Opened, request: Request) -> Sheet | None:
    asked = request.query_params
    if not opened.has("statements"):
        return None
    return pages.statements_sheet(opened, asked.get("speaker", ""), asked.get("concept", ""))


def _fed(feed: Feed, opened: Opened, kind: str) -> Response:
    if kind == "json":
        return Response(json_feed(feed), media_type=_JSON)
    newest = overview.totals(opened)["newest_seen_at"]
    updated = newest if isinstance(newest, datetime) else opened.published_at.astimezone(UTC)
    return Response(atom(feed, updated), media_type=_ATOM)


def _asset(request: Request, *, name: str) -> Response:  # noqa: ARG001  Starlette's signature
    return Response(asset(name), media_type=_ASSETS[name])
