"""The one writer of CSV: every cell quoted, and none that acts in a spreadsheet or a terminal.

Spreadsheets take a cell that begins with `=`, `+`, `-` or `@` for a formula (OWASP, "CSV
Injection"), and where the comma is the decimal sign they part cells at semicolons, whatever
quotes stand before. So a text that would act gets an apostrophe before the sign, also after a
semicolon, tab or line break inside the cell. Numbers stay as they are.
"""

import csv
import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TextIO

# The wide forms are taken for the plain ones by some spreadsheets. "- " begins the items of a list,
# which texts are full of, and no formula. White space is bounded, or a text of tabs takes minutes.
_SIGN = "\\s{0,8}[=+\\-@|＝＋－＠]"
_FORMULA = re.compile(
    f"\\A(?=\\t|{_SIGN})|(?<=[;\\t])(?={_SIGN})|(?<=\\n)(?={_SIGN})(?! {{0,8}}- )"
)
_NO_PLAIN_BEGINNING = frozenset(" =+-@|＝＋－＠")
_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def write_csv(file: TextIO, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A line of names, then the rows. What is unknown is an empty cell."""
    writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow([harmless(column) for column in columns])
    writer.writerows([harmless(value) for value in row] for row in rows)


def harmless(value: object) -> object:
    """A value as a cell that no spreadsheet runs and no terminal obeys: times as ISO 8601, lists
    and structs as JSON."""
    if isinstance(value, str) and _is_plain(value):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal | None):
        return value
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False, default=str)
    return _FORMULA.sub("'", _ACTING.sub("", str(value)))


def _is_plain(text: str) -> bool:
    """Whether a text surely needs no change: what most cells are, told in a tenth of the time."""
    return text.isprintable() and ";" not in text and text[:1] not in _NO_PLAIN_BEGINNING
