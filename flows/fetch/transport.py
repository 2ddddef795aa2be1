"""One line to one host: with `wires`, the only file that knows httpx and httpcore below it.

httpx2 (with httpcore2) is a drop-in fork; to swap it in, these imports are all there is to change.

A `Line` holds at most one connection and serves one request at a time. It is thrown away after any
failure, deadline or cancellation: a pool of httpx 0.28.1 stays dead for good after many cancelled
requests (httpcore issue 1093), and a line whose sockets are cut leaves nothing to repair. Bodies
are read raw and decoded by us (`decoding`), because httpx hands a 1 GB brotli bomb out in one piece
and takes a truncated gzip stream for whole.

Which proxy, if any, a URL goes through, by the environment's word.

`http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, in either case, as curl and the standard
library read them. A configured proxy is a trusted hop: it resolves the name, so that the check of
the resolved address is its duty, while addresses and ports written in the URL are still checked.

Whose certificates are believed: certifi's or the system's, by choice.

`SSL_CERT_FILE` and `SSL_CERT_DIR` go before either, as everywhere OpenSSL is used. Verification is
never switched off here or anywhere.
"""

import asyncio
import ssl
import time
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Literal, Protocol, runtime_checkable
from urllib.parse import urlsplit
from urllib.request import (  # type: ignore[attr-defined]  # the stubs miss the second
    getproxies_environment,
    proxy_bypass_environment,
)

import certifi
import httpcore
import httpx
import truststore

from flows.core import Reason
from flows.core.urls import host_of
from flows.fetch.addresses import Guard
from flows.fetch.decoding import Decoder
from flows.fetch.failure import NotFetched
from flows.fetch.response import Answer, BodyPlan, Headers, Plan
from flows.fetch.sockets import Wires

_CONNECT_SECONDS = 10.0  # per address; a handshake that takes longer is a dead host
_READ_SECONDS = 15.0  # between two pieces
_IDLE_SECONDS = 30.0  # a connection outlives the next turns of its host at the default pace
# Before the body: a head has at most 100 KB (`heads`), informational answers before it no end.
_HEAD_BYTES = 200_000
_OVERHEAD_BYTES = 1_000_000  # beside the body: chunk sizes and trailers
# A body in pieces of a few bytes costs 20 µs each: 2 million of them would keep the loop for 40 s.
_MOST_PIECES = 5_000
_LEAST_PIECE_BYTES = 64  # on average, beyond that many


_NOT_SENT = (
    httpx.UnsupportedProtocol,
    httpcore.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpcore.LocalProtocolError,
)


