"""One worker process: pages in on standard input, articles out on standard output.

    python -P -m flows.extraction.worker

Started by `pool` as a program of its own: nothing of the parent's main module, threads or event
loop comes along, so it does not matter who the parent is. Each message is a length (4 bytes, big
endian) and a pickle.
"""

import contextlib
import os
import pickle
import resource
import struct
import sys
from typing import BinaryIO

from flows.core import Article, Page, Reason, Skipped, Stage
from flows.extraction.hints import READER_VERSION, Hints

LENGTH = struct.Struct(">I")
# Worst real page: 0.3 GB. A million line breaks took 1.7 GB, a page of 50 MB 1.1 GB.
MAX_ADDRESS_BYTES = 3_000_000_000


def main() -> None:
    """Serve until standard input closes."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library's print must not reach the pipe
    cpu_seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    _limit(resource.RLIMIT_AS, MAX_ADDRESS_BYTES)
    serve(sys.stdin.buffer, answers, cpu_seconds)


def serve(questions: BinaryIO, answers: BinaryIO, cpu_seconds: int) -> None:
    """Read each page asked and answer with its article or skip."""
    while header := questions.read(LENGTH.size):
        page, hints = pickle.loads(questions.read(LENGTH.unpack(header)[0]))
        # processor time counts over a life: each page gets its own share on top
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + cpu_seconds)
        answer = pickle.dumps(_read(page, hints), protocol=5)
        answers.write(LENGTH.pack(len(answer)) + answer)
        answers.flush()


def _read(page: Page, hints: Hints) -> Article | Skipped:
    from flows.extraction.article import (
        read_page,  # a second of imports: paid by the first page's wait
    )

    try:
        return read_page(page, hints)
    except (MemoryError, RecursionError) as error:
        return Skipped(
            stage=Stage.READ,
            reason=Reason.READER_LIMIT,
            detail=f"{type(error).__name__} after {len(page.body)} bytes",
            rule_version=READER_VERSION,
            archive_ref=page.archive_ref,
            final_url=page.url,
        )


def _limit(what: int, amount: int) -> None:
    """Set a soft limit, as far as this system lets us (macOS refuses RLIMIT_AS)."""
    with contextlib.suppress(ValueError, OSError):
        hard = resource.getrlimit(what)[1]
        soft = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        resource.setrlimit(what, (soft, hard))


if __name__ == "__main__":
    main()
