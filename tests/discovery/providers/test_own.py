"""A source's own ways back, where it lists the press of the whole world."""

import asyncio
from datetime import date

from flows.core import Page, Source, Validators
from flows.discovery.providers.own import Own
from flows.discovery.providers.provider import Asked, Part
from tests.discovery.formats.test_gdelt import gkg, zipped
from tests.store.samples import NOON

BODY = zipped(gkg("http://daily.test/ours"), gkg("http://elsewhere.test/theirs"))


class Gdelt:
    """GDELT's table of any quarter: an article of an outlet of ours, and one of another."""

    async def get(
        self,
        url: str,
        *,
        kind: str = "page",  # noqa: ARG002  the seam's signature
        validators: Validators | None = None,  # noqa: ARG002
        max_bytes: int | None = None,  # noqa: ARG002
        span: tuple[int, int] | None = None,  # noqa: ARG002
    ) -> Page:
        return Page(
            requested_url=url, url=url, status=200, fetched_at=NOON, headers=(), body=BODY,
            media_type="application/zip",
        )  # fmt: skip

    def slow_down(self, host: str, seconds: float) -> None:
        """Nobody hurries here."""


def test_what_lists_the_whole_world_is_asked_for_the_outlets_only() -> None:
    world = Source(
        source_id="gdelt", outlet="GDELT", kind="gdelt",
        url="http://data.gdeltproject.org/gdeltv2/lastupdate.txt",
    )  # fmt: skip
    asked = Asked(source=world, days=(date(2023, 2, 24),), hosts=("daily.test",))

    async def parts() -> list[Part]:
        (job,) = Own().jobs([asked])
        return [part async for part in Own().work(job, Gdelt(), NOON)]

    found = [one.url for part in asyncio.run(parts()) for one in part.candidates]
    assert found == ["http://daily.test/ours"]
