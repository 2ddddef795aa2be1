"""One store for all tests that only look."""

from pathlib import Path

import pytest

from tests.browse.places import Visitor, site_of, store_in


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("browsed")
    store_in(place)
    return place


@pytest.fixture(scope="session")
def visitor(folder: Path) -> Visitor:
    return Visitor(site_of(folder))
