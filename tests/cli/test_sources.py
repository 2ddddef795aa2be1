"""`dateline sources …` against a small site on loopback."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.cli.source_entries import add_entries, entry_of, new_id
from flows.cli.sources import sources
from flows.core import Source
from flows.core.errors import ConfigurationError, DatelineError, NothingReached
from flows.core.settings import load_settings

FEED = b"""<rss version='2.0'><channel><item><title>One</title><link>/1</link>
<pubDate>Mon, 02 Jan 2023 10:00:00 GMT</pubDate></item></channel></rss>"""
SITE = {
    "/": b"<html><link rel=alternate type=application/rss+xml href=/feed></html>",
    "/feed": FEED,
}


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = SITE.get(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Path]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "dateline.toml").write_text(
        "[fetch]\npace_seconds = 0.0\nallow_networks = ['127.0.0.0/8']\n"
        f"resolve = {{ 'daily.test' = '127.0.0.1:{server.server_port}' }}\n"
    )
    (folder / "sources.toml").write_text(
        entry_of(Source(source_id="daily", outlet="Daily", kind="feed", url="http://daily.test/feed",
                        language="en", country="GB", timezone="Europe/London"))
        + "\n"
        + entry_of(Source(source_id="gone", outlet="Gone", kind="feed", url="http://daily.test/x"))
    )  # fmt: skip
    yield folder
    server.shutdown()
    thread.join()
    server.server_close()


def run(config: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        sources, [*arguments, "--config", str(config)], catch_exceptions=False
    )


def test_sources_are_listed(config: Path) -> None:
    listed = json.loads(run(config, "list", "--country", "GB", "--json").output)

    assert [one["source_id"] for one in listed] == ["daily"]
    assert listed[0]["timezone"] == "Europe/London"
    assert listed[0]["headlines_only"] is False


def test_an_entry_says_again_what_was_configured(config: Path) -> None:
    walled = Source(
        source_id="walled", outlet="Walled", kind="list", url="http://walled.test/",
        selector="data.list.url", headlines_only=True, enabled=False,
    )  # fmt: skip

    add_entries(config, [entry_of(walled)])

    assert load_settings(config).sources[-1] == walled


def test_a_check_tells_the_stale_from_the_failed(config: Path) -> None:
    found = {one["source_id"]: one for one in json.loads(run(config, "check", "--json").stdout)}

    assert (found["daily"]["status"], found["daily"]["items"]) == ("stale", 1)
    assert (found["gone"]["status"], found["gone"]["http_status"]) == ("failed", 404)
    assert "sources discover" in found["gone"]["suggestion"]


def test_a_check_calls_what_says_no_time_undated(config: Path) -> None:
    SITE["/undated.xml"] = b"<rss><channel><item><title>A</title><link>/a</link></item></channel>"
    undated = Source(
        source_id="bare", outlet="Bare", kind="feed", url="http://daily.test/undated.xml"
    )
    add_entries(config, [entry_of(undated)])

    (found,) = json.loads(run(config, "check", "bare", "--json").stdout)

    assert (found["status"], found["items"]) == ("undated", 1)
    assert "see whether it is kept up" in found["suggestion"]


def test_a_check_prints_a_table_with_what_to_do(config: Path) -> None:
    printed = run(config, "check").output

    assert "1 stale, 1 failed" in printed


def test_a_check_that_reaches_nothing_says_so(config: Path) -> None:
    with pytest.raises(NothingReached):
        run(config, "check", "gone")


def test_an_unknown_source_is_a_configuration_problem(config: Path) -> None:
    with pytest.raises(ConfigurationError):
        run(config, "check", "nobody")


def test_what_is_discovered_is_ready_to_paste(config: Path) -> None:
    printed = run(config, "discover", "http://daily.test/").output

    assert '[[source]]\nid = "daily-2"' in printed
    assert 'url = "http://daily.test/feed"' in printed
    assert "already configured" in printed


def test_a_source_is_added_once_and_by_what_it_is(config: Path) -> None:
    SITE["/world.xml"] = FEED
    run(config, "add", "http://daily.test/world.xml", "--language", "en", "--outlet", "Daily")

    added = load_settings(config).sources[-1]
    assert (added.source_id, added.kind, added.outlet) == ("daily-world-xml", "feed", "Daily")
    with pytest.raises(DatelineError, match="configured already"):
        run(config, "add", "http://daily.test/world.xml")


def test_a_page_is_not_added_but_its_feed_is_named(config: Path) -> None:
    with pytest.raises(DatelineError, match=r"announces http://daily\.test/feed"):
        run(config, "add", "http://daily.test/")


def test_feeds_of_an_opml_file_are_added_unless_known(config: Path, tmp_path: Path) -> None:
    file = tmp_path / "list.opml"
    file.write_text(
        "<opml><body><outline title='Else' xmlUrl='https://else.test/rss'/>"
        "<outline title='Daily' xmlUrl='http://daily.test/feed'/>"
        "<outline title='Odd' xmlUrl='https://256.1../'/></body></opml>"
    )

    dry = run(config, "import", str(file), "--dry-run").output
    done = run(config, "import", str(file)).output

    assert "1 source found, 1 known already, 1 without an address that can be asked" in dry
    assert "1 source added, 1 known already" in done
    assert [one.source_id for one in load_settings(config).sources] == ["daily", "gone", "else"]


def test_an_entry_that_would_break_the_file_is_not_added(config: Path) -> None:
    before = (config / "sources.toml").read_text()

    with pytest.raises(ConfigurationError):
        add_entries(config, ['[[source]]\nid = "daily"\n'])

    assert (config / "sources.toml").read_text() == before


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.daily.test/rss.xml", "daily"),
        ("https://news.daily.test/world/feed/", "news-daily-world"),
        ("https://xn--e1afmkfd.test/", "xn-e1afmkfd"),
    ],
)
def test_names_are_made_from_addresses(url: str, name: str) -> None:
    assert new_id(url, ()) == name
    assert new_id(url, (name,)) == f"{name}-2"
