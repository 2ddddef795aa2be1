"""The whole program over a web that means harm: its account, its store, what it prints and exports.

One run over three sources on loopback. Two are healthy outlets; the third lists pages that bomb,
drip, loop, lie, point into private networks, and carry in their words what terminals, browsers,
spreadsheets and databases choke on. Everything it says is looked at afterwards as bytes.
"""

import asyncio
import gzip
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.cli.main import dateline
from flows.core import RunReport
from flows.core.settings import Settings, load_settings
from flows.core.times import utc_now
from flows.pipeline.stages import run_monitor
from flows.rehearsal.configuration import SourceEntry, write_configuration
from flows.rehearsal.loopback import Answer, Loopback, Request
from flows.store import open_published
from flows.store.check import check_store

PROJECT = Path(__file__).parents[2]
EVIL = "evil.test"
HEALTHY = ("morning.test", "evening.test")
# what no sink may ever pass on: escape sequences, bidi overrides, NUL and the other controls
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

_BODY = (
    "<p>China's 12-point position paper on the war in Ukraine returned to the table in {place}, "
    "when envoys of eight countries met to speak about a ceasefire and about peace talks.</p>"
    "<p>The Chinese envoy said in {place} that Beijing's proposal stood for dialogue between "
    "Moscow and Kyiv, and that China would go on with its mediation in Ukraine, {place} or not.</p>"
    "<p>Diplomats answered that any peace plan had to begin with the withdrawal of Russian troops, "
    "and asked China to use its weight in Moscow. {place} will see another round in May.</p>"
)


def _page(title: str, place: str, head: str = "") -> bytes:
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title>{head}'
        '<meta property="article:published_time" content="2023-02-24T08:00:00Z"></head><body>'
        f"<article><h1>{title}</h1>{_BODY.format(place=place)}</article></body></html>"
    ).encode("utf-8", "surrogatepass")


def _html(body: bytes, *headers: tuple[str, str]) -> Answer:
    return Answer(headers=(("Content-Type", "text/html; charset=utf-8"), *headers), body=body)


def _to(address: str) -> Answer:
    return Answer(status=302, headers=(("Location", address),))


def _words(headline: str) -> str:
    """A headline told by JSON-LD, where any code point can be written."""
    said = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": headline,
        "author": {"@type": "Person", "name": "Eve \x1b]0;owned\x07 Mallory\u202e"},
        "datePublished": "2023-02-24T08:00:00Z",
    }
    return f'<script type="application/ld+json">{json.dumps(said)}</script>'


_BOMB = gzip.compress(b"<p>" + b"0" * 60_000_000, 9)
_PAGES = {
    "/escape": _html(
        _page("Envoys meet in Anar", "Anar", _words("\x1b[31mEnvoys\x1b[0m meet\u202e in Anar"))
    ),
    "/formula": _html(_page("=HYPERLINK(&quot;http://evil.test&quot;,&quot;Peace&quot;)", "Belv")),
    "/script": _html(_page("&lt;script&gt;alert(1)&lt;/script&gt; on China's plan", "Corr")),
    "/surrogate": _html(_page("Half a \ud83d sign in Dorn", "Dorn", _words("Half \ud83d in Dorn"))),
    "/nul": _html(_page("Nothing\x00 in Esk", "Esk\x00\x00")),
    "/quotes": _html(_page("'; drop table kept.readings; --", "Fenn")),
    "/bomb": _html(_BOMB, ("Content-Encoding", "gzip")),
    "/short": _html(b"<p>cut", ("Content-Encoding", "gzip")),
    "/nested": _html(b"<div>" * 100_000 + b"deep" + b"</div>" * 100_000),
    "/stalls": Answer(stalls=True, headers=(("Content-Type", "text/html"),)),
    "/loop": _to("/loop"),
    "/metadata": _to("http://169.254.169.254/latest/meta-data/"),
    "/private": _to("http://10.0.0.1/admin"),
    "/mapped": _to("http://[::ffff:10.0.0.1]/admin"),
    "/file": _to("file:///etc/passwd"),
    "/pdf": Answer(headers=(("Content-Type", "text/html"),), body=b"%PDF-1.7 and so on"),
}
_NO_PAGES = (
    "javascript:alert(1)",
    "file:///etc/passwd",
    "http://user:word@evil.test/in",
    "http://",
)


