"""`topic.toml` → Topic, or every problem of it with line and column.

Decides what the file may say; refuses to know how texts are judged.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flows.core.errors import ConfigurationError, Problem
from flows.core.toml import Source, parse_toml
from flows.topic.matching import references
from flows.topic.rules import FORMS, PLACES, Group, Rule, Topic, build_topic
from flows.topic.terms import Term, TermError, parse_term

_LANGUAGE = re.compile(r"[a-z]{2,3}")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TOP_KEYS = {"name", "languages", "thresholds", "groups", "rule"}
_RULE_KEYS = {
    "name", "points", "all_of", "any_of", "none_of", "within", "most", "share", "forms",
}  # fmt: skip
_MOST_POINTS = 100.0


def load_topic(path: Path) -> Topic:
    """Read a topic file. Raises `ConfigurationError` with all its problems, in the file's order."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        what = "is missing; it holds the topic to watch"
        raise ConfigurationError((Problem(path=path, what=what),)) from None
    except (OSError, UnicodeDecodeError) as error:
        problem = Problem(path=path, what=f"cannot be read: {error}")
        raise ConfigurationError((problem,)) from error
    return read_topic(text, path)


def read_topic(text: str, path: Path) -> Topic:
    """As `load_topic`, of a text; `path` is only named in problems."""
    return _Reading(text, path).topic()


class _Reading:
    """One pass over one file, collecting problems."""

    def __init__(self, text: str, path: Path) -> None:
        self._path = path
        self._source = Source(text)
        self._problems: list[Problem] = []
        root = parse_toml(text, path)
        if isinstance(root, Problem):
            raise ConfigurationError((root,))
        self._root = root

    def topic(self) -> Topic:
        for key in self._root.keys() - _TOP_KEYS:
            self._say(f"unknown key '{key}'", self._source.key((), key))
        name = self._root.get("name")
        if not isinstance(name, str) or not name.strip():
            self._say("'name' must say what the topic is", self._source.key((), "name"))
        groups = tuple(self._groups())
        self._check_references(groups)
        rules = tuple(self._rules({group.name for group in groups}))
        keep, borderline = self._thresholds()
        languages = self._languages()
        if self._problems:
            by_place = sorted(self._problems, key=lambda one: (one.line or 0, one.column or 0))
            raise ConfigurationError(tuple(by_place))
        return build_topic(
            name=str(name), languages=languages, groups=groups, rules=rules,
            keep=keep, borderline=borderline,
        )  # fmt: skip

    def _say(self, what: str, place: tuple[int, int] | None) -> None:
        line, column = place if place else (None, None)
        self._problems.append(Problem(path=self._path, what=what, line=line, column=column))

    def _languages(self) -> tuple[str, ...]:
        languages = self._root.get("languages", [])
        if _strings(languages) and all(_LANGUAGE.fullmatch(one) for one in languages):
            return tuple(languages)
        self._say("'languages' must list codes such as \"en\"", self._source.key((), "languages"))
        return ()

    def _thresholds(self) -> tuple[float, float]:
        table = self._root.get("thresholds", {})
        place = self._source.header(("thresholds",))
        if not isinstance(table, dict):
            self._say("'thresholds' must be a table", place)
            return 2.0, 1.0
        for key in table.keys() - {"keep", "borderline"}:
            self._say(f"unknown key '{key}'", self._source.key(("thresholds",), key))
        points = [table.get(key) for key in ("keep", "borderline")]
        keep, borderline = (float(one) if isinstance(one, int | float) else 0.0 for one in points)
        if not 0 < borderline < keep:
            self._say("[thresholds] needs points: keep above borderline above 0", place)
            return 2.0, 1.0
        return keep, borderline

    def _groups(self) -> Iterator[Group]:
        tables = self._root.get("groups", {})
        if not isinstance(tables, dict) or not tables:
            self._say("there must be groups of terms: [groups.<name>]", None)
            return
        for name, table in tables.items():
            place = self._source.header(("groups", name))
            if not _NAME.fullmatch(name):
                self._say(f"'{name}': a group's name is lower-case letters, digits and _", place)
            if not isinstance(table, dict):
                self._say(f"'groups.{name}' must be a table of languages", place)
                continue
            includes = table.get("includes", [])
            if not _strings(includes):
                self._say("'includes' must list names of groups", self._key(name, "includes"))
                includes = []
            terms = tuple(self._terms(name, table))
            if not terms and not includes:
                self._say(f"group '{name}' has no terms", place)
            yield Group(name=name, terms=terms, includes=tuple(includes))

    def _terms(self, group: str, table: Mapping[str, Any]) -> Iterator[Term]:
        for key, texts in table.items():
            if key == "includes":
                continue
            if key != "any" and not _LANGUAGE.fullmatch(key):
                self._say(f"'{key}' is no language code; 'any' is for all", self._key(group, key))
                continue
            if not _strings(texts):
                self._say(f"'{key}' must list terms in quotation marks", self._key(group, key))
                continue
            for text in texts:
                try:
                    yield parse_term(text, None if key == "any" else key)
                except TermError as error:
                    place = self._source.string(("groups", group), key, text, error.offset)
                    self._say(f'term "{text}": {error.what}', place)

    def _key(self, group: str, key: str) -> tuple[int, int] | None:
        return self._source.key(("groups", group), key)

    def _check_references(self, groups: tuple[Group, ...]) -> None:
        needs = {group.name: references(group.terms, group.includes) for group in groups}
        for name, needed in needs.items():
            place = self._source.header(("groups", name))
            for unknown in sorted(needed - needs.keys()):
                self._say(f"group '{name}' refers to '{unknown}', which does not exist", place)
            if name in _reachable(name, needs):
                self._say(f"group '{name}' refers to itself in a circle", place)

    def _rules(self, groups: set[str]) -> Iterator[Rule]:
        tables = self._root.get("rule", [])
        if not isinstance(tables, list) or not tables:
            self._say("there must be rules that give points: [[rule]]", None)
            return
        names: set[str] = set()
        for number, table in enumerate(tables):
            problems = list(_rule_problems(table, groups))
            if isinstance(table, dict):
                if table.get("name") in names:
                    problems.append((f"two rules are named '{table['name']}'", "name"))
                names.add(str(table.get("name")))
            for what, key in problems:
                self._say(what, self._source.key(("rule", str(number)), key))
            if not problems:
                yield _rule(table)


