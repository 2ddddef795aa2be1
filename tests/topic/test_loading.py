"""A topic file, and what is wrong with it."""

from pathlib import Path

import pytest

from flows.core.errors import ConfigurationError
from flows.topic import load_topic, read_topic
from tests.topic.writing import SHIPPED, topic_file


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        read_topic(text, Path("topic.toml"))
    return [str(problem) for problem in caught.value.problems]


def test_the_shipped_topic_loads_with_all_its_languages() -> None:
    topic = load_topic(SHIPPED)
    spoken = {term.language for group in topic.groups for term in group.terms}
    assert spoken == {*topic.languages, None}
    assert len(topic.languages) == 14


def test_a_missing_file_is_a_problem_of_the_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="is missing"):
        load_topic(tmp_path / "topic.toml")


def test_a_mark_that_editors_put_at_the_beginning_is_no_part_of_the_file(tmp_path: Path) -> None:
    marked = tmp_path / "topic.toml"
    marked.write_bytes(b"\xef\xbb\xbf" + SHIPPED.read_bytes())
    assert load_topic(marked).version == load_topic(SHIPPED).version


def test_text_that_is_no_toml_is_placed() -> None:
    (problem,) = problems('name = "x"\nkeep = = 1\n')
    assert problem.startswith("topic.toml:2:8: no valid TOML")


def test_a_bad_term_is_placed_by_line_and_column() -> None:
    text = topic_file(
        """
        [groups.a]
        en = [
          "peace", "good",
          "ba*d one",
        ]
        pl = ["peace NEAR plan"]
        """
    )
    lines = text.splitlines()
    star = next(number for number, line in enumerate(lines, 1) if "ba*d" in line)
    assert problems(text) == [
        f'topic.toml:{star}:6: term "ba*d one": * stands only at the end of a word',
        f'topic.toml:{star + 2}:14: term "peace NEAR plan": '
        "NEAR needs a distance in words, such as NEAR/8",
    ]


def test_every_problem_is_reported_at_once() -> None:
    text = topic_file(
        """
        [groups.a]
        en = ["@b NEAR/2 x"]
        english = ["x"]
        [groups.b]
        en = ["@a NEAR/2 x"]
        """,
        """
        [[rule]]
        name = "one"
        all_of = ["c"]
        points = { headline = 1 }
        pionts = 2
        [[rule]]
        points = 0
        within = "paragraph"
        """,
    ).replace("keep = 2", "keep = 1")
    found = "\n".join(problems(text))
    for what in (
        "keep above borderline",
        "'english' is no language code",
        "group 'a' refers to itself in a circle",
        "group 'b' refers to itself in a circle",
        "'c', which is no group",
        "'headline' is no place",
        "unknown key 'pionts'",
        "a rule needs a name",
        "a number other than 0",
        "needs all_of, any_of, none_of or forms",
        "'within' must be",
    ):
        assert what in found
    assert all(problem.startswith("topic.toml:") for problem in found.splitlines())


def test_layout_comments_and_order_of_terms_do_not_change_the_version() -> None:
    one = topic_file('[groups.a]\nen = ["peace", "truce"]\npl = ["pokój"]')
    other = topic_file('# a comment\n[groups.a]\npl = ["pokój"]\nen = [\n"truce", "peace",\n]')
    assert read_topic(one, Path("a")).version == read_topic(other, Path("b")).version


@pytest.mark.parametrize(
    ("old", "new"), [("truce", "treaty"), ("points = 1", "points = 2"), ("keep = 2", "keep = 3")]
)
def test_a_change_of_meaning_changes_the_version(old: str, new: str) -> None:
    text = topic_file('[groups.a]\nen = ["truce"]')
    changed = text.replace(old, new)
    assert read_topic(text, Path("a")).version != read_topic(changed, Path("a")).version
