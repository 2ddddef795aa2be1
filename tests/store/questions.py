"""docs/queries.md: twenty questions with SQL and result, held against `newsweek`'s store.

`python -m tests.store.questions` writes the results anew; the questions and the SQL are the page's
own, and are not touched.
"""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from flows.store import Store, open_published
from flows.store.connections import Connection
from flows.store.query import ask
from tests.store.newsweek import MONDAY, fill

PAGE = Path(__file__).parents[2] / "docs" / "queries.md"
_QUESTION = re.compile(
    r"## (?P<number>\d+)\. (?P<title>[^\n]+)\n.*?"
    r"```sql\n(?P<sql>.*?)```\n\n(?P<result>(?:\|[^\n]*\n)*)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of the page: its SQL and the table printed below."""

    number: int
    title: str
    sql: str
    result: str


def questions(page: str) -> Iterator[Question]:
    """The questions of the page, in its order."""
    for found in _QUESTION.finditer(page):
        yield Question(
            number=int(found["number"]),
            title=found["title"],
            sql=found["sql"],
            result=found["result"],
        )


def answered(con: Connection, sql: str) -> str:
    """The answer as a Markdown table."""
    answer = ask(con, sql)
    lines = [answer.columns, ["---"] * len(answer.columns), *answer.rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def filled_store(folder: Path) -> Path:
    """The published file of the invented week."""
    store = Store(folder / "dateline.duckdb", folder / ".dateline", lambda: MONDAY)
    store.prepare()
    fill(store)
    return store.path


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, list):
        return ", ".join(map(_cell, value))
    return "" if value is None else " ".join(str(value).split()).replace("|", "\\|")


def _rewritten(page: str, con: Connection) -> str:
    for question in questions(page):
        block = f"```sql\n{question.sql}```\n\n"
        answer = answered(con, question.sql) + ("" if question.result else "\n")
        page = page.replace(f"{block}{question.result}", f"{block}{answer}")
    return page


def main() -> None:
    """Write the results of today into the page."""
    with tempfile.TemporaryDirectory() as name, open_published(filled_store(Path(name))) as con:
        PAGE.write_text(_rewritten(PAGE.read_text("utf-8"), con), "utf-8")


if __name__ == "__main__":
    main()
