"""Whether two titles are instalments of one series: day 408 and day 409, this morning's briefing.

Instalments share their furniture, background and often yesterday's paragraphs; no share of common
text makes them copies. Decides by titles, outlets and times; refuses to look at texts.
"""

import re
from datetime import datetime, timedelta

from flows.core.text.words import words

# Months and weekdays: en de fr es it pt nl pl ru uk.
_CALENDAR_NAMES = """
    january february march april may june july august september october november december
    jan feb mar apr jun jul aug sep sept oct nov dec
    monday tuesday wednesday thursday friday saturday sunday
    januar februar märz mai juni juli oktober dezember jänner
    montag dienstag mittwoch donnerstag freitag samstag sonntag
    janvier février mars avril juin juillet août septembre octobre novembre décembre
    lundi mardi mercredi jeudi vendredi samedi dimanche
    enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
    lunes martes miércoles jueves viernes sábado domingo
    gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre
    lunedì martedì mercoledì giovedì venerdì sabato domenica
    janeiro fevereiro março maio junho julho setembro outubro novembro dezembro
    segunda terça quarta quinta sexta
    januari februari maart mei augustus maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
    stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada
    grudnia poniedziałek wtorek środa czwartek piątek sobota niedziela
    января февраля марта апреля мая июня июля августа сентября октября ноября декабря
    понедельник вторник среда четверг пятница суббота воскресенье
    січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
    понеділок вівторок середа четвер пʼятниця субота неділя
    """
# Words that stand beside the number of an instalment
_COUNTING_NAMES = """
    day days week month part episode issue edition chapter round no vol volume number live tag woche
    teil folge ausgabe jour semaine partie épisode numéro día semana parte episodio número giorno
    settimana dia dzień tydzień część odcinek день дня дней неделя часть выпуск доба тиждень
    частина dag deel 第 日 天 期 集 回 号 月
    """
_CALENDAR = frozenset(_CALENDAR_NAMES.split())
_COUNTING = frozenset(_COUNTING_NAMES.split())
_MARK = re.compile(r"(?:(?<!\s)\s++)?[|:：]\s+|(?<!\s)\s++[–—-]\s+")
_LEAST_TITLE = 3  # tokens; "Live updates" alone says nothing
_ANOTHER_DAY = timedelta(hours=18)  # a daily briefing is not out by hours; unmeasured


def counted_apart(title_a: str | None, title_b: str | None) -> bool:
    """Whether two titles differ only in a date or in what counts a series (day 408, part 2)."""
    a, b = _marked(title_a), _marked(title_b)
    if len(a) < _LEAST_TITLE or len(a) != len(b) or a == b:
        return False
    differing = [place for place, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    if not all(_counts(a[place]) and _counts(b[place]) for place in differing):
        return False
    return any(_in_series(a, place) for place in differing)


def recurring(title_a: str | None, title_b: str | None, at_a: datetime, at_b: datetime) -> bool:
    """Whether one title, or one column's name before a mark, stands over two days' texts."""
    if abs(at_a - at_b) < _ANOTHER_DAY:
        return False
    a, b = _marked(title_a), _marked(title_b)
    return bool(a) and (a == b or bool(_columns(title_a) & _columns(title_b)))


def _columns(title: str | None) -> set[tuple[str, ...]]:
    """What stands before or behind the first mark of a title, where it is long enough to name."""
    parts = _MARK.split(title or "", maxsplit=1)
    named = (tuple(words(part)) for part in parts) if len(parts) > 1 else ()
    return {name for name in named if len(name) >= _LEAST_TITLE}


def _marked(title: str | None) -> list[str]:
    return words(title or "")


def _counts(word: str) -> bool:
    return word.isdigit() or word in _CALENDAR or _ordinal(word)


def _ordinal(word: str) -> bool:
    return re.fullmatch(r"\d+(?:st|nd|rd|th|e|er|ª|º|го|й)", word) is not None


def _in_series(title: list[str], place: int) -> bool:
    """Whether the token at `place` is a date, or has a counting word or a date beside it."""
    if title[place] in _CALENDAR:
        return True
    beside = title[max(0, place - 1) : place] + title[place + 1 : place + 2]
    return any(word in _COUNTING or word in _CALENDAR for word in beside)
