"""One worker process: calls in on standard input, answers out on standard output.

    python -P -m flows.core.workers.worker SECONDS

Started by `pool` as a program of its own: nothing of the parent's main module, threads or event
loop comes along, so it does not matter who the parent is. Each message is a length (4 bytes, big
endian) and a pickle: `(function, values)` in, `(kind, value)` out. Without values the function's
module is only imported: that takes its own time, which no input is to be blamed for.
"""

import contextlib
import importlib
import os
import pickle
import resource
import struct
import sys
import traceback
from typing import Any, BinaryIO

LENGTH = struct.Struct(">I")
# Worst real page: 0.3 GB. A million line breaks took 1.7 GB, a page of 50 MB 1.1 GB.
MAX_ADDRESS_BYTES = 3_000_000_000

ANSWER, LIMIT, FAULT = "answer", "limit", "fault"


def main() -> None:
    """Serve until standard input closes."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library's print must not reach the pipe
    cpu_seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    _limit(resource.RLIMIT_AS, MAX_ADDRESS_BYTES)
    serve(sys.stdin.buffer, answers, cpu_seconds)


def serve(questions: BinaryIO, answers: BinaryIO, cpu_seconds: int) -> None:
    """Answer each call; one that raises is answered with what it raised."""
    while header := questions.read(LENGTH.size):
        function, values = pickle.loads(questions.read(LENGTH.unpack(header)[0]))
        # processor time counts over a life: each call gets its own share on top
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + cpu_seconds)
        answer = _answer(function, values)
        answers.write(LENGTH.pack(len(answer)))
        answers.write(answer)
        answers.flush()


def _answer(function: str, values: tuple[Any, ...] | None) -> bytes:
    from flows.core.boundary import said_of

    try:
        module, _, name = function.partition(":")
        called = getattr(importlib.import_module(module), name)
        value = called(*values) if values is not None else None
        return pickle.dumps((ANSWER, value), protocol=5)
    except (MemoryError, RecursionError) as error:
        return pickle.dumps((LIMIT, type(error).__name__), protocol=5)
    except Exception as error:  # noqa: BLE001  the boundary of one call: the next goes on
        told = traceback.format_exc().encode(errors="backslashreplace").decode()
        return pickle.dumps((FAULT, (said_of(error), told)), protocol=5)


def _limit(what: int, amount: int) -> None:
    """Set a soft limit, as far as this system lets us (macOS refuses RLIMIT_AS)."""
    with contextlib.suppress(ValueError, OSError):
        hard = resource.getrlimit(what)[1]
        soft = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        resource.setrlimit(what, (soft, hard))


if __name__ == "__main__":
    main()
