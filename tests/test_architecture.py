"""The rules of the house, held by reading the imports of `flows/`."""

import ast
import sys
from pathlib import Path

import pytest

FLOWS = Path(__file__).parents[1] / "flows"
FILES = sorted(FLOWS.rglob("*.py"))

# Every top-level name of `flows/`, from the roof down. A layer imports those below it and itself;
# the packages that share a layer never import each other.
LAYERS = (
    ("__main__",),
    ("cli",),
    ("monitor", "recheck", "backfill", "reread", "redecide"),
    ("tasks",),
    ("rehearsal", "browse"),
    ("operations",),
    ("pipeline",),
    ("discovery", "extraction", "topic", "dedup", "store"),
    ("archive",),
    ("fetch",),
    ("core",),
)  # fmt: skip
FLOOR = {name: number for number, names in enumerate(LAYERS) for name in names}

# What reaches outside lies in one package each, whoever else would like to
ONE_PACKAGE = {"duckdb": {"store"}, "httpx": {"fetch"}, "apprise": {"operations"}}
# Prefect: the flows, their tasks, and what starts them
PREFECT = {"monitor", "recheck", "backfill", "reread", "redecide", "tasks", "operations"}
# Libraries that one file alone imports: what they are good for is said there
ONE_FILE = {
    "feedparser", "trafilatura", "protego", "ahocorasick_rs", "resiliparse", "py3langid", "isal",
    "brotli", "zstandard", "dateparser", "ada_url", "truststore", "htmldate", "cssselect", "tld",
    "jinja2",
}  # fmt: skip


def _imports(source: str) -> set[str]:
    """Every module imported in a file, at any depth."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "flows":
            names.update(f"flows.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def _room(path: Path) -> str:
    return path.relative_to(FLOWS).parts[0].removesuffix(".py")


def _runs_up(room: str, source: str) -> set[str]:
    """The imports of a file of `room` that do not point down."""
    ours = {name for name in _imports(source) if name.startswith("flows.")}
    rooms = {name: name.split(".")[1] for name in ours}
    return {name for name, other in rooms.items() if other != room and FLOOR[other] <= FLOOR[room]}


def test_every_room_has_its_floor() -> None:
    assert {_room(path) for path in FILES} - {"__init__"} == set(FLOOR)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(FLOWS)))
def test_imports_point_down(path: Path) -> None:
    if _room(path) != "__init__":
        assert not _runs_up(_room(path), path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("room", "planted"),
    [
        ("archive", "import flows.pipeline"),
        ("core", "def late():\n    from flows.fetch.client import Web"),
        ("discovery", "from flows import store"),
        ("monitor", "from flows.backfill import backfill"),
    ],
)
def test_an_import_that_runs_up_is_found(room: str, planted: str) -> None:
    assert _runs_up(room, planted)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(FLOWS)))
def test_no_file_is_named_like_a_standard_module(path: Path) -> None:
    assert path.stem not in sys.stdlib_module_names


def _places() -> dict[str, set[Path]]:
    places: dict[str, set[Path]] = {}
    for path in FILES:
        for module in _imports(path.read_text(encoding="utf-8")):
            places.setdefault(module.split(".")[0], set()).add(path)
    return places


def test_what_reaches_outside_is_imported_in_one_package_each() -> None:
    places = _places()
    for library, rooms in (ONE_PACKAGE | {"prefect": PREFECT}).items():
        assert {_room(path) for path in places[library]} <= rooms, library


def test_each_other_library_is_imported_in_one_file() -> None:
    places = _places()
    spread = {name: places[name] for name in ONE_FILE if len(places.get(name, ())) > 1}
    assert not spread
