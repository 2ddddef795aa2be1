"""Copies that other hands make: changes of house style, structure, and of several at once.

As in `derived_copies`, deterministic for a given `random.Random`. `MERGED` are texts an outlet made
of a wire story and of other work; there a link with the shared passages is what is asked.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence

from tests.benchmarks.derived_copies import lightly_edited, paragraphs, retranslated, trimmed

# How another translator puts it: runs of words, and small words a different grammar moves.
_PHRASED = """
according to|as per
in order to|so as to
as well as|and also
a number of|several
as soon as possible|at the earliest
in addition|besides
at the same time|simultaneously
a year ago|twelve months ago
more than|over
less than|under
at least|no fewer than
for the first time|for a first time
said that|has said
he said|according to him
she said|according to her
they said|according to them
told reporters|said to journalists
is expected to|should
are expected to|should
has been|was
have been|were
had been|was
would be|will be
will be|is going to be
does not|doesn't
did not|didn't
is not|isn't
was not|wasn't
cannot|can not
on monday|this monday
on tuesday|this tuesday
on wednesday|this wednesday
on thursday|this thursday
on friday|this friday
last week|the past week
last year|in the past year
this year|in the current year
prime minister|head of government
foreign minister|chief diplomat
foreign ministry|ministry of foreign affairs
white house|us presidency
european union|eu
united nations|un
united states|us
human rights|rights of man
because of|due to
despite|in spite of
instead of|in place of
such as|like
part of|a portion of
one of the|among the
most of the|the majority of
all of the|all the
end of|conclusion of
start of|beginning of
""".strip()
_PHRASES = tuple(
    (re.compile(rf"\b{re.escape(said)}\b", re.IGNORECASE), put)
    for said, put in (line.split("|") for line in _PHRASED.splitlines())
)

_SPELT = """
analyse analyze
apologise apologize
behaviour behavior
cancelled canceled
catalogue catalog
centre center
centres centers
cheque check
colour color
criticise criticize
criticised criticized
defence defense
emphasise emphasize
favour favor
favourite favorite
fuelled fueled
grey gray
harbour harbor
honour honor
humour humor
kilometres kilometers
labour labor
licence license
manoeuvre maneuver
metres meters
modelling modeling
mobilise mobilize
neighbour neighbor
neighbouring neighboring
neighbours neighbors
offence offense
organisation organization
organisations organizations
organised organized
organise organize
programme program
programmes programs
realise realize
recognise recognize
recognised recognized
rumour rumor
sceptical skeptical
stabilise stabilize
theatre theater
totalling totaling
travelled traveled
travelling traveling
tonnes tons
towards toward
""".strip()
_SPELLINGS: dict[str, str] = {}
for _line in _SPELT.splitlines():
    _british, _american = _line.split()
    _SPELLINGS |= {_british: _american, _american: _british}

_NAMED = """
Zelensky Zelenskyy Zelenskiy Zelenskyi
Kyiv Kiev
Kharkiv Kharkov
Odesa Odessa
Lviv Lvov
Beijing Peking
Lukashenko Lukashenka
Lavrov Lavroff
Shoigu Shoygu
Bakhmut Artyomovsk
Dnipro Dnepr
Donbas Donbass
Sergei Sergey
Dmitry Dmitri
Mykhailo Mikhail
Volodymyr Vladimir
Aleksandr Alexander
Mohammed Muhammad
Erdogan Erdoğan
Xinjiang Sinkiang
Kim Gim
""".strip()
_VARIANTS: dict[str, list[str]] = {}
for _line in _NAMED.splitlines():
    for _name in _line.split():
        _VARIANTS[_name] = [other for other in _line.split() if other != _name]

_SENTENCE = re.compile(r"(?<=[.!?…。！？])\s*(?=\S)")
_WORD = re.compile(r"[^\W\d_]+")

Kind = Callable[[str, random.Random, Sequence[str], str], str]


def other_translator(text: str, dice: random.Random, pool: Sequence[str]) -> str:
    """Phrases put another way wherever the table knows one, then a lighter noise of words."""
    for said, put in _PHRASES:
        text = said.sub(put, text)
    text = re.sub(r"\b(?:the|a|an) ", lambda found: "" if dice.random() < 0.15 else found[0], text)
    return retranslated(text, dice, pool, 0.17)


def middle(text: str, share: float = 0.4) -> str:
    """A run of paragraphs from behind the opening, `share` of the words, to before the end."""
    parts = paragraphs(text)
    if len(parts) < 5:
        parts = [one for one in _SENTENCE.split(" ".join(parts)) if one]
    kept: list[str] = []
    wanted, size = share * len(text.split()), 0
    for part in parts[len(parts) // 5 :]:
        if size >= wanted and len(kept) >= 2:
            break
        kept.append(part)
        size += len(part.split())
    return "\n\n".join(kept)


def respelt(text: str) -> str:
    """British for American and the other way round."""
    return _WORD.sub(lambda found: _cased(found[0], _SPELLINGS.get(found[0].lower())), text)


def transliterated(text: str, dice: random.Random) -> str:
    """Names as another desk writes them, throughout."""
    chosen = {name: dice.choice(others) for name, others in _VARIANTS.items()}
    return _WORD.sub(lambda found: chosen.get(found[0], found[0]), text)


def quoted_otherwise(text: str, dice: random.Random) -> str:
    """Another house's quotation marks and dashes."""
    opening, closing = dice.choice((("«", "»"), ("„", "“"), ("'", "'"), ("``", "''"), ("‘", "’")))
    text = text.replace("“", opening).replace("”", closing).replace("—", "-").replace("–", "-")
    return re.sub(r'"([^"\n]*)"', rf"{opening}\1{closing}", text)


