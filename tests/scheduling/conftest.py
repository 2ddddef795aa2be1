"""One `dateline serve`, with its own server, for all tests of scheduling: a start costs 10–20 s."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.rehearsal.loopback import Loopback
from tests.scheduling.place import News, Serve, configure, environment, until

A_DAY = 1440  # minutes: the schedule itself starts nothing while the tests run


@dataclass(frozen=True)
class Served:
    """What is served, where, and the web it watches."""

    folder: Path
    config: Path
    news: News
    serve: Serve

    @property
    def store(self) -> Path:
        return self.folder / "data" / "dateline.duckdb"

    @property
    def prefect_home(self) -> Path:
        return self.folder / "data" / ".dateline" / "prefect"


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serving a schedule over one outlet on loopback; the first runs are under way."""
    folder = tmp_path_factory.mktemp("served")
    news = News()
    with Loopback(news) as web:
        config = configure(folder, web, A_DAY)
        serve = Serve(config, environment(folder), folder / "said")
        try:
            until(lambda: "runner: ready" in serve.said or serve.process.poll() is not None)
            assert serve.process.poll() is None, serve.said
            yield Served(folder, config, news, serve)
        finally:
            serve.end()
