"""Fingerprints and text prints of every stored reading, made anew from its text.

Decides how they are replaced; refuses to know how they are made.
"""

from collections.abc import Callable

from flows.store.connections import Connection
from flows.store.rows import Progress, append_columns, one_row

# Readings whose texts are held at once: some four megabytes.
_AT_ONCE = 1000


def reprint(
    con: Connection,
    printed: Callable[[str], tuple[str, tuple[int, ...]]],
    progress: Progress,
) -> None:
    """Replace all fingerprints and text prints, within the caller's transaction."""
    last = int(one_row(con, "select coalesce(max(doc), 0) from kept.readings")[0])
    con.execute("delete from kept.fingerprints")
    con.execute("create or replace temp table printed (doc integer, text_print varchar)")
    with progress("making fingerprints anew", last) as bar:
        for first in range(1, last + 1, _AT_ONCE):
            rows = con.execute(_TEXTS, [first, first + _AT_ONCE]).fetchall()
            made = [(doc, *printed(text)) for doc, text in rows]
            append_columns(con, "kept.fingerprints", _rows(made))
            append_columns(
                con,
                "temp.printed",
                {
                    "doc": [doc for doc, _, _ in made],
                    "text_print": [print_ for _, print_, _ in made],
                },
            )
            bar.advance(min(_AT_ONCE, last + 1 - first))
    con.execute(_UPDATE)
    con.execute("drop table temp.printed")


def _rows(made: list[tuple[int, str, tuple[int, ...]]]) -> dict[str, list[int]]:
    return {
        "print": [value for _, _, values in made for value in values],
        "doc": [doc for doc, _, values in made for _ in values],
    }


_TEXTS = """
select doc, coalesce(text, '')
from kept.readings
where doc >= ? and doc < ? and doc not in (select doc from kept.withdrawals)
order by doc
"""

_UPDATE = """
update kept.readings r set text_print = p.text_print
from temp.printed p
where p.doc = r.doc and r.text_print is distinct from p.text_print
"""
