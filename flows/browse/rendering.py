"""Templates and values → HTML. Everything is escaped; a name a template does not get is an error.

Decides which words and helpers templates have; refuses to know where values come from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from flows.browse import charts, words
from flows.browse.addresses import Addresses
from flows.browse.charts import Bar
from flows.store.browsing.listing import Choice

# Languages whose script runs from right to left (CLDR)
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "sd", "ug", "yi", "ckb", "dv"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A page before it is drawn: its template and what stands in it."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every page of one site shares. `sections`: the pages the file has anything for."""

    topic: str
    sections: tuple[tuple[str, str], ...]
    published: str
    can_label: bool = False


def render(sheet: Sheet, frame: Frame, at: Addresses) -> str:
    """The page as HTML."""
    template = _environment().get_template(sheet.template + ".html")
    return template.render(sheet.values, frame=frame, at=at, here=sheet.template)


def asset(name: str) -> bytes:
    """Our style sheet or script."""
    return files("flows.browse").joinpath("assets", name).read_bytes()


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("flows.browse"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "clean": words.clean,
        "short": words.short,
        "paragraphs": words.paragraphs,
        "moment": words.moment,
        "machine": words.machine_time,
        "number": words.count,
        "percent": words.percent,
        "web": web_address,
        "lang": language_code,
        "dir": direction,
    }
    made.globals |= {
        "plural": words.plural,
        "after": words.after,
        "marked": words.marked,
        "span": _span,
        "with_pick": _with_pick,
        "without": _without,
        "any_time": _any_time,
        "chart_width": charts.WIDTH,
        "chart_height": charts.HEIGHT,
    }
    return made


def web_address(value: object) -> str | None:
    """An address a link may lead to: http or https, nothing that runs."""
    text = words.clean(value)
    return text if urlsplit_or_none(text) in ("http", "https") else None


def urlsplit_or_none(text: str) -> str | None:
    """The scheme of an address; None where it is none."""
    try:
        return urlsplit(text).scheme
    except ValueError:
        return None


def language_code(value: object) -> str:
    """A language as `lang=` takes it; `und` for none."""
    text = words.clean(value)
    return text if text.replace("-", "").isalnum() and text.isascii() else "und"


def direction(language: object) -> str:
    """The direction of a text: of its language, or as its first letters are."""
    return "rtl" if words.clean(language).split("-")[0] in _RIGHT_TO_LEFT else "auto"


def _span(choice: Choice, bar: Bar) -> Choice:
    return replace(choice, since=bar.first, until=bar.last)


def _with_pick(choice: Choice, facet: str, value: str) -> Choice:
    """The choice with this value; of the same facet another one is given up."""
    return replace(choice, picks=(*choice.without(facet).picks, (facet, value)))


def _without(choice: Choice, facet: str, value: str) -> Choice:
    return replace(choice, picks=tuple(pick for pick in choice.picks if pick != (facet, value)))


def _any_time(choice: Choice) -> Choice:
    return replace(choice, since=None, until=None)
