"""How many requests one host gets at once is what `[fetch] per_host` says, in one run too."""

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from flows.core.settings import load_settings
from flows.core.times import utc_now
from flows.pipeline.stages import run_monitor
from flows.rehearsal.configuration import SourceEntry, write_configuration
from flows.rehearsal.loopback import Answer, Loopback, Request

PROJECT = Path(__file__).parents[2]
HOST = "daily.test"
PAGES = 6


def _answer(request: Request) -> Answer:
    if request.target == "/robots.txt":
        return Answer(status=404)
    if request.target == "/feed.xml":
        items = "".join(f"<item><link>http://{HOST}/{n}</link></item>" for n in range(PAGES))
        feed = f'<rss version="2.0"><channel>{items}</channel></rss>'
        return Answer(headers=(("Content-Type", "application/rss+xml"),), body=feed.encode())
    return Answer(
        headers=(("Content-Type", "text/html"),), body=b"<p>Ferries sail.</p>", delay_seconds=0.3
    )


@pytest.mark.parametrize("per_host", [1, 3])
def test_a_host_gets_as_many_requests_at_once_as_are_allowed(tmp_path: Path, per_host: int) -> None:
    with Loopback(_answer) as web:
        config = write_configuration(
            tmp_path,
            sources=[
                SourceEntry(
                    source_id="daily", outlet="Daily", kind="feed", url=f"http://{HOST}/feed.xml"
                )
            ],
            resolve={HOST: web.address},
            topic_path=PROJECT / "config" / "topic.toml",
            seeds_dir=PROJECT / "seeds",
        )
        main = config / "dateline.toml"
        main.write_text(main.read_text().replace("[fetch]", f"[fetch]\nper_host = {per_host}"))
        report = asyncio.run(run_monitor(load_settings(config), clock=utc_now))
        pages = sorted(
            (one.asked_at, one.answered_at) for one in web.served if one.target[1:].isdigit()
        )
    assert (len(pages), report.balanced) == (PAGES, True)
    overlaps = sum(after < ended for (_, ended), (after, _) in pairwise(pages))
    assert (overlaps > 0) == (per_host > 1)
