import gzip
import io
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import Buffer
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from flows.archive.archive import Archive, archived_pages, read_archived, recover
from flows.core import Redirect, Validators
from flows.core.errors import ArchiveError
from tests.archive.pages import NOW, a_page

REQUEST = (("Host", "a.test"), ("User-Agent", "Daily/2"))


def _archive(folder: Path, run: str = "run", rotate_bytes: int = 10**9) -> Archive:
    return Archive(folder, run, lambda: NOW, rotate_bytes=rotate_bytes)


def test_a_page_is_read_as_it_was_written(tmp_path: Path) -> None:
    page = a_page("http://a.test/story?id=1")
    with _archive(tmp_path) as archive:
        archive.write(a_page("http://a.test/first"))
        ref = archive.write(page, request=REQUEST)
        assert read_archived(tmp_path, ref) == replace(page, archive_ref=ref)
    assert read_archived(tmp_path, ref) == replace(page, archive_ref=ref)


_HEADER_TEXT = st.text(st.characters(exclude_categories=("C", "Z")), max_size=20)


@given(
    st.binary(max_size=300),
    st.lists(st.tuples(st.from_regex(r"[a-z][a-z-]{0,12}", fullmatch=True), _HEADER_TEXT)),
    st.integers(100, 599),
    st.lists(st.integers(300, 399), max_size=3),
)
def test_every_page_survives_the_way_there_and_back(
    body: bytes, headers: list[tuple[str, str]], status: int, hops: list[int]
) -> None:
    headers = [pair for pair in headers if pair[0] not in ("content-type", "etag", "last-modified")]
    page = replace(
        a_page("http://a.test/"),
        body=body,
        headers=tuple(headers),
        status=status,
        media_type=None,
        charset=None,
        validators=Validators(),
        redirects=tuple(Redirect(url=f"http://a.test/{n}", status=n) for n in hops),
    )
    with TemporaryDirectory() as name, _archive(Path(name)) as archive:
        ref = archive.write(page)
        assert read_archived(Path(name), ref) == replace(page, archive_ref=ref)


def test_all_pages_come_back_in_order_with_their_references(tmp_path: Path) -> None:
    with _archive(tmp_path) as archive:
        refs = [archive.write(a_page(f"http://a.test/{n}")) for n in range(5)]
        archive.note(refs[2], {"verdict": "on_topic", "relevance": "0.9"})
    assert [page.archive_ref for page in archived_pages(tmp_path)] == refs


def test_files_are_rotated_by_size_and_named_by_run(tmp_path: Path) -> None:
    with _archive(tmp_path, rotate_bytes=5000) as archive:
        refs = [archive.write(a_page(f"http://a.test/{n}", body=os.urandom(2000)))
                for n in range(6)]  # fmt: skip
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["run-00001.warc.gz", "run-00002.warc.gz", "run-00003.warc.gz"]
    assert [read_archived(tmp_path, ref).url[-1] for ref in refs] == list("012345")


def test_a_run_that_goes_on_writes_a_file_of_its_own(tmp_path: Path) -> None:
    refs = []
    for number in range(2):
        with _archive(tmp_path) as archive:
            refs.append(archive.write(a_page(f"http://a.test/{number}")))
    assert [ref.partition(":")[0] for ref in refs] == ["run-00001.warc.gz", "run-00002.warc.gz"]


def test_nothing_is_made_until_a_page_is_written(tmp_path: Path) -> None:
    _archive(tmp_path / "archive").close()
    assert not (tmp_path / "archive").exists()


_CRASHING = """
import os, sys
from pathlib import Path
from flows.archive.archive import Archive
from tests.archive.pages import NOW, a_page
archive = Archive(Path(sys.argv[1]), "crashed", lambda: NOW)
for number in range(3):
    print(archive.write(a_page(f"http://a.test/{number}")), flush=True)
os.kill(os.getpid(), 9)
"""


