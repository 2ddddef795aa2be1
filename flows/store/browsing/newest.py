"""The newest published file, held open for many questions, and what its catalogue offers.

Decides when another file stands there; refuses to know what is asked. One list of all articles
without their texts (`temp.browsed`) is made at each opening, so that choosing, counting and sorting
never read a text.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flows.core.errors import StoreError
from flows.store.connections import Connection, open_published
from flows.store.query import answering

# Columns of `articles` that later versions have and this page set uses where they are
_OPTIONAL = {
    "house": "null::varchar",
    "concepts": "null::varchar[]",
    "event_id": "null::varchar",
    "independent": "null::boolean",
    "published_day": "null::date",
}
# What DuckDB keeps at hand, the list of articles included. 64 MB do for 100,000 articles, a file of
# 320 MB: every page, 176 MB resident with Python. A million is unmeasured; the list grows with it.
_LEAST_MEGABYTES = 64
_FILE_SHARE = 6
_COLUMNS = """
select column_name, table_name from duckdb_columns()
where database_name = 'dateline' and schema_name = 'main' and not internal
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One published file, read-only. `views`: its public views and their columns."""

    con: Connection
    views: Mapping[str, frozenset[str]]
    published_at: datetime

    def has(self, view: str, *columns: str) -> bool:
        """Whether the file has this view with these columns."""
        return view in self.views and set(columns) <= self.views[view]


class Newest:
    """The file at `path`, opened anew whenever another was published there.

    One question at a time: DuckDB uses every core for each, and one open file costs memory once.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._open: ExitStack | None = None
        self._opened: Opened | None = None
        self._identity: tuple[int, ...] = ()

    @contextmanager
    def reading(self) -> Iterator[Opened]:
        """The newest file, for as long as the block lasts. Raises `StoreError` if there is none."""
        with self._lock:
            opened = self._renewed()
            with answering(self._path):
                yield opened

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._let_go()

    def _renewed(self) -> Opened:
        identity, published_at = _stands(self._path)
        if self._opened is None or identity != self._identity:
            self._let_go()
            with ExitStack() as stack:
                con = stack.enter_context(
                    open_published(self._path, memory_limit=_memory(self._path))
                )
                with answering(self._path):
                    self._opened = _prepared(con, published_at)
                self._identity = identity
                self._open = stack.pop_all()
        return self._opened

    def _let_go(self) -> None:
        self._opened = None
        if self._open is not None:
            self._open.close()
            self._open = None


def _stands(path: Path) -> tuple[tuple[int, ...], datetime]:
    """What tells one published file from the next, and when it was put there."""
    try:
        found = path.stat()
    except FileNotFoundError as error:
        raise StoreError(f"There is no store at {path} yet: 'dateline run' creates it.") from error
    identity = (found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size)
    return identity, datetime.fromtimestamp(found.st_mtime, UTC)


def _memory(path: Path) -> str:
    return f"{max(_LEAST_MEGABYTES, path.stat().st_size // _FILE_SHARE // 1_000_000)}MB"


def _prepared(con: Connection, published_at: datetime) -> Opened:
    views: dict[str, set[str]] = {}
    for column, view in con.execute(_COLUMNS).fetchall():
        views.setdefault(view, set()).add(column)
    offered = {view: frozenset(columns) for view, columns in views.items()}
    con.execute(_browsed(offered.get("articles", frozenset())))
    return Opened(con=con, views=offered, published_at=published_at)


def _browsed(columns: frozenset[str]) -> str:
    """The statement that lists all articles, without texts.

    `moment`: when published, or first seen; `day` its day; `marks`: what is particular about it;
    `place`: originals before copies, then by time, so that the least of a story stands for it.
    """
    optional = ", ".join(
        f"a.{name}" if name in columns else f"{instead} as {name}"
        for name, instead in _OPTIONAL.items()
    )
    day = "coalesce(published_day, (moment at time zone 'UTC')::date)"
    return f"""
create or replace temp table browsed as
with sourced as (
    select a.article_id, a.url, a.outlet, a.source_id, a.language, a.country, s.character,
           left(a.title, 400) as title, a.published_at, a.published_precision, a.first_seen_at,
           a.seen_at, coalesce(a.published_at, a.first_seen_at) as moment, a.form, a.relevance,
           a.borderline, a.story_id, a.copy_of, a.copy_kind, a.revisions, a.word_count, {optional}
    from articles a
    left join sources s on s.source_id = a.source_id
)
select *, {day} as day,
       row_number() over (order by copy_of is not null, moment, article_id)::integer as place,
       list_filter([case when revisions > 1 then 'edited' end,
                    case when borderline then 'borderline' end,
                    case when copy_of is not null then 'copy' end,
                    case when published_at is null then 'undated' end],
                   lambda mark: mark is not null) as marks
from sourced
order by moment
"""
