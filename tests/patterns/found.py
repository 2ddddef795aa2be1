"""Every regular expression of `flows/`: those its modules hold, and those written where used."""

import ast
import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

FLOWS = Path(__file__).parents[2] / "flows"
_ANCHORED = frozenset({"match", "fullmatch"})
_METHODS = frozenset(
    {"search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A pattern, where it stands, and whether it is only ever tried at one place of a text."""

    where: str
    pattern: re.Pattern[Any]
    anchored: bool


def files() -> list[Path]:
    """The files of `flows/` that import `re`."""
    return [path for path in sorted(FLOWS.rglob("*.py")) if _imports_re(path)]


def module_of(path: Path) -> str:
    """The dotted name of a file."""
    return ".".join(path.relative_to(FLOWS.parent).with_suffix("").parts)


def patterns_of(path: Path) -> list[Found]:
    """The patterns of one file; those it took from another stand there."""
    module = importlib.import_module(module_of(path))
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own = {name for node in tree.body for name in _assigned(node)}
    used = _methods(tree)
    found: dict[re.Pattern[Any], Found] = {}
    for name, value in vars(module).items():
        if name in own:
            for pattern in _patterns_in(value, depth=4):
                ways = used.get(name, frozenset())
                found.setdefault(
                    pattern,
                    Found(
                        where=f"{module.__name__}.{name}",
                        pattern=pattern,
                        anchored=bool(ways) and ways <= _ANCHORED,
                    ),
                )
    return [*found.values(), *_inline(path, tree)]


def _imports_re(path: Path) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(
        isinstance(node, ast.Import) and any(alias.name == "re" for alias in node.names)
        for node in ast.walk(tree)
    )


def _assigned(node: ast.stmt) -> Iterator[str]:
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign):
        targets = [node.target]
    elif isinstance(node, ast.ClassDef):
        yield node.name
    yield from (target.id for target in targets if isinstance(target, ast.Name))


def _methods(tree: ast.Module) -> Mapping[str, frozenset[str]]:
    """Name → the methods it is asked by; a name handed on is asked by any."""
    used: dict[str, set[str]] = {}
    asked: set[int] = set()
    # `for pattern in _PATTERNS`: what the one is asked, the other is
    each: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.comprehension):
            target, held = node.target, node.iter
            if isinstance(target, ast.Name) and isinstance(held, ast.Name):
                each[target.id] = held.id
                asked.add(id(held))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            used.setdefault(node.value.id, set()).add(node.attr)
            asked.add(id(node.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in asked:
            used.setdefault(node.id, set()).add("handed on")
    for one, held_in in each.items():
        used.setdefault(held_in, set()).update(used.get(one, ()))
    return {name: frozenset(ways) for name, ways in used.items()}


def _patterns_in(value: object, depth: int) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
        return
    held: list[object] = []
    if isinstance(value, Mapping):
        held = [*value.keys(), *value.values()]
    elif isinstance(value, tuple | list | set | frozenset):
        held = list(value)
    elif isinstance(value, type) and value.__module__.startswith("flows"):
        held = [one for name, one in vars(value).items() if not name.startswith("__")]
    elif is_dataclass(value) and not isinstance(value, type):
        held = [getattr(value, field.name) for field in fields(value)]
    for one in held if depth else ():
        yield from _patterns_in(one, depth - 1)


def _inline(path: Path, tree: ast.Module) -> Iterator[Found]:
    """`re.sub("…", …)` and its kind, and `re.compile` of a literal inside a function."""
    held = {id(node) for top in tree.body if not _is_code(top) for node in ast.walk(top)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            way = node.func.attr
            of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
            if not of_re or (way not in _METHODS and (way != "compile" or id(node) in held)):
                continue
            literal = node.args[0]
            if isinstance(literal, ast.Constant) and isinstance(literal.value, str | bytes):
                yield Found(
                    where=f"{module_of(path)}:{node.lineno}",
                    pattern=re.compile(literal.value),
                    anchored=way in _ANCHORED,
                )


def _is_code(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
