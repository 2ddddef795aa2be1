"""Who may ask and what an answer may do: the gate before every page.

Decides by the `Host` header (a page elsewhere may point a name of its own at this machine: DNS
rebinding), the method and the origin; sets what a browser may do with each answer. Refuses to know
pages.
"""

import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Nothing but our own style sheet, script and pictures; nobody may frame us or take our forms
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# An archived page: drawn, and nothing more. No script, no request, no form, no place of its own.
_ARCHIVED_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
# same-origin, not no-referrer: with that Chromium sends our own form's POST with the origin "null"
_ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-dns-prefetch-control": "off",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-cache",
}
_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


def is_ours(host: str | None, port: int) -> bool:
    """Whether a `Host` header names this server on loopback."""
    if host is None:
        return False
    name, _, told = host.lower().rpartition(":") if ":" in host.strip("[]") else (host, "", "80")
    return name in _NAMES and told == str(port)


def is_from_us(origin: str | None, host: str | None) -> bool:
    """Whether an `Origin` header is that of the page the `Host` header names."""
    if origin is None or host is None:
        return False
    try:
        found = urlsplit(origin)
    except ValueError:
        return False
    return found.scheme == "http" and found.netloc.lower() == host.lower()


def same_token(given: str, token: str) -> bool:
    """Whether a form brought the token of its page; takes as long whatever is given."""
    return secrets.compare_digest(given.encode(), token.encode())


class Gate:
    """An application behind the rules. `port`: where it listens; `may_post`: labels are taken."""

    def __init__(self, app: ASGIApp, port: int, *, may_post: bool) -> None:
        self._app = app
        self._port = port
        self._methods = {"GET", "HEAD", "POST"} if may_post else {"GET", "HEAD"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        guarded = _guarded(send, _policy(scope["path"]))
        if not is_ours(headers.get("host"), self._port):
            await _refused(421, "This server answers to its own name on this machine only.")(
                scope, receive, guarded
            )
        elif scope["method"] not in self._methods:
            await _refused(405, "Only GET is answered here.")(scope, receive, guarded)
        elif scope["method"] == "POST" and not is_from_us(
            headers.get("origin"), headers.get("host")
        ):
            await _refused(403, "A label is taken from our own page only.")(scope, receive, guarded)
        else:
            await self._app(scope, receive, guarded)


def _policy(path: str) -> Mapping[str, str]:
    is_archived = path.startswith("/archived/") and path.endswith("/page")
    return {"content-security-policy": _ARCHIVED_POLICY if is_archived else _POLICY}


def _guarded(send: Send, more: Mapping[str, str]) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in (_ALWAYS | dict(more)).items():
                headers[name] = value
        await send(message)

    return sent


def _refused(status: int, why: str) -> PlainTextResponse:
    return PlainTextResponse(why + "\n", status_code=status)
