from flows.fetch.hosts import Cookies


def test_what_was_set_is_sent_back() -> None:
    cookies = Cookies()
    cookies.take(["a=1; Path=/; HttpOnly", "b = two words"], secure=False)
    assert cookies.header(secure=False) == "a=1; b=two words"


def test_a_later_value_replaces_an_earlier_one() -> None:
    cookies = Cookies()
    cookies.take(["a=1"], secure=False)
    cookies.take(["a=2"], secure=False)
    assert cookies.header(secure=False) == "a=2"


def test_an_expired_cookie_is_dropped() -> None:
    cookies = Cookies()
    cookies.take(["a=1", "b=1"], secure=False)
    cookies.take(["a=; Max-Age=0", "b=; max-age=-1"], secure=False)
    assert cookies.header(secure=False) is None


def test_a_secure_cookie_is_neither_taken_from_nor_sent_over_plain_http() -> None:
    cookies = Cookies()
    cookies.take(["a=1; Secure"], secure=False)
    cookies.take(["b=1; Secure"], secure=True)
    assert cookies.header(secure=False) is None
    assert cookies.header(secure=True) == "b=1"


def test_a_hostile_server_cannot_fill_the_jar() -> None:
    cookies = Cookies()
    cookies.take([f"n{number}=1" for number in range(10_000)], secure=False)
    cookies.take(["big=" + "x" * 5000], secure=False)
    header = cookies.header(secure=False)
    assert header is not None
    assert header.count("=") == 50


def test_what_cannot_stand_in_a_header_is_not_kept() -> None:
    cookies = Cookies()
    cookies.take(["a=\x01", "=x", "novalue", "b=é", ""], secure=False)
    assert cookies.header(secure=False) is None