def _crash(folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", _CRASHING, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    return done.stdout.split()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_what_a_killed_run_wrote_can_be_read_at_once_and_after_the_next_start(
    tmp_path: Path,
) -> None:
    refs = _crash(tmp_path)
    assert [read_archived(tmp_path, ref).archive_ref for ref in refs] == refs
    with _archive(tmp_path, "next") as archive:
        archive.write(a_page("http://a.test/next"))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "crashed-00001.warc.gz", "next-00001.warc.gz",
    ]  # fmt: skip
    assert [page.archive_ref for page in archived_pages(tmp_path)][:3] == refs


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@pytest.mark.parametrize("cut", [1, 30, 500])
def test_a_torn_end_is_cut_off_and_what_stood_before_stays(cut: int, tmp_path: Path) -> None:
    refs = _crash(tmp_path)
    torn = tmp_path / "crashed-00001.warc.gz.open"
    whole = torn.read_bytes()
    torn.write_bytes(whole + whole[-700:][:-cut])
    assert recover(tmp_path) == ["crashed-00001.warc.gz"]
    assert (tmp_path / "crashed-00001.warc.gz").read_bytes()[: len(whole)] == whole
    pages = list(archived_pages(tmp_path))
    assert [page.archive_ref for page in pages][:3] == refs


def test_a_file_that_another_run_closes_meanwhile_is_that_runs(tmp_path: Path) -> None:
    listed = tmp_path / "closed-00001.warc.gz.open"
    listed.symlink_to(tmp_path / "gone")  # in the folder's list, and not there when it is opened
    assert recover(tmp_path) == []


def test_the_file_of_a_run_that_is_alive_is_left_to_it(tmp_path: Path) -> None:
    with _archive(tmp_path, "alive") as archive:
        archive.write(a_page("http://a.test/"))
        assert recover(tmp_path) == []
        with _archive(tmp_path, "other") as other:
            other.write(a_page("http://a.test/other"))
        archive.write(a_page("http://a.test/more"))
    assert len(list(archived_pages(tmp_path))) == 3


@pytest.mark.parametrize(
    "ref",
    ["", "nothing", "run-00001.warc.gz:", "run-00001.warc.gz:x", "../run-00001.warc.gz:0",
     "run-00001.warc.gz:7", "run-00001.warc.gz:0", "run-00001.warc.gz:99999999", "no.warc.gz:0",
     "/etc/passwd:0", f"run-00001.warc.gz:{'9' * 30}", "run-00001.warc.gz:-1",
     "run-00001.warc.gz:²", f"run-00001.warc.gz:0+{'9' * 5000}"],
)  # fmt: skip
def test_a_reference_that_leads_nowhere_says_so(ref: str, tmp_path: Path) -> None:
    with _archive(tmp_path) as archive:
        archive.write(a_page("http://a.test/"))
    with pytest.raises(ArchiveError):
        read_archived(tmp_path, ref)


def test_a_full_disk_leaves_no_half_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = _archive(tmp_path)
    first = archive.write(a_page("http://a.test/1"))

    class Full(io.FileIO):
        def write(self, content: Buffer) -> int:
            super().write(bytes(content)[:20])
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        file = Full(tmp_path / "run-00001.warc.gz.open", "r+b")
        file.seek(0, io.SEEK_END)
        full.setattr(archive, "_file", file)
        with pytest.raises(OSError, match="No space"):
            archive.write(a_page("http://a.test/2"))
        file.close()
    third = archive.write(a_page("http://a.test/3"))
    archive.close()
    assert [page.archive_ref for page in archived_pages(tmp_path)] == [first, third]


