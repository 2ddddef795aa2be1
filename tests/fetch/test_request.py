import pytest

from flows.core import Reason, Validators
from flows.fetch.failure import NotFetched
from flows.fetch.request import Errand, conditions, move, user_agent
from flows.fetch.response import BodyPlan


@pytest.mark.parametrize(
    ("agent", "contact", "header"),
    [
        ("Daily/2", "", "Daily/2"),
        ("Daily/2", "https://example.org/bot", "Daily/2 (+https://example.org/bot)"),
        ("Daily/2", "a\r\nX: 1", "Daily/2 (+a??X: 1)"),
    ],
)
def test_the_user_agent_can_carry_no_second_header(agent: str, contact: str, header: str) -> None:
    assert user_agent(agent, contact) == header


def test_validators_are_sent_verbatim_or_not_at_all() -> None:
    assert conditions(Validators(etag='W/"a b"', last_modified="some day")) == {
        "If-None-Match": 'W/"a b"',
        "If-Modified-Since": "some day",
    }
    assert conditions(Validators(etag='"\r\nX: 1"', last_modified="é")) == {}


def _moved_to(location: str) -> str:
    errand = Errand(
        kind="page",
        url="https://daily.test/a",
        headers={},
        plan=lambda _status, _headers: BodyPlan(max_bytes=1),
        check=lambda _answer: None,
        left_seconds=1.0,
        max_bytes=1,
    )
    move(errand, 302, location)
    return errand.url


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/b", "https://daily.test/b"),
        ("https://☃.net/", "https://xn--n3h.net/"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fother.test%2Fa", "https://other.test/a"),
        ("https://www.google.com/amp/s/other.test/a", "https://other.test/a"),
    ],
)
def test_a_redirect_leads_to_what_its_target_carries(location: str, url: str) -> None:
    assert _moved_to(location) == url


@pytest.mark.parametrize(
    "location", ["https://256.1../", "https://a..b/", "https://[::1", "", "https://" + "m." * 200]
)
def test_a_redirect_to_what_is_no_url_is_refused(location: str) -> None:
    with pytest.raises(NotFetched) as ending:
        _moved_to(location)
    assert ending.value.reason is Reason.REFUSED_URL
