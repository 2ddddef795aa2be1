import pytest

from flows.core import Validators
from flows.fetch.request import conditions, user_agent


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
