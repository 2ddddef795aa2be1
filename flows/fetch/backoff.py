"""How long to wait: what a server asked for, what repeated trouble asks for.

Pure deciders over numbers; refuses to know clocks, hosts or where the answer is kept.
"""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from flows.core import Reason

# A Retry-After is honoured up to a day: 99999999999999999999 must neither overflow nor silence a
# host for ever, and a longer silence is one more 429 a day.
_LONGEST_HOLD_SECONDS = 86_400.0
_FIRST_THROTTLE_SECONDS = 60.0  # a 429 that names no time; unmeasured
_FIRST_TROUBLE_SECONDS = 300.0  # a host that answers nothing; unmeasured
_TROUBLES_BEFORE_HOLD = 3  # one bad page, or one lost packet, is not a dead host

# What another try a moment later may cure. A timeout is not: it has just cost a whole deadline. A
# name is not: the system's resolver has already asked again, and without a network 250 hosts that
# are each tried three times cost a pass a minute and a half.
_WORTH_RETRYING = frozenset(
    {
        Reason.CONNECT,
        Reason.PROTOCOL_ERROR,
        Reason.DECODE_ERROR,
        Reason.HTTP_500,
        Reason.THROTTLED,
    }
)
# What says that the host, not the page, is in trouble.
_HOST_TROUBLE = frozenset({Reason.DNS, Reason.CONNECT, Reason.TLS, Reason.TIMEOUT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often and how long one `get` tries again.

    `wait_seconds`: the longest Retry-After that is waited for inside `get`; beyond it the
    candidate is skipped as throttled and a later run takes it up.
    """

    tries: int = 3
    first_seconds: float = 1.0
    most_seconds: float = 20.0
    wait_seconds: float = 60.0


def worth_retrying(reason: Reason) -> bool:
    """Whether the same request may end differently a moment later."""
    return reason in _WORTH_RETRYING


def is_host_trouble(reason: Reason) -> bool:
    """Whether `reason` speaks against the host rather than the page."""
    return reason in _HOST_TROUBLE


def pause_seconds(tried: int, patience: Patience, *, chance: random.Random) -> float:
    """The pause before try `tried` + 1: exponential, capped, with full jitter in its upper half."""
    ceiling = min(patience.most_seconds, patience.first_seconds * 2.0 ** (tried - 1))
    return ceiling * chance.uniform(0.5, 1.0)


def retry_after(value: str | None, *, now: datetime) -> timedelta | None:
    """A Retry-After header as a span, in both forms (RFC 9110, 10.2.3).

    None when absent, unreadable or negative. At most a day.
    """
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(float(text), _LONGEST_HOLD_SECONDS))
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    seconds = (at - now).total_seconds()
    if seconds < 0:
        return None
    return timedelta(seconds=min(seconds, _LONGEST_HOLD_SECONDS))


def throttle_seconds(asked: timedelta | None, in_a_row: int) -> float:
    """How long a host holds after its `in_a_row`-th throttling answer (1, 2, …).

    What the server asked for, and at least a doubling minute from the third time on, or from the
    first when it named no time: a server that says "1 second" for ever does not mean it.
    """
    doublings = in_a_row - 1 if asked is None else in_a_row - 3
    least = _FIRST_THROTTLE_SECONDS * 2.0 ** min(doublings, 12) if doublings >= 0 else 0.0
    wanted = asked.total_seconds() if asked is not None else 0.0
    return min(max(wanted, least), _LONGEST_HOLD_SECONDS)


def trouble_seconds(in_a_row: int) -> float:
    """How long a host that did not answer `in_a_row` times is left alone; 0 for the first two."""
    doublings = in_a_row - _TROUBLES_BEFORE_HOLD
    if doublings < 0:
        return 0.0
    return min(_FIRST_TROUBLE_SECONDS * 2.0 ** min(doublings, 12), _LONGEST_HOLD_SECONDS / 4)
