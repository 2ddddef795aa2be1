"""Who wrote it: people in the order of the byline, agencies apart. A pure decider.

The first witness that names a person is believed; mark-up that credits the outlet alone gives way
to a person in the visible byline. Where no person is credited, the agency or newsroom that is
stands alone: it is the publisher's own word on who wrote.

A byline as written → names, each a person, an agency, a collective, or no name at all.

Decides where one name ends and the next begins, and what kind of name it is; refuses to know which
witness to believe. The rules are about languages and the trade, never about one outlet: outlets
are recognised by what their own page calls them.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flows.core.text.agencies import agency_named
from flows.core.text.cleaning import MAX_NAME_CHARS, clean_line
from flows.core.text.months import month_named
from flows.extraction.witnesses.claims import Claims, Credit, Kind


class NameKind(StrEnum):
    """What a name in a byline stands for."""

    PERSON = "person"
    AGENCY = "agency"
    COLLECTIVE = "collective"  # a newsroom, the outlet, an organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One name of a byline."""

    text: str
    kind: NameKind


_PREFIX = re.compile(
    r"^(?:(?:text|story|words|reported|written|reporting|video|fotos?|photos?|bericht|texte|testo|texto"
    r"|posted|authored|articles?|analysis|opinion|commentary|submitted|contributed|created"
    r"|blog|review|interview|publi[ée]|publicado|escrito|scritto|geschrieben|verfasst|écrit|rédigé)"
    r"\b\s*)?(?:(?:by|von|vom|par|por|di|da|door|av|af|od|oleh|przez|szerző|autor|autore|auteur|authors?|"
    r"автор|текст|yazan|作者|編集|責任編輯|责任编辑|文)\b\s*[:：]?"
    r"|(?:本[报報网網社台]|特[约約]|见习|实习|首席)*[记記]者\s*[:：/]?|[:：])\s*",
    re.I,
)
_LABEL = re.compile(r"^[\W_]{0,2}[^\W\d_]{2,20}\s*[:：]\s*(?=\S)")
_SUFFIX = re.compile(
    r"(?:(?<!\s)\s++(?:for|für|pour|para|in|from|aus|à|en|i)\s+[^\W\d_a-z]\w.*"
    r"|(?:(?<!\s)\s++)?(?:[(\[（][^)\]）]{0,60}[)\]）]|[-–—|/@]\s.*|[記记]者$|(?:기자|특파원)$))\s*$"
)
_BRACKETED = re.compile(r"[(\[（]([^)\]）]{2,40})[)\]）]")
# "Jane Doe @jane", "Jane Doe jane@daily.test": what stands beside the name
_HANDLE = re.compile(r"(?<=\w\s)[(<\[]?\S*@\S+")
# "for Reuters", "avec AFP": an agency that somebody wrote for or with
_FOR = re.compile(
    r"\s(?:for|für|pour|para|per|avec|with|mit|con|com|met|med)\s+([^,;|]{2,40})$", re.I
)
# 北京＝山田太郎: filed from a place;  王小明 北京报道: and the reverse
_FILED_FROM = re.compile(
    r"^[^\W\d_a-z]{1,8}\s?[＝=]\s?(?=[\u3040-\u9fff])|\s\S{2,5}(?:报道|報導|報道|摄影|攝影)$"
)
_REPORTERS = re.compile(r"\S{0,6}[记記]者")  # before several names; else a space parts one name
_HAN_NAMES = re.compile(r"[\u4e00-\u9fff]{2,4}(?:\s[\u4e00-\u9fff]{2,4})+")
_NO_WORD = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"(?<![\w@])\d")
_BEFORE_DATE = re.compile(r"(?:on|am|le|el|il|em|den|op|at|[-–—|·•,]+|\w{3,9}day,?)$", re.I)
_SPACE = re.compile(r"\w\s\w")
_CASED_WORD = re.compile(r"[^\W\d_]+")
_EDGES = " .,:;-–—·|*"
_BRACKETS = "()[]（）【】"
_HARD = re.compile(r"\s*(?:;|\||•|·(?=\s)|／|/(?!\w\b)|、|，|\n|\t| \+ )\s*")
_SOFT = re.compile(
    r"\s*(?:,(?!\s*(?:jr|sr|md|m\.d|phd|ph\.d|ii|iii|iv|esq)\b)|\s&\s)\s*"
    r"|\s+(?:and|und|et|og|och|ja|și|și|ve|dan|và|и|та|і|και|en|y|e|i|a|és)\s+",
    re.I,
)
_NOT_NAMES = re.compile(
    r"^(?:follow|share|read|see|click|sign|subscribe|log|join|listen|print|save|edit|skip|toggle|search"
    r"|text size|font size|comments?\b|reviewed by|fact.?checked|edited by|menu|home|back to|next"
    r"|more from"
    r"|bearbeiten|drucken|teilen|merken|kommentare?|modifier|imprimer|partager|commenter|éditer"
    r"|editar|imprimir|compartir|comentar\w*|guardar|compartilhar|salvar|modifica|stampa|condividi"
    r"|commenti|bewerken|afdrukken|delen|redigera|dela|skriv ut|del|udskriv|edytuj|drukuj"
    r"|udostępnij"
    r"|upravit|sdílet|редактировать|печать|поделиться|комментари\w*|редагувати|друк|поділитися"
    r"|düzenle|yazdır|paylaş|تعديل|تحرير|طباعة|مشاركة|ویرایش|چاپ|ערוך|הדפס|編集|印刷|共有|编辑本文|打印|分享"
    r"|edit bahagian|sunting|cetak|bagikan|chỉnh sửa|in bài|chia sẻ)(?!\w)"
    r"|^[a-z]+(?:\.[a-z]+){3,}$|@|^https?:|^www\.|^\W*$|^[\W\d]+$|\d{3}|^(?:admin|administrator|root|user|guest|unknown|none|null|"
    r"n/a|anonymous|staff|editor|editors|editorial|author|redaktion|redacción|rédaction|redazione|"
    r"redactie|redakcja|редакция|newsroom|news desk|web desk|online|our correspondent|"
    r"staff (?:writer|reporter|correspondent)|agencies|agency|agenturen|follow|share|"
    r"view (?:all )?(?:posts|bio|profile)|updated|published|posted)$",
    re.I,
)
_COLLECTIVE = re.compile(
    r"(?:^|\W)(?:staff|team|desk|redaktion\w*|redacci[oó]n|r[ée]daction|redazione|redactie|redakcj[ae]|"
    r"editors?|editorial|news|newsroom|online|media|press|times|post|daily|gazette|tv|radio|magazine|zeitung|"
    r"nachrichten|agency|agencies|agence|agencia|agenzia|ajans[ıi]?|services?|bureau|network|group|"
    r"gmbh|inc|ltd|corporation|foundation|university|institute|ministry|submissions?|contributors?|"
    r"correspondents?|reporters?|guest|admin|digital|web|редакция|新聞|新闻|報|报|通信社|社|編集部|오피니언)(?:\W|$)"
    r"|\.(?:com|org|net|de|at|ch|fr|it|es|uk|ru|cn|jp|tr|is|io|tv|info|eu)$|[新聞闻]\w*$|オンライン|デジタル|Web$",
    re.I,
)  # fmt: skip

