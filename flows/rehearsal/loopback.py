"""A small HTTP/1.1 server on 127.0.0.1 for many invented hosts, with a log of what it was asked.

Decides how bytes go over the socket; refuses to know what is answered: that is a function from
`Request` to `Answer`. Hosts are told apart by their Host header, so that one port serves a whole
web when names are resolved to it (`[fetch] resolve`). Answers GET and HEAD, and keeps connections
open (RFC 9112).
"""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from types import TracebackType
from typing import Self

_MAX_HEAD = 64 * 1024  # bytes of request line and headers; what asyncio buffers by default


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client asked. `target` is path and query as sent; header names are lower-case."""

    method: str
    host: str
    target: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What to send back.

    `delay_seconds` passes before the first byte. `stalls`: status and headers are sent, the body
    never, until the client goes away.
    """

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    delay_seconds: float = 0.0
    stalls: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One line of the server's log; times are `time.monotonic()` seconds.

    `asked_at`: the head of the request was there; `answered_at`: the first byte is about to go.
    `conditional`: the request carried a validator. `bytes_sent` counts the body.
    """

    host: str
    target: str
    method: str
    status: int
    conditional: bool
    user_agent: str
    asked_at: float
    answered_at: float
    bytes_sent: int


class Loopback:
    """The server, in a thread of its own while it is entered::

        with Loopback(answering) as web:
            resolve = {"courier.test": web.address}

    `served` grows by one line for each finished request, in the order they were finished.
    """

    def __init__(self, answering: Callable[[Request], Answer]) -> None:
        self._answering = answering
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="loopback-web", daemon=True)
        self._listening = threading.Event()
        self._conversations: set[asyncio.Task[None]] = set()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._unheard = _unheard_socket()
        self.served: list[Served] = []

    @property
    def port(self) -> int:
        port: int = self._socket.getsockname()[1]
        return port

    @property
    def address(self) -> str:
        """Where every served name leads, as `address:port`."""
        return f"127.0.0.1:{self.port}"

    @property
    def refusing_address(self) -> str:
        """An address that is taken and refuses every connection, as `address:port`."""
        return f"127.0.0.1:{self._unheard.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        self._listening.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._unheard.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._connected, sock=self._socket, limit=_MAX_HEAD)
        )
        self._loop.call_soon(self._listening.set)
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(self._hang_up())
        self._loop.close()

    async def _hang_up(self) -> None:
        for conversation in self._conversations:
            conversation.cancel()
        await asyncio.gather(*self._conversations, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversation = asyncio.current_task()
        assert conversation is not None
        self._conversations.add(conversation)
        try:
            # a client that goes away, or whom the deadline of its own took away, is no news
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                while await self._answer_one(reader, writer):
                    pass
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self._conversations.discard(conversation)
            writer.close()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        request = _request(await reader.readuntil(b"\r\n\r\n"))
        asked_at = time.monotonic()
        answer = self._answering(request)
        await asyncio.sleep(answer.delay_seconds)
        body = b"" if request.method == "HEAD" or answer.stalls else answer.body
        # logged before the first byte, so that a client that has the answer finds it in the log
        self._log(request, answer, asked_at, bytes_sent=len(body))
        writer.write(_head(answer) + body)
        await writer.drain()
        if answer.stalls:
            await reader.read()  # returns when the client hangs up
            return False
        return request.headers.get("connection", "").lower() != "close"

    def _log(self, request: Request, answer: Answer, asked_at: float, *, bytes_sent: int) -> None:
        conditional = bool(request.headers.keys() & {"if-none-match", "if-modified-since"})
        self.served.append(
            Served(
                host=request.host,
                target=request.target,
                method=request.method,
                status=answer.status,
                conditional=conditional,
                user_agent=request.headers.get("user-agent", ""),
                asked_at=asked_at,
                answered_at=time.monotonic(),
                bytes_sent=bytes_sent,
            )
        )


def _unheard_socket() -> socket.socket:
    """Bound, never listening: the kernel refuses connections, and nobody else gets the port."""
    unheard = socket.socket()
    unheard.bind(("127.0.0.1", 0))
    return unheard


def _request(head: bytes) -> Request:
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _version = first.split(" ", 2)
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    host = headers.get("host", "").lower().partition(":")[0]
    return Request(method=method, host=host, target=target, headers=headers)


def _head(answer: Answer) -> bytes:
    status = HTTPStatus(answer.status)
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", f"Date: {formatdate(usegmt=True)}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    if status != HTTPStatus.NOT_MODIFIED:
        lines.append(f"Content-Length: {len(answer.body) or (1000 if answer.stalls else 0)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
