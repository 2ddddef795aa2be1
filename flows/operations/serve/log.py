"""The log of `dateline serve`: what its processes print, as one line for each thing that happened.

Server, runner and runs print into pipes; here their lines become records, a record with its
traceback one entry, an entry a line of text or JSON. What we understand of Prefect's and of other
libraries is said in a sentence or not at all; the same trouble comes once a minute, with a count.
Decides what is worth a line; refuses to know what to do about it. A traceback that nobody knows is
kept whole: somebody must look at it.
"""

import json
import os
import re
import select
import sys
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from flows.core.terminal import print_line
from flows.core.times import Clock

Level = Literal["debug", "info", "warning", "error"]
Format = Literal["text", "json"]

# The same trouble within this is counted, not said again
SAME_FOR = timedelta(minutes=1)
# A record's traceback is printed at once; what has not come by then is another record
_PAUSE_SECONDS = 0.3
_MOST_LINES = 1000
_LEVELS: dict[str, Level] = {
    "DEBUG": "debug", "INFO": "info", "WARNING": "warning", "ERROR": "error", "CRITICAL": "error",
}  # fmt: skip
# What Prefect's console prints: 11:22:33.444 | WARNING | prefect.runner - …, or Flow run 'x' - …
_PREFECT = re.compile(r"\d\d:\d\d:\d\d\.\d{3} \| (?P<level>\w+)\s*\| (?P<name>.+?) - (?P<text>.*)")
# What uvicorn prints
_UVICORN = re.compile(r"(?P<level>DEBUG|INFO|WARNING|ERROR|CRITICAL):\s+(?P<text>.*)")
# What our own children say of themselves, and of the runs they are
_OURS = re.compile(r"(?P<source>run|runner|server): (?P<text>.*)")
_TRACEBACK = re.compile(r"[\s+|]*(Exception Group )?Traceback \(most recent call last\):")
# Identifiers, addresses, times and counts: the same trouble has others each time
_VARYING = re.compile(r"0x[0-9a-f]+|\b[0-9a-f]{8}-[0-9a-f-]{27}\b|'[a-z]+-[a-z]+'|\d+")

