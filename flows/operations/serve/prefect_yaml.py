"""`prefect.yaml`, made from the configuration: the same deployments as `dateline serve` has.

Decides how they are written for `prefect deploy`; which there are, and when they run, is decided in
`deployments` and in `[schedule]`. Writes the little YAML it needs by hand, with its comments: its
values are our own words, quoted as JSON, which YAML reads.
"""

import json
from collections.abc import Iterator
from datetime import timedelta

from flows.core.settings import ScheduleSettings
from flows.operations.serve.deployments import ANCHOR, ONE_AT_A_TIME, Planned, planned
from flows.operations.serve.environment import for_worker

_HEAD = """\
# Deployments for `prefect deploy --all` against any server, with a process work pool:
#
#     prefect work-pool create --type process dateline
#     prefect deploy --all
#     prefect worker start --pool dateline
#
# Run all three in this folder, with the package installed. docs/operating.md says more; one machine
# alone is served by `dateline serve` instead.
#
# Made by `dateline deployments --write` from [schedule] in config/dateline.toml: make it anew when
# that changes, and deploy again.
name: dateline

# A worker runs in the folder that was deployed from, where `config/` is. With `git_clone` or
# another step in this place, `config` must be an absolute path (or DATELINE_CONFIG name one where
# the worker runs): a copy that is deleted after the run keeps nothing, and such a run is refused.
pull:
  - prefect.deployments.steps.set_working_directory:
      directory: "{{ $PWD }}"

definitions:
  # A run that finds the one before it still working is dropped, never queued.
  one_at_a_time: &one_at_a_time
"""


def prefect_yaml(schedule: ScheduleSettings, config: str) -> str:
    """The whole file; `config` is the name of the configuration's folder, beside the file."""
    definitions = "\n".join(_definitions())
    deployments = "\n\n".join("\n".join(_one(plan, config)) for plan in planned(schedule))
    return f"{_HEAD}{definitions}\n\ndeployments:\n{deployments}\n"


def _definitions() -> Iterator[str]:
    for name, value in ONE_AT_A_TIME.items():
        yield f"    {name}: {value}"
    yield "  work_pool: &work_pool"
    yield "    name: dateline"
    yield "    job_variables:"
    yield "      env:"
    for name, value in for_worker().items():
        yield f"        {name}: {json.dumps(value)}"


def _one(plan: Planned, config: str) -> Iterator[str]:
    yield f"  - name: {plan.name}"
    yield f"    entrypoint: flows.{plan.name}.{plan.name}"
    yield f"    description: {json.dumps(plan.description)}"
    yield f"    tags: {json.dumps(plan.tags)}"
    yield "    parameters:"
    yield f"      config: {json.dumps(config)}"
    if plan.every:
        yield "    schedules:"
        yield f"      - interval: {plan.every // timedelta(seconds=1)}"
        yield f'        anchor_date: "{ANCHOR.isoformat()}"'
    yield "    concurrency_limit: *one_at_a_time"
    yield "    work_pool: *work_pool"
