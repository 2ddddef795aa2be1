"""Every page in a real browser: nothing complains, nothing leaves this machine."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import socket

import pytest
import uvicorn

from flows.archive.archive import Archive
from flows.browse import Site, browse_app
from flows.core import Page
from flows.store import Store
from flows.store.append import append
from tests.browse.places import site_of, store_in
from tests.browse.test_pages import PAGES
from tests.store.samples import NOON, batch, new_article

pytest.importorskip(
    "playwright", reason="Playwright's library drives the browser and is not installed"
)
from playwright.sync_api import Page as Tab
from playwright.sync_api import sync_playwright

_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
_ARCHIVED = (
    "<html><head><meta http-equiv=refresh content='0;url=https://away.test/'>"
    "<link rel=stylesheet href='https://away.test/s.css'><script>document.title='ran'</script>"
    "<style>@import 'https://away.test/t.css'; body{background:url(https://away.test/b.png)}</style>"
    "</head><body onload='document.title=1'><h1>Archived words</h1>"
    "<img src='https://away.test/i.png'></body></html>"
)


@dataclass
class Watched:
    """A page of the browser, with what it complained of and where it asked."""

    page: Tab
    base: str
    complaints: list[str] = field(default_factory=list)
    away: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        answer = self.page.goto(self.base + path)
        assert answer is not None
        assert answer.ok, path


@contextmanager
def _served(site: Site) -> Iterator[str]:
    """The site on a free port of loopback, until the block ends."""
    with socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        server = uvicorn.Server(
            uvicorn.Config(browse_app(site, port), log_level="error", lifespan="off")
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join(30)


@pytest.fixture(scope="module")
def archived_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented week, and one article whose page lies in the archive."""
    folder = tmp_path_factory.mktemp("archived")
    store_in(folder)
    page = Page(
        requested_url="https://daily.test/kept", url="https://daily.test/kept", status=200,
        fetched_at=NOON, headers=(), body=_ARCHIVED.encode(), media_type="text/html",
    )  # fmt: skip
    with Archive(folder / "data/archive", "run-kept", lambda: NOON) as archive:
        ref = archive.write(page)
    store = Store(folder / "data/dateline.duckdb", folder / "data/.dateline", lambda: NOON)
    with store.turn() as con:
        append(con, batch(new_article("kept", archive_ref=ref), run_id="run-kept"))
    store.publish()
    return folder


@pytest.fixture(scope="module")
def watched(archived_folder: Path) -> Iterator[Watched]:
    if _CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine: apt-get install chromium")
    with (
        _served(site_of(archived_folder, can_label=True)) as base,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=_CHROMIUM, args=list(_FLAGS))
        watched = Watched(page=browser.new_page(), base=base)
        watched.page.on(
            "console", lambda said: watched.complaints.append(f"{said.type}: {said.text}")
        )
        watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        watched.page.on(
            "request",
            lambda asked: None if asked.url.startswith(base) else watched.away.append(asked.url),
        )
        try:
            yield watched
        finally:
            browser.close()


@pytest.mark.parametrize("width", [390, 800, 1280])
def test_every_page_fits_its_window_and_nothing_complains_or_leaves(
    watched: Watched, width: int
) -> None:
    watched.page.set_viewport_size({"width": width, "height": 900})
    for path in (*PAGES, "/article/evil1", "/article/evil2", "/article/evil3"):
        watched.open(path)
        wide = watched.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, path
    assert watched.complaints == []
    assert watched.away == []


def test_a_search_is_typed_narrowed_and_sorted(watched: Watched) -> None:
    watched.open("/")
    watched.page.keyboard.press("/")
    watched.page.keyboard.type("peace")
    watched.page.keyboard.press("Enter")
    watched.page.wait_for_url("**/search?q=peace")
    watched.page.click("aside >> text=Evening Post")
    assert "outlet=Evening+Post" in watched.page.url
    watched.page.select_option("select[name=order]", "oldest")
    watched.page.click("form.search button")
    titles = watched.page.locator(".results h3").all_inner_texts()
    assert titles[0] == "Wang Yi in Moscow before anniversary"


def test_days_are_chosen_by_dragging_over_the_chart(watched: Watched) -> None:
    watched.open("/search?copies=all")
    bars = watched.page.locator("figure.chart a").all()
    first, last = bars[1].bounding_box(), bars[-1].bounding_box()
    assert first is not None
    assert last is not None
    middle = last["y"] + last["height"] / 2
    watched.page.mouse.move(first["x"] + first["width"] / 2, middle)
    watched.page.mouse.down()
    watched.page.mouse.move(last["x"] + last["width"] / 2, middle)
    watched.page.mouse.up()
    watched.page.wait_for_url("**since=*")
    assert "since=2023-02-24" in watched.page.url


def test_a_diff_opens_side_by_side(watched: Watched) -> None:
    watched.open("/article/evop")
    watched.page.click("text=Side by side")
    assert watched.page.locator("table.sides ins").first.is_visible()


def test_a_table_is_loaded_down(watched: Watched) -> None:
    watched.open("/search")
    with watched.page.expect_download() as download:
        watched.page.click("text=CSV")
    assert download.value.suggested_filename == "dateline.csv"


def test_an_archived_page_is_seen_and_does_nothing(watched: Watched) -> None:
    watched.open("/archived/kept")
    frame = watched.page.frame_locator("iframe")
    assert frame.locator("h1").inner_text() == "Archived words"
    assert frame.locator("script").count() == 0
    assert watched.away == []


def test_a_key_labels_the_first_of_the_queue(watched: Watched) -> None:
    watched.open("/topic")
    titles = watched.page.locator(".queue .card h3").all_inner_texts()
    watched.page.keyboard.press("1")
    watched.page.wait_for_selector("text=1 labelled so far")
    assert watched.page.locator(".queue .card h3").all_inner_texts() == titles[1:]


def test_pages_work_without_scripts(watched: Watched) -> None:
    browser = watched.page.context.browser
    assert browser is not None
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(watched.base + "/search?q=peace")
    page.click(".results h3 a >> nth=0")
    assert "/article/" in page.url


def test_nothing_was_complained_of_and_nothing_left_this_machine(watched: Watched) -> None:
    assert watched.complaints == []
    assert watched.away == []