# (in the record, what is said of it; None: nothing). The first that is found counts.
_UNDERSTOOD: tuple[tuple[re.Pattern[str], tuple[Level, str] | None], ...] = (
    (re.compile(r"database is locked"),
     ("warning", "Prefect's database was locked; it tries again")),
    (re.compile(r"database or disk is full|disk I/O error|No space left on device", re.I),
     ("error", "the disk is full: what was to be written is lost")),
    # a run that ended while it was asked to end, or was given up for lost: it has its end
    (re.compile(r"already in (a|an)? ?(terminal|[a-z]+ed) state|is in a terminal state"), None),
    # bindings that outlive the interpreter; nobody can do anything about them
    (re.compile(r"nanobind|leaked (instance|type|function)"), None),
    # the limit of one run at a time, which drops what comes meanwhile; the run's own line says so
    (re.compile(r"Deployment concurrency limit|collision strategy", re.I), None),
    # an error of ours is a sentence, and the run's own line has said it
    (re.compile(r"^(  )*flows\.core\.errors\.\w+: |Finished in state (Failed|Cancelled|Crashed)\(",
                re.M), None),
    # a stop we asked for
    (re.compile(r"Crash detected! Execution was cancelled|TerminationSignal"
                r"|(^|\s|\.)CancelledError\b|KeyboardInterrupt"), None),
    # what follows when the server was gone: it comes back with it
    (re.compile(r"_handle_polling_task_done|_handle_cancellation_observer_failure"
                r"|Enable tracemalloc"), None),
    (re.compile(r"All connection attempts failed|Connection refused|ConnectError|ConnectTimeout"
                r"|Server disconnected|ConnectionClosed|ReadTimeout|RemoteProtocolError"
                r"|did not receive a valid HTTP response|status code 503|503 Service Unavailable"
                r"|'EventsWorker' failed to process item|Switching to polling mode"
                r"|Failed the last \d+ attempts|Error logging to API"
                r"|ConnectionRefusedError|Service exceeded error threshold"
                r"|ReadError|Unable to authenticate to the event stream"),
     ("warning", "Prefect's server did not answer; it is asked again")),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened: where, how bad, in which words; `more` is a traceback's lines."""

    source: str
    level: Level
    text: str
    more: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The same for the same trouble, whatever run or time it is of."""
        return f"{self.source}: {_VARYING.sub('#', self.text)}"


def entries(source: str, lines: Iterable[str]) -> Iterator[Entry]:
    """What the printed `lines` of a process say, without what is nothing to anybody."""
    for record in _records(lines):
        entry = _entry(source, record)
        if entry is not None:
            yield entry


def _records(lines: Iterable[str]) -> Iterator[list[str]]:
    """Lines by record: a head, and what belongs to it.

    Behind a traceback that is everything up to the next head that says so: SQL, hints, another
    traceback it led to.
    """
    record: list[str] = []
    broken = False
    for line in lines:
        opens = _TRACEBACK.match(line) is not None
        if record and (_is_head(line) or not (broken or opens or _goes_on(line))):
            yield record
            record, broken = [], False
        record.append(line)
        broken = broken or opens
    if record:
        yield record


def _is_head(line: str) -> bool:
    return any(head.match(line) for head in (_PREFECT, _UVICORN, _OURS))


def _goes_on(line: str) -> bool:
    return not line or line.startswith((" ", "\t"))


def _entry(source: str, record: list[str]) -> Entry | None:
    said = [line for line in record if line.strip()]
    if not said:
        return None
    whole = "\n".join(said)
    if ours := _OURS.match(said[0]):
        return Entry(source=ours["source"], level="info", text=ours["text"], more=tuple(said[1:]))
    found = _PREFECT.match(said[0]) or _UVICORN.match(said[0])
    level = _LEVELS.get(found["level"], "info") if found else "info"
    text = found["text"] if found else said[0]
    broken = any(_TRACEBACK.match(line) for line in said)
    if broken or level in ("warning", "error") or not found:
        for sign, sentence in _UNDERSTOOD:
            if sign.search(whole):
                return sentence and Entry(source=source, level=sentence[0], text=sentence[1])
    if broken:
        level, text = "error", _last_words(text, said)
    return Entry(source=source, level=level, text=text, more=tuple(said[1:]))


def _last_words(text: str, said: list[str]) -> str:
    """What a traceback ends in, behind what was said of it."""
    last = said[-1].strip(" |+")
    return last if _TRACEBACK.match(text) else f"{text} {last}"


@dataclass(slots=True)
class _Seen:
    said_at: datetime
    held: int = 0
    last: Entry | None = None


@dataclass(slots=True)
class Repeats:
    """What was said within the last minute; decides what is held back, and how often it came."""

    seen: dict[str, _Seen] = field(default_factory=dict)

    def let(self, entry: Entry, now: datetime) -> Entry | None:
        """The entry, with the count of those held back before; None: held back. Only trouble is:
        what goes its way is said whenever it happens."""
        if entry.level not in ("warning", "error"):
            return entry
        known = self.seen.get(entry.kind)
        if known is not None and now - known.said_at < SAME_FOR:
            known.held += 1
            known.last = entry
            return None
        self.seen[entry.kind] = _Seen(now)
        return _counted(entry, known.held) if known and known.held else entry

    def due(self, now: datetime) -> list[Entry]:
        """What was held back, said now that its minute is over and it did not come again."""
        over = [kind for kind, seen in self.seen.items() if now - seen.said_at >= SAME_FOR]
        ended = [self.seen.pop(kind) for kind in over]
        return [_counted(seen.last, seen.held - 1) for seen in ended if seen.last and seen.held]


def _counted(entry: Entry, held: int) -> Entry:
    if not held:
        return entry
    times = "time" if held == 1 else "times"
    return replace(entry, text=f"{entry.text} ({held} more {times} since)", more=())


class Log:
    """Where everything is said: on standard output, a line each. Safe to use from any thread."""

    def __init__(self, clock: Clock, wanted: Format = "text") -> None:
        self._clock = clock
        self._format = wanted
        self._repeats = Repeats()
        self._lock = threading.Lock()

    def say(self, source: str, text: str, level: Level = "info") -> None:
        """Say that something happened."""
        self.enter(Entry(source=source, level=level, text=text))

    def enter(self, entry: Entry) -> None:
        """Say it, unless the same was said just now."""
        with self._lock:
            now = self._clock()
            let = self._repeats.let(entry, now)
            for one in [*self._repeats.due(now), *([let] if let else [])]:
                self._print(one, now)

    def follow(self, source: str, pipe: int) -> threading.Thread:
        """Enter whatever is printed into `pipe`, a descriptor that is closed at its end."""
        following = threading.Thread(target=self._follow, args=(source, pipe), daemon=True)
        following.start()
        return following

    def _follow(self, source: str, pipe: int) -> None:
        for lines in _pieces(pipe):
            for entry in entries(source, lines):
                self.enter(entry)
        os.close(pipe)

    def _print(self, entry: Entry, now: datetime) -> None:
        if self._format == "json":
            fields = {
                "at": now.isoformat(timespec="milliseconds"), "level": entry.level,
                "source": entry.source, "text": entry.text,
            }  # fmt: skip
            more = {"traceback": list(entry.more)} if entry.more else {}
            print(json.dumps(fields | more), flush=True)
            return
        level = "" if entry.level in ("info", "debug") else f"{entry.level}: "
        print_line(f"{now:%Y-%m-%d %H:%M:%S}Z {entry.source}: {level}{entry.text}")
        for line in entry.more:
            print_line(f"    {line}")
        sys.stdout.flush()


def _pieces(pipe: int) -> Iterator[list[str]]:
    """Lines as they come, in pieces that end where the next begins a record or nothing comes."""
    waiting: list[str] = []
    rest = b""
    while True:
        if len(waiting) > _MOST_LINES or (
            waiting and not select.select([pipe], [], [], _PAUSE_SECONDS)[0]
        ):
            yield waiting
            waiting = []
            continue
        piece = os.read(pipe, 65_536)
        if not piece:
            break
        *lines, rest = (rest + piece).split(b"\n")
        waiting += [line.decode(errors="replace") for line in lines]
    yield [*waiting, *([rest.decode(errors="replace")] if rest else [])]


def _comes_more(pipe: int) -> bool:
    return bool(select.select([pipe], [], [], _PAUSE_SECONDS)[0])