# A desk, a role, a staff without the name of anyone, the outlet included: nobody is credited by it
_NOBODY = re.compile(
    r"(?:the |our |la |le |el |die )?(?:(?:foreign|news|world|national|international|political"
    r"|politics|business|sports?|city|local|web|online|digital|editorial|special) ){0,2}"
    r"(?:staff|desk|newsdesk|newsroom|admin|webmaster|guest|contributors?|correspondents?"
    r"|reporters?|editors?|team|redaktion|r[ée]daction|redacci[oó]n|redazione|redactie"
    r"|redakcj[ae]|редакция|редакція|編集部|编辑部)(?: (?:writers?|reporters?|team|report))?",
    re.I,
)


def names_of(
    credits: Iterable[Credit], sites: frozenset[str], *, seen: bool = False
) -> tuple[Name, ...]:
    """The names in `credits`, each once, in order; `sites` is what the page calls its outlet.

    `seen`: the credits were read off a visible byline.
    """
    kept: dict[str, Name] = {}
    for credit in credits:
        written = _undated(credit.name) if seen else credit.name
        named = (_named(text, credit.kind, sites) for text in _parts(written))
        for name in _without_places([name for name in named if name is not None], seen=seen):
            kept.setdefault(folded(name.text), name)
    return tuple(kept.values())[:20]


