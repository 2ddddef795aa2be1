"""What a person asks for → a backfill: names checked, providers and sources found."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from flows.core.backfills import Window
from flows.core.errors import ConfigurationError, Problem
from flows.core.settings import Settings
from flows.discovery.providers.cc_news import CcNews
from flows.discovery.providers.folder import Folder
from flows.discovery.providers.gdelt_articles import GdeltArticles
from flows.discovery.providers.gdelt_files import GdeltFiles
from flows.discovery.providers.own import Own
from flows.discovery.providers.provider import Provider
from flows.discovery.providers.wayback import Wayback
from flows.pipeline.backfill.work import Backfill

PROVIDERS: dict[str, Callable[[], Provider]] = {
    "own": Own,
    "gdelt": GdeltFiles,
    "gdelt-doc": GdeltArticles,
    "cc-news": CcNews,
    "wayback": Wayback,
}
# What is asked when nothing is named: the others cost gigabytes or days
_DEFAULT = ("own",)
_FOLDER = "folder:"


def names_of_providers() -> str:
    """What may stand behind `--via`, in words."""
    return ", ".join([*PROVIDERS, "folder:DIR"])


def asked_for(
    settings: Settings,
    since: date,
    until: date,
    via: tuple[str, ...],
    source_ids: tuple[str, ...],
    *,
    today: date,
) -> Backfill:
    """The backfill asked for; every enabled source where none is named, `own` where no provider is.

    Raises `ConfigurationError` naming every unknown provider and source, a folder that is not
    there, and a range that ends before it begins or lies ahead.
    """
    known = {source.source_id: source for source in settings.sources if source.enabled}
    sources_path = settings.config_dir / "sources.toml"
    problems = [
        Problem(path=sources_path, what=f"no enabled source '{source_id}'")
        for source_id in source_ids
        if source_id not in known
    ]
    names = tuple(dict.fromkeys(via)) or _DEFAULT
    problems += [Problem(path=Path("--via"), what=what) for name in names if (what := _wrong(name))]
    if until < since:
        what = f"{until} lies before --since {since}"
        problems.append(Problem(path=Path("--until"), what=what))
    elif until > today:
        what = f"{until} lies ahead; a backfill ends today ({today}) at the latest"
        problems.append(Problem(path=Path("--until"), what=what))
    if problems:
        raise ConfigurationError(tuple(problems))
    return Backfill(
        window=Window(since=since, until=until),
        providers=tuple(_provider(name) for name in names),
        sources=tuple(known[name] for name in dict.fromkeys(source_ids)) or tuple(known.values()),
    )


def _wrong(name: str) -> str | None:
    if name.startswith(_FOLDER):
        folder = Path(named := name.removeprefix(_FOLDER))
        if not named:
            return f"{_FOLDER} names no folder; {_FOLDER}. is this one"
        return None if folder.is_dir() else f"there is no folder {folder}"
    if name not in PROVIDERS:
        return f"no provider '{name}'; there are {names_of_providers()}"
    return None


def _provider(name: str) -> Provider:
    if name.startswith(_FOLDER):
        return Folder(Path(name.removeprefix(_FOLDER)).resolve())
    return PROVIDERS[name]()
