"""What a listing costs in a worker and in a thread, and what 20,000 odd ones do to their reader.

    python -m tests.benchmarks.bench_listings [NUMBER OF ODD LISTINGS]

The odd ones are sound listings of every kind with pieces cut out, repeated, moved and swapped for
what parsers stumble over, from a fixed seed. Each is read and its candidates made; counted are
exceptions and inputs that took longer than two seconds of processor time.
"""

import asyncio
import random
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from statistics import median

from flows.core import Look, LookStatus, Source, SourceMemory
from flows.core.terminal import print_line, print_table
from flows.core.workers.pool import Workers
from flows.discovery import Answer, Listing, candidates_of, in_thread, in_workers, look, read_answer
from flows.discovery.network import Reading
from tests.discovery.support import NOW, TableWeb, rss, sitemap

ODD = 20_000
SLOW_SECONDS = 2.0
UNCHANGED = 200
_AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
_PIECES = (
    b"<", b">", b"&", b"&#x0;", b"&#55296;", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?xml", b"\0",
    b"\xff\xfe", b"\xef\xbb\xbf", b"\x80", b"\xf0\x9f\x92", b"xmlns='x'", b"<!DOCTYPE a [", b"\r",
    b"http://[::1", b"https://\xe2\x98\x83.net/", b"http://256.1../", b"//", b"?", b"#", b"%",
    b"9" * 400, b"-1", b"0000-00-00", b"Fri, 31 Feb 2023 25:61:61 +9999", b"1" * 50 + b"T", b"{",
    b'"', b"'", b"\\", b"\\ud800", b"null", b"1e999", b"<author>" + b"a" * 2_000, b"[",
    b" " * 500, b"<link/>", b"%zz",
    b"<item>", b"</item>", b"<entry>", b"<url><loc>", b"<a href=", b"<base href=//>", b"=" * 300,
)  # fmt: skip


