"""The store: one DuckDB file to write, one to read, and the functions that fill and ask them.

Decides how values lie in tables and who may write when; refuses to know where values come from.
The only package that imports duckdb.

    store = Store(path, state_dir, clock)
    store.prepare()                        create or migrate, explain a recovery
    with store.turn() as connection:       the one writer of all processes, one transaction
        append(connection, batch)
    store.publish()                        a whole copy at `path`, by rename
    with open_published(path) as connection:  what any client sees

Functions that take a turn's connection, by file: `sources`, `candidates`, `articles`, `appending`,
`judging`, `runs`, `coverage`, `rechecks`, `backfills`, `notices`, `seeding`. Functions for any
connection, the published file's too: `searching`, `showing`, `exporting`, `checking`.
"""

from flows.store.connections import Connection, open_published
from flows.store.store import Store

__all__ = ["Connection", "Store", "open_published"]
