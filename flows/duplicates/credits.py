"""Which news agency a text, an outlet or a byline names.

A dateline or credit names the origin of a text; it never makes two texts copies. Knows the
agencies' names and how they sign, refuses to know where texts are kept.
"""

import re
from collections.abc import Iterable

# Agency → the names it goes by, compared as whole words in any case; two-letter signs only in
# brackets or alone, for they are words or countries elsewhere.
_NAMES = {
    "AP": ("associated press", "ap news", "ap"),
    "Reuters": ("reuters", "thomson reuters", "рейтер"),
    "AFP": ("agence france presse", "afp"),
    "Xinhua": ("xinhua", "新华社", "新华网"),
    "TASS": ("tass", "тасс", "塔斯社"),
    "dpa": ("dpa", "deutsche presse agentur"),
    "PAP": ("pap", "polska agencja prasowa"),
    "EFE": ("efe", "agencia efe"),
    "ANSA": ("ansa",),
    "Kyodo": ("kyodo", "kyodo news", "共同社", "共同通信"),
    "Jiji": ("jiji", "jiji press", "時事通信"),
    "Yonhap": ("yonhap", "yonhap news agency"),
    "Interfax": ("interfax", "интерфакс"),
    "Interfax-Ukraine": ("interfax ukraine", "інтерфакс україна"),
    "RIA Novosti": ("ria novosti", "риа новости", "ria"),
    "Sputnik": ("sputnik",),
    "Ukrinform": ("ukrinform", "укрінформ"),
    "UNIAN": ("unian", "уніан", "унiан"),
    "Bloomberg": ("bloomberg", "bloomberg news"),
    "UPI": ("upi", "united press international"),
    "PA Media": ("pa media", "press association", "pa"),
    "The Canadian Press": ("the canadian press", "canadian press"),
    "AAP": ("aap", "australian associated press"),
    "APA": ("apa", "austria presse agentur"),
    "KEYSTONE-SDA": ("keystone sda", "sda"),
    "ANP": ("anp",),
    "Belga": ("belga",),
    "TT": ("tt",),
    "NTB": ("ntb",),
    "Ritzau": ("ritzau",),
    "STT": ("stt",),
    "MTI": ("mti",),
    "ČTK": ("čtk", "ctk"),
    "BTA": ("bta",),
    "Agerpres": ("agerpres",),
    "Lusa": ("lusa",),
    "Anadolu": ("anadolu", "anadolu agency"),
    "PTI": ("pti", "press trust of india"),
    "ANI": ("ani",),
    "IANS": ("ians",),
    "Bernama": ("bernama",),
    "Antara": ("antara",),
    "CNA": ("central news agency", "中央社"),
    "China News Service": ("china news service", "中新社", "中新网"),
}
_BY_NAME = {name: agency for agency, names in _NAMES.items() for name in names}
_WORD = re.compile(r"[^\W_]+")
_BRACKETED = re.compile(r"[(\[/（]\s*([^()\[\]/（）]{2,40}?)\s*[)\]/）]")  # (AP), /TASS/


def agency_of(names: Iterable[str | None]) -> str | None:
    """The first agency that one of `names` (an outlet, credits, a dateline) names, or None."""
    for name in names:
        found = _named(name or "")
        if found is not None:
            return found
    return None


def _named(name: str) -> str | None:
    """The agency whose name `name` is, or opens with, or carries in brackets."""
    bracketed = _BRACKETED.search(name)
    for part in ((bracketed[1],) if bracketed else ()) + (name,):
        found = _WORD.findall(part.lower())
        for length in range(len(found), 0, -1):
            whole = length == len(found)
            agency = _BY_NAME.get(" ".join(found[:length]))
            if agency is not None and (whole or len(found[0]) > 3):
                return agency
    return None