class Line:
    """A connection to one host, opened on first use. `proxy` is a URL, credentials included."""

    def __init__(self, guard: Guard, tls: ssl.SSLContext, *, proxy: str | None = None) -> None:
        self.proxy = proxy
        self._wires = Wires(guard if proxy is None else None)
        pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            proxy=_proxy(proxy, tls),
            max_connections=1,
            keepalive_expiry=_IDLE_SECONDS,
            network_backend=self._wires,
        )
        timeout = httpx.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS)
        self._client = httpx.AsyncClient(
            transport=_Transport(pool), trust_env=False, timeout=timeout, cookies=_no_cookies()
        )

    async def ask(
        self, url: str, headers: Mapping[str, str], plan: Plan, *, deadline_seconds: float
    ) -> Answer:
        """One GET, without redirects, done or failed within `deadline_seconds`.

        Raises `NotFetched`. After any exception the line must be closed.
        """
        try:
            async with asyncio.timeout(deadline_seconds):
                return await self._answer(url, headers, plan)
        except TimeoutError as error:
            raise NotFetched(
                Reason.TIMEOUT, f"not done within {deadline_seconds:.3g} seconds"
            ) from error
        except (httpx.InvalidURL, UnicodeError, *_NOT_SENT) as error:  # idna's are UnicodeErrors
            raise NotFetched(Reason.REFUSED_URL, str(error)) from error
        except httpcore.TimeoutException as error:
            raise NotFetched(Reason.TIMEOUT, str(error)) from error
        except httpcore.RemoteProtocolError as error:
            reason = Reason.PROTOCOL_ERROR if self._wires.has_received else Reason.CONNECT
            raise NotFetched(reason, str(error)) from error
        except (httpcore.NetworkError, httpcore.ProxyError) as error:
            raise NotFetched(Reason.CONNECT, str(error)) from error
        except (httpx.HTTPError, httpx.StreamError) as error:  # of the client's own kinds
            raise NotFetched(Reason.PROTOCOL_ERROR, str(error)) from error

    async def close(self) -> None:
        """Cut the connection and wait until its socket is closed."""
        self._wires.cut()
        await self._wires.gone()

    @property
    def is_spent(self) -> bool:
        """Whether the line is not to be used again: it was cut, or a head had to be repaired."""
        return self._wires.is_cut or self._wires.is_repaired

    @property
    def has_met_host(self) -> bool:
        """Whether anything of ours has come as far as the host: it can have noticed us."""
        return self._wires.has_met_host

    async def _answer(self, url: str, headers: Mapping[str, str], plan: Plan) -> Answer:
        self._wires.has_received = False
        self._wires.doubt = None
        self._wires.allow(_HEAD_BYTES, beyond=Reason.PROTOCOL_ERROR)
        # With the host given, httpx does not decode it: its `idna` refuses names that browsers ask
        request = self._client.build_request("GET", url, headers={"Host": host_of(url), **headers})
        response = await self._client.send(request, stream=True)
        answered_at = time.monotonic()
        received = _text(response.headers.raw)
        wanted = self._sure(response.status_code, plan(response.status_code, received))
        body = await self._body(response, received, wanted)
        return Answer(
            status=response.status_code,
            headers=received,
            body=body,
            answered_at=answered_at,
            sent=_text(request.headers.raw),
            address=self._wires.address,
        )

    def _sure(self, status: int, plan: BodyPlan) -> BodyPlan:
        """The plan, where it is in doubt how the body ends: a page is refused, a glance may do."""
        if self._wires.doubt is None:
            return plan
        if not plan.cut:
            raise NotFetched(Reason.PROTOCOL_ERROR, self._wires.doubt, http_status=status)
        return BodyPlan(max_bytes=0, cut=True) if 300 <= status < 400 else plan

    async def _body(self, response: httpx.Response, received: Headers, plan: BodyPlan) -> bytes:
        """The decoded body. To stop early the wire is cut, and the reading ends by its error.

        Leaving the loop instead would leave the library's generators to the garbage collector,
        which closes them in tasks of their own.
        """
        if plan.max_bytes == 0:
            self._wires.cut()
            return b""
        collected = _Body(received, plan)
        self._wires.allow(
            _OVERHEAD_BYTES + plan.max_bytes + plan.max_bytes // 50,  # what deflate may add
            beyond=Reason.TOO_LARGE,
        )
        try:
            async for piece in response.aiter_raw():
                if not collected.takes(piece):
                    self._wires.cut()
        except httpcore.NetworkError as error:
            if not collected.is_stopped:
                detail = f"the connection was lost inside the body: {error}"
                raise NotFetched(Reason.PROTOCOL_ERROR, detail) from error
        return collected.whole()


class _Body:
    """Collects a body and says when to stop."""

    def __init__(self, received: Headers, plan: BodyPlan) -> None:
        codings = ",".join(value for name, value in received if name == "content-encoding")
        self._decoder = Decoder(codings, max_bytes=plan.max_bytes, cut=plan.cut)
        self._failure: NotFetched | None = None
        self._pieces = 0
        self._bytes = 0

    @property
    def is_stopped(self) -> bool:
        return self._failure is not None or self._decoder.is_full

    def takes(self, piece: bytes) -> bool:
        """Whether more is wanted after `piece`."""
        if self.is_stopped:
            return False
        self._pieces += 1
        self._bytes += len(piece)
        if self._pieces > _MOST_PIECES and self._bytes < self._pieces * _LEAST_PIECE_BYTES:
            self._failure = NotFetched(Reason.PROTOCOL_ERROR, "a body in crumbs")
            return False
        try:
            self._decoder.feed(piece)
        except NotFetched as failure:
            self._failure = failure
        return not self.is_stopped

    def whole(self) -> bytes:
        """The body; raises what stopped it."""
        if self._failure is not None:
            raise self._failure
        return self._decoder.finish()


