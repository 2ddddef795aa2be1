"""One spelling for many: text → words parted by single spaces, sentences by newlines.

Decides which differences of writing mean nothing (accents, apostrophes, widths, Arabic letter
forms, hyphens); refuses to know any term. Case is kept: `folded` takes it away, letter by letter,
so that both spellings of a text have the same offsets.
"""

import re
import unicodedata

# Accents of Latin, Greek and Cyrillic; Arabic vowel signs, hamza marks and the stretching tatweel;
# Hebrew points; soft hyphens, joiners and other characters without width. Kana voicing marks
# (U+3099) are not here: か and が are different letters.
_WEIGHTLESS = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u00ad\u200b-\u200f\u2060\ufeff]"
)
# Letters that Unicode does not decompose and writers interchange. Arabic final ya, ta marbuta and
# the Persian kaf and ya are written either way on the web.
_LETTERS = {
    "ł": "l", "Ł": "L", "ı": "i", "ß": "ss", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D",
    "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ґ": "г", "Ґ": "Г",
    "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك",
}  # fmt: skip
# the apostrophe first, so that the search skips to it
_POSSESSIVE = re.compile(r"['’‘ʼ＇`´](?<=\w.)[sS]\b")
_GAP = re.compile(r"[^\w\n]+")
_ARABIC_CLITICS = re.compile(r"[وف]?(?:[بك]?(?:ال)?|لل?)")
_FREE = re.compile("[\u3005-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_HALF_WORDS = re.compile("[\u3005-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff]")


def normalised(text: str) -> str:
    """`text` with one spelling for each word; newlines stay, and no others appear.

    "China’s cease-fire" → "China cease fire"; "Çin'in" → "Cin in"; "الصّين" → "الصين".
    """
    text = _POSSESSIVE.sub("", text)
    if not text.isascii():
        text = _WEIGHTLESS.sub("", unicodedata.normalize("NFKD", text))
        text = unicodedata.normalize("NFC", text)
        for letter, plain in _LETTERS.items():  # a third of the time of str.translate
            text = text.replace(letter, plain)
    return _GAP.sub(" ", text)


def folded(normal: str) -> str:
    """A normalised text without case, of the same length.

    `lower`, not `casefold`: only the capital İ changes its length, and `normalised` took its dot.
    """
    return normal.lower()


def is_free(character: str) -> bool:
    """Whether words of this letter's script stand without spaces, or carry endings unmarked.

    Han, kana and Hangul: 중국이 is 중국 with a particle, 中国外交部 is 中国 within a name.
    """
    return _FREE.match(character) is not None


def is_arabic_clitic(letters: str) -> bool:
    """Whether `letters` may stand before an Arabic word without being part of it.

    And, so; in, like, for; the article: و ف ب ك ل ال لل.
    """
    return _ARABIC_CLITICS.fullmatch(letters) is not None


def width(normal: str) -> float:
    """How many words lie in a stretch of normalised text: gaps, and two Han or kana letters each.

    A Chinese word has 1.5 to 2 characters on average, so distances mean the same everywhere.
    """
    gaps = normal.count(" ") + normal.count("\n")
    return gaps if normal.isascii() else gaps + len(_HALF_WORDS.findall(normal)) / 2
