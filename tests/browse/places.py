"""A small store of an invented week, hostile articles among them, and a site over it."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import httpx

from flows.browse import Site, browse_app
from flows.store import Store
from flows.store.append import append
from flows.topic import read_topic
from tests.opened import TOPIC
from tests.store.newsweek import fill
from tests.store.samples import NOON, batch, claimed, judgement, new_article, source

PORT = 8323

MARKUP = '<script>alert(1)</script><img src=x onerror="alert(2)">"\'><b>'
BIDI = "Peace \u202edesrever\u2066 plan\u200f\u0007"
LONG = "m" * 1_000_000


def store_in(folder: Path) -> Store:
    """A published store: the invented week, and three articles nobody would write."""
    store = Store(folder / "data/dateline.duckdb", folder / "data/.dateline", lambda: NOON)
    store.prepare()
    fill(store)
    with store.turn() as con:
        append(
            con,
            batch(
                *(
                    new_article(
                        name,
                        f"{text}\n\nA peace plan.",
                        read={"title": text, "url": url, "published": claimed(NOON)},
                        judgement=judgement(),
                        source=source("evil", outlet=text[:150]),
                    )
                    for name, text, url in (
                        ("evil1", MARKUP, "javascript:alert(3)"),
                        ("evil2", BIDI, "https://evil.test/2?<b>&'\""),
                        ("evil3", LONG, "https://evil.test/3"),
                    )
                ),
                run_id="run-evil",
            ),
        )
    store.publish()
    return store


def site_of(folder: Path, *, can_label: bool = False) -> Site:
    """The site over a store in this folder."""
    return Site(
        store=folder / "data/dateline.duckdb",
        archive=folder / "data/archive",
        topic=read_topic(TOPIC, folder / "topic.toml"),
        labels=folder / "data/topic_labels.jsonl",
        can_label=can_label,
    )


class Visitor:
    """A browser without scripts, on this machine."""

    def __init__(self, site: Site) -> None:
        self._app = browse_app(site, PORT)

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.ask("GET", path, headers=headers)

    def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        async def asked() -> httpx.Response:
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(self._app), base_url=f"http://127.0.0.1:{PORT}"
            ) as client:
                return await client.request(method, path, headers=headers, data=form)

        return asyncio.run(asked())
