"""Days as people write them on the command line; refuses what is none, before anything is asked."""

from datetime import UTC, date, datetime

import click


class Day(click.ParamType[date]):
    """A day of the calendar, as 2024-02-29."""

    name = "YYYY-MM-DD"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """The day that `value` names."""
        try:
            return datetime.strptime(str(value), "%Y-%m-%d").replace(tzinfo=UTC).date()
        except ValueError:
            self.fail(f"{value!r} is no day of the calendar; write one as 2024-02-29", param, ctx)


def check_order(since: date | None, until: date | None) -> None:
    """Raise `click.BadParameter` for days that end before they begin."""
    if since is not None and until is not None and until < since:
        raise click.BadParameter(f"{until} lies before --since {since}", param_hint="--until")