class _Transport(httpx.AsyncBaseTransport):
    """httpx on a pool of ours, through the public doors of both."""

    def __init__(self, pool: httpcore.AsyncConnectionPool) -> None:
        self._pool = pool

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.AsyncByteStream)
        url = request.url
        response = await self._pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        assert isinstance(response.stream, AsyncIterable)
        return _Response(
            response.status,
            headers=response.headers,
            stream=_Stream(response.stream),
            extensions=response.extensions,
        )


class _Response(httpx.Response):
    """An answer whose redirect is not the client's business: it would parse it, and may fail."""

    @property
    def has_redirect_location(self) -> bool:
        return False


class _Stream(httpx.AsyncByteStream):
    """httpcore's body under httpx's name."""

    def __init__(self, stream: AsyncIterable[bytes]) -> None:
        self._stream = stream

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._stream.__aiter__()

    async def aclose(self) -> None:
        if isinstance(self._stream, _Closable):
            await self._stream.aclose()


@runtime_checkable
class _Closable(Protocol):
    async def aclose(self) -> None: ...


def _no_cookies() -> CookieJar:
    """A jar that takes nothing: cookies are the request's, and bounded."""
    return CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))


def _proxy(url: str | None, tls: ssl.SSLContext) -> httpcore.Proxy | None:
    if url is None:
        return None
    try:
        proxy = httpx.Proxy(url)
    except (ValueError, httpx.InvalidURL):  # which may name a part of its password
        raise NotFetched(
            Reason.CONNECT, "the environment's proxy cannot be used: it is no http(s) URL"
        ) from None
    return httpcore.Proxy(
        url=httpcore.URL(
            scheme=proxy.url.raw_scheme, host=proxy.url.raw_host, port=proxy.url.port,
            target=proxy.url.raw_path,
        ),
        auth=proxy.raw_auth,
        headers=proxy.headers.raw,
        ssl_context=tls if proxy.url.scheme == "https" else None,
    )  # fmt: skip


def _text(raw: Iterable[tuple[bytes, bytes]]) -> Headers:
    return tuple((name.decode("latin-1").lower(), _value(value)) for name, value in raw)


def _value(raw: bytes) -> str:
    """UTF-8 where it is, as in the Location headers of many servers; Latin-1 as HTTP has it."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


class Proxies:
    """The environment's proxies, read once."""

    def __init__(self, by_scheme: dict[str, str] | None = None) -> None:
        self._by_scheme = getproxies_environment() if by_scheme is None else by_scheme

    def proxy_for(self, url: str) -> str | None:
        """The proxy's URL for `url`, None to connect directly."""
        parts = urlsplit(url)
        proxy = self._by_scheme.get(parts.scheme) or self._by_scheme.get("all")
        if not proxy or proxy_bypass_environment(parts.netloc, self._by_scheme):
            return None
        return proxy if "://" in proxy else f"http://{proxy}"


def tls_context(
    trust_store: Literal["certifi", "system"], environment: Mapping[str, str]
) -> ssl.SSLContext:
    """A verifying client context. Costs some 20 ms, so one serves a whole run."""
    cafile, capath = environment.get("SSL_CERT_FILE"), environment.get("SSL_CERT_DIR")
    if cafile or capath:
        return ssl.create_default_context(cafile=cafile or None, capath=capath or None)
    if trust_store == "system":
        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return ssl.create_default_context(cafile=certifi.where())
