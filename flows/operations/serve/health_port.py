"""`/health` and `/metrics` on a port, for whoever watches from outside, while `serve` runs.

Decides what is answered to which path; refuses to know what is wrong or counted. Answers from small
files: it opens no store.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from flows.core.errors import DatelineError
from flows.core.settings import Settings
from flows.core.times import Clock
from flows.operations.figures import read_figures
from flows.operations.health import standing, wrong
from flows.operations.vitals import vitals_from_outside

# Whoever asks and then says nothing is let go
_SECONDS = 10.0


@contextmanager
def answering(settings: Callable[[], Settings], clock: Clock) -> Iterator[int | None]:
    """Answer for as long as this is entered, where `[health] port` is set; the port, or None.

    Raises `DatelineError` when something else listens there. `settings` are asked for anew each
    time: they are those that loaded last.
    """
    wanted = settings().health
    if wanted.port is None:
        yield None
        return
    try:
        server = _Server((wanted.host, wanted.port), settings, clock)
    except OSError as error:
        raise DatelineError(
            f"[health] port: {wanted.host}:{wanted.port} cannot be listened on: {error.strerror}"
        ) from error
    thread = threading.Thread(target=server.serve_forever, name="health port", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], settings: Callable[[], Settings], clock: Clock
    ) -> None:
        self.settings = settings
        self.clock = clock
        super().__init__(address, _Answering)


class _Answering(BaseHTTPRequestHandler):
    server: _Server
    timeout = _SECONDS
    server_version = "dateline"
    sys_version = ""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/health":
            self._health()
        elif path == "/metrics":
            from flows.operations.metrics import CONTENT_TYPE, exposition  # where it is asked for

            settings, now = self.server.settings(), self.server.clock()
            figures = read_figures(settings.state_dir)
            body = exposition(vitals_from_outside(settings), figures, now)
            self._answer(200, CONTENT_TYPE, body)
        else:
            self._answer(404, "text/plain; charset=utf-8", b"There are /health and /metrics.\n")

    def _health(self) -> None:
        now = self.server.clock()
        vitals = vitals_from_outside(self.server.settings())
        troubles = wrong(vitals, now)
        said = {
            "healthy": not troubles,
            "says": standing(vitals, now),
            "troubles": [asdict(trouble) for trouble in troubles],
        }
        body = json.dumps(said, ensure_ascii=False).encode()
        self._answer(503 if troubles else 200, "application/json", body)

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """A scrape every few seconds is no line of the log."""
