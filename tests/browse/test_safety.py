import json
from pathlib import Path

import pytest

from flows.browse.safety import is_from_us, is_ours
from tests.browse.places import PORT, Visitor, site_of, store_in

HERE = f"127.0.0.1:{PORT}"


@pytest.mark.parametrize("host", [HERE, f"localhost:{PORT}", f"[::1]:{PORT}", f"LOCALHOST:{PORT}"])
def test_the_names_of_this_machine_are_answered(visitor: Visitor, host: str) -> None:
    assert visitor.get("/", host=host).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.test", f"evil.test:{PORT}", "127.0.0.1", "127.0.0.1:1",
             f"127.0.0.1.evil.test:{PORT}",
             f"localhost.:{PORT}", "", f"user@127.0.0.1:{PORT}", f"0.0.0.0:{PORT}"],
)  # fmt: skip
def test_another_name_is_refused_so_that_no_page_elsewhere_reads_ours(
    visitor: Visitor, host: str
) -> None:
    answer = visitor.get("/", host=host)
    assert answer.status_code == 421
    assert "content-security-policy" in answer.headers


def test_a_server_on_the_usual_port_has_a_name_without_it() -> None:
    assert is_ours("localhost", 80)
    assert not is_ours("localhost", PORT)
    assert not is_ours(None, 80)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
def test_only_get_is_answered(visitor: Visitor, method: str) -> None:
    assert visitor.ask(method, "/").status_code == 405


@pytest.mark.parametrize("path", ["/", "/style.css", "/nothing", "/feed.atom", "/search.csv"])
def test_every_answer_forbids_scripts_within_frames_and_sniffing(
    visitor: Visitor, path: str
) -> None:
    headers = visitor.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_an_archived_page_has_a_sandbox_of_its_own(visitor: Visitor) -> None:
    policy = visitor.get("/archived/eve1/page").headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "allow-scripts" not in policy


def _token(page: str) -> str:
    return page.partition('name="token" value="')[2].partition('"')[0]


def test_a_label_of_our_own_page_is_stored_once_and_asked_no_more(tmp_path: Path) -> None:
    store_in(tmp_path)
    site = site_of(tmp_path, can_label=True)
    visitor = Visitor(site)
    page = visitor.get("/topic").text
    assert "Санкції і Китай" in page
    answer = visitor.ask(
        "POST", "/label", headers={"origin": f"http://{HERE}"},
        form={"token": _token(page), "article": "bord", "label": "1"},
    )  # fmt: skip
    assert answer.status_code == 303
    (line,) = site.labels.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["label"] == 1
    assert json.loads(line)["link"] == "https://daily.test/bord"
    assert "Санкції і Китай" not in visitor.get("/topic").text


@pytest.mark.parametrize(
    ("origin", "token", "article", "label", "status"),
    [
        ("http://evil.test", None, "bord", "1", 403),
        (None, None, "bord", "1", 403),
        ("null", None, "bord", "1", 403),
        (f"https://{HERE}", None, "bord", "1", 403),
        (f"http://{HERE}", "guessed", "bord", "1", 403),
        (f"http://{HERE}", "", "bord", "1", 403),
        (f"http://{HERE}", "ü", "bord", "1", 403),
        (f"http://{HERE}", None, "none", "1", 400),
        (f"http://{HERE}", None, "bord", "7", 400),
        (f"http://{HERE}", None, "bord", "x" * 9_000, 413),
    ],
)
def test_a_label_from_anywhere_else_or_of_nothing_is_refused(
    tmp_path: Path, origin: str | None, token: str | None, article: str, label: str, status: int
) -> None:
    store_in(tmp_path)
    site = site_of(tmp_path, can_label=True)
    visitor = Visitor(site)
    known = _token(visitor.get("/topic").text)
    answer = visitor.ask(
        "POST", "/label", headers={"origin": origin} if origin else {},
        form={"token": known if token is None else token, "article": article, "label": label},
    )  # fmt: skip
    assert answer.status_code == status
    assert not site.labels.exists()


def test_without_label_no_page_has_a_form_that_writes(visitor: Visitor) -> None:
    assert 'method="post"' not in visitor.get("/topic").text


def test_an_origin_is_ours_only_as_our_own_page_sends_it() -> None:
    assert is_from_us(f"http://{HERE}", HERE)
    assert not is_from_us("http://[", HERE)
    assert not is_from_us(f"http://localhost:{PORT}", HERE)
