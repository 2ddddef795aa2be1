"""A loopback server that behaves as badly as it is told to, by host name.

`Hostile` answers on 127.0.0.1 in the test's own event loop; each host name has a behaviour, and a
log says what was asked of whom. robots.txt is a 404 unless a host says otherwise.
"""

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from flows.core.settings import FetchSettings
from flows.core.times import utc_now
from flows.fetch.backoff import Patience
from flows.fetch.client import Web

HTML = b"<!doctype html><html><head><title>Talks</title></head><body><p>They met.</p></body></html>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as the server saw it; `at` in monotonic seconds."""

    host: str
    path: str
    headers: dict[str, str]
    at: float


Writer = asyncio.StreamWriter
Behaviour = Callable[[Asked, Writer], Awaitable[None]]


def answer(
    status: int = 200,
    body: bytes = HTML,
    *,
    length: int | None = None,
    kind: str | None = "text/html; charset=utf-8",
    headers: Iterable[tuple[str, str]] = (),
) -> bytes:
    """A whole answer; `length` is what Content-Length claims."""
    lines = [f"HTTP/1.1 {status} Whatever"]
    if kind is not None:
        lines.append(f"Content-Type: {kind}")
    lines.append(f"Content-Length: {len(body) if length is None else length}")
    lines += [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


def says(*args: Any, **kwargs: Any) -> Behaviour:
    """Always the same `answer`."""
    content = answer(*args, **kwargs)

    async def behave(_: Asked, writer: Writer) -> None:
        writer.write(content)

    return behave


def sends(content: bytes, *, then_close: bool = True) -> Behaviour:
    """These very bytes, and the end of the connection."""

    async def behave(_: Asked, writer: Writer) -> None:
        writer.write(content)
        if then_close:
            writer.close()

    return behave


def drips(start: bytes, drop: bytes, *, every_seconds: float = 0.02) -> Behaviour:
    """`start`, and then a drop now and then for ever."""

    async def behave(_: Asked, writer: Writer) -> None:
        writer.write(start)
        while True:
            await asyncio.sleep(every_seconds)
            writer.write(drop)
            await writer.drain()

    return behave


def floods(start: bytes, wave: bytes) -> Behaviour:
    """`start`, and then waves for ever, as fast as they are taken."""

    async def behave(_: Asked, writer: Writer) -> None:
        writer.write(start)
        while True:
            writer.write(wave)
            await writer.drain()

    return behave


def resets(start: bytes) -> Behaviour:
    """`start`, and then a reset connection."""

    async def behave(_: Asked, writer: Writer) -> None:
        writer.write(start)
        await writer.drain()
        writer.transport.abort()

    return behave


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """One after the other, the last for ever."""
    left = list(behaviours)

    async def behave(asked: Asked, writer: Writer) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(asked, writer)

    return behave


class Hostile:
    """The server. `hosts` maps the first label of a `.test` name to its behaviour, `robots` to
    how it answers for robots.txt."""

    def __init__(
        self,
        hosts: dict[str, Behaviour],
        *,
        robots: dict[str, Behaviour] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._hosts = hosts
        self._robots = robots or {}
        self._tls = tls
        self.log: list[Asked] = []
        self.connections = 0
        self.clock = utc_now
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def settings(self, **overrides: Any) -> FetchSettings:
        """Settings under which every host of this server is found, without a pace."""
        defaults: dict[str, Any] = {
            "pace_seconds": 0.0,
            "timeout_seconds": 5.0,
            "resolve": {f"{name}.test": f"127.0.0.1:{self.port}" for name in self._hosts},
            "allow_networks": ("127.0.0.0/8",),
        }
        return FetchSettings(**(defaults | overrides))

    def web(self, state_dir: Path, **overrides: Any) -> Web:
        """A `Web` that knows this server and is quick to try again; `clock` tells it the time."""
        clock = overrides.pop("clock", utc_now)
        patience = overrides.pop("patience", Patience(first_seconds=0.01, wait_seconds=2.0))
        extra = {name: overrides.pop(name) for name in ("archive", "resolver") if name in overrides}
        settings = self.settings(**overrides)
        return Web(settings, state_dir=state_dir, clock=clock, patience=patience, **extra)

    def asked(self, name: str) -> list[Asked]:
        """What was asked of one host, robots.txt left out."""
        return [one for one in self.log if one.host == f"{name}.test" and one.path != "/robots.txt"]

    async def _accept(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.connections += 1
        try:
            while not writer.is_closing():
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                await self._behave(head, writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()

    async def _behave(self, head: str, writer: Writer) -> None:
        request_line, *lines = head.rstrip("\r\n").split("\r\n")
        headers = {name.lower(): value.strip()
                   for name, _, value in (line.partition(":") for line in lines)}  # fmt: skip
        host = headers.get("host", "").partition(":")[0]
        asked = Asked(
            host=host, path=request_line.split(" ")[1], headers=headers, at=time.monotonic()
        )
        self.log.append(asked)
        await self._behaviour(host.removesuffix(".test"), asked.path)(asked, writer)

    def _behaviour(self, name: str, path: str) -> Behaviour:
        if path == "/robots.txt":
            return self._robots.get(name, says(404, b"none here", kind="text/plain"))
        return self._hosts[name]
