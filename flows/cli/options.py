"""Whoever fetches can be reached: asked for by every command that does, as long as it is not so.

Ctrl-C and SIGTERM: cancel the work, let it close its run, leave a consistent store.
"""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

import click

from flows.core.settings import Settings
from flows.core.terminal import print_line


def ask_for_contact(settings: Settings) -> None:
    """One sentence on stderr when the User-Agent names nobody."""
    if not settings.fetch.contact.strip():
        print_line(
            f"Please fill in `contact` under [fetch] in {settings.config_dir / 'dateline.toml'}: "
            "a URL or an e-mail address where the owners of the sites can reach you.",
            error=True,
        )


T = TypeVar("T")


def until_stopped(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` to its end; a signal cancels it once, its cleaning-up is waited for.

    Further signals change nothing: a shell and a supervisor may both send one, and a second
    cancellation would break off the closing of the run. Raises `click.Abort` after a stop.
    """

    async def watched() -> T:
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()

        def stop() -> None:
            if not task.cancelling():
                task.cancel()

        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop)
        return await task

    try:
        return asyncio.run(watched())
    except asyncio.CancelledError as error:
        raise click.Abort from error
