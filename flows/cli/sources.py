"""`dateline sources check|add|discover|import|list`: what is watched, and is it alive.

Thin: asks, prints and writes entries; what a look means is decided in `flows.discovery`.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.cli.main import config_option, json_option
from flows.cli.options import until_stopped
from flows.cli.source_entries import add_entries, entry_of, new_id
from flows.core import (
    ClaimedTime,
    Look,
    LookStatus,
    Skipped,
    Source,
    SourceMemory,
    Stage,
)
from flows.core.boundary import guarded, telling_once
from flows.core.carriers import link_target
from flows.core.errors import ConfigurationError, DatelineError, NothingReached, Problem
from flows.core.settings import Settings, load_settings
from flows.core.terminal import Bar, print_json, print_line, print_table, progress
from flows.core.text.cleaning import how_many
from flows.core.times import utc_now
from flows.core.urls import url_key
from flows.core.workers.pool import Lost, Workers

if TYPE_CHECKING:
    from flows.discovery import Subscriptions, Unreadable
    from flows.fetch.client import Web

_UNREACHED = (LookStatus.FAILED, LookStatus.GONE)


@click.group()
def sources() -> None:
    """Try, add, find and list the sources that are watched."""


@sources.command("list")
@config_option
@json_option
@click.option("--language", help="Only sources in this language, such as zh.")
@click.option("--country", help="Only sources of this country, such as UA.")
def list_(config_dir: Path, as_json: bool, language: str | None, country: str | None) -> None:
    """The configured sources."""
    listed = [
        source
        for source in load_settings(config_dir).sources
        if (language is None or source.language == language)
        and (country is None or source.country == country)
    ]
    if as_json:
        print_json([_facts(source) for source in listed])
        return
    print_table(
        ("id", "outlet", "kind", "language", "country", "character", "enabled", "url"),
        [
            (one.source_id, one.outlet, one.kind, one.language, one.country, one.character,
             "yes" if one.enabled else "no", one.url)
            for one in listed
        ],
    )  # fmt: skip


def _facts(source: Source) -> dict[str, object]:
    return {
        "source_id": source.source_id, "outlet": source.outlet, "kind": source.kind,
        "url": source.url, "language": source.language, "country": source.country,
        "character": source.character, "timezone": source.timezone, "enabled": source.enabled,
        "headlines_only": source.headlines_only,
    }  # fmt: skip


@sources.command()
@config_option
@json_option
@click.argument("source_ids", metavar="[ID]...", nargs=-1)
@click.option("--all", "disabled_too", is_flag=True, help="Sources that are not enabled, too.")
def check(config_dir: Path, as_json: bool, source_ids: tuple[str, ...], disabled_too: bool) -> None:
    """Ask each source once: which are alive, stale, moved or gone, and what to do about it.

    Nothing is stored. Exit status 3 when no source answered.
    """
    settings = load_settings(config_dir)
    chosen = _chosen(settings, source_ids, disabled_too)
    with progress("sources", len(chosen)) as bar:
        looks = until_stopped(_look_at_all(settings, chosen, bar))
    if as_json:
        print_json([_look_facts(look) for look in looks])
    else:
        _print_looks(looks)
    if looks and all(look.status in _UNREACHED for look in looks):
        raise NothingReached(f"None of {len(looks)} sources answered.")


def _chosen(
    settings: Settings, source_ids: tuple[str, ...], disabled_too: bool
) -> tuple[Source, ...]:
    by_id = {source.source_id: source for source in settings.sources}
    unknown = [name for name in source_ids if name not in by_id]
    if unknown:
        path = settings.config_dir / "sources.toml"
        raise ConfigurationError(
            tuple(Problem(path=path, what=f"there is no source '{name}'") for name in unknown)
        )
    if source_ids:
        return tuple(by_id[name] for name in dict.fromkeys(source_ids))
    return tuple(source for source in settings.sources if source.enabled or disabled_too)


async def _look_at_all(settings: Settings, chosen: Sequence[Source], bar: Bar) -> list[Look]:
    from flows.discovery import faulted, in_workers, look

    async with _network(settings) as (web, workers):

        async def one(source: Source) -> Look:
            memory = SourceMemory(source_id=source.source_id)
            asked = look(source, web, memory, now=utc_now(), reading=in_workers(workers))
            seen = await guarded(asked, source.source_id, Stage.DISCOVER)
            bar.advance()
            if isinstance(seen, Skipped):
                return faulted(source, memory, seen, now=utc_now())
            return seen

        return await asyncio.gather(*(one(source) for source in chosen))


@asynccontextmanager
async def _network(settings: Settings) -> AsyncIterator[tuple["Web", Workers]]:
    """The network, and workers for what it answers."""
    from flows.fetch.client import Web

    settings.state_dir.mkdir(parents=True, exist_ok=True)
    async with (
        Workers(settings.read.processes, settings.read.timeout_seconds) as workers,
        Web(settings.fetch, state_dir=settings.state_dir, clock=utc_now) as web,
    ):
        with telling_once():
            yield web, workers


def _print_looks(looks: Sequence[Look]) -> None:
    order = list(LookStatus)
    rows = [
        (look.source_id, look.status, look.http_status, look.items, _newest(look),
         look.suggestion or look.error)
        for look in sorted(looks, key=lambda look: (-order.index(look.status), look.source_id))
    ]  # fmt: skip
    print_table(("source", "status", "#HTTP", "#items", "newest", "what to do"), rows)
    counts = {status: sum(look.status is status for look in looks) for status in order}
    print_line(", ".join(f"{number} {status}" for status, number in counts.items() if number))


def _newest(look: Look) -> datetime | None:
    claims = [one.claimed_at for one in look.candidates]
    return max((claim.at for claim in claims if isinstance(claim, ClaimedTime)), default=None)


def _look_facts(look: Look) -> dict[str, object]:
    return {
        "source_id": look.source_id, "status": look.status, "http_status": look.http_status,
        "reason": look.reason, "items": look.items, "newest_item_at": _newest(look),
        "problems": dict(look.problems), "error": look.error, "suggestion": look.suggestion,
    }  # fmt: skip


@sources.command()
@config_option
@json_option
@click.argument("site")
def discover(config_dir: Path, as_json: bool, site: str) -> None:
    """Find the feeds and sitemaps of SITE and print them as entries of sources.toml."""
    from flows.discovery import Offer, discover, in_workers

    settings = load_settings(config_dir)

    async def search() -> tuple[Offer, ...]:
        async with _network(settings) as (web, workers):
            return await discover(site, web, now=utc_now(), reading=in_workers(workers))

    offers = until_stopped(search())
    if as_json:
        print_json(
            [
                {"url": one.url, "kind": one.kind, "form": one.form, "items": one.items,
                 "newest_item_at": one.newest_at}
                for one in offers
            ]
        )  # fmt: skip
    if not offers:
        raise NothingReached(f"No feed or sitemap was found at {site}.")
    if as_json:
        return
    taken = {source.source_id for source in settings.sources}
    known = {url_key(source.url) for source in settings.sources}
    for offer in offers:
        source = _new_source(offer.url, offer.kind, outlet=None, taken=taken)
        taken.add(source.source_id)
        fresh = f"newest {offer.newest_at:%Y-%m-%d %H:%M}" if offer.newest_at else "no dates"
        already = "; already configured" if url_key(offer.url) in known else ""
        print_line(entry_of(source, f"{offer.form}, {offer.items} items, {fresh}{already}"))


@sources.command()
@config_option
@click.argument("url")
@click.option("--id", "source_id", help="Identifier; made from the address if not given.")
@click.option("--outlet", help="Who publishes there.")
@click.option("--language", help="Language of its articles, such as zh.")
@click.option("--country", help="Country of the outlet, such as UA.")
@click.option("--timezone", default="UTC", help="IANA zone of dates without one.")
def add(
    config_dir: Path,
    url: str,
    source_id: str | None,
    outlet: str | None,
    language: str | None,
    country: str | None,
    timezone: str,
) -> None:
    """Ask URL what it is and add it to sources.toml."""
    from flows.discovery import Offer, Unreadable, identify, in_workers, web_address

    settings = load_settings(config_dir)
    address = link_target(web_address(url))
    if address is None:
        raise click.BadParameter(f"{url!r} is no http(s) URL that can be fetched", param_hint="URL")
    _refuse_known(settings, address)

    async def ask() -> Offer | Unreadable:
        async with _network(settings) as (web, workers):
            return await identify(address, web, now=utc_now(), reading=in_workers(workers))

    offer = until_stopped(ask())
    if isinstance(offer, Unreadable):
        pointed = "; it announces " + ", ".join(offer.points_to) if offer.points_to else ""
        raise DatelineError(f"{address} is no source: {offer.problem}{pointed}")
    source = _new_source(
        address, offer.kind, outlet=outlet, taken={one.source_id for one in settings.sources},
        source_id=source_id, language=language, country=country, timezone=timezone,
    )  # fmt: skip
    comment = f"{offer.form}, {offer.items} items on {utc_now():%Y-%m-%d}"
    add_entries(settings.config_dir, [entry_of(source, comment)])
    print_line(f"added {source.source_id} ({offer.kind}, {offer.items} items)")


def _refuse_known(settings: Settings, url: str) -> None:
    for source in settings.sources:
        if url_key(source.url) == url_key(url):
            raise DatelineError(f"{url} is configured already, as '{source.source_id}'")


@sources.command("import")
@config_option
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Print the entries and change nothing.")
def import_(config_dir: Path, file: Path, dry_run: bool) -> None:
    """Add the feeds of an OPML file to sources.toml; those already configured are left out."""
    from flows.discovery import Unreadable

    settings = load_settings(config_dir)
    listed = until_stopped(_subscriptions(settings, file))
    if isinstance(listed, Unreadable):
        raise DatelineError(f"{file}: {listed.problem}")
    known = {url_key(source.url) for source in settings.sources}
    taken = {source.source_id for source in settings.sources}
    entries: list[str] = []
    for outline in listed.outlines:
        if url_key(outline.url) in known:
            continue
        source = _new_source(
            outline.url, "feed", outlet=outline.title, taken=taken, language=outline.language
        )
        taken.add(source.source_id)
        entries.append(entry_of(source, f"imported from {file.name}"))
    if dry_run:
        print_line("\n".join(entries))
    elif entries:
        add_entries(settings.config_dir, entries)
    left = len(listed.outlines) - len(entries)
    found = how_many(len(entries), "source")
    refused = f", {listed.refused} without an address that can be asked" if listed.refused else ""
    print_line(f"{found} {'found' if dry_run else 'added'}, {left} known already{refused}")


async def _subscriptions(settings: Settings, file: Path) -> "Subscriptions | Unreadable":
    from flows.discovery import READ_OPML, unread

    async with Workers(1, settings.read.timeout_seconds) as workers:
        read = await workers.ask(READ_OPML, file.read_bytes())
    return unread(read, str(file)) if isinstance(read, Lost) else read


def _new_source(
    url: str,
    kind: str,
    *,
    outlet: str | None,
    taken: set[str],
    source_id: str | None = None,
    language: str | None = None,
    country: str | None = None,
    timezone: str = "UTC",
) -> Source:
    name = source_id or new_id(url, taken)
    return Source(
        source_id=name,
        outlet=outlet or name,
        kind=kind,
        url=url,
        language=language,
        country=country,
        timezone=timezone,
    )
