"""What a site counts beside an article, in a line of its own: readers, shares, minutes to read.

Decides by the wording of one line, in the languages below, and by no site's name; refuses to know
where the line stands.
"""

import re

# What ends a sentence; a line without it is a headline, a label, or a number with its unit
SENTENCE_MARK = re.compile(r"[.!?…。！？;；:：][\"”»’'」』)\]]*$|[”»」』]$")

_UNITS = r"""
    sec(?:ond)?s? min(?:ute)?s? hours? hrs? days? weeks? months? years?
    sekunden? minuten? stunden? tage?n? wochen? secondes? heures? jours? semaines?
    segundos? minutos? horas? días? dias? semanas? minut[aioy]? or[ae] giorn[oi] uur dagen
    godzin[ay]? dni dzień секунд\w* минут\w* час\w* дн\w+ день хвилин\w* годин\w*
    """
_UNIT = "|".join(_UNITS.split())
_AMOUNT = r"(?:\d+|an?|ein\w*|une?|un[ao]?)"
RELATIVE_TIME = re.compile(
    rf"\b{_AMOUNT}\s*(?:{_UNIT})\s+(?:ago|atrás|fa|geleden|temu|назад|тому)\b"
    rf"|\b(?:vor|il y a|hace|há)\s+{_AMOUNT}\s*(?:{_UNIT})\b"
    r"|\d+\s*(?:秒|分钟|分|小时|时间|時間|天|日)前|\bjust now\b",
    re.IGNORECASE,
)
_COUNTED = (
    "comments? shares? views? likes? reactions? reads retweets? replies followers kommentare? "
    "commentaires? partages? vues comentarios? comentários? commenti reacties komentarz\\w* "
    "просмотр\\w* комментари\\w* коментар\\w* перегляд\\w* 条评论 次阅读 次浏览 人参与 件のコメント"
)
_COUNTER = re.compile(
    r"^\W*(?:\d[\d.,\s]*[KMkm万]?|no|one)\s*(?:{0})\W*$|^\W*(?:{0}|阅读|评论|分享|閲覧数|コメント)"
    r"[\W\d]*[KMkm万]?\W*$".format("|".join(_COUNTED.split())),
    re.IGNORECASE,
)
# "758 people have read this story": a number, whom it counts, and what they did, alone in its line
_AUDIENCE = re.compile(
    r"^\W*\d[\d.,\s]*[KMkm万]?\s*(?:thousand\s+|tausend\s+|mil(?:le)?\s+|tys\w*\.?\s+|тыс\w*\.?\s+)?"
    r"(?:people|readers|users|others|visitors|leser\w*|personen|menschen"
    r"|lecteurs|personnes|lectores|personas|leitores|pessoas|lettori|persone|czytelnik\w*|osób"
    r"|читател\w*|человек|читач\w*|людей|人)\b[^.!?。]{0,40}?(?:\bread(?:ing)?|shared|view(?:ed|ing)"
    r"|liked|watch(?:ed|ing)|comment(?:ed|ing)|gelesen|geteilt|aufgerufen|angesehen|\blus?\b"
    r"|partagé|leído|compartido|\blido|\bletto|condiviso|przeczytał\w*|udostępni\w*|прочитал\w*"
    r"|поделил\w*|поширил\w*|阅读|浏览|分享|読)",
    re.IGNORECASE,
)
_READING_TIME = re.compile(
    r"^\W*\d+[\s-]*(?:min\w*|мин\w*)\W*(?:read|to read|lesezeit|de lecture|de lectura|чтения)\W*$"
    r"|^\W*(?:reading time|lesezeit|temps de lecture)\W*\d+\W*\w*\W*$",
    re.IGNORECASE,
)


def is_counter(line: str) -> bool:
    """Whether `line` is a number of comments, shares or readers, or the time it takes to read."""
    if _COUNTER.match(line) or _READING_TIME.match(line):
        return True
    return _AUDIENCE.match(line) is not None and SENTENCE_MARK.search(line) is None


def is_relative_time(line: str) -> bool:
    """Whether `line` is nothing but how long ago something was: "90 minutes ago"."""
    return RELATIVE_TIME.fullmatch(line.strip()) is not None
