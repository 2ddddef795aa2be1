"""`config/` → settings: reads every file, reports every problem at once.

Decides what a configuration may say; refuses to know what the settings are used for. The topic
file is read by `flows.topic`, which reports problems of the same type.
"""

import ipaddress
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from flows.core import Source
from flows.core.errors import ConfigurationError, Problem
from flows.core.setting_errors import problems_of
from flows.core.toml import line_of, read_toml
from flows.core.urls import fetch_url

SOURCE_KINDS = (
    "feed",  # RSS, Atom or JSON Feed: told apart by their bytes
    "sitemap",  # a sitemap, sitemap index or news sitemap: told apart by their bytes
    "list",  # a page with links, by CSS selector, or a listing in JSON, by a path of names
    "wordpress",  # wp-json/wp/v2/posts
    "google_news",  # a Google News search feed
    "gdelt",  # 15-minute bulk files, filtered by the configured outlets' hosts
)
_SOURCE_ID = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")


def _http_url(value: str) -> str:
    if fetch_url(value) is None:
        raise ValueError("is no http(s) URL that can be fetched")
    return value


def _secret_http_url(value: SecretStr) -> SecretStr:
    _http_url(value.get_secret_value())
    return value


def _network(value: str) -> str:
    ipaddress.ip_network(value)
    return value


def zone_name(value: str) -> str:
    """`value` if it names an IANA time zone. Raises `ValueError` saying what it is not."""
    try:
        ZoneInfo(value)  # listing all zones costs 4 ms, which 250 sources pay each
    except (KeyError, ValueError, OSError):
        raise ValueError("is no IANA time zone, such as 'Asia/Shanghai'") from None
    return value


def _identifier(value: str) -> str:
    if _SOURCE_ID.fullmatch(value) is None:
        raise ValueError("must be lower-case letters, digits, '_', '.' or '-', at most 64")
    return value


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class StoreSettings(_Strict):
    """`path`: the file people query. Working files lie in `.<name>/` beside it."""

    path: Path = Field(default=Path("data/dateline.duckdb"), strict=False)


class ArchiveSettings(_Strict):
    """Where WARC files go, and how long off-topic pages are kept (days; None: for ever)."""

    path: Path = Field(default=Path("data/archive"), strict=False)
    keep_off_topic_days: Annotated[int, Field(ge=0)] | None = 90


class FetchSettings(_Strict):
    """Manners and limits of fetching. Sizes in bytes after decompression, times in seconds."""

    user_agent: str = "Dateline/0.1"
    contact: str = ""
    pace_seconds: Annotated[float, Field(ge=0, le=3600)] = 5.0
    per_host: Annotated[int, Field(ge=1, le=8)] = 1
    hosts_at_once: Annotated[int, Field(ge=1, le=256)] = 32
    timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 30.0
    max_bytes: Annotated[int, Field(ge=1024, le=500_000_000)] = 10_000_000
    allow_networks: tuple[Annotated[str, AfterValidator(_network)], ...] = Field(
        default=(), strict=False
    )
    allow_ports: tuple[int, ...] = Field(default=(80, 443), strict=False)
    trust_store: Literal["certifi", "system"] = "certifi"
    resolve: dict[str, str] = {}  # host name → "address:port", as in a hosts file; for rehearsals


class ReadSettings(_Strict):
    """Worker processes that read pages; `processes` 0 means one per core."""

    processes: Annotated[int, Field(ge=0, le=64)] = 0
    timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 20.0


class ScheduleSettings(_Strict):
    """Minutes between scheduled passes, for `serve` and as the default of the deployments."""

    monitor_minutes: Annotated[int, Field(ge=1, le=1440)] = 15
    recheck_minutes: Annotated[int, Field(ge=5, le=10080)] = 60


class NotifySettings(_Strict):
    """Apprise URLs to tell of silent sources, failed runs and open gaps; `digest` of new stories.

    `${NAME}` in a URL is taken from the environment, so that no secret stands in the file. One may
    stand there all the same: whatever is a `SecretStr` is never printed, and no value beside it.
    """

    urls: tuple[SecretStr, ...] = Field(default=(), strict=False)
    digest: Literal["never", "daily"] = "never"


class BrowseSettings(_Strict):
    """`port`: where `serve` answers pages on loopback, and `browse` unless told; None: nowhere."""

    port: Annotated[int, Field(ge=1, le=65535)] | None = None


class ReportSettings(_Strict):
    """`out`: the folder `serve` writes each day's report to; None: none is written."""

    out: Path | None = Field(default=None, strict=False)


class HealthSettings(_Strict):
    """Who watches the schedule from outside: `ping_url` is called after each good pass.

    `/health` and `/metrics` are answered on `port` of `host`; without a port, nowhere. Addresses of
    watching services are secrets: whoever has one can say that all is well.
    """

    ping_url: Annotated[SecretStr, AfterValidator(_secret_http_url)] | None = None
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    host: str = "127.0.0.1"


class _File(_Strict):
    store: StoreSettings = StoreSettings()
    archive: ArchiveSettings = ArchiveSettings()
    fetch: FetchSettings = FetchSettings()
    read: ReadSettings = ReadSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    notify: NotifySettings = NotifySettings()
    browse: BrowseSettings = BrowseSettings()
    report: ReportSettings = ReportSettings()
    health: HealthSettings = HealthSettings()


