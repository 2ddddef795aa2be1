"""News agencies by the names they are credited under: one list for bylines, datelines and copies.

Decides only whether a string names an agency; refuses to look for credits in texts.

Which news agency an outlet, a credit or a dateline belongs to.

A dateline or credit names the origin of a text; it never makes two texts copies. Decides how an
agency's name may stand within a longer one; the names themselves are those of `agencies`.
"""

import re
import unicodedata
from collections.abc import Iterable

# agency → names it is credited under
_NAMES: dict[str, tuple[str, ...]] = {
    "AP": ("ap", "associated press", "the associated press", "ap news", "美联社"),
    "Reuters": ("reuters", "thomson reuters", "reuters news agency", "路透社", "рейтер", "رويترز",
                "ロイター"),
    "AFP": ("afp", "agence france presse", "法新社", "фрс пресс", "فرانس برس"),
    "dpa": ("dpa", "deutsche presse agentur", "dpa international"),
    "Xinhua": ("xinhua", "xinhua news agency", "xinhuanet", "新华社", "新華社", "新华网",
               "синьхуа"),
    "China News Service": ("china news service", "cns", "中新社", "中国新闻社", "中新网"),
    "TASS": ("tass", "itar tass", "тасс", "итар тасс", "塔斯社"),
    "RIA Novosti": ("ria novosti", "ria", "риа новости", "риа", "俄新社"),
    "Interfax": ("interfax", "интерфакс", "国际文传电讯社"),
    "Interfax-Ukraine": ("interfax ukraine", "интерфакс украина", "інтерфакс україна"),
    "Ukrinform": ("ukrinform", "укринформ", "укрінформ", "乌通社"),
    "UNIAN": ("unian", "униан", "уніан", "унiан"),
    "PAP": ("pap", "polska agencja prasowa"),
    "ANSA": ("ansa",),
    "EFE": ("efe", "agencia efe"),
    "Lusa": ("lusa",),
    "ANP": ("anp",),
    "Belga": ("belga",),
    "APA": ("apa", "austria presse agentur"),
    "Keystone-SDA": ("sda", "keystone sda", "ats", "keystone ats"),
    "TT": ("tt", "tidningarnas telegrambyrå"),
    "NTB": ("ntb",),
    "Ritzau": ("ritzau",),
    "STT": ("stt",),
    "ČTK": ("čtk", "czech news agency"),
    "MTI": ("mti",),
    "Anadolu": ("anadolu", "anadolu agency", "aa", "anadolu ajansı", "anadolu ajansi"),
    "Kyodo": ("kyodo", "kyodo news", "共同", "共同通信", "共同社"),
    "Jiji": ("jiji", "jiji press", "時事", "時事通信"),
    "Yonhap": ("yonhap", "yonhap news", "yonhap news agency", "연합뉴스", "聯合通訊社"),
    "CNA": ("cna", "central news agency", "中央社"),
    "PTI": ("pti", "press trust of india"),
    "ANI": ("ani", "asian news international"),
    "IANS": ("ians",),
    "AAP": ("aap", "australian associated press"),
    "PA": ("pa", "pa media", "press association"),
    "The Canadian Press": ("canadian press", "the canadian press", "cp"),
    "UPI": ("upi", "united press international"),
    "Bloomberg": ("bloomberg", "bloomberg news", "彭博社"),
    "Sputnik": ("sputnik", "卫星社", "卫星通讯社"),
    "WAFA": ("wafa",),
    "SPA": ("spa", "saudi press agency", "واس"),
    "QNA": ("qna", "qatar news agency"),
    "IRNA": ("irna",),
    "NAN": ("nan", "news agency of nigeria"),
    "Agência Brasil": ("agência brasil",),
    "Télam": ("télam",),
    "Europa Press": ("europa press",),
    "BELTA": ("belta", "белта"),
    "BTA": ("bta",),
    "Agerpres": ("agerpres",),
    "Bernama": ("bernama",),
    "Antara": ("antara",),
}  # fmt: skip
# Names that are also words or initials count only as agencies write them: in capitals, or by the
# name above
_CAPITALS = frozenset(
    {"ap", "pa", "aa", "cp", "ats", "tt", "ani", "nan", "spa", "apa", "ria", "cns", "cna", "pap",
     "sda", "aap", "stt", "lusa"}
)  # fmt: skip


def agency_named(credit: str) -> str | None:
    """The agency that `credit`, as a whole, names; None if it names none.

    >>> agency_named("The Associated Press"), agency_named("Ap Smith")
    ('AP', None)
    """
    folded = _folded(credit)
    agency = _BY_NAME.get(folded)
    if folded in _CAPITALS and credit.strip() not in (credit.strip().upper(), agency):
        return None
    return agency


def _folded(credit: str) -> str:
    plain = unicodedata.normalize("NFKD", credit.casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", letters)))


_BY_NAME = {_folded(name): agency for agency, names in _NAMES.items() for name in names}


_WORD = re.compile(r"[^\W_]+")
_BRACKETED = re.compile(r"[(\[/（]\s*+([^()\[\]/（）]{2,40}?)\s*+[)\]/）]")  # (AP), /TASS/
_LEAST_OPENING = 4  # letters; shorter names are words or initials at the head of others


def agency_of(names: Iterable[str | None]) -> str | None:
    """The first agency that one of `names` (an outlet, credits, a dateline) names, or None."""
    for name in names:
        found = _named(name or "")
        if found is not None:
            return found
    return None


def _named(name: str) -> str | None:
    """The agency whose name `name` is, or carries in brackets, or opens with."""
    bracketed = _BRACKETED.search(name)
    for part in ((bracketed[1],) if bracketed else ()) + (name,):
        agency = agency_named(part) or _opening(part)
        if agency is not None:
            return agency
    return None


def _opening(name: str) -> str | None:
    """The agency of the longest opening of `name` that is one's name: "Reuters UK"."""
    words = _WORD.findall(name)
    if not words or len(words[0]) < _LEAST_OPENING:
        return None
    openings = (" ".join(words[:length]) for length in range(len(words) - 1, 0, -1))
    return next((agency for opening in openings if (agency := agency_named(opening))), None)
