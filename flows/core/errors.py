"""Every exception Dateline raises. Endings of candidates are values, not exceptions.

DatelineError
├── ConfigurationError     the configuration is wrong; carries every problem found
├── SeedError              a seed document cannot be read
├── StoreError
│   ├── StoreTooNew        written by a newer version of Dateline
│   ├── StoreDamaged       the file is not sound
│   ├── StoreFull          the disk has no room for the commit or the copy
│   ├── StoreRefused       a value does not fit the tables
│   └── WriterLeft         the run's writer has left: nothing can be written any more
├── ArchiveError           a WARC file or reference cannot be read
├── QueryRefused           SQL that would write, attach or read files
└── NothingReached         no source answered
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong in one file; `line` and `column` count from 1 and are None if unknown."""

    path: Path
    what: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        place = str(self.path)
        if self.line is not None:
            place += f":{self.line}"
            if self.column is not None:
                place += f":{self.column}"
        return f"{place}: {self.what}"


class DatelineError(Exception):
    """The root; its message says what happened, to what, and what to do."""


class ConfigurationError(DatelineError):
    """The configuration cannot be used; `problems` lists everything found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class SeedError(DatelineError):
    """A seed document cannot be read; `problem` names file and line."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


class StoreError(DatelineError):
    """The store cannot do what was asked."""


class StoreTooNew(StoreError):
    """The store was written by a newer version; nothing was touched."""


class StoreDamaged(StoreError):
    """The store's file is not sound."""


class StoreFull(StoreError):
    """The disk has no room; what was committed before is whole."""


class StoreRefused(StoreError):
    """A value does not fit the tables; nothing of its transaction was kept."""


class WriterLeft(StoreError, RuntimeError):
    """Something was to be written after the run's writer had left."""


class ArchiveError(DatelineError):
    """A WARC file or an archive reference cannot be read."""


class QueryRefused(DatelineError):
    """A query would write, attach, or read files outside the store."""


class NothingReached(DatelineError):
    """No source answered."""
