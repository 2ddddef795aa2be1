from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import pytest

from flows.browse.charts import HEIGHT, OTHERS, WIDTH, bars, runs, spread
from flows.store.browsing.listing import Days
from flows.store.browsing.watched import Calendar

FIRST = date(2023, 2, 24)


def _days(
    counts: Mapping[tuple[date, str], int], step: Literal["day", "week", "month"] = "day"
) -> Days:
    starts = [day for day, _ in counts]
    return Days(step=step, first=min(starts), last=max(starts), counts=counts)


def test_bars_stand_on_each_other_within_the_chart_and_keep_every_article() -> None:
    counts = {(FIRST, "state"): 3, (FIRST, "wire"): 2, (FIRST + timedelta(days=3), "wire"): 1}
    chart = bars(_days(counts))
    assert [bar.total for bar in chart.bars] == [5, 0, 0, 1]
    for bar in chart.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH
        for part in bar.parts:
            assert 0 <= part.y <= part.y + part.height <= HEIGHT
    assert chart.kinds == (("state", 0, 3), ("wire", 1, 3))


def test_kinds_beyond_the_colours_are_counted_together() -> None:
    chart = bars(_days({(FIRST, f"kind{number}"): 20 - number for number in range(12)}))
    assert chart.kinds[-1] == (OTHERS, 7, sum(20 - number for number in range(7, 12)))
    assert sum(count for _, _, count in chart.kinds) == chart.bars[0].total


@pytest.mark.parametrize(
    ("step", "last", "number"), [("week", date(2023, 3, 17), 4), ("month", date(2023, 12, 1), 11)]
)
def test_weeks_and_months_without_articles_keep_their_place(
    step: Literal["day", "week", "month"], last: date, number: int
) -> None:
    first = date(2023, 2, 1) if step == "month" else FIRST
    chart = bars(_days({(first, "a"): 1, (last, "a"): 1}, step))
    assert len(chart.bars) == number
    assert chart.bars[-1].first == last


def test_days_in_a_row_of_one_state_are_one_run() -> None:
    states: dict[tuple[str, date], dict[str, object]] = {
        ("daily", FIRST + timedelta(days=place)): {"state": state, "reason": None}
        for place, state in enumerate(["covered", "covered", "missed", None])
    }
    calendar = Calendar(first=FIRST, last=FIRST + timedelta(days=5), sources=(), states=states)
    assert [(run.start, run.days, run.state) for run in runs(calendar, "daily")] == [
        (0, 2, "covered"), (2, 1, "missed"), (3, 1, "undecided"),
    ]  # fmt: skip


def test_a_story_spreads_from_its_first_article_to_its_last() -> None:
    noon = datetime(2023, 2, 24, 12, tzinfo=UTC)
    dots = spread([{"moment": noon + timedelta(minutes=minutes)} for minutes in (0, 10, 1000)])
    assert [dot.x for dot in dots] == sorted(dot.x for dot in dots)
    assert (dots[0].x, dots[-1].x) == (0.0, 1.0)
    assert spread([{"moment": noon}])[0].x == 0.0
    assert spread([]) == ()
