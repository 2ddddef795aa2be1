"""Which lines of a text are furniture: the site's words around the article, not the article's.

Relative times, share and comment counters, related links, invitations to subscribe, cookie lines.
They make different articles look alike and the same article look edited, so they are left out
before anything is compared. Decides by the wording and shape of one line, in the languages below,
and by no site's name.

Whether a text is a shell: what a site says instead of an article.

Cookie and consent pages, log-in and pay walls, block and error pages, bare newsletter furniture.
Every false merge found in 1,725 pairs scored by people was one of these, so they are kept out
before fingerprinting. Decides by wording, and by how much of the text that wording is: an article
about cookies stays an article.
"""

import re

from flows.core.text.boilerplate import RELATIVE_TIME, SENTENCE_MARK, is_counter
from flows.core.text.words import sentences, words

_WORD = re.compile(r"\w+")

_SHORT = 15  # words; an invitation inside a longer line is talked about, not furniture
_LOOSE = 20  # words; headlines of related links are shorter, paragraphs are longer

# A line that opens with one of these and then stops, or goes on behind a mark
_BEFORE_LINKS = (
    "read more", "read also", "read next", "read the full story", "also read", "see also",
    "related", "related articles?", "related stor(?:y|ies)", "related topics?", "related links?",
    "related news", "related content", "related coverage", "more on this(?: story| topic)?",
    "more from [^.]{1,40}", "more stories", "more coverage", "recommended", "most read",
    "most popular", "most viewed", "trending(?: now)?", "you m(?:ay|ight) (?:also )?like",
    "don'?t miss", "watch(?: now| more)?", "listen(?: now| more)?", "click here", "top stories",
    "lesen sie auch", "mehr zum thema", "(?:à )?lire aussi", "voir aussi", "lea también",
    "te puede interesar", "leia (?:também|mais)", "leggi anche", "lees ook", "czytaj (?:także|też"
    "|również|więcej)", "zobacz (?:także|też|również)", "чита(?:йте|ть) также", "смотрите также",
    "читайте (?:ще|також)", "相关(?:阅读|新闻|报道)", "延伸阅读", "推荐阅读",
    "関連(?:記事|ニュース)",
)  # fmt: skip
_OPENS_A_LINK = re.compile(rf"^\W*(?:{'|'.join(_BEFORE_LINKS)})\s*(?:[:：>»|–—-]|$)", re.IGNORECASE)
# What no article says of its own subject
_INVITATIONS = (
    r"sign up (?:for|to|here)\b", r"subscribe (?:to (?:our|the)|now|today|here)\b", r"follow us\b",
    r"(?:our|the|free|daily|weekly) newsletter\b", r"share this (?:article|story|page|post)\b",
    r"all rights reserved\b", r"(?:story|article) continues below\b", r"^continue reading\b",
    r"accept (?:all )?cookies\b", r"we use cookies\b", r"^privacy policy\b",
    r"^terms of (?:use|service)\b", r"download (?:the|our) app\b", r"join (?:us on|our) \w+",
    r"may not be (?:published, broadcast|reproduced)\b", r"report an? (?:typo|mistake|error)\b",
    r"jetzt abonnieren\b", r"newsletter abonnieren\b", r"alle rechte vorbehalten\b",
    r"folgen sie uns\b", r"abonnez-vous\b", r"tous droits réservés\b", r"suivez-nous\b",
    r"suscríbete\b", r"síguenos\b", r"todos los derechos\b", r"iscriviti (?:alla|al)\b",
    r"tutti i diritti\b", r"siga-nos\b", r"todos os direitos\b", r"zapisz się\b",
    r"wszelkie prawa\b", r"подпис(?:ывайтесь|аться) на\b", r"все права защищены\b",
    r"підпис(?:уйтесь|атися) на\b", "版权所有", "责任编辑", "扫一扫", "分享到", "無断転載",
)  # fmt: skip
_INVITES = re.compile("|".join(_INVITATIONS), re.IGNORECASE)
_ALONE = re.compile(
    r"^\W*(?:advertise?ments?|sponsored(?: content)?|share|tweet|email|print|copy link|save"
    r"|(?:share|tweet|post) (?:on|via|to) \w+|anzeige|werbung|publicité|publicidad|pubblicità"
    r"|reklama|реклама|广告|広告|facebook|twitter|whatsapp|telegram|linkedin|reddit)\W*$",
    re.IGNORECASE,
)
_STAMP = re.compile(
    r"^\W*(?:last )?(?:updated?|published|posted|modified|aktualisiert|stand|veröffentlicht"
    r"|mis à jour|publié|actualizado|publicado|aggiornato|pubblicato|atualizado|aktualizacja"
    r"|opublikowano|обновлено|опубликовано|оновлено|опубліковано)\b[^.!?]*\d"
    r"|^\W*(?:更新|发布|発表)[^。！？]*\d",
    re.IGNORECASE,
)


