"""Text → the tokens and sentences everything else here counts.

Decides what a word is: a run of letters or digits in scripts that put spaces between words, one
character in those that do not (Chinese, Japanese, Thai, Lao, Khmer, Burmese). The script of the
text itself decides, not a language tag, so that two copies tagged differently read the same.

How many words a text has, in scripts with spaces and without.

Scripts with spaces: runs of letters and digits. Han and kana: each character counts, as word
processors count them. Thai, Lao, Khmer and Burmese write no spaces and count by length: about four
characters a word (unmeasured; dictionaries of Thai give 4 to 5).
"""

import re
import unicodedata

# Scripts that put no spaces between words, for a class of a regular expression
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
_TOKEN = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+")
_CHARACTER = re.compile(rf"[{UNSPACED}]")
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")  # U.S. → US
_IN_NUMBER = re.compile(r"(?<=\d)[.,](?=\d)")  # 1,234 and 1.234 → 1234
# Soft hyphens and spaces of no width; Arabic and Hebrew vowel points, the stroke that lengthens
# Arabic words; the Ukrainian apostrophe, which others write as a quotation mark
_MARKS = re.compile(
    "[\u00ad\u200b\u2060\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640"
    "\u064b-\u065f\u0670]|['’ʼ](?<=[\u0400-\u052f].)(?=[\u0400-\u052f])"
)
# Russian ё is mostly written е, Swiss German ß is ss, Arabic hamza and final forms come and go
_ONE_LETTER = str.maketrans({
    "ё": "е", "ß": "ss", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه",
})  # fmt: skip

_QUOTED = re.compile(
    '“[^”“]{15,900}”|"[^"\n]{15,900}"|«[^»«]{15,900}»|„[^“”„]{15,900}[“”]|「[^「」]{8,400}」'
    "|『[^『』]{8,400}』"
)
# "1. Respecting the sovereignty of all countries": a point of a plan that every outlet quotes
_HAN_NUMBERS = [*"一二三四五六七八九十", *(f"十{digit}" for digit in "一二三四五六七八九"), "二十"]
_NUMBERED = re.compile(
    r"\s*[(（]?(?:(?:point |no\.? ?)?(\d{1,2})[.)）、:]|"
    rf"({'|'.join(_HAN_NUMBERS[::-1])})[)）、])",
    re.IGNORECASE,
)
_LEAST_POINTS = 3
_ABBREVIATED = re.compile(
    r"\b(Mr|Mrs|Ms|Dr|Prof|Gen|Gov|Rep|Sen|St|Lt|Col|Sgt|No|Jan|Feb|Aug|Sept|Oct|Nov|Dec|Inc|Co|Corp"
    r"|Ltd|vs|bzw|ca|Nr|M|Mme|Sr|Sra|ul|tzw|prof|ks|im|им|г|гг|тыс|млн|млрд)\.(?=\s)"
)
_SENTENCE_END = re.compile(
    r"(?<=[.!?…])[\"”»’')\]]*\s+(?=[\"“«„‘'(\[—–-]*\s*(?:[^\W_]))|(?<=[。！？])[”」』’）]*|\n+"
)

# Shingle lengths by script, short and long: three and five words; in unspaced scripts a word is
# one to two characters, and eight separated copies from others best in Chinese (four to ten
# were tried).
WORD_SHINGLES = (3, 5)
CHARACTER_SHINGLES = (5, 8)


def words(text: str) -> list[str]:
    """The tokens of `text` in order: NFKC, lower case, initials and digits joined, and letters that
    house styles take for each other as one."""
    found = _TOKEN.findall(plain(text))
    return "\n".join(found).lower().translate(_ONE_LETTER).split("\n") if found else []


def places(text: str) -> list[tuple[int, int]]:
    """Where each token of `words(text)` starts and ends in `plain(text)`."""
    return [match.span() for match in _TOKEN.finditer(plain(text))]


def plain(text: str) -> str:
    """`text` in NFKC with initials and digits joined, without marks that a copy may lack, case
    kept: what passages are cut from."""
    text = _MARKS.sub("", unicodedata.normalize("NFKC", text))
    text = _INITIALS.sub(lambda found: found[0].replace(".", ""), text)
    return _IN_NUMBER.sub("", text)


def shingle_lengths(found: list[str]) -> tuple[int, int]:
    """The short and the long shingle length for these tokens, by the script of most of them."""
    characters = sum(1 for word in found if _CHARACTER.match(word))
    return CHARACTER_SHINGLES if 2 * characters > len(found) else WORD_SHINGLES


def unquoted(text: str) -> str:
    """`text` without what stands in quotation marks, which must open and close in a paragraph, and
    without the numbered points of a document it reprints."""
    paragraphs = [line for line in text.split("\n") if line.strip()]
    points = _points(paragraphs)
    return "\n".join(
        _QUOTED.sub(" ", paragraph)
        for place, paragraph in enumerate(paragraphs)
        if place not in points
    )


def _points(paragraphs: list[str]) -> set[int]:
    """Where paragraphs stand that are numbered from one on, if they are three or more."""
    found: list[int] = []
    for place, paragraph in enumerate(paragraphs):
        numbered = _NUMBERED.match(paragraph)
        if numbered and _number(numbered) == len(found) + 1:
            found.append(place)
    return set(found) if len(found) >= _LEAST_POINTS else set()


def _number(numbered: re.Match[str]) -> int:
    return int(numbered[1]) if numbered[1] else _HAN_NUMBERS.index(numbered[2]) + 1


def sentences(text: str) -> list[str]:
    """The sentences of `text` in order; a line break always ends one."""
    shielded = _ABBREVIATED.sub(lambda found: found[1] + "\u2024", text)
    parts = (part.strip() for part in _SENTENCE_END.split(shielded))
    return [part.replace("\u2024", ".") for part in parts if part]


_WITHOUT_SPACES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_EACH = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORDS_CHARACTER = re.compile(f"[{_EACH}]")
_RUN = re.compile(f"[{_WITHOUT_SPACES}]+")
_WORD = re.compile(r"\w+(?:['’\-]\w+)*")
_CHARACTERS_A_WORD = 4


def word_count(text: str) -> int:
    """Words of `text`, every script by its own custom."""
    characters = len(_WORDS_CHARACTER.findall(text))
    runs = sum(-(-len(run) // _CHARACTERS_A_WORD) for run in _RUN.findall(text))
    rest = _RUN.sub(" ", _WORDS_CHARACTER.sub(" ", text)) if characters or runs else text
    return characters + runs + len(_WORD.findall(rest))
