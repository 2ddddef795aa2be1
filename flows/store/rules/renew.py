"""Keys and fingerprints that older rules made → by this program's rules, in one transaction.

Decides when that is due, that a copy is kept first, and that a file made by newer rules is refused;
how each is made anew is `rekeying`'s and `reprinting`'s. Refuses to know the rules: they are handed
in, with their versions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flows.core.errors import StoreTooNew
from flows.store.connections import Connection
from flows.store.migrating import keep_copy
from flows.store.rows import Progress, one_row
from flows.store.rules.rekey import rekey
from flows.store.rules.reprint import reprint

KEYS, PRINTS = "keys", "prints"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What makes stored keys and fingerprints. Versions end in a number that only grows.

    `url_key` makes a key of a URL (what is none comes back), `printed` the print of a text's exact
    words and its 32-bit fingerprints.
    """

    keys: str
    url_key: Callable[[str], str]
    prints: str
    printed: Callable[[str], tuple[str, tuple[int, ...]]]


def renew(
    con: Connection, path: Path, rules: Rules, now: datetime, progress: Progress
) -> tuple[str, ...]:
    """Make anew what older rules made; returns the versions it has now, if any changed.

    Unless nothing is stored yet, a copy of the file is kept beside it first. Raises `StoreTooNew`
    and touches nothing when newer rules made it.
    """
    stored, wanted = versions(con), {KEYS: rules.keys, PRINTS: rules.prints}
    _refuse_newer(path, stored, wanted)
    behind = [what for what in wanted if stored[what] != wanted[what]]
    if not behind:
        return ()
    if _holds_anything(con):
        keep_copy(con, path, "before-" + "-".join(wanted[what] for what in behind))
    con.execute("begin")
    try:
        if KEYS in behind:
            rekey(con, rules.url_key, rules.keys, now, progress)
        if PRINTS in behind:
            reprint(con, rules.printed, progress)
        for what in behind:
            con.execute("insert into kept.rules values (?, ?, ?)", [what, wanted[what], now])
        con.execute("commit")
    except BaseException:
        con.execute("rollback")
        raise
    con.execute("checkpoint")
    return tuple(wanted[what] for what in behind)


def versions(con: Connection) -> dict[str, str]:
    """What → the version of the rules that made it."""
    rows = con.execute("select what, arg_max(version, rowid) from kept.rules group by what")
    return dict(rows.fetchall())


def _refuse_newer(path: Path, stored: dict[str, str], wanted: dict[str, str]) -> None:
    for what, version in wanted.items():
        if _number(stored[what]) > _number(version):
            raise StoreTooNew(
                f"The {what} in {path} were made by newer rules ({stored[what]}; this version of "
                f"Dateline knows {version}). Nothing was touched: use the newer version."
            )


def _number(version: str) -> int:
    return int(version.rpartition("-")[2])


def _holds_anything(con: Connection) -> bool:
    (rows,) = one_row(
        con, "select (select count(*) from kept.readings) + (select count(*) from kept.sightings)"
    )
    return int(rows) > 0
