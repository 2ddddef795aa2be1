"""What a site says instead of an article is known as a shell."""

import pytest

from flows.dedup import is_shell
from tests.dedup.texts import CHINESE, ELSEWHERE, WIRE, opening

SHELLS = (
    "",
    "Loading",
    "We value your privacy. We and our 812 partners store cookies on your device to personalise "
    "ads and content. You can change your consent preferences at any time in our privacy policy.",
    "This article is for subscribers only. Subscribe now for 1 euro per week and cancel any time. "
    "Already a subscriber? Log in to continue reading.",
    "Access denied. You don't have permission to see this page. Please enable JavaScript and turn "
    "off your ad blocker, then try again. Ray ID: 77f3.",
    "We have noticed unusual traffic from your connection. Please confirm that you are not a robot "
    "by solving the captcha below.",
    "The page you are looking for could not be found. Error 404. Try again later or sign in.",
    "Sign up for our newsletters. Get the best stories in your inbox every morning. Subscribe now.",
    "Dieser Artikel ist nur für Abonnenten. Jetzt abonnieren und weiterlesen. Bereits registriert? "
    "Hinweise zum Datenschutz finden Sie hier.",
    "请登录后继续阅读。订阅会员即可查看全文。隐私政策。",
)
ARTICLES = (
    WIRE,
    ELSEWHERE,
    CHINESE,
    opening(WIRE, 2),
    "Regulators fined the airline on Monday for hiding its cookies behind three menus. The company "
    "said it would appeal. Lawyers expect the ruling to reach other carriers before the summer, "
    "when ticket sales peak and the fines could grow with every visitor who never agreed.",
    WIRE + "\n\nSubscribe to our newsletter.\n\nWe use cookies.",
)


@pytest.mark.parametrize("text", SHELLS)
def test_a_shell_is_known(text: str) -> None:
    assert is_shell(text)


@pytest.mark.parametrize("text", ARTICLES)
def test_an_article_is_no_shell(text: str) -> None:
    assert not is_shell(text)
