import socket
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from flows.rehearsal.loopback import Answer, Loopback, Request

STALL_SECONDS = 0.2


def _echo(request: Request) -> Answer:
    if request.target == "/stall":
        return Answer(stalls=True)
    if request.headers.get("if-none-match") == '"x"':
        return Answer(status=304, headers=(("ETag", '"x"'),))
    return Answer(body=f"{request.host} {request.target}".encode())


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    with Loopback(_echo) as served:
        yield served


def _get(loopback: Loopback, target: str, **headers: str) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", loopback.port, timeout=5)
    try:
        connection.request("GET", target, headers={"Host": "courier.test", **headers})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_hosts_are_told_apart_by_their_host_header(loopback: Loopback) -> None:
    assert _get(loopback, "/a?b=c") == (200, b"courier.test /a?b=c")


def test_a_connection_carries_several_requests(loopback: Loopback) -> None:
    connection = HTTPConnection("127.0.0.1", loopback.port, timeout=5)
    bodies = []
    for target in ("/one", "/two"):
        connection.request("GET", target, headers={"Host": "h.test"})
        bodies.append(connection.getresponse().read())
    connection.close()
    assert bodies == [b"h.test /one", b"h.test /two"]


def test_the_log_knows_conditional_requests(loopback: Loopback) -> None:
    _get(loopback, "/a")
    _get(loopback, "/a", **{"If-None-Match": '"x"'})
    assert [(line.target, line.status, line.conditional) for line in loopback.served] == [
        ("/a", 200, False),
        ("/a", 304, True),
    ]


def test_the_log_keeps_real_times_and_user_agents(loopback: Loopback) -> None:
    _get(loopback, "/a", **{"User-Agent": "Tester/1"})
    (line,) = loopback.served
    assert line.user_agent == "Tester/1"
    assert line.asked_at <= line.answered_at


def test_a_stalling_answer_never_sends_its_body(loopback: Loopback) -> None:
    connection = HTTPConnection("127.0.0.1", loopback.port, timeout=STALL_SECONDS)
    connection.request("GET", "/stall", headers={"Host": "h.test"})
    response = connection.getresponse()
    with pytest.raises(TimeoutError):
        response.read()
    connection.close()


def test_the_refusing_address_refuses(loopback: Loopback) -> None:
    address, _, port = loopback.refusing_address.partition(":")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address, int(port)), timeout=5)


def test_a_head_request_gets_the_length_and_no_body(loopback: Loopback) -> None:
    connection = HTTPConnection("127.0.0.1", loopback.port, timeout=5)
    connection.request("HEAD", "/a", headers={"Host": "h.test"})
    response = connection.getresponse()
    assert (response.getheader("Content-Length"), response.read()) == ("9", b"")
    connection.close()
