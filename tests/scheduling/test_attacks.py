"""What another user of the machine, or a web page, can do to `dateline serve`: nothing.

With a real server, from programs and from a real browser.
"""

import base64
import http.client
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from flows.operations.serve.access import Access
from tests.scheduling.chromium import Tab, chromium
from tests.scheduling.conftest import Served
from tests.scheduling.place import environment, until

# one server, and a browser's cold start on a machine with other work
pytestmark = pytest.mark.timeout(600)

MONITOR = "monitor/monitor-served"
# What would run a stranger's code at the next start of the deployment
EVIL = {
    "entrypoint": "evil.py:flow",
    "pull_steps": [{"prefect.deployments.steps.run_shell_script": {"script": "touch /tmp/evil"}}],
}

_STEADY = ("entrypoint", "pull_steps", "path", "parameters", "tags", "paused", "work_pool_name")


@pytest.fixture
def access(served: Served) -> Access:
    found = until(lambda: served.living().api.access)
    assert found is not None
    return found


@pytest.fixture
def target(served: Served) -> dict[str, Any]:
    """The deployment that is attacked, and the runs of it that were asked for before."""
    found = until(lambda: served.living().api.ask("GET", f"/deployments/name/{MONITOR}") or {})
    return {**found, "asked_for": asked_for(served)}


def answered(access: Access, method: str, path: str, body: object, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", access.port, timeout=20)
    try:
        sent = {"Content-Type": "application/json", **headers}
        connection.request(method, path, json.dumps(body), sent)
        return connection.getresponse().status
    finally:
        connection.close()


def basic(said: str) -> str:
    return f"Basic {base64.b64encode(said.encode()).decode()}"


def assert_unharmed(served: Served, target: dict[str, Any]) -> None:
    """Nothing of the deployment changed, no other is there, and nobody had it start."""
    api = served.serve.api
    now = api.ask("GET", f"/deployments/{target['id']}")
    assert {name: now[name] for name in _STEADY} == {name: target[name] for name in _STEADY}
    every = api.ask("POST", "/deployments/filter", {})
    assert {one["entrypoint"].split(".")[0] for one in every} == {"flows"}
    assert asked_for(served) == target["asked_for"]


def asked_for(served: Served) -> set[str]:
    """The runs of the deployment that somebody asked for, not the schedule."""
    wanted = {"deployments": {"name": {"any_": ["monitor-served"]}}}
    runs = served.serve.api.ask("POST", "/flow_runs/filter", wanted)
    return {run["id"] for run in runs if not run["auto_scheduled"]}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Basic"},
        {"Authorization": basic("")},
        {"Authorization": basic("dateline:")},
        {"Authorization": basic("admin:pass")},
        {"Authorization": "Bearer dateline"},
        {"Cookie": "prefect-password=dateline"},
        {"X-Forwarded-For": "127.0.0.1", "X-Prefect-Api-Version": "0.8.4"},
    ],
)
def test_without_the_secret_no_program_changes_or_reads_anything(
    served: Served, access: Access, target: dict[str, Any], headers: dict[str, str]
) -> None:
    deployment = f"/api/deployments/{target['id']}"
    tries = [
        ("PATCH", deployment, EVIL),
        ("POST", "/api/deployments/", {"name": "evil", "flow_id": target["flow_id"], **EVIL}),
        ("POST", f"{deployment}/create_flow_run", {"parameters": {"config": "/evil"}}),
        ("POST", "/api/deployments/filter", {}),
        ("DELETE", deployment, None),
        ("PATCH", f"/api/health/../deployments/{target['id']}", EVIL),
        ("PATCH", f"/api//deployments/{target['id']}", EVIL),
        ("GET", "/api/admin/settings", None),
    ]

    for method, path, body in tries:
        assert answered(access, method, path, body, headers) in (401, 404, 405), (method, path)
    assert_unharmed(served, target)


