"""A complete configuration for the rehearsal: names resolved to the loopback web, no pace.

Writes `dateline.toml`, `sources.toml`, `topic.toml` and the seeds; refuses to run anything.
"""

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flows.rehearsal.outlets import Feed, Outlet

# The stalling page costs a run this much of its patience; everything else answers at once.
_TIMEOUT_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry:
    """One `[[source]]` to be written; values that are None or empty are left out."""

    source_id: str
    outlet: str
    kind: str
    url: str
    language: str | None = None
    country: str | None = None
    character: str | None = None
    timezone: str = "UTC"
    selector: str | None = None
    repairs: tuple[str, ...] = ()


def write_configuration(
    folder: Path,
    *,
    sources: Iterable[SourceEntry],
    resolve: Mapping[str, str],
    topic_path: Path,
    seeds_dir: Path,
    timeout_seconds: float = _TIMEOUT_SECONDS,
) -> Path:
    """Write `folder/config` and `folder/seeds`; return the configuration's path.

    `resolve` maps host names to `address:port`. The store and the archive go below `folder/data`.
    """
    config = folder / "config"
    config.mkdir(parents=True, exist_ok=True)
    (config / "dateline.toml").write_text(_main(resolve, timeout_seconds), encoding="utf-8")
    (config / "sources.toml").write_text(_sources(sources), encoding="utf-8")
    shutil.copyfile(topic_path, config / "topic.toml")
    shutil.copytree(seeds_dir, folder / "seeds", dirs_exist_ok=True)
    return config


def source_entries(outlets: Iterable[Outlet]) -> list[SourceEntry]:
    """What `sources.toml` says about the invented outlets."""
    return [_entry(outlet, feed) for outlet in outlets for feed in outlet.feeds if feed.configured]


def resolved(outlets: Iterable[Outlet], *, served: str, refusing: str) -> dict[str, str]:
    """Where each outlet's name leads: the server's address, or one where nobody listens."""
    return {outlet.host: refusing if outlet.refuses else served for outlet in outlets}


def _entry(outlet: Outlet, feed: Feed) -> SourceEntry:
    return SourceEntry(
        source_id=feed.source_id,
        outlet=outlet.name,
        kind=feed.kind,
        url=outlet.url(feed.path),
        language=outlet.language,
        country=outlet.country,
        character=outlet.character,
        timezone=outlet.timezone,
        selector=feed.selector,
        repairs=tuple(outlet.url(path) for path in feed.repairs),
    )


def _main(resolve: Mapping[str, str], timeout_seconds: float) -> str:
    names = "".join(f"{_quoted(name)} = {_quoted(place)}\n" for name, place in resolve.items())
    return (
        '[store]\npath = "data/dateline.duckdb"\n\n'
        '[archive]\npath = "data/archive"\n\n'
        '[fetch]\nuser_agent = "Dateline-Rehearsal/1.0"\ncontact = "https://dateline.test/about"\n'
        f"pace_seconds = 0.0\ntimeout_seconds = {timeout_seconds}\n"
        'allow_networks = ["127.0.0.0/8"]\n\n'
        "[read]\nprocesses = 1\ntimeout_seconds = 2.0\n\n"
        f"[fetch.resolve]\n{names}"
    )


def _sources(sources: Iterable[SourceEntry]) -> str:
    return "\n".join(_table(source) for source in sources)


def _table(source: SourceEntry) -> str:
    pairs = {
        "id": source.source_id,
        "outlet": source.outlet,
        "kind": source.kind,
        "url": source.url,
        "language": source.language,
        "country": source.country,
        "character": source.character,
        "timezone": source.timezone,
        "selector": source.selector,
    }
    lines = [f"{name} = {_quoted(value)}" for name, value in pairs.items() if value is not None]
    if source.repairs:
        lines.append(f"repairs = [{', '.join(map(_quoted, source.repairs))}]")
    return "[[source]]\n" + "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are a subset of TOML's (toml.io, 1.0, String)."""
    return json.dumps(text, ensure_ascii=False)
