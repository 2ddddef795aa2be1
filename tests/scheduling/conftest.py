"""One `dateline serve`, with its own server, for all tests of scheduling: a start costs 10–20 s."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.rehearsal.loopback import Loopback
from tests.scheduling.place import News, Serve, configure, environment, until

A_DAY = 1440  # minutes: the schedule itself starts nothing while the tests run


@dataclass
class Served:
    """What is served, where, and the web it watches."""

    folder: Path
    config: Path
    news: News
    serve: Serve

    def living(self) -> Serve:
        """What serves, started anew if a test has stopped it: workers order files as they like."""
        if self.serve.process.poll() is not None:
            self.serve = _started(self.config, self.folder)
        return self.serve

    @property
    def store(self) -> Path:
        return self.folder / "data" / "dateline.duckdb"

    @property
    def prefect_home(self) -> Path:
        return self.folder / "data" / ".dateline" / "prefect"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serving a schedule over one outlet on loopback; the first runs are under way.

    One a module: what one module runs in it must not be found by another on the same worker.
    """
    folder = tmp_path_factory.mktemp("served")
    news = News()
    with Loopback(news) as web:
        config = configure(folder, web, A_DAY)
        place = Served(folder, config, news, _started(config, folder))
        try:
            yield place
        finally:
            place.serve.end()


def _started(config: Path, folder: Path) -> Serve:
    """Serving, ready for runs."""
    log = folder / "said"
    before = log.read_text().count("runner: ready") if log.exists() else 0
    serve = Serve(config, environment(folder), log)
    try:
        until(
            lambda: serve.said.count("runner: ready") > before or serve.process.poll() is not None
        )
        assert serve.process.poll() is None, serve.said
    except BaseException:
        serve.end()
        raise
    return serve
