"""Is the store sound: can every block be read, does everything add up.

Decides the rules that always hold, each as SQL that counts what breaks it. Refuses to mend.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from flows.core.errors import StoreError
from flows.store.connections import Connection, open_published
from flows.store.migrating import newest_number, number_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule and how it stands; `broken` counts rows that break it, None: could not be asked.

    `part` is the part of what is kept that it is about.
    """

    part: str = "store"
    rule: str
    broken: int | None
    detail: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing breaks the rule."""
        return self.broken == 0


def check_store(path: Path) -> tuple[Finding, ...]:
    """Read every value of the published file at `path` and count what breaks each rule."""
    try:
        with open_published(path) as con:
            schema = _schema(con)
            # the rules are about this version's tables
            rules = tuple(_rules(con)) if schema.holds else ()
            return (schema, *_blocks(con), *rules)
    except StoreError as error:
        return (Finding(rule="the published file opens", broken=None, detail=str(error)),)


def _schema(con: Connection) -> Finding:
    behind = abs(newest_number() - number_of(con))
    return Finding(
        rule="the file has this version's tables",
        broken=behind,
        detail="the next run brings it up to date; the other rules can be asked then"
        if behind
        else "",
    )


def _blocks(con: Connection) -> Iterator[Finding]:
    """Reading a block checks its checksum; hashing every column reads every block."""
    tables = con.execute(
        "select table_name, list(column_name order by column_index) from duckdb_columns() "
        "where database_name = current_database() and schema_name = 'kept' "
        "and table_name in (select table_name from duckdb_tables()) group by table_name order by 1"
    ).fetchall()
    problems = []
    for table, columns in tables:
        hashed = " + ".join(f'coalesce(sum(hash("{column}") % 1000), 0)' for column in columns)
        query = f"select case when {hashed} >= 0 then 0 end from kept.{table}"
        found = _asked(con, table, query)
        if not found.holds:
            problems.append(f"{table}: {found.detail}")
    yield Finding(
        rule=f"every block of {len(tables)} tables is whole",
        broken=len(problems),
        detail="; ".join(problems),
    )


def _rules(con: Connection) -> Iterator[Finding]:
    for rule, query in _RULES.items():
        yield _asked(con, rule, query)


def _asked(con: Connection, rule: str, query: str) -> Finding:
    try:
        ((broken,),) = con.execute(query).fetchall()
    except duckdb.Error as error:  # a broken block: that is the finding
        return Finding(rule=rule, broken=None, detail=str(error))
    return Finding(rule=rule, broken=int(broken))


_RULES = {
    "every reading has a number of its own": """
        select count(*) - count(distinct doc) from kept.readings""",
    "every article has one identifier": """
        select count(*) - count(distinct article_id) from kept.readings where revision = 1""",
    "revisions count from 1 without a hole": """
        select count(*) from (
            select article from kept.readings group by article
            having min(revision) <> 1 or max(revision) <> count(*) or min(doc) <> article)""",
    "every revision replaces the one before it": """
        select count(*) from kept.readings n
        where n.revision > 1 and not exists (
            from kept.readings r where r.doc = n.previous and r.article = n.article
            and r.revision = n.revision - 1)""",
    "every alias, judgement and story leads to an article": """
        select count(*) from (
            select article from kept.aliases union all select article from kept.judgements
            union all select article from kept.memberships
            union all select article from kept.rechecks)
        where article not in (select article from kept.readings)""",
    "every reading came with a judgement": """
        select count(*) from kept.readings
        where doc not in (select doc from kept.judgements where first)""",
    "every copy is of an article of its story": """
        select count(*) from kept.known_at('infinity'::timestamptz) c
        where c.copy_of is not null and not exists (
            from kept.known_at('infinity'::timestamptz) o
            where o.article_id = c.copy_of and o.story_id = c.story_id)""",
    "every link joins two articles": """
        select count(*) from kept.links
        where a >= b or a not in (select article_id from kept.readings)
           or b not in (select article_id from kept.readings)""",
    "every stored candidate's article is there": """
        select count(*) from kept.endings
        where ending in ('stored', 'revised')
          and (article is null or article not in (select article from kept.readings))""",
    "no candidate ended twice in a run": """
        select count(*) from (
            select 1 from kept.endings
            where ending <> 'withdrawn'
            group by url, run_id
            having count(*) > 1)""",
    "every run's totals balance": """
        select count(*) from runs
        where candidates <> stored + known + skipped + revised + left_open""",
    "every word is in the dictionary once": """
        select count(*) - count(distinct word) + count(*) - count(distinct term)
        from kept.words""",
    "every article's words are in the index": """
        select count(*) from kept.readings
        where text <> '' and doc not in (
            select doc from kept.postings union all select doc from kept.recent_postings)""",
}
