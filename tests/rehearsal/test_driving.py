from datetime import datetime, timedelta

from flows.rehearsal.rehearse import VirtualClock, drive
from flows.rehearsal.timeline import START, STEPS, Action
from flows.rehearsal.web import NewsWeb
from tests.rehearsal.places import SEEDS


def test_every_step_is_taken_once_in_order_with_the_web_at_its_instant() -> None:
    web = NewsWeb(SEEDS, START)
    taken: list[tuple[Action, datetime, datetime]] = []
    drive(
        web,
        VirtualClock(START),
        run_pass=lambda now: taken.append((Action.RUN, now, web.now)),
        recheck=lambda now: taken.append((Action.RECHECK, now, web.now)),
    )
    assert taken == [(step.action, step.at, step.at) for step in STEPS]


def test_the_clock_runs_on_from_where_it_was_set() -> None:
    clock = VirtualClock(START)
    first, second = clock(), clock()
    assert START <= first <= second < START + timedelta(minutes=1)
