"""What the server of `dateline serve` answers at all, and what its pages may load.

Decides by the request's own headers, before Prefect sees it: it must be meant for this machine (a
name that a foreign name server points here is not) and not come from a page of another site. Every
answer forbids the browser to ask anybody else. Refuses to know the secret: Prefect asks for it.
"""

import ipaddress
import json
import re
from collections.abc import Iterable, Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Headers = Sequence[tuple[bytes, bytes]]

# The browser's word for where a request comes from, of those that say it (all since 2023)
_OWN = (b"same-origin", b"none")
# Prefect's pages need styles in their mark-up, and draw runs with functions made from text
_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws://{host}; "
    "worker-src 'self' blob:; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# A name, a number or a number in brackets, and a port (RFC 9110, 7.2)
_HOST = re.compile(rb"(?P<name>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]+)?")
_POLICY_VIOLATION = 1008  # RFC 6455


class Gate:
    """An ASGI application that lets through to `app` what is for it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers: Headers = scope["headers"]
        why = refusal(headers, scope.get("method", "GET"))
        if why is None:
            await self._app(scope, receive, _closed(send, _one(headers, b"host").decode("ascii")))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": why})
        else:
            await _refuse(send, why)


def refusal(headers: Headers, method: str) -> str | None:
    """Why a request with these headers is not answered; None: it is.

    A request without `Origin` and `Sec-Fetch-Site` comes from no browser, or from an old one that
    opens the page: what it may do is the secret's matter.
    """
    host = _one(headers, b"host")
    if not is_here(host):
        return "This server answers to loopback names only."
    origin = _one(headers, b"origin")
    if origin and origin.lower() != b"http://" + host.lower():
        return "This server answers its own pages only."
    site = _one(headers, b"sec-fetch-site")
    opens_a_page = method == "GET" and _one(headers, b"sec-fetch-mode") == b"navigate"
    if site and site not in _OWN and not opens_a_page:
        return "This server answers its own pages only."
    return None


def is_here(host: bytes) -> bool:
    """Whether a `Host` names this machine itself, at any port: a tunnel may end at another."""
    found = _HOST.fullmatch(host)
    if found is None:
        return False
    name = found["name"].strip(b"[]").decode("ascii")
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name.lower() == "localhost"


def _one(headers: Headers, name: bytes) -> bytes:
    """The value of a header; of one that stands there twice none that anybody means."""
    values = [value for key, value in headers if key.lower() == name]
    return b", ".join(values)


def _closed(send: Send, host: str) -> Send:
    """`send` with our word on what the browser may load, and none on who else may read."""
    ours = (
        (b"content-security-policy", _POLICY.format(host=host).encode()),
        (b"x-dns-prefetch-control", b"off"),  # else names behind links are asked for unseen
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
        (b"cross-origin-resource-policy", b"same-origin"),
    )

    async def closed(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*_without_cors(message.get("headers", ())), *ours]}
        await send(message)

    return closed


def _without_cors(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [
        (name, value)
        for name, value in headers
        if not name.lower().startswith(b"access-control-allow")
    ]


async def _refuse(send: Send, why: str) -> None:
    body = json.dumps({"exception_message": why}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