def test_another_tool_reads_ours(tmp_path: Path) -> None:
    body = "<html><p>Переговоры</p></html>".encode()
    with _archive(tmp_path) as archive:
        ref = archive.write(a_page("http://a.test/story", body=body), request=REQUEST)
        archive.note(ref, {"verdict": "on_topic"})
    with (tmp_path / "run-00001.warc.gz").open("rb") as file:
        seen = [
            (record.rec_type, record.rec_headers["WARC-Target-URI"], record.content_stream().read())
            for record in ArchiveIterator(file, check_digests="raise")
        ]
    assert [kind for kind, _, _ in seen] == [
        "warcinfo", "response", "metadata", "request", "metadata",
    ]  # fmt: skip
    assert seen[1] == ("response", "http://a.test/story", body)
    assert seen[4][2] == b"verdict: on_topic\r\n"


def test_the_reference_is_where_another_tool_finds_the_record(tmp_path: Path) -> None:
    with _archive(tmp_path) as archive:
        refs = [archive.write(a_page(f"http://a.test/{n}")) for n in range(3)]
    with (tmp_path / "run-00001.warc.gz").open("rb") as file:
        file.seek(int(refs[1].partition(":")[2]))
        record = next(iter(ArchiveIterator(file)))
    assert record.rec_headers["WARC-Target-URI"] == "http://a.test/1"


def _written_by_warcio(path: Path, *, is_gzip: bool) -> None:
    chunked = b"5\r\n<html\r\n7\r\n>Hi</p>\r\n0\r\n\r\n"
    answers = [
        ("http://b.test/chunked", [("Transfer-Encoding", "chunked")], chunked),
        ("http://b.test/gzip", [("Content-Encoding", "gzip")], gzip.compress(b"<html>Hi</p>")),
        ("http://b.test/plain", [("Content-Type", "text/html")], b"<html>Hi</p>"),
        ("http://b.test/lying", [("Content-Encoding", "br")], b"<html>Hi</p>"),
    ]
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=is_gzip)
        for url, headers, body in answers:
            writer.write_record(
                writer.create_warc_record(
                    url,
                    "response",
                    payload=io.BytesIO(body),
                    length=len(body),
                    http_headers=StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1"),
                )
            )


@pytest.mark.parametrize("is_gzip", [True, False], ids=["gzip", "plain"])
def test_ours_reads_what_another_tool_wrote(is_gzip: bool, tmp_path: Path) -> None:
    _written_by_warcio(tmp_path / ("their.warc" + ".gz" * is_gzip), is_gzip=is_gzip)
    pages = list(archived_pages(tmp_path))
    assert [page.url.rpartition("/")[2] for page in pages] == ["chunked", "gzip", "plain", "lying"]
    assert {page.body for page in pages} == {b"<html>Hi</p>"}
    for page in pages:
        assert page.archive_ref is not None
        assert read_archived(tmp_path, page.archive_ref) == page


def test_ours_reads_a_file_compressed_as_one_member(tmp_path: Path) -> None:
    _written_by_warcio(tmp_path / "plain.warc", is_gzip=False)
    content = (tmp_path / "plain.warc").read_bytes()
    (tmp_path / "plain.warc").unlink()
    (tmp_path / "whole.warc.gz").write_bytes(gzip.compress(content))
    pages = list(archived_pages(tmp_path))
    assert [read_archived(tmp_path, page.archive_ref or "") for page in pages] == pages
    assert len(pages) == 4


def test_what_is_no_warc_is_an_archive_error(tmp_path: Path) -> None:
    (tmp_path / "no.warc").write_bytes(b"nothing of the kind")
    with pytest.raises(ArchiveError):
        list(archived_pages(tmp_path))


def test_a_header_with_line_breaks_cannot_forge_a_record(tmp_path: Path) -> None:
    evil = "x\r\n\r\nWARC/1.1\r\nWARC-Type: response"
    page = replace(a_page("http://a.test/"), requested_url=evil, headers=(("x-evil", evil),))
    with _archive(tmp_path) as archive:
        archive.write(page, request=(("Cookie", evil),))
        archive.note("run-00001.warc.gz:0", {"why": evil})
    assert [one.url for one in archived_pages(tmp_path)] == ["http://a.test/"]
