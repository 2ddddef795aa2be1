"""The last pages met on each host, so that what a host repeats can be seen across runs.

Decides how many are remembered and how long; refuses to judge what is repeated.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flows.core import EndCount, MetPage
from flows.store.connections import Connection
from flows.store.rows import append_rows

# Of each host: enough to see a wall that stands before one page in twenty, at half a KB each.
MOST_OF_A_HOST = 64
# Furniture changes with a site's design; hosts met once are forgotten.
_LONGEST = timedelta(days=90)


def remember_pages(con: Connection, pages: Sequence[MetPage], now: datetime) -> None:
    """Remember `pages`, each instead of what its URL showed before, and forget the oldest."""
    newest = {(page.host, page.url_key): page for page in pages}
    if not newest:
        return
    hosts = sorted({page.host for page in newest.values()})
    con.execute(_REPLACE, [hosts, [url_key for _, url_key in newest]])
    append_rows(
        con,
        "kept.met_pages",
        [
            {
                "host": page.host,
                "url_key": page.url_key,
                "claimed": page.claimed,
                "slug": page.slug,
                "number": page.number,
                "headline": page.headline,
                "text_print": page.text_print,
                "word_count": page.word_count,
                "lines": list(page.lines),
                "ends": list(page.ends),
                "met_at": now,
            }
            for page in newest.values()
        ],
    )
    con.execute(_FORGET, {"hosts": hosts, "most": MOST_OF_A_HOST, "oldest": now - _LONGEST})


def pages_met(con: Connection, hosts: Sequence[str]) -> dict[str, tuple[MetPage, ...]]:
    """host → the pages remembered of it, by url_key; hosts never met are left out."""
    found: dict[str, list[MetPage]] = {}
    for row in con.execute(_MET, [list(hosts)]).fetchall():
        (host, url_key, claimed, slug, number, headline, text_print, word_count, lines,
         ends) = row  # fmt: skip
        page = MetPage(
            host=host, url_key=url_key, claimed=claimed, slug=slug, number=number,
            headline=headline, text_print=text_print, word_count=word_count, lines=tuple(lines),
            ends=tuple(ends),
        )  # fmt: skip
        found.setdefault(host, []).append(page)
    return {host: tuple(pages) for host, pages in found.items()}


def counted_ends(con: Connection) -> tuple[EndCount, ...]:
    """What titles begin or end with, for every host, where two titles do."""
    return tuple(
        EndCount(host=host, end=end, titles=titles, titles_of_host=of)
        for host, end, titles, of in con.execute(_ENDS).fetchall()
    )


_REPLACE = """
delete from kept.met_pages
where host in (select unnest(?::varchar[])) and url_key in (select unnest(?::varchar[]))
"""

_FORGET = """
delete from kept.met_pages
where met_at < $oldest or rowid in (
    select rowid from kept.met_pages where host in (select unnest($hosts::varchar[]))
    qualify row_number() over (partition by host order by rowid desc) > $most)
"""

_ENDS = """
with titled as (
    select host, count(distinct headline) as titles
    from kept.met_pages where headline <> '' group by host
)
select host, ending, count(distinct headline) as titles, any_value(t.titles)
from (select host, headline, unnest(ends) as ending from kept.met_pages where headline <> '') e
join titled t using (host)
group by host, ending
having count(distinct headline) > 1
order by host, ending
"""

_MET = """
select host, url_key, claimed, slug, number, headline, text_print, word_count, lines, ends
from kept.met_pages
where host in (select unnest(?::varchar[]))
order by host, url_key
"""