# Behind a byline, too: "Jane Doe | Updated 10:15 GMT"; or a bare time of day
_UPDATED = re.compile(
    r"\b(?:updated|last modified|aktualisiert|mis à jour|actualizado|aggiornato|atualizado"
    r"|aktualizacja|обновлено|оновлено)\b[^.!?]*\d",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\b\d{1,2}[:h]\d{2}\b")
_STAMPED = 12  # words of a byline with its stamp
_BARE = 7  # words of a date with a time of day: "Fri, 24 Feb 2023 10:15 GMT"


def body(text: str) -> str:
    """`text` without its furniture lines, or `text` itself when nothing else would be left."""
    lines = body_lines(text)
    return "\n".join(lines) if lines else text


def body_lines(text: str) -> list[str]:
    """The lines of `text` that are not empty and not furniture, stripped, in order."""
    stripped = (line.strip() for line in text.splitlines())
    return [line for line in stripped if line and not is_furniture(line)]


def is_furniture(line: str) -> bool:
    """Whether a line belongs to the site and not to the article."""
    size = len(_WORD.findall(line))
    if size > _LOOSE:
        return False
    if is_counter(line) or _ALONE.match(line):
        return True
    if _OPENS_A_LINK.match(line):
        return True
    if size <= _SHORT and _INVITES.search(line):
        return True
    if not is_loose(line):
        return False
    if size <= _BARE and _CLOCK.search(line):
        return True
    return bool(
        RELATIVE_TIME.search(line)
        or _STAMP.match(line)
        or (size <= _STAMPED and _UPDATED.search(line))
    )


def is_loose(line: str) -> bool:
    """Whether a line could be a link's headline or a subheading: short, with no mark at its end."""
    return SENTENCE_MARK.search(line) is None and len(_WORD.findall(line)) <= _LOOSE


_SIGNS = re.compile(
    "|".join(
        (
            # cookies and consent
            r"\bcookies?\b", r"\bconsent\b", r"personali[sz]ed (?:ads?|advertising|content)",
            r"privacy (?:policy|settings|preferences)", r"legitimate interest",
            r"our (?:\d+ )?partners", r"datenschutz", r"einwilligung",
            r"politique de confidentialité", r"consentement", r"política de privacidad",
            r"informativa sulla privacy", r"polityk\w+ prywatności", r"ciasteczk\w+",
            r"файл\w* cookie", r"隐私政策",
            # log in and pay
            r"subscrib\w+", r"\b(?:log|sign) ?in\b", r"sign(?:ed)? up",
            r"create an? (?:free )?account", r"free trial", r"per (?:month|week)",
            r"cancel any ?time", r"already a (?:member|subscriber)",
            r"(?:this|the full) (?:article|content|story) is (?:only )?(?:available|for|reserved)",
            r"\b(?:to|and) (?:continue|keep) reading", r"\babonn\w+", r"registrier\w+",
            r"suscri\w+", r"abbona\w+", r"\bassin(?:e|ante)\b", r"prenumer\w+", r"подписк\w+",
            r"登录", r"订阅", r"newsletters?\b", r"\binbox\b",
            # blocks, challenges and errors
            r"access (?:denied|to this page)", r"(?:enable|turn on) (?:javascript|js)",
            r"javascript", r"unusual (?:traffic|activity)",
            r"are (?:you )?(?:a )?(?:robot|human|not a robot)", r"captcha", r"ad ?blocker?",
            r"your (?:browser|ip|connection)", r"cloudflare", r"ray id", r"checking your browser",
            r"page (?:you|not|cannot|could not)", r"\b40[134]\b", r"temporarily unavailable",
            r"not available in your (?:country|region|location)", r"try again later",
            r"seite (?:wurde )?nicht gefunden", r"page introuvable", r"página no encontrada",
            r"страница не найдена", r"页面不存在",
        )
    ),
    re.IGNORECASE,
)  # fmt: skip

_LEAST_WORDS = 8  # fewer say nothing; in Chinese eight characters are a headline
# The share of a text's words standing in sentences with a sign, from which it is a shell …
_SHARE = 0.5
# … and the words above which no page was ever only a wall; both by eye on pages saved by hand.
_LONGEST = 400
_BRIEF = 25  # words; a longer text must show two different signs


def is_shell(text: str) -> bool:
    """Whether `text` is a cookie, login, paywall, block or error page, or newsletter furniture.

    An empty text is one, too.
    """
    kept = words("\n".join(body_lines(text)))
    if len(kept) < _LEAST_WORDS:
        return True
    told = [(sentence, len(words(sentence))) for sentence in sentences(text)]
    total = sum(size for _, size in told)
    if total > _LONGEST:
        return False
    signs = {found.lower() for found in _SIGNS.findall(text)}
    if len(signs) < (1 if total < _BRIEF else 2):  # "without its consent" is no wall
        return False
    signed = sum(size for sentence, size in told if _SIGNS.search(sentence))
    return signed >= _SHARE * total
