"""Writes docs/data-dictionary.md anew: `python -m tests.store.write_dictionary`."""

import tempfile
from pathlib import Path

from flows.store import Store
from flows.store.dictionary import data_dictionary
from tests.store.samples import NOON

PAGE = Path(__file__).parents[2] / "docs" / "data-dictionary.md"


def written() -> str:
    """The page as the schema of today says it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = Store(folder / "dateline.duckdb", folder / ".dateline", lambda: NOON)
        store.prepare()
        with store.turn() as con:
            return data_dictionary(con)


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
