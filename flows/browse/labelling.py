"""A person's answer on the page of the topic → a label in the file that `topic eval` reads.

The only thing `browse` ever writes, and only when it was started to take labels.
"""

from pathlib import Path
from urllib.parse import parse_qs

from flows.core.errors import ConfigurationError
from flows.store.query import Row
from flows.topic.labels import ABOUT, BESIDE, OFF, Labelled, add_label, read_labels

MOST_BYTES = 4_096  # a form has a token, an identifier and a figure
_ANSWERS = {str(answer): answer for answer in (ABOUT, BESIDE, OFF)}


def answered(body: bytes) -> dict[str, str]:
    """The fields of a form as a browser sends it; each once."""
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=8)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}


def labelled_already(path: Path) -> dict[str, int]:
    """URL, or title where there is none → the label it has. Empty while there is no label."""
    try:
        return {one.url or one.title: one.label for one in read_labels(path)}
    except ConfigurationError:
        return {}


def label(path: Path, row: Row, answer: str) -> bool:
    """Append the answer about an article; whether it was one."""
    if answer not in _ANSWERS:
        return False
    seen = row["first_seen_at"]
    add_label(
        path,
        Labelled(
            label=_ANSWERS[answer],
            title=str(row["title"] or ""),
            text=str(row["text"] or "")[:2000],
            language=str(row["language"]) if row["language"] else None,
            day=str(seen)[:10],
            url=str(row["url"] or ""),
        ),
    )
    return True
