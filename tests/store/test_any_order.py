"""The same articles in any order, in any batches, and once more, give the same stories."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from flows.core import Origin
from flows.pipeline.compare import compare_arrivals
from flows.pipeline.identity import Arrival
from flows.store import Store
from flows.store.append import append
from flows.store.check import check_store
from tests.dedup.texts import CHINESE, ELSEWHERE, RETOLD, RIVAL, WIRE, opening
from tests.store.samples import NOON, article, candidate, claimed, judgement, later

# Address, outlet, title, text, when published; two addresses of one page, three stories and more
PAGES = (
    ("wire.test/a", "Associated Press", "Marenne calls for ceasefire", WIRE, 0),
    ("tribune.test/1", "Tribune", "Island republic urges truce", opening(WIRE, 4), 2),
    ("echo.test/2", "Echo", "Eight points for peace", RETOLD, 3),
    ("gazette.test/3", "Gazette", "Truce call", opening(RETOLD, 5), 5),
    ("rival.test/4", "Reuters", "Grain futures slip", RIVAL, 1),
    ("mirror.test/5", "Mirror", "Patrol boats stay in port", RIVAL.replace("Thursday", "today"), 4),
    ("city.test/6", "City", "Last tram leaves in May", ELSEWHERE, 1),
    ("city.test/6?page=all", "City", "Last tram leaves in May", ELSEWHERE, 1),
    ("xin.test/7", "Xin", "卡斯滕呼吁停火", CHINESE, 2),
    ("both.test/8", "Both", "The week", opening(WIRE, 2) + "\n\n" + opening(RIVAL, 3), 9),
)  # fmt: skip


def arrival(page: tuple[str, str, str, str, int]) -> Arrival:
    name, outlet, title, text, hour = page
    url = f"https://{name}"
    return Arrival(
        url_key=name,
        article=article(
            text, url=url, outlet=outlet, title=title, published=claimed(later(hours=hour))
        ),
        judgement=judgement(),
        origin=Origin.MONITOR,
        seen_at=NOON,
        candidate=candidate(name, url=url, url_key=name),
    )


def settle(store: Store, pages: Sequence[tuple[str, str, str, str, int]], run: str) -> int:
    """Append a batch; returns how many articles and revisions were new."""
    with store.turn() as con:
        batch = compare_arrivals(con, [arrival(page) for page in pages], run_id=run, now=NOON)
        append(con, batch)
    return len(batch.articles) + len(batch.revisions)


def stories(store: Store) -> set[tuple[object, ...]]:
    """Every article with its story, original, kind of copy, and those its story holds. One page
    under two addresses has that of the first, so articles are told by outlet and title."""
    with store.turn() as con:
        rows = con.execute(
            """
            select a.outlet, a.title, o.outlet, a.copy_kind, s.together
            from articles a
            join (select story_id, list(outlet order by outlet) as together
                  from articles group by story_id) s using (story_id)
            left join articles o on o.article_id = a.copy_of
            """
        ).fetchall()
    return {(*row[:4], tuple(row[4])) for row in rows}


# not shrunk: no order is simpler than another
@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    places=st.permutations(range(len(PAGES))),
    cuts=st.sets(st.integers(1, len(PAGES) - 1), max_size=4),
)
def test_order_and_batches_change_no_story_and_a_second_time_adds_nothing(
    empty_store: Path, places: list[int], cuts: set[int]
) -> None:
    order = [PAGES[place] for place in places]
    with tempfile.TemporaryDirectory() as folder:
        at = Path(shutil.copytree(empty_store, folder, dirs_exist_ok=True))
        store = Store(at / "dateline.duckdb", at / ".dateline", lambda: NOON)
        ends = [*sorted(cuts), len(PAGES)]
        for number, (first, end) in enumerate(zip([0, *ends], ends, strict=False)):
            settle(store, order[first:end], f"run {number}")
        assert stories(store) == EXPECTED
        assert settle(store, order[::-1], "again") == 0
        assert stories(store) == EXPECTED
        store.publish()
        assert all(finding.holds for finding in check_store(store.path))


FAMILY = ("Associated Press", "Echo", "Gazette", "Tribune")
EXPECTED: set[tuple[object, ...]] = {
    ("Associated Press", "Marenne calls for ceasefire", None, None, FAMILY),
    ("Tribune", "Island republic urges truce", "Associated Press", "trimmed", FAMILY),
    ("Echo", "Eight points for peace", "Associated Press", "edited", FAMILY),
    ("Gazette", "Truce call", "Associated Press", "edited", FAMILY),
    ("Reuters", "Grain futures slip", None, None, ("Mirror", "Reuters")),
    ("Mirror", "Patrol boats stay in port", "Reuters", "same", ("Mirror", "Reuters")),
    ("City", "Last tram leaves in May", None, None, ("City",)),
    ("Xin", "卡斯滕呼吁停火", None, None, ("Xin",)),
    ("Both", "The week", None, None, ("Both",)),
}
