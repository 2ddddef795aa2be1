"""Sources as entries of `sources.toml`: written, named and added.

Decides how an entry looks and what a new source is called; refuses to change entries that stand.
"""

import json
import re
from collections.abc import Collection, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from flows.core import Source
from flows.core.errors import ConfigurationError
from flows.core.settings import load_settings

_DEFAULT = Source(source_id="", outlet="", kind="", url="")
_NOT_IN_AN_ID = re.compile(r"[^a-z0-9]+")


def entry_of(source: Source, comment: str | None = None) -> str:
    """`source` as TOML; what equals the default is left out."""
    lines = [f"# {comment}"] if comment else []
    lines.append("[[source]]")
    written = (
        ("id", source.source_id),
        ("outlet", source.outlet),
        ("kind", source.kind),
        ("url", source.url),
        ("language", source.language),
        ("country", source.country),
        ("character", source.character),
        ("timezone", None if source.timezone == _DEFAULT.timezone else source.timezone),
        ("selector", source.selector),
        ("headlines_only", True if source.headlines_only else None),
        ("enabled", None if source.enabled else False),
    )
    # a JSON string is a TOML basic string
    lines.extend(
        f"{name} = {json.dumps(value, ensure_ascii=False)}"
        for name, value in written
        if value is not None
    )
    return "\n".join(lines) + "\n"


def new_id(url: str, taken: Collection[str]) -> str:
    """A free identifier from the address: `news.example.org/world/rss` → `news.example-world`."""
    parts = urlsplit(url)
    host = (parts.hostname or "source").removeprefix("www.").rpartition(".")[0] or "source"
    steps = [step for step in parts.path.split("/") if step and not _says_nothing(step)]
    words = _NOT_IN_AN_ID.sub("-", "-".join([host, *steps]).lower()).strip("-")[:48] or "source"
    name, number = words, 2
    while name in taken:
        name, number = f"{words}-{number}", number + 1
    return name


def _says_nothing(step: str) -> bool:
    words = set(_NOT_IN_AN_ID.split(step.lower()))
    return words <= {"rss", "feed", "feeds", "xml", "atom", "index", "json", "rdf", "sitemap", ""}


def add_entries(config_dir: Path, entries: Sequence[str]) -> None:
    """Append `entries` to `sources.toml` in one step; the file is put back if it is then wrong.

    Raises ConfigurationError with what the new file would have had wrong.
    """
    path = config_dir / "sources.toml"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    _replace(path, before.rstrip("\n") + "\n\n" + "\n".join(entries))
    try:
        load_settings(config_dir)
    except ConfigurationError:
        _replace(path, before)
        raise


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
