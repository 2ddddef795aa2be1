"""What is wrong with a value of the configuration, in a sentence that shows no secret.

Decides what of a value may be repeated: nothing of a table that holds a secret (whose fields are
`SecretStr`), wherever in it the mistake is and whatever form it has; no user and password of a URL
anywhere. Refuses to know what the configuration is for.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import get_args

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from flows.core.errors import Problem

# What a key is called by whoever meant a key; of anything else a table with a secret may be made
_PLAIN_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}|[0-9]{1,4}")
# `user:password@` and whatever else stands between a scheme and a host
_CREDENTIALS = re.compile(
    r"((?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]*+:/{0,2})[^\s/'\"]+(?:/[^\s'\"]*)?@"
)


def problems_of(
    error: ValidationError,
    model: type[BaseModel],
    path: Path,
    line_of: Callable[[list[str]], int | None],
) -> Iterator[Problem]:
    """The problems pydantic found in `path`, read as `model`; `line_of` finds a key's line."""
    for detail in error.errors():
        loc = [str(part) for part in detail["loc"]]
        hidden = bool(loc) and loc[0] in _tables_with_secrets(model)
        what = _hidden(detail, loc) if hidden else _shown(detail, ".".join(loc))
        yield Problem(path=path, what=what, line=line_of(loc))


def without_credentials(text: str) -> str:
    """`text` with user and password of every URL in it made stars."""
    return _CREDENTIALS.sub(r"\1***@", text)


def _shown(detail: ErrorDetails, name: str) -> str:
    said = _said(detail, name)
    if detail["type"] in ("extra_forbidden", "missing"):
        return without_credentials(said)
    return without_credentials(f"{said} (got {detail['input']!r})")


def _hidden(detail: ErrorDetails, loc: Sequence[str]) -> str:
    """The sentence without the value, and without a name that may be one."""
    named = [part if _PLAIN_KEY.fullmatch(part) else "***" for part in loc]
    return _said(detail, ".".join(named))


def _said(detail: ErrorDetails, name: str) -> str:
    if detail["type"] == "extra_forbidden":
        return f"unknown key '{name}'"
    if detail["type"] == "missing":
        return f"'{name}' is missing"
    what = detail["msg"].removeprefix("Value error, ")
    return f"'{name}': {what[0].lower()}{what[1:]}"


def _tables_with_secrets(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(
        name for name, field in model.model_fields.items() if _holds_secret(field.annotation)
    )


def _holds_secret(annotation: object) -> bool:
    """Whether a value of this type is, or contains, a secret."""
    if annotation is SecretStr:
        return True
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return any(_holds_secret(field.annotation) for field in annotation.model_fields.values())
    return any(_holds_secret(part) for part in get_args(annotation))
