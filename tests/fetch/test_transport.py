"""One request's failures are its own ending, whatever exception the client makes of them."""

import asyncio
import ssl

import pytest

from flows.core import Reason
from flows.fetch.addresses import Guard
from flows.fetch.failure import NotFetched
from flows.fetch.response import BodyPlan
from flows.fetch.transport import Line

# None of these passes `fetch_url`: they stand for what a later client may find to refuse
_UNFIT = (
    "http://☃.net/", "http://xn--n3h\0.net/", "http://[::1/", "http://paper.test:99999/", "ftp://a/",
    "http://" + "a" * 64 + ".test/", "/x", "",
)  # fmt: skip


@pytest.mark.parametrize("url", _UNFIT)
def test_what_the_client_cannot_send_ends_as_a_refused_url(url: str) -> None:
    async def scenario() -> None:
        guard = Guard(resolver=_nobody)
        line = Line(guard, ssl.create_default_context())
        try:
            await line.ask(url, {}, lambda _, __: BodyPlan(max_bytes=1), deadline_seconds=5)
        finally:
            await line.close()
            guard.close()

    with pytest.raises(NotFetched) as ending:
        asyncio.run(scenario())
    assert ending.value.reason in (Reason.REFUSED_URL, Reason.DNS)


async def _nobody(_: str) -> tuple[str, ...]:
    return ()