def folded(name: str) -> str:
    """`name` as comparisons see it: case, compatibility forms and punctuation gone."""
    return _NO_WORD.sub(" ", unicodedata.normalize("NFKC", name).casefold()).strip()


def _undated(line: str) -> str:
    """A visible byline up to its date ("By Jane Doe on 24 February 2023, 9:30")."""
    line = clean_line(line, 600)
    head, digits, _ = (
        line.partition(found[0]) if (found := _DIGITS.search(line)) else (line, "", "")
    )
    words = head.split()
    while (
        digits and words and (month_named(words[-1].strip(",.")) or _BEFORE_DATE.match(words[-1]))
    ):
        words.pop()
    return " ".join(words) if len(words) > 1 else line


def _without_places(names: list[Name], *, seen: bool) -> list[Name]:
    """`names` of one credit without the single words that are places and roles.

    Such are words beside the outlet's name ("daily.test, Frankfurt, Germany"), and in a byline as
    `seen` those beside whole names ("Von Jane Doe, Kiew"). What machines are told is the
    publisher's own list of authors.
    """
    beside = any(
        name.kind is NameKind.COLLECTIVE or (seen and _SPACE.search(name.text)) for name in names
    )
    return [
        name
        for name in names
        if not (beside and name.kind is NameKind.PERSON and _CASED_WORD.fullmatch(name.text))
    ]


def _parts(credit: str) -> Iterator[str]:
    text = clean_line(_HANDLE.sub("", clean_line(html.unescape(credit), 600)))
    if len(text) > 500 or "://" in text:
        return
    for bracketed in _BRACKETED.findall(text):
        if agency_named(bracketed) is not None:
            yield bracketed
    if (beside := _FOR.search(text)) is not None and agency_named(beside[1]) is not None:
        yield beside[1]
        text = text[: beside.start()]
    text = _FILED_FROM.sub("", _unlabelled(text))
    if _REPORTERS.match(credit.strip()) and _HAN_NAMES.fullmatch(text):
        yield from text.split()
        return
    for piece in _HARD.split(text):
        yield from _softly(piece)


def _softly(piece: str) -> Iterator[str]:
    """Split at commas and conjunctions, unless a side is no whole name ("Ortega y Gasset")."""
    parts = [part for part in _SOFT.split(piece) if part]
    if "," in piece and len(parts) == 2 and all(_single(part) for part in parts):
        yield f"{parts[1]} {parts[0]}"  # "Doe, Jane"
        return
    start = 0
    for cut in _SOFT.finditer(piece):
        left, right = piece[start : cut.start()], piece[cut.end() :]
        if (
            "," in cut[0]
            or "&" in cut[0]
            or (" " in left.strip() and " " in right.strip())
            or agency_named(right) is not None
        ):
            yield left
            start = cut.end()
    yield piece[start:]


def _single(part: str) -> bool:
    """One capitalised word that can be half of a name: no initials, no agency."""
    return part.isalpha() and part.istitle() and len(part) > 2 and agency_named(part) is None


def _unlabelled(text: str) -> str:
    return _LABEL.sub("", _PREFIX.sub("", text.strip()))


def _named(text: str, said: Kind, sites: frozenset[str]) -> Name | None:
    written = _unlabelled(text).strip(_EDGES)
    text = written.strip(_EDGES + _BRACKETS)
    key = folded(text)
    if _is_agency(text) and key.replace(" ", "") not in sites:
        return Name(text=text[:MAX_NAME_CHARS], kind=NameKind.AGENCY)
    if not key or _NOT_NAMES.search(text):
        return None
    if _NOBODY.fullmatch(text) and not _is_site(folded(text), sites):
        return None
    person = _SUFFIX.sub("", written).strip(_EDGES + _BRACKETS) or text
    if said is Kind.ORGANISATION or _is_site(folded(person), sites) or _COLLECTIVE.search(person):
        return Name(text=text[:MAX_NAME_CHARS], kind=NameKind.COLLECTIVE)
    if not folded(person) or len(person) > 80 or len(person.split()) > 7:
        return None
    return Name(text=person[:MAX_NAME_CHARS], kind=NameKind.PERSON)


