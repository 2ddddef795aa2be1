"""Whatever a project is about, its rehearsal has a topic that fits the invented web."""

from pathlib import Path

import pytest

from flows.core import Verdict
from flows.rehearsal.rehearse import _OWN_TOPIC, _is_about
from flows.rehearsal.reprint import outlets_with_reprints
from flows.topic import judge, load_topic, read_topic
from flows.topic.labels import plain_article

PROJECT = Path(__file__).parents[2]
OUTLETS = outlets_with_reprints(PROJECT / "seeds")
ANOTHER = """
name = "earthquakes"
languages = ["en"]

[thresholds]
keep = 2.0
borderline = 1.0

[groups.quake]
en = ["earthquake*", "quake*"]

[[rule]]
name = "a quake"
all_of = ["quake"]
points = 2.0
"""


def test_the_shipped_topic_is_what_the_invented_web_is_about() -> None:
    assert _is_about(load_topic(PROJECT / "config" / "topic.toml"), OUTLETS)


def test_another_topic_is_not() -> None:
    assert not _is_about(read_topic(ANOTHER, Path("topic.toml")), OUTLETS)


@pytest.mark.parametrize(
    ("ends", "verdict"), [("kept", Verdict.ON_TOPIC), ("off_topic", Verdict.OFF_TOPIC)]
)
def test_the_topic_the_web_brings_tells_its_articles_apart(ends: str, verdict: Verdict) -> None:
    topic = load_topic(_OWN_TOPIC)
    articles = [
        plain_article(piece.title, "\n\n".join(piece.paragraphs), outlet.language)
        for outlet in OUTLETS
        for piece in outlet.pieces
        if piece.page == "article" and ends in piece.ends
    ]
    assert len(articles) > 20
    assert {judge(article, topic).verdict for article in articles} == {verdict}
