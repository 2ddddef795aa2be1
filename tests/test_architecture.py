"""The rules of the house, held by reading the imports of `flows/`."""

import ast
import sys
from pathlib import Path

import pytest

FLOWS = Path(__file__).parents[1] / "flows"
FILES = sorted(FLOWS.rglob("*.py"))
STAGES = ("discovery", "reading", "topic", "duplicates", "store")
# These serve every stage and may import no stage themselves
FOUNDATION = {"records", "errors", "clock", "cleaning", "urls", "agencies", "toml_files"}
ONE_PLACE = {
    "httpx", "feedparser", "trafilatura", "protego", "ahocorasick_rs", "apprise", "resiliparse",
    "py3langid", "isal", "brotli", "zstandard", "dateparser", "ada_url", "truststore", "tomllib",
}  # fmt: skip
# tomllib reads three files of one folder: settings, topic, and the profile of Prefect
ALLOWED_TWICE = {"tomllib"}


def _imports(path: Path) -> set[str]:
    """Every module imported in a file, at any depth."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def _stage(path: Path) -> str | None:
    first = path.relative_to(FLOWS).parts[0]
    return first if first in STAGES else None


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(FLOWS)))
def test_stages_never_import_each_other(path: Path) -> None:
    stage = _stage(path)
    if stage is None:
        return
    others = tuple(f"flows.{other}" for other in STAGES if other != stage)
    assert not {name for name in _imports(path) if name.startswith(others)}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(FLOWS)))
def test_no_file_is_named_like_a_standard_module(path: Path) -> None:
    assert path.stem not in sys.stdlib_module_names


def _imports_of(name: str) -> set[str]:
    """Every import of a module or package of `flows/`."""
    files = [path for path in FILES if path.relative_to(FLOWS).parts[0] in (name, f"{name}.py")]
    return set().union(*(_imports(path) for path in files))


def test_the_foundation_imports_nothing_above_it() -> None:
    for name in FOUNDATION:
        above = {
            module
            for module in _imports_of(name)
            if module.startswith("flows.") and module.split(".")[1] not in FOUNDATION
        }
        assert not above, f"{name} imports {above}"


def test_each_outside_package_is_imported_in_one_place() -> None:
    places: dict[str, set[str]] = {}
    for path in FILES:
        for module in _imports(path):
            places.setdefault(module.split(".")[0], set()).add(str(path.relative_to(FLOWS)))
    spread = {
        package: sorted(found)
        for package, found in places.items()
        if package in ONE_PLACE - ALLOWED_TWICE and len(found) > 1
    }
    assert not spread


def test_duckdb_is_the_stores_alone_and_prefect_the_flows() -> None:
    prefect_files = {"tasks", "monitor", "recheck", "backfill", "reread", "redecide"}
    for path in FILES:
        packages = {module.split(".")[0] for module in _imports(path)}
        if "duckdb" in packages:
            assert _stage(path) == "store", path
        if "prefect" in packages:
            assert path.stem in prefect_files or "serving" in path.parts, path
