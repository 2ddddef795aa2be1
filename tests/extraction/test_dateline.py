"""A dateline is read in the forms agencies write it, and nothing else is taken for one."""

import pytest

from flows.extraction.dateline import Dateline, read_dateline


@pytest.mark.parametrize(
    ("paragraph", "place", "agencies", "rest"),
    [
        ("BEIJING (AP) Ministers met.", "BEIJING", ("AP",), "Ministers met."),
        ("BEIJING (AP) — Ministers met.", "BEIJING", ("AP",), "Ministers met."),
        ("KYIV, Ukraine (AP) — It rained.", "KYIV, Ukraine", ("AP",), "It rained."),
        ("LONDON, Feb 24 (Reuters) - Oil rose.", "LONDON", ("Reuters",), "Oil rose."),
        ("NEW YORK (AP/Reuters) -- A vote.", "NEW YORK", ("AP", "Reuters"), "A vote."),
        ("Peking (dpa) - Es regnet.", "Peking", ("dpa",), "Es regnet."),
        ("Pékin (AFP) – Il pleut.", "Pékin", ("AFP",), "Il pleut."),
        ("МОСКВА, 24 февраля. /ТАСС/. Идёт дождь.", "МОСКВА", ("TASS",), "Идёт дождь."),
        ("МОСКВА, 24 фев — РИА Новости. Дождь.", "МОСКВА", ("RIA Novosti",), "Дождь."),
        ("新华社北京2月24日电（记者张三）今天下雨。", "北京", ("Xinhua",), "今天下雨。"),
        ("【ロンドン共同】雨が降る。", "ロンドン", ("Kyodo",), "雨が降る。"),
        ("GENEVA — It rained.", "GENEVA", (), "It rained."),
    ],
)
def test_a_dateline_is_parted_from_its_sentence(
    paragraph: str, place: str, agencies: tuple[str, ...], rest: str
) -> None:
    assert read_dateline(paragraph) == Dateline(place=place, agencies=agencies, rest=rest)


@pytest.mark.parametrize(
    "paragraph",
    [
        "The minister (right) spoke.",
        "The Ministry of Defence (MoD) said so.",
        "China — which borders Russia — abstained.",
        "NATO said it would meet.",
        "BEIJING (AP)",
        "",
    ],
)
def test_a_sentence_is_no_dateline(paragraph: str) -> None:
    assert read_dateline(paragraph) is None