class _SourceEntry(_Strict):
    id: Annotated[str, AfterValidator(_identifier)]
    outlet: Annotated[str, Field(min_length=1, max_length=200)]
    kind: Literal["feed", "sitemap", "list", "wordpress", "google_news", "gdelt"]
    url: Annotated[str, AfterValidator(_http_url)]
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")] | None = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    character: (
        Literal[
            "wire", "public", "state", "party", "independent", "official", "aggregator",
            "think_tank",
        ]
        | None
    ) = None  # fmt: skip
    timezone: Annotated[str, AfterValidator(zone_name)] = "UTC"
    min_minutes: Annotated[int, Field(ge=1, le=43200)] = 10
    max_minutes: Annotated[int, Field(ge=1, le=43200)] = 1440
    enabled: bool = True
    selector: str | None = None
    repairs: tuple[Annotated[str, AfterValidator(_http_url)], ...] = Field(default=(), strict=False)
    headlines_only: bool = False


class Settings(_Strict):
    """Everything `config/` says but the topic, with every path absolute.

    `base` is the directory that holds `config/`; `seeds_dir` the seed documents' folder in it.
    """

    config_dir: Path
    base: Path
    seeds_dir: Path
    store: StoreSettings
    archive: ArchiveSettings
    fetch: FetchSettings
    read: ReadSettings
    schedule: ScheduleSettings
    notify: NotifySettings
    browse: BrowseSettings = BrowseSettings()
    report: ReportSettings = ReportSettings()
    health: HealthSettings = HealthSettings()
    sources: tuple[Source, ...]

    @property
    def topic_path(self) -> Path:
        return self.config_dir / "topic.toml"

    @property
    def labels_path(self) -> Path:
        """Where labels that people give are kept: beside the store."""
        return self.store.path.parent / "topic_labels.jsonl"

    @property
    def state_dir(self) -> Path:
        """Where working files live: beside the published file, so that a rename is atomic."""
        return self.store.path.parent / f".{self.store.path.stem}"


def load_settings(config_dir: Path) -> Settings:
    """Read `dateline.toml` and `sources.toml` of `config_dir`.

    Raises `ConfigurationError` with every problem of both files, in file and line order.
    """
    config_dir = Path(os.path.abspath(config_dir))  # noqa: PTH100  resolve() would follow links
    problems: list[Problem] = []
    main_text, main = read_toml(config_dir / "dateline.toml", problems)
    sources_text, listed = read_toml(config_dir / "sources.toml", problems)
    file = _validated(main, main_text, config_dir / "dateline.toml", problems)
    sources = _sources(listed, sources_text, config_dir / "sources.toml", problems)
    if problems or file is None:
        raise ConfigurationError(tuple(problems))
    base = config_dir.parent
    return Settings(
        config_dir=config_dir,
        base=base,
        seeds_dir=base / "seeds",
        store=file.store.model_copy(update={"path": base / file.store.path}),
        archive=file.archive.model_copy(update={"path": base / file.archive.path}),
        fetch=file.fetch,
        read=file.read,
        schedule=file.schedule,
        notify=file.notify,
        browse=file.browse,
        report=file.report.model_copy(
            update={"out": base / file.report.out if file.report.out else None}
        ),
        health=file.health,
        sources=tuple(sources),
    )


def _validated(
    data: dict[str, Any] | None, text: str, path: Path, problems: list[Problem]
) -> _File | None:
    if data is None:
        return None
    try:
        return _File.model_validate(data)
    except ValidationError as error:
        problems.extend(problems_of(error, _File, path, lambda loc: line_of(text, loc)))
        return None


def _sources(
    data: dict[str, Any] | None, text: str, path: Path, problems: list[Problem]
) -> Iterator[Source]:
    if data is None:
        return iter(())
    for key in data.keys() - {"source"}:
        problems.append(Problem(path=path, what=f"unknown key '{key}'", line=line_of(text, [key])))
    entries = data.get("source", [])
    if not isinstance(entries, list):
        problems.append(Problem(path=path, what="'source' must be written as [[source]]"))
        return iter(())
    lines = [number for number, line in enumerate(text.splitlines(), 1)
             if re.match(r"\s*\[\[\s*source\s*\]\]", line)]  # fmt: skip
    found: dict[str, Source] = {}
    for position, entry in enumerate(entries):
        start = lines[position] if position < len(lines) else None
        source = _source(entry, text, start, path, problems)
        if source is None:
            continue
        if source.source_id in found:
            problems.append(
                Problem(path=path, what=f"the id '{source.source_id}' is used twice", line=start)
            )
        found[source.source_id] = source
    return iter(found.values())


def _source(
    entry: Any, text: str, start: int | None, path: Path, problems: list[Problem]
) -> Source | None:
    def line(loc: list[str]) -> int | None:
        return line_of(text, loc, start) if start is not None else None

    try:
        read = _SourceEntry.model_validate(entry)
    except ValidationError as error:
        problems.extend(problems_of(error, _SourceEntry, path, line))
        return None
    if read.min_minutes > read.max_minutes:
        problems.append(
            Problem(path=path, what=f"'{read.id}': min_minutes is above max_minutes", line=start)
        )
    if read.kind == "list" and not read.selector:
        problems.append(
            Problem(path=path, what=f"'{read.id}': kind 'list' needs a selector", line=start)
        )
    fields = read.model_dump()
    return Source(source_id=fields.pop("id"), **fields)
