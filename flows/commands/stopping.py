"""Ctrl-C and SIGTERM: cancel the work, let it close its run, leave a consistent store."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

import click

T = TypeVar("T")


def until_stopped(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` to its end; a signal cancels it once, its cleaning-up is waited for.

    Raises `click.Abort` after a stop.
    """

    async def watched() -> T:
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, task.cancel)
        return await task

    try:
        return asyncio.run(watched())
    except asyncio.CancelledError as error:
        raise click.Abort from error