def main() -> None:
    """Print costs and what odd listings did."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ODD
    print_table(("entries", "#KB", "#reading ms", "#for a worker ms"), asyncio.run(_costs()))
    print_table(("200 unchanged sources", "#ms", "#workers started"), asyncio.run(_unchanged()))
    _odd(count)


async def _costs() -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    async with Workers(1, 20) as workers:
        for entries in (10, 30, 100, 500):
            body = rss(range(entries))
            thread = await _milliseconds(in_thread, body)
            worker = await _milliseconds(in_workers(workers), body)
            rows.append((entries, len(body) // 1000, f"{thread:.2f}", f"{worker:.2f}"))
    return rows


async def _milliseconds(reading: Reading, body: bytes) -> float:
    """Processor time of this process for one reading, the middle of some: in a thread all of it, in
    a worker what the worker costs besides (its own pickling comes to a sixth of that)."""
    answer = Answer(kind="feed", url="https://daily.test/feed", body=body)
    await reading(answer)
    taken = []
    for _ in range(7):
        begun = time.process_time()
        await reading(answer)
        taken.append((time.process_time() - begun) * 1000)
    return median(taken)


async def _unchanged() -> list[tuple[object, ...]]:
    body = rss(range(30))
    urls = {f"s{n}": f"https://s{n}.test/feed" for n in range(UNCHANGED)}
    web = TableWeb(dict.fromkeys(urls.values(), body))

    async def pass_over(reading: Reading, memories: dict[str, SourceMemory]) -> list[Look]:
        return await asyncio.gather(
            *(
                look(
                    Source(source_id=name, outlet=name, kind="feed", url=url), web,
                    memories.get(name, SourceMemory(source_id=name)), now=NOW, reading=reading,
                )
                for name, url in urls.items()
            )
        )  # fmt: skip

    seen = await pass_over(in_thread, {})
    memories = {one.source_id: one.memory for one in seen}
    rows: list[tuple[object, ...]] = []
    async with Workers(2, 20) as workers:
        for name, reading in (("in threads", in_thread), ("in workers", in_workers(workers))):
            begun = time.process_time()
            again = await pass_over(reading, memories)
            taken = (time.process_time() - begun) * 1000
            assert all(one.status is LookStatus.UNCHANGED for one in again)
            rows.append((name, f"{taken:.1f}", workers.started))
    return rows


def _odd(count: int) -> None:
    dice = random.Random(15)
    faults: Counter[str] = Counter()
    slow: list[tuple[float, str, int]] = []
    forms: Counter[str] = Counter()
    worst = 0.0
    for number in range(count):
        answer = _made(dice)
        begun = time.process_time()
        try:
            forms[_read(answer)] += 1
        except Exception as error:  # noqa: BLE001  to be counted
            faults[f"{answer.kind}: {type(error).__name__}: {error}"[:120]] += 1
        taken = time.process_time() - begun
        worst = max(worst, taken)
        if taken > SLOW_SECONDS:
            slow.append((taken, answer.kind, number))
    print_table(("read as", "#count"), forms.most_common())
    print_table(("exception", "#count"), faults.most_common())
    print_table(("#seconds", "kind", "#number"), slow)
    print_line(
        f"{count} odd listings: {faults.total()} exceptions, {len(slow)} over {SLOW_SECONDS:g} s, "
        f"the longest took {worst:.2f} s"
    )


def _read(answer: Answer) -> str:
    listing = read_answer(answer)
    if not isinstance(listing, Listing):
        return "no listing"
    source = Source(source_id="odd", outlet="Odd", kind="feed", url=answer.url)
    candidates_of(listing, source, now=_AT)
    return listing.form


_LINKS = b"".join(
    b'<li><a href="/2023/02/%d">A headline of %d words</a></li>' % (n, n) for n in range(20)
)
_SOUND = (
    ("feed", rss(range(12))),
    ("feed", b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A</title><link href="/a"/>'
             b"<id>a</id><updated>2023-02-24T10:00:00Z</updated></entry></feed>"),
    ("feed", b'{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","url":"/a","title":'
             b'"A","date_published":"2023-02-24T10:00:00Z"}]}'),
    ("sitemap", sitemap(*((f"https://a.test/{n}", "2023-02-24") for n in range(12)))),
    ("list", b"<!doctype html><html><body><ul>" + _LINKS + b"</ul></body></html>"),
    ("wordpress", b'[{"link":"https://a.test/1","title":{"rendered":"A"},"date_gmt":"2023-02-24T10:00:00"}]'),
    ("front", b"<html><head><link rel=alternate type='application/rss+xml' href=/f></head></html>"),
    ("robots", b"User-agent: *\nDisallow: /a\nSitemap: https://a.test/s.xml\n"),
    ("gdelt_articles", b'{"articles":[{"url":"https://a.test/1","title":"A","seendate":"20230224T101500Z"}]}'),
)  # fmt: skip


def _made(dice: random.Random) -> Answer:
    kind, body = dice.choice(_SOUND)
    for _ in range(dice.randint(1, 12)):
        body = _changed(body, dice)
    charset = dice.choice((None, "utf-8", "gb2312", "utf-16", "latin-1", "no-such-thing", "idna"))
    return Answer(kind=kind, url="https://a.test/feed", body=body[:200_000], charset=charset,
                  media_type=dice.choice((None, "text/html", "application/xml")))  # fmt: skip


def _changed(body: bytes, dice: random.Random) -> bytes:
    start = dice.randint(0, len(body))
    end = min(len(body), start + dice.choice((1, 5, 40, 400)))
    piece = dice.choice(_PIECES)
    match dice.randint(0, 4):
        case 0:
            return body[:start] + body[end:]
        case 1:
            return body[:start] + piece + body[start:]
        case 2:
            return body[:start] + piece * dice.choice((1, 10, 500)) + body[end:]
        case 3:
            return body[:start] + body[start:end] * dice.choice((2, 20, 200)) + body[end:]
        case _:
            return body[end:] + body[:start]


if __name__ == "__main__":
    main()
