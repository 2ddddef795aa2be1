"""Labels people gave: JSON Lines ⇄ values.

Decides what a line of labels may say; refuses to know what is done with them.
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.core import Article
from flows.core.errors import ConfigurationError, Problem

ABOUT, BESIDE, OFF = 2, 1, 0  # about the topic; a neighbour of it; off it
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A title and text with the label a person gave: 2 about the topic, 1 beside it, 0 off it.

    `day` is ISO, as in "2023-03-05"; `url` may be empty.
    """

    label: int
    title: str
    text: str
    language: str | None = None
    day: str = ""
    url: str = ""

    @property
    def article(self) -> Article:
        """What the judge is given."""
        return plain_article(self.title, self.text, self.language)


def plain_article(title: str | None, text: str, language: str | None = None) -> Article:
    """An article of which no more is known than its words."""
    return Article(
        url=None,
        outlet=None,
        title=title,
        text=text,
        lede=text.partition("\n\n")[0],
        word_count=len(text.split()),
        language=language,
        extractor="given",
        reader_version="given",
    )


def read_labels(path: Path) -> list[Labelled]:
    """Every label of a file. Raises `ConfigurationError` naming each line that cannot be read.

    A line: {"label": 2, "title": …, "summary" or "text": …, "language": …, "day": …, "link": …};
    all but the label and the title may be missing, and summaries may be HTML.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        what = f"cannot be read: {error}"
        raise ConfigurationError((Problem(path=path, what=what),)) from error
    problems: list[Problem] = []
    found: list[Labelled] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            label = _labelled(line)
            if isinstance(label, str):
                problems.append(Problem(path=path, what=label, line=number))
            else:
                found.append(label)
    if problems or not found:
        nothing = (Problem(path=path, what="holds no labels"),)
        raise ConfigurationError(tuple(problems) or nothing)
    return found


def add_label(path: Path, labelled: Labelled) -> None:
    """Append one label; the file and its folder are made where they are missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    row = {
        "label": labelled.label,
        "day": labelled.day,
        "language": labelled.language,
        "link": labelled.url,
        "title": labelled.title,
        "text": labelled.text,
    }
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")


def rows_of(text: str) -> Iterator[tuple[str | None, str, str | None]]:
    """(title, text, language) of each object of JSON Lines, or of one JSON document.

    Raises ValueError where a line is no JSON object.
    """
    try:
        whole = json.loads(text)
        rows = whole if isinstance(whole, list) else [whole]
    except ValueError:
        rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    for row in rows:
        if not isinstance(row, dict):
            raise ValueError("is no JSON object")
        yield row.get("title"), _text(row), row.get("language")


def _labelled(line: str) -> Labelled | str:
    try:
        row = json.loads(line)
    except ValueError as error:
        return f"is no JSON: {error}"
    if not isinstance(row, dict) or row.get("label") not in (ABOUT, BESIDE, OFF):
        return "needs a label: 2 about the topic, 1 beside it, 0 off it"
    if not isinstance(row.get("title"), str):
        return "needs a title"
    language = row.get("language")
    return Labelled(
        label=row["label"],
        title=row["title"],
        text=_text(row),
        language=language[:2].lower() if isinstance(language, str) and language else None,
        day=str(row.get("day") or "")[:10],
        url=str(row.get("link") or row.get("url") or ""),
    )


def _text(row: dict[str, Any]) -> str:
    text = row.get("text") or row.get("body") or row.get("summary") or row.get("description")
    return html.unescape(_TAG.sub(" ", text)) if isinstance(text, str) else ""
