"""What the checks of the numbered threats share: a register, and one request to a bad host."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from flows.core import Page, Reason, Skipped
from flows.fetch.client import Web
from tests.hostile.alone import grown_kb
from tests.hostile.server import Behaviour, Hostile

Check = Callable[[Path], None]
T = TypeVar("T")

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MAX_BYTES = 1_000_000
# More than any case takes that is not about time; what waits for the deadline is given less.
PATIENT_SECONDS = 10.0
MOST_GROWN_KB = 30_000


class Register(dict[int, Check]):
    """Number → the check that its input ends as it should."""

    def of(self, number: int) -> Callable[[Check], Check]:
        """Enters a check under its number in the table."""

        def enter(check: Check) -> Check:
            assert number not in self
            self[number] = check
            return check

        return enter


def at_bad(
    behaviour: Behaviour,
    folder: Path,
    ask: Callable[[Web], Awaitable[T]],
    *,
    robots: dict[str, Behaviour] | None = None,
    **settings: Any,
) -> tuple[T, Hostile]:
    """What `ask` got while bad.test behaved so, and the server with its log."""

    async def scenario() -> tuple[T, Hostile]:
        wanted = {"timeout_seconds": PATIENT_SECONDS, "max_bytes": MAX_BYTES,
                  "allow_networks": ("127.0.0.1/32",)} | settings  # fmt: skip
        async with (
            Hostile({"bad": behaviour}, robots=robots) as server,
            server.web(folder, **wanted) as web,
        ):
            return await ask(web), server

    return asyncio.run(scenario())


def ended(
    behaviour: Behaviour, folder: Path, url: str = "http://bad.test/story", **settings: Any
) -> Page | Skipped:
    """How one request to bad.test ended."""
    return at_bad(behaviour, folder, lambda web: web.get(url), **settings)[0]


def reason(
    behaviour: Behaviour, folder: Path, url: str = "http://bad.test/story", **settings: Any
) -> Reason | None:
    """Why it ended; None: it brought a page."""
    outcome = ended(behaviour, folder, url, **settings)
    return outcome.reason if isinstance(outcome, Skipped) else None


def page(outcome: Page | Skipped) -> Page:
    """A page that came."""
    assert isinstance(outcome, Page), outcome
    return outcome


def skip(outcome: object) -> Skipped:
    """A skip that was to come."""
    assert isinstance(outcome, Skipped), outcome
    return outcome


def without_growing(
    work: Callable[..., T], *given: object, most_kilobytes: int = MOST_GROWN_KB
) -> T:
    """What `work`, a function of a module, returns for `given`; in a process of its own it must
    not use more than 30 MB above what a request and a look have used before."""
    result, kilobytes = grown_kb(work, *given)
    assert kilobytes < most_kilobytes
    return result