def _is_agency(text: str) -> bool:
    """A wire by its name, or by its initials before a word or two ("SID Nachrichtenagentur")."""
    first, *rest = text.split(" ")
    return agency_named(text) is not None or (
        first.isupper() and len(rest) <= 2 and agency_named(first) is not None
    )


def _is_site(key: str, sites: frozenset[str]) -> bool:
    joined = key.replace(" ", "")
    first, *rest = key.split() or [""]
    if joined in sites or (rest and first in sites):
        return True
    return any(
        len(site) > 3
        and len(joined) < 3 * len(site)
        and (joined.startswith(site) or joined.endswith(site))
        for site in sites
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Authors:
    """People in the order of the byline, or the one credited without any; the agencies."""

    people: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()


def authors_of(
    witnesses: Sequence[Claims], visible: Callable[[], Claims], site_names: Iterable[str]
) -> Authors:
    """The authors by `witnesses`, best first; `visible` reads the byline, asked only if need be."""
    sites = frozenset(folded(site).replace(" ", "") for site in site_names)
    heard = [names_of(claims.credits, sites) for claims in witnesses]
    if not any(_of(names, NameKind.PERSON) for names in heard):
        heard.append(_of_byline(visible().credits, sites, unnamed=not any(heard)))
    people = next((found for names in heard if (found := _of(names, NameKind.PERSON))), ())
    agencies = next((found for names in heard if (found := _of(names, NameKind.AGENCY))), ())
    if not people:
        collective = (found for names in heard if (found := _of(names, NameKind.COLLECTIVE)))
        people = (agencies or next(collective, ()))[:1]
    return Authors(people=people, agencies=tuple(dict.fromkeys(map(_canonical, agencies))))


def _of_byline(
    credits: Iterable[Credit], sites: frozenset[str], *, unnamed: bool
) -> tuple[Name, ...]:
    """The names of the first credit on the page that can be a person's.

    Without one, and where mark-up is silent (`unnamed`), those of the first that is an agency's,
    else of the first that is a newsroom's or an organisation's.
    """
    seen = [(credit, names_of([credit], sites, seen=True)) for credit in credits]
    for credit, names in seen:
        if any(_plausible(name, sure=credit.kind is Kind.PERSON) for name in names):
            return names
    for kind in (NameKind.AGENCY, NameKind.COLLECTIVE) if unnamed else ():
        for _, names in seen:
            if _of(names, kind):
                return names
    return ()


def _canonical(agency: str) -> str:
    return agency_named(agency) or agency_named(agency.split(" ")[0]) or agency


def _plausible(name: Name, *, sure: bool) -> bool:
    """Whether a name read off the page can be a person's: two words that begin with capitals, or
    in a script without any, or one word of Han or kana; any one word where we are `sure`."""
    words = name.text.split()
    if name.kind is not NameKind.PERSON:
        return False
    if not name.text.isascii() and len(words) == 1:
        return 2 <= len(name.text) <= 8 and unicodedata.category(name.text[0]) == "Lo"
    if sure and len(words) == 1:
        return len(name.text) >= 3 and _may_begin(name.text[0])
    return 2 <= len(words) <= 5 and all(_may_begin(word[0]) for word in (words[0], words[-1]))


def _may_begin(letter: str) -> bool:
    """A capital, or a letter of a script with spaces and no capitals (Arabic, Hebrew, Hindi)."""
    return letter.isupper() or (unicodedata.category(letter) == "Lo" and letter < "\u3000")


def _of(names: Iterable[Name], kind: NameKind) -> tuple[str, ...]:
    return tuple(name.text for name in names if name.kind is kind)
