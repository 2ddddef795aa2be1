"""The boundary round a unit of work: what nobody foresaw ends that unit, and never the run.

A unit is one source's look, one candidate, one gap, one second look, one archived page, one seed,
one file of a folder, one job of a provider. Its exception becomes a value, `Skipped` for the reason
`program_fault`; the traceback stands in the log once, however many units end at the same place.

Decides what is a unit's own and what is broken machinery, which is raised: a full disk or a store
that cannot be used would end every unit alike, and each would be marked with a fault it does not
have. Refuses to know what a unit does.
"""

import errno
import logging
import socket
import sqlite3
import ssl
import traceback
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from flows.core import Reason, Skipped, Stage
from flows.core.errors import DatelineError, StoreRefused
from flows.core.text.cleaning import clean_line, clean_text

logger = logging.getLogger(__name__)

T = TypeVar("T")
Unit = TypeVar("Unit")

_MAX_MESSAGE_CHARS = 200

# Errors of the system that are of one connection or one name, and not of the disk
_OF_ONE_CONNECTION = (ConnectionError, TimeoutError, socket.gaierror, socket.herror, ssl.SSLError)
_OF_ONE_NAME = frozenset(
    {
        errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT,
        errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.EPROTO,
        errno.EMSGSIZE, errno.ENOTCONN, errno.EDESTADDRREQ,
    }
)  # fmt: skip
# What SQLite says of a value; anything else it says is of its file
_OF_A_VALUE = (sqlite3.DataError, sqlite3.IntegrityError, sqlite3.InterfaceError)

# Places of faults told in this run: exception and lines. Outside a run every fault is told.
_told: ContextVar[set[tuple[object, ...]] | None] = ContextVar("faults told", default=None)


def is_broken_machinery(error: BaseException) -> bool:
    """Whether `error` would meet every unit alike: the disk, the store, a run that is stopped.

    Of a group, whether any of its errors would. An `OSError` without a number was not raised by
    the system (`gzip.BadGzipFile`).
    """
    if isinstance(error, BaseExceptionGroup):
        return any(is_broken_machinery(one) for one in error.exceptions)
    if isinstance(error, DatelineError):
        return not isinstance(error, StoreRefused)  # the others are foreseen, or end everything
    if isinstance(error, OSError):
        of_a_unit = isinstance(error, _OF_ONE_CONNECTION) or error.errno in _OF_ONE_NAME
        return error.errno is not None and not of_a_unit
    if isinstance(error, sqlite3.Error):
        return not isinstance(error, _OF_A_VALUE)
    return not isinstance(error, Exception)


async def guarded(work: Awaitable[T], what: str, stage: Stage) -> T | Skipped:
    """The result of `work`, or how its unit ended. `what` names the unit in the log.

    Raises what is broken machinery, and `CancelledError`.
    """
    try:
        return await work
    except Exception as error:  # noqa: BLE001  this is the one place for what nobody foresaw
        return ending_of(error, what, stage)


def attempted(work: Callable[[], T], what: str, stage: Stage) -> T | Skipped:
    """`guarded` for work that waits for nothing."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001  as above
        return ending_of(error, what, stage)


async def by_halves(
    units: Sequence[Unit],
    work: Callable[[Sequence[Unit]], Awaitable[object]],
    alone: Callable[[Unit, Exception], Awaitable[object]],
) -> None:
    """Do `work` for `units` together; those that make it raise are found by halves, and each is
    handed to `alone` with its error. All others are done. Raises what is broken machinery.

    `work` must be as if it had never begun when it raises.
    """
    try:
        await work(units)
    except Exception as error:
        if is_broken_machinery(error):
            raise
        if len(units) == 1:
            await alone(units[0], error)
            return
        middle = len(units) // 2
        await by_halves(units[:middle], work, alone)
        await by_halves(units[middle:], work, alone)


def ending_of(error: Exception, what: str, stage: Stage) -> Skipped:
    """How a unit ends that raised `error`: the exception's name and what it says in `detail`.

    Raises `error` again when it is broken machinery.
    """
    if is_broken_machinery(error):
        raise error
    return fault(said_of(error), what, stage, trace=error)


def fault(detail: str, what: str, stage: Stage, trace: Exception | str | None = None) -> Skipped:
    """The ending of a unit in which the program failed; `trace` is told, once for its place."""
    if _is_new(trace if trace is not None else detail):
        logger.error(
            "%s ended here by a fault of this program, the run goes on: %s%s",
            clean_line(printable(what)),
            detail,
            _written(trace),
        )
    return Skipped(stage=stage, reason=Reason.PROGRAM_FAULT, detail=detail)


def _written(trace: Exception | str | None) -> str:
    """A traceback as a log can hold it: what it quotes of foreign text may be half a character."""
    if isinstance(trace, Exception):
        trace = "".join(traceback.format_exception(trace))
    return "\n" + clean_text(printable(trace)) if trace else ""


def said_of(error: BaseException) -> str:
    """An exception as `detail` says it: `KeyError: 'title'`; of a group its first."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    try:
        message = str(error)
    except Exception:  # noqa: BLE001  an exception of a library that cannot say itself
        message = ""
    said = f"{type(error).__name__}: {message}" if message else type(error).__name__
    return clean_line(printable(said), _MAX_MESSAGE_CHARS)


def in_words(skipped: Skipped) -> str:
    """An ending as the account of a run says it: reason and detail."""
    return f"{skipped.reason}: {skipped.detail}" if skipped.detail else str(skipped.reason)


@contextmanager
def telling_once() -> Iterator[None]:
    """Within it the traceback of each place is told once, in all tasks and threads begun in it."""
    before = _told.get()
    _told.set(set())
    try:
        yield
    finally:
        _told.set(before)


def _is_new(trace: Exception | str) -> bool:
    told = _told.get()
    if told is None:
        return True
    place = _place(trace) if isinstance(trace, Exception) else (trace,)
    if place in told:
        return False
    told.add(place)
    return True


def _place(error: BaseException) -> tuple[object, ...]:
    frames = traceback.extract_tb(error.__traceback__)
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return (
        type(error),
        # the innermost lines: one cause is reached by several ways, and by halves
        *((frame.filename, frame.lineno) for frame in frames[-3:]),
        *(_place(one) for one in inner[:1]),
    )


def printable(text: str) -> str:
    """`text` without halves of characters, which neither a log nor the store can hold."""
    return text.encode(errors="backslashreplace").decode()
