import errno
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from flows.core.errors import StoreDamaged, StoreError, StoreFull, StoreTooNew
from flows.store import Store, open_published
from flows.store.append import append
from flows.store.connections import explained
from tests.store.samples import NOON, batch, later, new_article, new_revision

_DIE_WRITING = """
import sys
from pathlib import Path
from flows.core.times import utc_now
from flows.store import Store
store = Store(Path(sys.argv[1]), Path(sys.argv[2]), utc_now)
write = "insert into kept.warnings (kind, detail, warned_at) values ('k', ?, now())"
with store.turn() as con:
    con.execute(write, ["committed"])
    con.execute("commit")  # as on leaving, but the file stays open: what was written is in its log
    con.execute("begin")
    con.execute(write, ["not committed"])
    print("writing", flush=True)
    sys.stdin.read()
"""


def working_of(store: Store) -> Path:
    return store.path.parent / ".dateline" / "work.duckdb"


def published_ids(store: Store) -> list[str]:
    with open_published(store.path) as con:
        return [
            row[0] for row in con.execute("select article_id from articles order by 1").fetchall()
        ]


def test_a_new_store_can_be_read_at_once(store: Store) -> None:
    assert published_ids(store) == []


def test_what_is_committed_is_read_after_it_is_published(store: Store) -> None:
    with store.turn() as con:
        append(con, batch(new_article("a")))
    assert published_ids(store) == []
    assert store.publish()
    assert published_ids(store) == ["a"]


def test_nothing_is_published_when_nothing_changed(store: Store) -> None:
    with store.turn() as con:
        append(con, batch(new_article("a")))
    assert [store.publish(), store.publish()] == [True, False]
    with store.turn() as con:
        con.execute("select count(*) from articles").fetchall()
    assert not store.publish()


def test_a_publication_younger_than_asked_for_is_left(tmp_path: Path, empty_store: Path) -> None:
    shutil.copytree(empty_store, tmp_path, dirs_exist_ok=True)
    now = [later(seconds=30)]
    store = Store(tmp_path / "dateline.duckdb", tmp_path / ".dateline", lambda: now[0])
    store.publish()
    with store.turn() as con:
        append(con, batch(new_article("a")))
    assert not store.publish(least_seconds=60)
    now[0] += timedelta(seconds=60)
    assert store.publish(least_seconds=60)


def test_a_reader_keeps_the_file_it_opened_and_the_next_sees_the_new_one(store: Store) -> None:
    with store.turn() as con:
        append(con, batch(new_article("a")))
    store.publish()
    with open_published(store.path) as reading:
        with store.turn() as con:
            append(con, batch(new_article("b")))
        store.publish()
        assert reading.execute("select count(*) from articles").fetchall() == [(1,)]
        assert published_ids(store) == ["a", "b"]


def test_a_turn_that_fails_changes_nothing(store: Store) -> None:
    with pytest.raises(KeyError), store.turn() as con:
        append(con, batch(new_article("a"), revisions=(new_revision("absent", "New."),)))
    with store.turn() as con:
        assert con.execute("select count(*) from articles").fetchall() == [(0,)]


def test_a_missing_store_is_explained(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="dateline run"), open_published(tmp_path / "none.duckdb"):
        pass


def test_a_newer_store_is_refused_and_left_alone(store: Store) -> None:
    with store.turn() as con:
        con.execute("insert into kept.migrations values (9999, '9999_future', now())")
    with pytest.raises(StoreTooNew, match="9999"):
        store.prepare()


def test_a_store_whose_working_files_are_gone_begins_from_what_is_published(store: Store) -> None:
    with store.turn() as con:
        append(con, batch(new_article("a")))
    store.publish()
    shutil.rmtree(store.path.parent / ".dateline")
    store.prepare()
    with store.turn() as con:
        append(con, batch(new_article("b")))
    store.publish()
    assert published_ids(store) == ["a", "b"]


def test_a_log_left_without_its_file_is_put_aside(store: Store) -> None:
    with store.turn() as con:
        append(con, batch(new_article("a")))
    store.publish()
    working = working_of(store)
    working.unlink()
    log = working.with_name("work.duckdb.wal")
    log.write_bytes(b"of a file that is gone")
    store.prepare()
    assert published_ids(store) == ["a"]
    assert not log.exists()
    assert log.with_name("work.duckdb.wal.orphaned").exists()


def test_what_a_killed_writer_committed_is_there_and_the_rest_is_not(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    command = [sys.executable, "-c", _DIE_WRITING, str(store.path), str(working_of(store).parent)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"writing\n"
        writer.kill()
    store.prepare()
    with store.turn() as con:
        assert con.execute("select detail from kept.warnings").fetchall() == [("committed",)]
    assert "every committed batch is taken from its log" in caplog.text


def test_a_damaged_working_file_is_explained(store: Store) -> None:
    working_of(store).write_bytes(b"no database" * 10_000)
    with pytest.raises(StoreDamaged, match="says how to go on"):
        store.prepare()


def test_a_full_disk_is_explained(store: Store) -> None:
    with pytest.raises(StoreFull, match="free some space"), explained(store.path):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_folder_in_the_place_of_the_file_is_explained(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be used"), open_published(tmp_path):
        pass


def test_too_little_memory_is_explained(store: Store) -> None:
    greedy = "set memory_limit = '1MB'; select list(range::varchar) from range(10_000_000)"
    with pytest.raises(StoreError, match="memory is not enough"), store.turn() as con:
        con.execute(greedy)


def test_preparing_twice_changes_nothing(store: Store) -> None:
    with store.turn() as con:
        append(con, batch(new_article("a")))
    store.publish()
    store.prepare()
    assert not store.publish()


def test_views_of_another_version_are_made_anew(store: Store) -> None:
    with store.turn() as con:
        con.execute("create view of_the_past as select 1 as one")
        con.execute("update kept.views_made set digest = 'older'")
    store.prepare()
    with store.turn() as con:
        names = {name for (name,) in con.execute("select view_name from duckdb_views()").fetchall()}
    assert "articles" in names
    assert "of_the_past" not in names


def test_the_instants_of_the_published_file_are_utc(store: Store) -> None:
    with store.turn() as con:
        append(con, batch(new_article("a")))
    store.publish()
    with open_published(store.path) as con:
        rows = con.execute("select published_at::varchar from articles").fetchall()
    assert rows == [("2023-02-24 12:00:00+00",)]
    assert NOON.tzinfo is not None
