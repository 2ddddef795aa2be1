"""Which lines belong to the site and not to the article."""

import pytest

from flows.dedup.furniture import body, is_furniture, is_loose

FURNITURE = (
    "758 people have read this story",
    "1.204 Leser haben diesen Beitrag aufgerufen",
    "12 тысяч читателей прочитали",
    "Updated 3 hours ago",
    "3 hours ago",
    "vor 2 Stunden",
    "il y a 5 minutes",
    "2 godziny temu",
    "5 минут назад",
    "3小时前",
    "12 comments",
    "1,234 shares",
    "1.2K views",
    "Comments (17)",
    "评论 25",
    "17 комментариев",
    "4 min read",
    "Read more: What the markets make of it",
    "Related: The long road to peace",
    "Lire aussi : la journée en images",
    "Czytaj także: Co dalej z portem",
    "Читайте также: хроника дня",
    "相关阅读：海峡局势",
    "Sign up for our newsletter and never miss a story.",
    "Follow us on every network you know",
    "Advertisement",
    "Share on Facebook",
    "Last updated: 24 February 2023 10:15",
    "Jane Doe | Updated 10:15 GMT",
    "24 February 2023 10:15 GMT",
    "更新时间：2023-02-24 10:15",
)
ARTICLE = (
    "141 people were read their rights on the quay, the judge said.",
    "12 people killed in the harbour",
    "Seven people died when the ferry sank.",
    "He left the country three hours ago and has not been seen since.",
    "Updated figures show that 12 ships were lost.",
    "The comments drew anger in both capitals.",
    "Parliament banned political advertising on Friday.",
    "Related disputes over fishing rights have gone on for decades, officials say.",
    "Shares of 12 companies fell.",
    "The train left at 10:15.",
    "Published accounts of the talks differ in 3 points.",
    "The views of 400 farmers were heard.",
)


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_is_known_by_its_wording(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize("line", ARTICLE)
def test_sentences_that_resemble_furniture_stay(line: str) -> None:
    assert not is_furniture(line)


def test_a_text_of_nothing_but_furniture_is_left_whole() -> None:
    assert body("12 comments\n\nAdvertisement") == "12 comments\n\nAdvertisement"


def test_a_line_is_loose_when_it_is_short_and_ends_without_a_mark() -> None:
    assert is_loose("Ferry company to be sold")
    assert not is_loose("The ferry company will be sold.")
    assert not is_loose("渡轮公司将被出售。")
