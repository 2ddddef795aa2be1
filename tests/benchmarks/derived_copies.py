"""Copies made from an article, one function per thing outlets do to a wire story.

Everything here is deterministic for a given `random.Random`. The retranslation noise stands for a
text that went into another language and back: words exchanged for others of their meaning where
the table below knows one and for a stand-in where not, small words lost or changed, neighbours
swapped, sentences split, joined, and now and then lost, quotation marks gone.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence

# Words a retranslation exchanges for each other, by hand.
_EXCHANGED = """
said stated noted added declared explained
says states notes adds
called described labelled termed
call appeal demand plea
proposal plan initiative suggestion
talks negotiations discussions conversations
fighting combat hostilities battle
war conflict
ceasefire truce armistice
began started commenced
begin start launch commence
end stop halt finish
ended stopped finished
help aid assist support
helped aided assisted supported
leader chief head ruler
president leader
minister secretary official
spokesman spokesperson representative
meeting gathering session
met encountered saw
visit trip journey stay
agreement accord deal pact
country nation state
countries nations states
government authorities administration cabinet
people persons citizens inhabitants
army military forces
troops soldiers forces
attack assault strike offensive
attacks assaults strikes
killed slain dead
injured wounded hurt
important significant major key
big large great
new recent fresh
old former previous
many numerous several
some certain
also likewise too additionally
but however yet although
because since as
before prior
after following
during throughout amid
about regarding concerning around
against opposing
between among
show demonstrate indicate
showed demonstrated indicated revealed
shows demonstrates indicates
told informed
asked requested questioned
think believe consider
want wish desire
need require
make create produce
made created produced
give provide offer
gave provided offered
take grab get
use employ utilise
used employed utilised
try attempt seek
tried attempted sought
keep maintain retain preserve
increase rise growth grow
increased rose grew
decrease drop decline fall
report document paper
reported announced communicated
statement declaration announcement
issue question problem matter
issued published released
released published issued
position stance attitude
situation circumstances state
crisis emergency
security safety
peace tranquillity
lasting durable enduring
quickly rapidly fast
clearly evidently obviously
possible feasible likely
necessary needed essential
difficult hard tough
part portion piece
way path manner road
time moment period
year twelvemonth
day date
week days
world globe
international global worldwide
political politics
economic economy financial
social societal
public open
police officers
court tribunal
company firm business enterprise
market marketplace
money funds cash
price cost
work labour job
life existence
house home residence
city town municipality
area region zone district
border frontier
relations ties links
allies partners friends
weapons arms armaments
sanctions penalties restrictions
condemned denounced criticised
criticised criticized condemned
accused charged blamed
claims asserts alleges maintains
claim allegation assertion
continue proceed go
continued proceeded went
remains stays continues
opened launched inaugurated
closed shut
expected anticipated awaited
likely probable
according
the this that
a one some
of from for
in at within inside
on upon at
to towards for
for in toward
by from through
with alongside together
that which
which that
has had holds
have had hold
had has
was is were
were are was
is was remains
will would shall
would will could
can could may
not never
he she it
it he this
they we those
his her its
their its his
who which that
""".strip()

_RELATED = (
    "Related: What the markets make of it",
    "Read more: The week in pictures",
    "Also read: Five things to know this morning",
    "How we got here: a timeline",
    "Opinion: The long road nobody wants to take",
)
_BOILERPLATE_ABOVE = (
    "Good morning and thank you for reading the Harbour Courier, the voice of the coast.",
    "This story reached us from our partners and was checked by the news desk before publication.",
)
_BOILERPLATE_BELOW = (
    "The Harbour Courier is funded by its readers. If you value it, tell a friend about us.",
    "Our offices stand at the old fish market; letters to the editor are welcome at any hour.",
    "Sign up for our newsletter and never miss a story.",
)
_LEDE = (
    "Residents across our region woke to the news on an ordinary day, and few had seen it coming. "
    "Our reporters have gathered what is known so far, what remains open, and why it matters here."
)

Noise = float  # share of words touched by a retranslation
AS_LIGHT_SEED: Noise = 0.14
AS_NOISY_SEED: Noise = 0.22
HEAVY: Noise = 0.28

_EXCHANGES: dict[str, list[str]] = {}
for _line in _EXCHANGED.splitlines():
    _words = _line.split()
    for _word in _words:
        _EXCHANGES.setdefault(_word, []).extend(other for other in _words if other != _word)

_SENTENCE = re.compile(r"(?<=[.!?…。！？])[\"”»’)]*\s+")
_NUMBER = re.compile(r"\b\d{1,3}(?:[.,]\d{3})*\b")


def paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def trimmed(text: str, share: float = 0.3) -> str:
    """The opening paragraphs (or sentences) up to `share` of the words, at least two."""
    parts = paragraphs(text)
    if len(parts) < 6:
        parts = _SENTENCE.split(text)
    kept: list[str] = []
    wanted, size = share * len(text.split()), 0
    for part in parts:
        if size >= wanted and len(kept) >= 2:
            break
        kept.append(part)
        size += len(part.split())
    return "\n\n".join(kept)


def new_lede(text: str, _: random.Random) -> str:
    return (
        "\n\n".join((_LEDE, *paragraphs(text)[1:]))
        if len(paragraphs(text)) > 4
        else (_LEDE + "\n\n" + " ".join(_SENTENCE.split(text)[1:]))
    )


def with_related_links(text: str, dice: random.Random) -> str:
    parts = paragraphs(text)
    for link in dice.sample(_RELATED, 4):
        parts.insert(dice.randint(1, len(parts)), link)
    return "\n\n".join(parts)


def with_boilerplate(text: str, _: random.Random) -> str:
    return "\n\n".join((*_BOILERPLATE_ABOVE, *paragraphs(text), *_BOILERPLATE_BELOW))


def lightly_edited(text: str, dice: random.Random, pool: Sequence[str]) -> str:
    """One word in ten exchanged, dropped or put in."""
    return _reworded(text, dice, pool, 0.10)


def corrected(text: str, dice: random.Random) -> str:
    """Every number changed."""
    return _NUMBER.sub(
        lambda found: str(int(re.sub(r"\D", "", found[0])) + dice.randint(1, 9)), text
    )


def retranslated(text: str, dice: random.Random, pool: Sequence[str], noise: Noise) -> str:
    told = []
    for paragraph in paragraphs(text):
        sentences = [one for one in _SENTENCE.split(paragraph) if one]
        kept = [one for one in sentences if dice.random() > 0.04] or sentences[:1]
        told.append(" ".join(_retold(one, dice, pool, noise) for one in kept))
    joined = [told[0]]
    for part in told[1:]:
        if dice.random() < 0.08:
            joined[-1] += " " + part
        else:
            joined.append(part)
    return re.sub(r"[“”\"«»„]", "", "\n\n".join(joined)).replace("U.S.", "US")


def _retold(sentence: str, dice: random.Random, pool: Sequence[str], noise: Noise) -> str:
    clauses = sentence.split(", ")
    if len(clauses) > 2 and dice.random() < 0.15:
        place = dice.randrange(len(clauses) - 1)
        clauses[place], clauses[place + 1] = clauses[place + 1], clauses[place]
    sentence = ", ".join(clauses)
    if len(clauses) > 1 and dice.random() < 0.06:
        sentence = sentence.replace(", ", ". ", 1)
    return _reworded(sentence, dice, pool, noise)


def _reworded(text: str, dice: random.Random, pool: Sequence[str], noise: Noise) -> str:
    told: list[str] = []
    for piece in re.split(r"(\s+)", text):
        if not piece.strip() or dice.random() > noise:
            told.append(piece)
            continue
        bare = re.sub(r"\W", "", piece)
        fate = dice.random()
        if fate < 0.12 and len(bare) <= 4:  # lost
            continue
        if fate < 0.22 and len(told) > 1:  # changes places with its neighbour
            told[-2], piece = piece, told[-2]
            told.append(piece)
        elif bare and not bare[0].isdigit():
            others = _EXCHANGES.get(bare.lower()) or [dice.choice(pool)]
            told.append(piece.replace(bare, dice.choice(others)))
        else:
            told.append(piece)
    return "".join(told)


Kind = Callable[[str, random.Random, Sequence[str]], str]

KINDS: Mapping[str, Kind] = {
    "same words, other furniture": lambda t, d, _p: with_related_links(t, d) + "\n\n12 shares",
    "trimmed to 30 %": lambda t, _d, _p: trimmed(t),
    "new headline and lede": lambda t, d, _p: new_lede(t, d),
    "related links inserted": lambda t, d, _p: with_related_links(t, d),
    "10 % of words edited": lightly_edited,
    "numbers corrected": lambda t, d, _p: corrected(t, d),
    "boilerplate of another outlet": lambda t, d, _p: with_boilerplate(t, d),
    "retranslated, as the light seed": lambda t, d, p: retranslated(t, d, p, AS_LIGHT_SEED),
    "retranslated, as the noisy seed": lambda t, d, p: retranslated(t, d, p, AS_NOISY_SEED),
    "retranslated, heavier still": lambda t, d, p: retranslated(t, d, p, HEAVY),
    "trimmed and retranslated": lambda t, d, p: retranslated(trimmed(t), d, p, AS_NOISY_SEED),
    "new lede, trimmed to 50 %": lambda t, d, _p: trimmed(new_lede(t, d), 0.5),
}
