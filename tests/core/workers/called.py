"""Functions that are called in workers: some end, some never do."""

import os
import re
import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """An answer that is no plain value."""

    value: int


def added(a: int, b: int) -> Sum:
    """Ends at once."""
    return Sum(value=a + b)


def backtracks(text: str) -> Sum:
    """Holds the interpreter's lock for longer than anybody lives."""
    return Sum(value=bool(re.match(r"(a+)+$", text)))


def grows(_: str) -> Sum:
    """Takes all memory there is."""
    return Sum(value=len(bytearray(1 << 40)))


def nests(_: str) -> Sum:
    """Calls itself without end."""
    return nests(_)


def raises(what: str) -> Sum:
    """Fails in a way nobody foresaw."""
    raise KeyError(what)


def leaves(_: str) -> Sum:
    """Takes its process down."""
    os._exit(3)


def prints(what: str) -> Sum:
    """A library that speaks where answers go."""
    print(what, flush=True)
    return Sum(value=1)


def another(_: str) -> object:
    """An answer made of what nobody allowed."""
    return time.struct_time(range(9))
