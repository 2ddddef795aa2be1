"""`prefect deploy --all` and a worker, as Prefect's users expect, from a clone."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]  # only the test reads YAML; no stubs for that

from flows.operations.serve.environment import for_client, prefect_environment
from flows.rehearsal.loopback import Loopback
from tests.scheduling.conftest import A_DAY, Served
from tests.scheduling.place import PROJECT, Api, News, configure, environment, until

# one server, one runner and their runs, one after the other: minutes on a machine with other work
pytestmark = pytest.mark.timeout(600)


class Clone:
    """A folder with what a clone holds, and the `prefect` command in it."""

    def __init__(self, folder: Path, api: Api, news: News) -> None:
        self.folder = folder
        self.api = api
        self.news = news
        here = environment(folder) | {"PWD": str(folder)}  # as a shell has it
        access = until(lambda: api.access)
        assert access is not None
        theirs = prefect_environment(folder / ".prefect", access.port, here)
        self._environment = for_client(theirs, access)

    def prefect(self, *arguments: str, **more: str) -> str:
        """Run the command to its end, with `more` in its environment; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "prefect", "--no-prompt", *arguments],
            cwd=self.folder,
            env=self._environment | more,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def clone(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    """Deployed to the server of the session, into a work pool of its own."""
    folder = tmp_path_factory.mktemp("clone")
    news = News()
    with Loopback(news) as web:
        configure(folder, web, A_DAY)
        shutil.copyfile(PROJECT / "prefect.yaml", folder / "prefect.yaml")
        place = Clone(folder, served.living().api, news)
        place.prefect("work-pool", "create", "dateline", "--type", "process")
        place.prefect("deploy", "--all")
        for scheduled in ("monitor/monitor", "recheck/recheck"):
            place.api.unschedule(scheduled)
        yield place


def test_a_worker_runs_a_deployed_pass_from_the_clone(clone: Clone) -> None:
    run_id = clone.api.start("monitor/monitor")

    clone.prefect("worker", "start", "--pool", "dateline", "--run-once")

    assert clone.api.state(run_id) == "COMPLETED"
    assert not (clone.folder / "addresses").exists()
    assert (clone.folder / "data" / "dateline.duckdb").exists()


def test_a_pass_without_an_answer_from_any_source_is_failed(clone: Clone) -> None:
    clone.news.fails = True
    run_id = clone.api.start("monitor/monitor")

    clone.prefect("worker", "start", "--pool", "dateline", "--run-once")

    run = clone.api.ask("GET", f"/flow_runs/{run_id}")
    assert run["state"]["type"] == "FAILED"
    assert "None of the 1 sources answered: daily" in run["state"]["message"]


@pytest.fixture
def cloned(clone: Clone, tmp_path: Path) -> str:
    """A deployment whose code and `config/` each run clones from a repository; its name."""
    if shutil.which("git") is None:
        pytest.skip("there is no git here to clone with")
    repository = tmp_path / "repository"
    for folder in ("config", "seeds"):
        shutil.copytree(clone.folder / folder, repository / folder)
    git = ["git", "-C", str(repository), "-c", "user.name=t", "-c", "user.email=t@t.test"]
    for order in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "all"]):
        subprocess.run([*git, *order], check=True)
    deployed = {
        "name": "dateline",
        "pull": [{"prefect.deployments.steps.git_clone": {"repository": f"file://{repository}"}}],
        "deployments": [
            {
                "name": "cloned",
                "entrypoint": "flows.monitor.monitor",
                "parameters": {"config": "config", "all_sources": True},
                "work_pool": {"name": "dateline"},
            }
        ],
    }
    file = tmp_path / "cloned.yaml"
    file.write_text(yaml.safe_dump(deployed), encoding="utf-8")
    clone.prefect("deploy", "--all", "--prefect-file", str(file))
    clone.news.fails = False
    clone.news.asked.clear()
    return "monitor/cloned"


def test_a_run_from_a_clone_that_is_deleted_is_refused_before_it_fetches(
    clone: Clone, cloned: str
) -> None:
    run_id = clone.api.start(cloned)

    clone.prefect("worker", "start", "--pool", "dateline", "--run-once")

    state = clone.api.ask("GET", f"/flow_runs/{run_id}")["state"]
    assert state["type"] == "FAILED"
    assert "The configuration 'config' is relative" in state["message"]
    assert clone.news.asked == []


def test_it_collects_into_the_store_that_the_workers_environment_names(
    clone: Clone, cloned: str
) -> None:
    run_id = clone.api.start(cloned)

    clone.prefect(
        "worker", "start", "--pool", "dateline", "--run-once",
        DATELINE_CONFIG=str(clone.folder / "config"),
    )  # fmt: skip

    assert clone.api.state(run_id) == "COMPLETED"
    assert "/feed.xml" in clone.news.asked
