"""Whether 2/11 is the eleventh of February."""

import pytest

from flows.extraction.date_order import month_first


@pytest.mark.parametrize(
    ("locales", "country", "url", "languages", "first"),
    [
        (("en_US",), "GB", "https://daily.test/a", ("en",), True),
        (("en_GB",), "US", "https://daily.test/a", ("en-US",), False),
        ((), "US", "https://daily.test/a", ("en",), True),
        ((), "PH", "https://daily.test/a", ("en-GB",), True),
        ((), "AU", "https://daily.test/a", ("en-US",), False),
        ((), None, "https://www.daily.co.uk/a", ("en-US",), False),
        ((), None, "https://daily.test/a", ("en-US",), True),
        ((), None, "https://daily.test/a", ("en",), False),
        ((), None, "https://daily.test/a", ("de",), False),
        ((), None, "https://daily.test/a", (), True),
        (("es_LA", "zh-Hant-TW"), None, "https://daily.io/a", ("en-US",), False),
    ],
)
def test_the_first_that_names_a_country_decides(
    locales: tuple[str, ...],
    country: str | None,
    url: str,
    languages: tuple[str, ...],
    first: bool,
) -> None:
    assert month_first(locales=locales, country=country, url=url, languages=languages) is first