def _answer(request: Request) -> Answer:
    if request.target == "/robots.txt":
        return Answer(status=404)
    if request.host == EVIL:
        if request.target != "/feed.json":
            return _PAGES.get(request.target, Answer(status=404))
        links = [f"http://{EVIL}{path}" for path in _PAGES]
        return _feed([*links, *_NO_PAGES], "\x1b[2J\u202eon China's plan for Ukraine =1+1")
    name = request.host.partition(".")[0].title()
    if request.target == "/feed.json":
        return _feed([f"http://{request.host}/talks-{n}" for n in (1, 2, 3)], f"Talks in {name}")
    return _html(_page(f"Talks in {name}{request.target}", f"{name} {request.target[-1]}"))


def _feed(links: list[str], title: str) -> Answer:
    items = [{"id": link, "url": link, "title": f"{title} {link[-6:]}"} for link in links]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": title, "items": items}
    return Answer(
        headers=(("Content-Type", "application/feed+json"),), body=json.dumps(feed).encode()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Attacked:
    """What was left after the run."""

    settings: Settings
    report: RunReport

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with open_published(self.settings.store.path) as con:
            return con.execute(query).fetchall()

    def says(self, *words: str) -> str:
        """What a command printed; it must not have failed."""
        done = CliRunner().invoke(dateline, [*words, "--config", str(self.settings.config_dir)])
        assert done.exit_code == 0, (words, done.output)
        return done.output


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    folder = tmp_path_factory.mktemp("attacked")
    with Loopback(_answer) as web:
        hosts = (EVIL, *HEALTHY)
        config = write_configuration(
            folder,
            sources=[
                SourceEntry(
                    source_id=host.partition(".")[0],
                    outlet=host.partition(".")[0].title(),
                    kind="feed",
                    url=f"http://{host}/feed.json",
                )
                for host in hosts
            ],
            resolve=dict.fromkeys(hosts, web.address),
            topic_path=PROJECT / "config" / "topic.toml",
            seeds_dir=PROJECT / "seeds",
        )
        settings = load_settings(config)
        report = asyncio.run(run_monitor(settings, clock=utc_now))
        yield Attacked(settings=settings, report=report)
    shutil.rmtree(folder)


def test_every_candidate_ends_and_the_account_balances(attacked: Attacked) -> None:
    seen = len(_PAGES) + 3 * len(HEALTHY)
    assert attacked.report.balanced
    assert attacked.report.candidates >= seen
    assert attacked.report.sources_failed == 0


def test_each_attack_has_its_reason(attacked: Attacked) -> None:
    rows = attacked.rows("select url, reason from skips where source_id = 'evil'")
    reasons = {str(url).removeprefix(f"http://{EVIL}"): reason for url, reason in rows}
    expected = {
        "/bomb": "too_large",
        "/short": "decode_error",
        "/stalls": "timeout",
        "/loop": "too_many_redirects",
        "/metadata": "refused_address",
        "/private": "refused_address",
        "/mapped": "refused_address",
        "/file": "refused_url",
        "/pdf": "pdf",
    }
    assert {path: reasons.get(path) for path in expected} == expected


def test_the_healthy_outlets_are_whole(attacked: Attacked) -> None:
    rows = attacked.rows(
        "select source_id, count(*) from articles where url is not null group by 1"
    )
    stored = Counter({str(source): int(str(count)) for source, count in rows})
    assert (stored["morning"], stored["evening"]) == (3, 3)


def test_nothing_harmful_is_stored(attacked: Attacked) -> None:
    views = [str(name) for (name,) in attacked.rows("select view_name from duckdb_views() "
             "where schema_name = 'main' and not internal")]  # fmt: skip
    found = [
        (view, value)
        for view in views
        for row in attacked.rows(f"select * from {view}")
        for value in row
        if isinstance(value, str) and _HARMFUL.search(value)
    ]
    assert found == []


def test_nothing_harmful_is_printed(attacked: Attacked) -> None:
    articles = [str(one) for (one,) in attacked.rows("select article_id from articles")]
    said = [
        attacked.says("status"),
        attacked.says("search", "China"),
        attacked.says("sql", "select * from articles"),
        attacked.says("sql", "select * from skips"),
        attacked.says("sources", "list"),
        *(attacked.says("show", one) for one in articles),
        *(attacked.says("why", f"http://{EVIL}{path}") for path in _PAGES),
    ]
    assert [text for text in said if _HARMFUL.search(text)] == []


def test_no_cell_of_an_export_is_a_formula(attacked: Attacked, tmp_path: Path) -> None:
    target = tmp_path / "articles.csv"
    attacked.says("export", str(target))
    text = target.read_text(encoding="utf-8")
    assert "HYPERLINK" in text
    assert re.search(r'(^|,)"?[=+@\t-]', text, re.MULTILINE) is None


def test_the_store_is_sound(attacked: Attacked) -> None:
    findings = check_store(attacked.settings.store.path)
    assert [each.rule for each in findings if not each.holds] == []
