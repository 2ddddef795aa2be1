"""What ends a run whose machine is gone, and what keeps it from a run that has ended."""

from prefect.server.events.schemas.automations import EventTrigger, Posture

from flows.operations.serve.ended_event import ENDED, emit_ended
from flows.operations.serve.lost_runs import automation


def trigger() -> EventTrigger:
    """The trigger as Prefect's server has it."""
    return EventTrigger.model_validate(automation().trigger.model_dump(mode="json"))


def test_a_heartbeat_starts_the_wait_and_nothing_else_does() -> None:
    assert trigger().posture is Posture.Proactive
    assert trigger().starts_after("prefect.flow-run.heartbeat")
    assert not trigger().starts_after(ENDED)
    assert not trigger().starts_after("prefect.flow-run.Completed")


def test_the_next_heartbeat_a_change_of_state_and_the_runs_own_word_end_it() -> None:
    ends = ("prefect.flow-run.heartbeat", "prefect.flow-run.Completed", ENDED)

    assert all(trigger().expects(event) for event in ends)


def test_outside_of_a_run_nobody_is_told() -> None:
    emit_ended()
