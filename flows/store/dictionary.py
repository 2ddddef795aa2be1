"""The file's own comments as a page: what each view, column and macro means.

Decides the page's order; refuses to say anything the file does not say of itself.
"""

from collections.abc import Iterator

from flows.store.connections import Connection

_OPENING = """# Data dictionary

Made from the comments inside the store's file (`select comment from duckdb_columns()` shows them in
any client); a test keeps it so. Views and macros are the contract; the tables of the schema `kept`
behind them may change with a numbered migration. Every instant is a `TIMESTAMPTZ` in UTC.
"""


def data_dictionary(con: Connection) -> str:
    """The page, in Markdown."""
    return "\n".join((_OPENING, *_macros(con), *_views(con), *_tables(con)))


def _macros(con: Connection) -> Iterator[str]:
    yield "## Macros\n"
    for name, parameters, comment in con.execute(_MACROS).fetchall():
        yield f"- `{name}({', '.join(parameters)})` — {comment}"
    yield ""


def _views(con: Connection) -> Iterator[str]:
    yield "## Views\n"
    for view, comment in con.execute(_VIEWS).fetchall():
        yield f"### {view}\n\n{comment}\n\n| column | type | meaning |\n|---|---|---|"
        for column, kind, meaning in con.execute(_COLUMNS, [view]).fetchall():
            yield f"| {column} | {_short(kind)} | {meaning} |"
        yield ""


def _tables(con: Connection) -> Iterator[str]:
    yield "## Tables behind the views\n"
    for table, comment in con.execute(_TABLES).fetchall():
        yield f"- `kept.{table}` — {comment}"
    yield ""


def _short(kind: str) -> str:
    return kind.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ").replace("|", "\\|")


_MACROS = """
select function_name, parameters, comment
from duckdb_functions()
where schema_name = 'main' and function_type = 'table_macro' and not internal
order by function_name
"""

_VIEWS = """
select view_name, comment
from duckdb_views()
where not internal and database_name = current_database()
order by view_name
"""

_COLUMNS = """
select column_name, data_type, comment
from duckdb_columns()
where schema_name = 'main' and table_name = ? and database_name = current_database()
order by column_index
"""

_TABLES = """
select table_name, comment
from duckdb_tables()
where schema_name = 'kept' and database_name = current_database()
order by table_name
"""