def test_the_secret_stands_in_one_file_and_on_no_command_line(
    served: Served, access: Access
) -> None:
    secret = access.auth_string.partition(":")[2].encode()
    kept = [
        path for path in served.folder.rglob("*") if path.is_file() and secret in path.read_bytes()
    ]
    lines = [
        Path(f"/proc/{pid}/cmdline").read_bytes()
        for pid in [served.serve.process.pid, *served.serve.children("flows.operations.serve")]
    ]

    assert [path.name for path in kept] == ["access.env"]
    assert len(lines) == 3
    assert not [line for line in lines if secret in line]


def test_server_and_runner_each_have_the_half_they_need(served: Served, access: Access) -> None:
    def has(part: str) -> set[str]:
        environ = Path(f"/proc/{served.serve.child(part)}/environ").read_text().split("\0")
        return {entry.split("=")[0] for entry in environ if access.auth_string in entry}

    assert has("flows.operations.serve.server") == {"PREFECT_SERVER_API_AUTH_STRING"}
    assert has("flows.operations.serve.runner") == {"PREFECT_API_AUTH_STRING"}


def test_the_operators_own_command_is_let_in_by_the_servers_address_alone(
    served: Served, access: Access
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flows", "run", "--config", str(served.config)],
        env=environment(served.folder) | {"PREFECT_API_URL": access.api_url},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    runs = served.serve.api.ask("POST", "/flow_runs/filter", {})
    assert [run["state_type"] for run in runs if run["deployment_id"] is None] == ["COMPLETED"]


class _Elsewhere(BaseHTTPRequestHandler):
    """A page of somebody else's, which may do what scripts may."""

    def do_GET(self) -> None:
        body = b"<!doctype html><title>elsewhere</title><p>A page.</p>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def elsewhere() -> Iterator[int]:
    """The port of a web server in other hands."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# Every way a page has to send something; each says the status it could read, or that it failed
_TRIES = """
(async (at, id, authorization) => {
  const body = JSON.stringify(%(evil)s);
  const plain = {method: 'POST', mode: 'no-cors', headers: {'content-type': 'text/plain'}, body};
  const json = {'content-type': 'application/json', ...authorization};
  const tried = {};
  const attempt = async (name, what) => {
    try { tried[name] = (await what()).status } catch (error) { tried[name] = 'failed' }
  };
  await attempt('patch', () => fetch(`${at}/api/deployments/${id}`, {method: 'PATCH', headers: json, body}));
  await attempt('post', () => fetch(`${at}/api/deployments/${id}/create_flow_run`, {method: 'POST', headers: json, body: '{}'}));
  await attempt('read', () => fetch(`${at}/api/deployments/filter`, {method: 'POST', headers: json, body: '{}'}));
  await attempt('blind', () => fetch(`${at}/api/deployments/${id}/create_flow_run`, plain));
  await attempt('cookies', () => fetch(`${at}/api/deployments/`, {...plain, credentials: 'include'}));
  await attempt('socket', () => new Promise((resolve, reject) => {
    const socket = new WebSocket(`${at.replace('http', 'ws')}/api/events/in`, ['prefect']);
    socket.onopen = () => resolve({status: 'open'});
    socket.onerror = reject;
  }));
  const form = document.createElement('form');
  Object.assign(form, {method: 'POST', action: `${at}/api/deployments/`, enctype: 'text/plain', target: 'frame'});
  const frame = document.createElement('iframe');
  frame.name = 'frame';
  form.innerHTML = `<input name='{"name": "evil", "x": "' value='"}'>`;
  document.body.append(frame, form);
  form.submit();
  await new Promise(resolve => { frame.onload = resolve; setTimeout(resolve, 3000) });
  return tried;
})(%(at)s, %(id)s, %(authorization)s)
"""  # noqa: E501  JavaScript


def attack(tab: Tab, at: str, deployment: str, authorization: str | None = None) -> dict[str, Any]:
    said = {"Authorization": authorization} if authorization else {}
    values = {"evil": EVIL, "at": at, "id": deployment, "authorization": said}
    tried = tab.value(_TRIES % {name: json.dumps(value) for name, value in values.items()})
    assert isinstance(tried, dict), tried
    return tried


UNREAD = {  # 0: sent blindly, and answered with what the page may not read
    "patch": "failed", "post": "failed", "read": "failed", "blind": 0, "cookies": 0,
    "socket": "failed",
}  # fmt: skip


def test_a_page_of_another_site_changes_and_reads_nothing(
    served: Served, access: Access, target: dict[str, Any], elsewhere: int, tmp_path: Path
) -> None:
    with chromium(tmp_path, rules="MAP evil.test 127.0.0.1") as tab:
        tab.open(f"http://evil.test:{elsewhere}/")
        assert attack(tab, access.page, target["id"]) == UNREAD
        assert attack(tab, f"http://localhost:{access.port}", target["id"]) == UNREAD

    assert_unharmed(served, target)


def test_not_even_a_page_that_knows_the_secret_or_comes_from_another_port_here(
    served: Served, access: Access, target: dict[str, Any], elsewhere: int, tmp_path: Path
) -> None:
    with chromium(tmp_path) as tab:
        tab.open(f"http://127.0.0.1:{elsewhere}/")
        tried = attack(tab, access.page, target["id"], basic(access.auth_string))

    assert tried == UNREAD
    assert_unharmed(served, target)


def test_a_name_that_is_pointed_here_afterwards_opens_nothing(
    served: Served, access: Access, target: dict[str, Any], tmp_path: Path
) -> None:
    with chromium(tmp_path, rules="MAP rebound.test 127.0.0.1") as tab:
        here = f"http://rebound.test:{access.port}"
        tab.open(here)  # its own page by the browser's reckoning, with every right on this address
        tried = attack(tab, here, target["id"], basic(access.auth_string))

    assert tried == {
        "patch": 403, "post": 403, "read": 403, "blind": 403, "cookies": 403, "socket": "failed",
    }  # fmt: skip
    assert_unharmed(served, target)


def signed_in(tab: Tab, access: Access) -> None:
    """The operator opens the page and answers what it asks for."""
    tab.open(access.page)
    tab.until("!!document.querySelector('input')")
    tab.value("document.querySelector('input').focus()")
    tab.type(access.auth_string)


def test_the_operator_signs_in_and_sees_the_deployments(
    served: Served, access: Access, target: dict[str, Any], tmp_path: Path
) -> None:
    with chromium(tmp_path) as tab:
        signed_in(tab, access)
        tab.until("document.body.innerText.includes('Dashboard')")
        tab.open(f"{access.page}/v2/deployments/deployment/{target['id']}")
        tab.until("document.body.innerText.includes('monitor-served')")

        assert not served.serve.api.runs(MONITOR, "FAILED")


def test_opening_the_pages_asks_nobody_but_this_machine(access: Access, tmp_path: Path) -> None:
    with chromium(tmp_path) as tab:
        signed_in(tab, access)
        tab.until("document.body.innerText.includes('Dashboard')")
        for page in ("/v2/runs", "/v2/settings", "/runs", "/docs", "/redoc", "/api/docs"):
            tab.open(access.page + page)
        tab.until("document.readyState === 'complete'")
        asked = [one for one in tab.asked() if one.url.startswith(("http", "ws"))]

    assert len(asked) > 20
    assert {one.host for one in asked if one.blocked is None} == {"127.0.0.1"}
    # without the policy it would have been more: Prefect's pages do try
    assert {one.blocked for one in asked if one.host != "127.0.0.1"} == {"csp"}


def test_a_page_without_our_policy_is_seen_to_ask_others(elsewhere: int, tmp_path: Path) -> None:
    with chromium(tmp_path, rules="MAP counts.test 127.0.0.1") as tab:
        tab.open(f"http://127.0.0.1:{elsewhere}/")
        tab.value(f"fetch('http://counts.test:{elsewhere}/', {{mode: 'no-cors'}})")

        assert "counts.test" in {one.host for one in tab.asked() if one.blocked is None}
