"""`dateline run`: one monitoring pass, directly or, with a Prefect API, as a flow run."""

import asyncio
import os
import tomllib
from pathlib import Path

import click

from flows.cli.main import config_option, json_option
from flows.cli.options import ask_for_contact, until_stopped
from flows.cli.published import published_rows
from flows.cli.run_report import print_report
from flows.core import RunReport, RunState
from flows.core.errors import ConfigurationError, NothingReached, Problem
from flows.core.settings import Settings, load_settings
from flows.core.times import utc_now
from flows.operations.alerts.ping import ping
from flows.operations.figures import keep_figures
from flows.operations.last_runs import noted
from flows.operations.run_report import failure_of
from flows.operations.serve.access import joined

_HEARD = """
select count(*) filter (failures > 0) as failing, count(last_success_at) as heard
from sources
where enabled
"""


@click.command()
@config_option
@json_option
@click.option("--source", "source_ids", multiple=True, help="Only this source; may be repeated.")
@click.option("--all", "all_sources", is_flag=True, help="Sources that are not due, too.")
@click.option("--verbose", is_flag=True, help="Name every source that failed, however many.")
@click.option("--prefect/--no-prefect", default=None, help="As a Prefect run, or directly.")
def run(
    config_dir: Path,
    as_json: bool,
    source_ids: tuple[str, ...],
    all_sources: bool,
    verbose: bool,
    prefect: bool | None,
) -> None:
    """One monitoring pass over the sources that are due.

    The first use creates the store and loads the seeds. Without a Prefect API configured the pass
    runs directly, in this process.
    """
    settings = load_settings(config_dir)
    _check_ids(settings, source_ids)
    ask_for_contact(settings)
    if prefect if prefect is not None else prefect_configured():
        _join_served(settings)
        from flows.monitor import monitor  # Prefect takes seconds to import

        report = until_stopped(
            monitor(str(settings.config_dir), sources=list(source_ids), all_sources=all_sources)
        )
    else:
        report = until_stopped(_directly(settings, source_ids, all_sources=all_sources))
    print_report(report, as_json=as_json, verbose=verbose)
    _finish(settings, report)


async def _directly(
    settings: Settings, source_ids: tuple[str, ...], *, all_sources: bool
) -> RunReport:
    from flows.pipeline.stages import run_monitor  # not where a Prefect run does the work

    work = run_monitor(settings, clock=utc_now, source_ids=source_ids, all_sources=all_sources)
    report = await noted("monitor", work, settings, utc_now)
    if failure_of(report) is None:
        await ping(settings.health, "monitor")
    await asyncio.to_thread(keep_figures, settings, utc_now())
    return report


def prefect_configured() -> bool:
    """Whether an API is named in the environment or in the active Prefect profile."""
    if os.environ.get("PREFECT_API_URL"):
        return True
    home = Path(os.environ.get("PREFECT_HOME", Path.home() / ".prefect"))
    try:
        profiles = tomllib.loads((home / "profiles.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError):
        return False
    name = os.environ.get("PREFECT_PROFILE", profiles.get("active"))
    return bool(profiles.get("profiles", {}).get(name, {}).get("PREFECT_API_URL"))


def _join_served(settings: Settings) -> None:
    """Ask the server of a `dateline serve` that runs here, unless another is named."""
    if os.environ.get("PREFECT_API_URL") or not prefect_configured():
        os.environ.update(joined(settings.state_dir / "prefect", dict(os.environ)))


def _check_ids(settings: Settings, source_ids: tuple[str, ...]) -> None:
    enabled = {source.source_id: source.enabled for source in settings.sources}
    path = settings.config_dir / "sources.toml"
    problems = [
        Problem(
            path=path,
            what=f"source '{name}' is not enabled"
            if name in enabled
            else f"has no source '{name}'",
        )
        for name in source_ids
        if not enabled.get(name, False)
    ]
    if problems:
        raise ConfigurationError(tuple(problems))


def _finish(settings: Settings, report: RunReport) -> None:
    kept = f"The store {settings.store.path} holds what it held before."
    advice = "Without a network, `dateline rehearse` shows the whole program."
    if report.state is RunState.FAILED and report.sources:
        raise NothingReached(f"None of the {report.sources} sources answered. {kept} {advice}")
    if not report.sources and (waiting := _unheard(settings)):
        raise NothingReached(
            f"No source was due, and none of the {waiting} has ever answered: each is tried again "
            f"by a later run, or now with --all. {kept} {advice}"
        )


def _unheard(settings: Settings) -> int:
    """How many sources the last runs asked, if none of them has answered since the store began."""
    (counted,) = published_rows(settings, _HEARD)
    return 0 if counted["heard"] else int(counted["failing"])
