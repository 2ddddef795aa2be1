"""What topic tests write by hand: articles and small topic files."""

from pathlib import Path
from textwrap import dedent

from flows.core import Article
from flows.topic import Topic, read_topic

SHIPPED = Path(__file__).parents[2] / "config" / "topic.toml"


def article(
    title: str | None = None, text: str = "", *, language: str | None = "en", form: str = "article"
) -> Article:
    return Article(
        url=None,
        outlet=None,
        title=title,
        text=text,
        lede=text.partition("\n\n")[0],
        word_count=len(text.split()),
        language=language,
        extractor="hand",
        reader_version="1",
        form=form,
    )


def topic_file(groups: str, rules: str = "") -> str:
    """A topic file of these groups; without rules, one point for any of group `a` in the title."""
    rules = rules or '[[rule]]\nname = "a"\nall_of = ["a"]\npoints = 1'
    head = 'name = "test"\n[thresholds]\nkeep = 2\nborderline = 1\n'
    return head + dedent(groups) + "\n" + dedent(rules)


def topic(groups: str, rules: str = "") -> Topic:
    return read_topic(topic_file(groups, rules), Path("topic.toml"))
