"""A real browser: Debian's Chromium, driven over its DevTools protocol, with a log of its requests.

`chromium()` skips the test where there is none.
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.sync.client import connect
from websockets.sync.connection import Connection

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
    "--no-default-browser-check", "--no-proxy-server", "--remote-debugging-port=0",
)  # fmt: skip
_PATIENCE = 90.0  # seconds; a cold start on a busy machine takes ten


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request of a page: its URL, and why it never left the browser (None: it did)."""

    url: str
    blocked: str | None

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""


class Tab:
    """One tab of a running browser."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._number = 0
        self._events: list[dict[str, Any]] = []
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.order(f"{domain}.enable")

    def order(self, method: str, **parameters: object) -> Any:
        """The result of one DevTools command."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        self._connection.send(json.dumps(message))
        while True:
            heard = json.loads(self._connection.recv(timeout=_PATIENCE))
            if heard.get("id") == self._number:
                assert "error" not in heard, heard
                return heard["result"]
            self._events.append(heard)

    def open(self, url: str) -> None:
        self.order("Page.navigate", url=url)
        self.until("document.readyState === 'complete'")

    def value(self, expression: str) -> Any:
        """What JavaScript gives, promises awaited; an error is its text."""
        answer = self.order(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            return str(answer["exceptionDetails"].get("exception", {}).get("description"))
        return answer["result"].get("value")

    def until(self, expression: str) -> Any:
        """Wait until JavaScript gives something true; that."""
        return _until(lambda: self.value(expression), expression)

    def type(self, text: str) -> None:
        """Type into what has the focus, and press Enter."""
        self.order("Input.insertText", text=text)
        for kind in ("keyDown", "keyUp"):
            self.order(
                "Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", text="\r",
                windowsVirtualKeyCode=13,
            )  # fmt: skip

    def asked(self) -> list[Asked]:
        """Every request so far, of the page and what it loaded; WebSockets too."""
        self.order("Runtime.evaluate", expression="0")  # what was said before is heard then
        blocked = {
            event["params"]["requestId"]: event["params"].get("blockedReason")
            for event in self._of("Network.loadingFailed")
        }
        made = [
            (event["params"]["requestId"], event["params"]["request"]["url"])
            for event in self._of("Network.requestWillBeSent")
        ] + [
            (event["params"]["requestId"], event["params"]["url"])
            for event in self._of("Network.webSocketCreated")
        ]
        return [Asked(url=url, blocked=blocked.get(number)) for number, url in made]

    def logged(self) -> list[str]:
        """What the browser wrote into the page's console by itself."""
        return [event["params"]["entry"]["text"] for event in self._of("Log.entryAdded")]

    def _of(self, method: str) -> list[dict[str, Any]]:
        return [event for event in self._events if event.get("method") == method]


@contextmanager
def chromium(folder: Path, *, rules: str = "") -> Iterator[Tab]:
    """A tab of a fresh browser that keeps its profile in `folder`.

    `rules` are Chromium's for names: `MAP evil.test 127.0.0.1` is a name server in evil hands.
    """
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip("there is no Chromium here: apt-get install chromium")
    profile = folder / "profile"
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    with (folder / "chromium.log").open("wb") as log:
        browser = subprocess.Popen(
            [found, *_ARGUMENTS, f"--user-data-dir={profile}",
             f"--host-resolver-rules={rules}", "about:blank"],
            env=environment | {"HOME": str(folder)},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )  # fmt: skip
    try:
        with connect(_tab_of(profile, browser), max_size=None, proxy=None) as connection:
            yield Tab(connection)
    finally:
        browser.terminate()
        try:
            browser.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(browser.pid, 9)
            browser.wait()


def _tab_of(profile: Path, browser: "subprocess.Popen[bytes]") -> str:
    """The address of the first tab's DevTools."""
    import urllib.request

    said = profile / "DevToolsActivePort"

    def port() -> str:
        assert browser.poll() is None, "Chromium ended at once"
        return said.read_text().splitlines()[0] if said.exists() and said.read_text() else ""

    address = f"http://127.0.0.1:{_until(port, 'a DevTools port')}/json/list"
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def tab() -> str:
        with direct.open(address, timeout=20) as answer:
            pages = [one for one in json.load(answer) if one["type"] == "page"]
        return pages[0]["webSocketDebuggerUrl"] if pages else ""

    return str(_until(tab, "a tab"))


def _until(true: Callable[[], Any], what: str) -> Any:
    end = time.monotonic() + _PATIENCE
    while not (found := true()):
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.1)
    return found
