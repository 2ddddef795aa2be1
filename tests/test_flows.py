"""What Prefect's forms offer of the flows, and what their runs are called."""

from typing import get_args

from flows.backfill import Via, backfill
from flows.monitor import monitor
from flows.pipeline.backfill.selection import PROVIDERS
from flows.recheck import recheck
from flows.redecide import redecide
from flows.reread import reread


def test_the_form_of_a_backfill_offers_every_provider() -> None:
    offered = backfill.parameters.model_dump()["properties"]["via"]

    assert list(get_args(Via)) == list(PROVIDERS)
    assert offered["anyOf"][0]["items"]["enum"] == list(PROVIDERS)


def test_every_run_is_named_for_what_it_is() -> None:
    flows = (monitor, recheck, reread, redecide, backfill)

    assert all(flow.flow_run_name for flow in flows)
