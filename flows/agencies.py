"""News agencies by the names they are credited under: one list for bylines, datelines and copies.

Decides only whether a string names an agency; refuses to look for credits in texts.
"""

import re
import unicodedata

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
