"""What a person asks for → a backfill: names checked, providers and sources found."""

from datetime import date
from pathlib import Path

from flows.backfilling.own import Own
from flows.backfilling.plan import Window
from flows.backfilling.providing import Provider
from flows.backfilling.working import Backfill
from flows.errors import ConfigurationError, Problem
from flows.settings import Settings

PROVIDERS = ("own",)


def asked_for(
    settings: Settings,
    since: date,
    until: date,
    via: tuple[str, ...],
    source_ids: tuple[str, ...],
) -> Backfill:
    """The backfill asked for; every enabled source and every provider where none is named.

    Raises `ConfigurationError` naming every unknown provider and source, and a range that ends
    before it begins.
    """
    problems = []
    known = {source.source_id: source for source in settings.sources if source.enabled}
    sources_path = settings.config_dir / "sources.toml"
    for source_id in source_ids:
        if source_id not in known:
            problems.append(Problem(path=sources_path, what=f"no enabled source '{source_id}'"))
    for name in via:
        if name not in PROVIDERS:
            what = f"no provider '{name}'; there are {', '.join(PROVIDERS)}"
            problems.append(Problem(path=Path("--via"), what=what))
    if until < since:
        what = f"{until} lies before --since {since}"
        problems.append(Problem(path=Path("--until"), what=what))
    if problems:
        raise ConfigurationError(tuple(problems))
    return Backfill(
        window=Window(since=since, until=until),
        providers=tuple(_provider(name) for name in via or PROVIDERS),
        sources=tuple(known[name] for name in source_ids) or tuple(known.values()),
    )


def _provider(name: str) -> Provider:
    return {"own": Own}[name]()
