"""A real store in a temporary folder for every test, copied from one made once."""

import shutil
from pathlib import Path

import pytest

from flows.store import Store
from tests.store.samples import NOON


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    Store(folder / "dateline.duckdb", folder / ".dateline", lambda: NOON).prepare()
    return folder


@pytest.fixture
def store(tmp_path: Path, empty_store: Path) -> Store:
    shutil.copytree(empty_store, tmp_path, dirs_exist_ok=True)
    return Store(tmp_path / "dateline.duckdb", tmp_path / ".dateline", lambda: NOON)
