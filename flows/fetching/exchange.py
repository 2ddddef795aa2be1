"""The values of one exchange: how much of a body is wanted, and what came back.

Apart from `transport` so that whoever reads answers does not load the client.
"""

from collections.abc import Callable
from dataclasses import dataclass

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyPlan:
    """How much of a body is wanted; with `cut` the rest is dropped instead of `too_large`."""

    max_bytes: int
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back for one request. Header names are lower case, in the order they came.

    `body` is decoded. `answered_at` is the monotonic second at which the head had come, `sent`
    the headers of the request, `address` what was connected to.
    """

    status: int
    headers: Headers
    body: bytes
    answered_at: float
    sent: Headers
    address: str | None

    def get(self, name: str) -> str | None:
        """The first header of that name."""
        return next((value for key, value in self.headers if key == name), None)

    def all(self, name: str) -> list[str]:
        """Every header of that name."""
        return [value for key, value in self.headers if key == name]


Plan = Callable[[int, Headers], BodyPlan]
