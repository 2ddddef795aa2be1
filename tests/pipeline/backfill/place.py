"""A place to backfill in: a configuration of two outlets, providers that ask the stand-in."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from flows.core.backfills import Window
from flows.core.settings import Settings, load_settings
from flows.discovery.providers.cc_news import CcNews
from flows.discovery.providers.gdelt_articles import GdeltArticles
from flows.discovery.providers.gdelt_files import GdeltFiles
from flows.discovery.providers.own import Own
from flows.discovery.providers.provider import Provider
from flows.discovery.providers.wayback import Wayback
from flows.pipeline.backfill.work import Backfill
from flows.rehearsal.configuration import SourceEntry, write_configuration
from tests.pipeline.backfill.past import CRAWL, DAILY, DOC, HOSTS, WAYBACK, WEEKLY

PROJECT = Path(__file__).parents[3]
NOW = datetime(2024, 3, 5, 12, tzinfo=UTC)


def clock() -> datetime:
    """An instant after every day asked; what is waited for passes on the real clock."""
    return NOW


def configured(folder: Path, address: str, *, per_host: int = 1) -> Settings:
    """Two outlets whose names, like all services', lead to `address`."""
    config = write_configuration(
        folder,
        sources=[
            SourceEntry(
                source_id=name, outlet=name.title(), kind="sitemap",
                url=f"http://{host}/sitemap.xml",
            )
            for name, host in (("daily", DAILY), ("weekly", WEEKLY))
        ],
        resolve=dict.fromkeys(HOSTS, address),
        topic_path=PROJECT / "config" / "topic.toml",
        seeds_dir=PROJECT / "seeds",
        timeout_seconds=20.0,
    )  # fmt: skip
    main = config / "dateline.toml"
    text = main.read_text(encoding="utf-8").replace("[fetch]", f"[fetch]\nper_host = {per_host}")
    main.write_text(text, encoding="utf-8")
    return load_settings(config)


def provider(name: str) -> Provider:
    """A provider that asks the stand-in, at its full speed."""
    made: dict[str, Provider] = {
        "own": Own(),
        "gdelt": GdeltFiles(),
        "gdelt-doc": GdeltArticles(api=f"http://{DOC}/api/v2/doc/doc", pace_seconds=0.0),
        "cc-news": CcNews(base=f"http://{CRAWL}/", piece_bytes=700),
        "wayback": Wayback(base=f"http://{WAYBACK}", pace_seconds=0.0),
    }
    return made[name]


def backfill_of(settings: Settings, since: date, until: date, via: Iterable[str]) -> Backfill:
    """A backfill of both outlets."""
    return Backfill(
        window=Window(since=since, until=until),
        providers=tuple(provider(name) for name in via),
        sources=settings.sources,
    )


def asked_rows(settings: Settings, query: str) -> list[tuple[object, ...]]:
    """What any client of the published file sees."""
    with duckdb.connect(str(settings.store.path), read_only=True) as con:
        return con.execute(query).fetchall()


def stored(settings: Settings) -> list[tuple[object, ...]]:
    """The articles a backfill found: all that must not depend on how often it was interrupted."""
    return asked_rows(
        settings,
        "select url, title, published_at, origin, source_id, revisions, md5(text) from articles "
        "where origin = 'backfill' order by url",
    )


def cells(settings: Settings) -> list[tuple[object, ...]]:
    """Every cell as it stands."""
    return asked_rows(
        settings,
        "select provider, source_id, day, state, reason, found, attempts from backfills "
        "order by all",
    )
