"""The dateline of an agency text: where it was written, and the wire that sent it.

KYIV, Feb 24 (Reuters) - …    BEIJING — …    Berlin (dpa) – …    新华社北京2月24日电 …
"""

import re
from dataclasses import dataclass

from flows.reading.names import is_agency

_PLACE = r"[^\W\d_][^\W\d_.'’ -]*(?:[ .'’/-]{1,2}[^\W\d_][^\W\d_.'’ -]*){0,4}"
_LATIN = re.compile(
    rf"^(?P<place>{_PLACE}(?:, {_PLACE})?)(?P<date>,\s*[^()—–]{{3,20}}?\d[^()—–]{{0,8}}?)?\s*"
    r"(?:\((?P<agency>[^)\d]{2,40})\)|/(?P<slashed>[^/\d]{2,30})/)?(?:\s*[-–—]{1,2}\s|\.\s)"
)
_HAN = re.compile(
    r"^[(（【]?(?P<agency>[\u4e00-\u9fff]{2,6}社)(?P<place>[\u4e00-\u9fff]{2,8}?)\d{1,2}月\d{1,2}日[电電]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """The dateline as printed, and the agency it names, if any."""

    text: str
    agency: str | None = None


def dateline_of(lede: str) -> Dateline | None:
    """The dateline at the start of `lede`, or None.

    A place before a dash is one only in capitals, or with a date or an agency: "Berlin – eine
    Stadt" is a sentence.
    """
    found = _HAN.match(lede)
    if found is not None:
        return Dateline(text=found[0].strip("(（【"), agency=found["agency"])
    found = _LATIN.match(lede[:120])
    if found is None or len(found["place"]) > 40:
        return None
    named = found["agency"] or found["slashed"]
    agency = named if named and is_agency(named) else None
    if agency is None and (not found["place"].isupper() or found[0].endswith(". ")):
        return None
    return Dateline(text=found[0].rstrip(" -–—."), agency=agency)