def split_up(text: str) -> str:
    """Every sentence a paragraph, as tabloids set."""
    return "\n\n".join(one for part in paragraphs(text) for one in _SENTENCE.split(part) if one)


def run_together(text: str) -> str:
    """All in one paragraph, as a bad extraction leaves it."""
    return " ".join(paragraphs(text))


def shouted(text: str, _: random.Random) -> str:
    """A dateline in capitals, and the first paragraph in capitals."""
    first, *rest = paragraphs(text)
    return "\n\n".join((f"NEW YORK, FRIDAY (OUR CORRESPONDENT) - {first.upper()}", *rest))


def house_style(text: str, dice: random.Random, pool: Sequence[str]) -> str:
    """All of it at once, with one word in twenty-five changed."""
    text = transliterated(respelt(quoted_otherwise(split_up(text), dice)), dice)
    return lightly_edited(text, dice, pool) if dice.random() < 0.4 else shouted(text, dice)


def with_own_reporting(text: str, dice: random.Random, other: str, share: float = 0.3) -> str:
    """Paragraphs of another story of the outlet's own between, `share` of the copy's words."""
    wanted = share / (1 - share) * len(text.split())
    own, size = [], 0
    for part in paragraphs(other):
        if size >= wanted:
            break
        own.append(part)
        size += len(part.split())
    parts = paragraphs(text)
    for part in own:
        parts.insert(dice.randint(1, len(parts)), part)
    return "\n\n".join(parts)


def merged(text: str, dice: random.Random, other: str) -> str:
    """The openings of two stories, paragraph by paragraph in turns."""
    ours, theirs = paragraphs(trimmed(text, 0.6)), paragraphs(trimmed(other, 0.6))
    turns = [part for pair in zip(ours, theirs, strict=False) for part in pair]
    rest = ours[len(theirs) :] or theirs[len(ours) :]
    if dice.random() < 0.5:
        return "\n\n".join((*ours, *theirs))
    return "\n\n".join((*turns, *rest))


def _cased(before: str, after: str | None) -> str:
    if after is None:
        return before
    return after.capitalize() if before[0].isupper() else after


HARDER: Mapping[str, Kind] = {
    "another translator": lambda t, d, p, _o: other_translator(t, d, p),
    "another translator, trimmed": lambda t, d, p, _o: other_translator(trimmed(t, 0.4), d, p),
    "the middle kept (40 %)": lambda t, _d, _p, _o: middle(t),
    "American for British spelling": lambda t, _d, _p, _o: respelt(t),
    "names transliterated otherwise": lambda t, d, _p, _o: transliterated(t, d),
    "quotation marks of another house": lambda t, d, _p, _o: quoted_otherwise(t, d),
    "every sentence a paragraph": lambda t, _d, _p, _o: split_up(t),
    "all in one paragraph": lambda t, _d, _p, _o: run_together(t),
    "dateline and lede in capitals": lambda t, d, _p, _o: shouted(t, d),
    "house style, all at once": lambda t, d, p, _o: house_style(t, d, p),
    "30 % of own reporting between": lambda t, d, _p, o: with_own_reporting(t, d, o),
    "30 % own, and retranslated": lambda t, d, p, o: with_own_reporting(
        retranslated(t, d, p, 0.14), d, o
    ),
}
MERGED: Mapping[str, Kind] = {
    "two stories in one": lambda t, d, _p, o: merged(t, d, o),
    "half own, half trimmed": lambda t, d, _p, o: with_own_reporting(trimmed(t, 0.5), d, o, 0.5),
}
