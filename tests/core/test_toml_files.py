"""A problem of a TOML file is told with the line its key stands in."""

from pathlib import Path

import pytest

from flows.core.errors import Problem
from flows.core.toml import line_of, read_toml

TEXT = """\
name = "top"

[store]
path = "a"  # path = "not this"

[fetch.resolve]
"a.test" = "1.2.3.4:5"

[fetch]
pace_seconds = 5
'quoted' = 1

[[source]]
id = "a"

[[source]]
id = "b"
url = "x"
"""


@pytest.mark.parametrize(
    ("loc", "start", "line"),
    [
        (["store"], None, 3),
        (["store", "path"], None, 4),
        (["fetch", "pace_seconds"], None, 10),
        (["fetch", "quoted"], None, 11),
        (["name"], None, 1),
        (["url"], 16, 18),
        (["id"], 13, 14),
        (["absent"], 16, 16),
        (["nowhere"], None, None),
        (["store", "absent"], None, 3),
    ],
)
def test_the_line_of_a_key(loc: list[str], start: int | None, line: int | None) -> None:
    assert line_of(TEXT, loc, start) == line


def test_a_mark_that_editors_put_at_the_beginning_is_no_part_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "marked.toml").write_bytes(b"\xef\xbb\xbfa = 1")
    assert read_toml(tmp_path / "marked.toml", [])[1] == {"a": 1}


def test_what_cannot_be_read_is_a_problem_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text('a = 1\nb = "open\n', encoding="utf-8")
    (tmp_path / "bytes.toml").write_bytes(b"a = '\xff'")
    problems: list[Problem] = []
    tables = [
        read_toml(tmp_path / name, problems)[1] for name in ("broken.toml", "bytes.toml", "no.toml")
    ]
    assert tables == [None, None, None]
    assert [(p.path.name, p.line) for p in problems] == [
        ("broken.toml", 2), ("bytes.toml", None), ("no.toml", None),
    ]  # fmt: skip
