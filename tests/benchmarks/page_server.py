"""A well-behaved news server in a process of its own, so that only the client's CPU is measured.

`python -m tests.benchmarks.page_server` prints its port, serves one gzipped page of 115 KB under
every path of every host, answers 404 for robots.txt, and tells at `/log` which host was asked when.
"""

import asyncio
import gzip
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


def page(size: int = 115_000) -> bytes:
    """An HTML page of about `size` bytes that compresses to a sixth of it, as real pages do."""
    chance = random.Random(1)
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(2, 9)))
             for _ in range(1500)]  # fmt: skip
    parts = ["<!doctype html><html><head><title>A page</title></head><body>"]
    length = 0
    while length < size:
        paragraph = f'<p class="text">{" ".join(chance.choices(words, k=60))}.</p>\n'
        parts.append(paragraph + f'<div class="ad-slot" data-slot="{length}"></div>\n' * 3)
        length += len(parts[-1])
    return "".join([*parts, "</body></html>"]).encode()


class PageServer:
    """Serves, and keeps a log."""

    def __init__(self) -> None:
        body = gzip.compress(page())
        head = f"Content-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"  # noqa: E501
        self._page = b"HTTP/1.1 200 OK\r\n" + head.encode() + body
        self._log: list[tuple[str, float]] = []

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept alive."""
        try:
            while True:
                request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                path = request.split(" ", 2)[1]
                host = request.lower().partition("\r\nhost:")[2].partition("\r\n")[0].strip()
                writer.write(self._response(path, host))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _response(self, path: str, host: str) -> bytes:
        if path == "/log":
            body = json.dumps(self._log).encode()
            self._log = []
            return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        self._log.append((host, time.monotonic()))
        if path == "/robots.txt":
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        return self._page


async def _serve() -> None:
    served = PageServer()
    server = await asyncio.start_server(served.answer, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


@contextmanager
def page_server() -> Iterator[int]:
    """The server in its own process; yields its port."""
    command = [sys.executable, "-m", "tests.benchmarks.page_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve())