def _rule(table: Mapping[str, Any]) -> Rule:
    points = table["points"]
    by_place = points if isinstance(points, dict) else {"article": points}
    within = table.get("within")
    return Rule(
        name=table["name"],
        points=tuple((place, float(by_place[place])) for place in PLACES if place in by_place),
        all_of=tuple(table.get("all_of", ())),
        any_of=tuple(table.get("any_of", ())),
        none_of=tuple(table.get("none_of", ())),
        within=0 if within == "sentence" else within,
        most=float(table["most"]) if "most" in table else None,
        share=table.get("share", False),
        forms=tuple(table.get("forms", ())),
    )


def _rule_problems(table: Any, groups: set[str]) -> Iterator[tuple[str, str]]:
    """(what is wrong, the key it is wrong with)."""
    if not isinstance(table, dict):
        yield "a rule must be a table: [[rule]]", ""
        return
    for key in sorted(table.keys() - _RULE_KEYS):
        yield f"unknown key '{key}'", key
    if not isinstance(table.get("name"), str) or not table["name"].strip():
        yield "a rule needs a name: it is shown beside its points", "name"
    yield from _point_problems(table.get("points"))
    for key in ("all_of", "any_of", "none_of"):
        named = table.get(key, [])
        if not _strings(named):
            yield f"'{key}' must list names of groups", key
            continue
        for unknown in [one for one in named if one not in groups]:
            yield f"'{key}' names '{unknown}', which is no group", key
    if not any(table.get(key) for key in ("all_of", "any_of", "none_of", "forms")):
        yield "a rule needs all_of, any_of, none_of or forms", "name"
    within = table.get("within", 1)
    if within != "sentence" and not (type(within) is int and within > 0):
        yield "'within' must be a number of words or \"sentence\"", "within"
    if "most" in table and (not _number(table["most"]) or table["most"] == 0):
        yield "'most' must be a number of points", "most"
    if not isinstance(table.get("share", False), bool):
        yield "'share' must be true or false", "share"
    forms = table.get("forms", [])
    if not _strings(forms) or not set(forms) <= set(FORMS):
        yield f"'forms' must list some of {', '.join(FORMS)}", "forms"


def _point_problems(points: Any) -> Iterator[tuple[str, str]]:
    by_place = points if isinstance(points, dict) else {"article": points}
    for place, value in by_place.items():
        if place not in PLACES:
            yield f"'{place}' is no place; there are {', '.join(PLACES)}", "points"
        if not _number(value) or not 0 < abs(value) <= _MOST_POINTS:
            yield f"'points' must be a number other than 0, up to {_MOST_POINTS:.0f}", "points"
    if not by_place:
        yield "'points' names no place", "points"


def _strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _reachable(name: str, needs: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(needs[name])
    while waiting:
        other = waiting.pop()
        if other not in seen:
            seen.add(other)
            waiting.extend(needs.get(other, ()))
    return seen
