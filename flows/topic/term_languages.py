"""Which languages' terms apply to a text: the claimed one, and the one the text shows.

A page's claim is often wrong (Polish feeds say en-US), and a wrong claim must not hide the terms
of the text's own language. Decides by script and by small words; refuses to be a language
detector: for a text it does not know it returns the claim, or nothing.
"""

import re

_SMALL_WORDS = {
    "en": "a the of and to in for with on that is by from as at after over its are has",
    "pl": "w z i na sie ze do o jest nie przez dla po ktory ktora od za ma jak oraz tym",
    "de": "der die das und von mit fur ist im den zu auf sich dem des ein eine nach nicht will",
    "fr": "le la les des et du en un une pour dans sur que au aux avec par est selon d l",
    "es": "el la los las de y del en un una para por que con se su al es sobre ante",
    "pt": "o a os as de e do da dos em um uma para por que com no na ao sobre pela",
    "it": "il lo la gli i di e del della dei un una per con che in nel alla sul da",
    "tr": "ve bir bu ile icin da de nin in ni den dan olarak gore sonra ne daha cok en",
}  # fmt: skip
_OF_WORD: dict[str, list[str]] = {}
for _language, _words in _SMALL_WORDS.items():
    for _word in _words.split():
        _OF_WORD.setdefault(_word, []).append(_language)
_SCRIPTS = (
    (re.compile("[\u3041-\u30ff]"), ("ja",)),
    (re.compile("[\uac00-\ud7af]"), ("ko",)),
    (re.compile("[\u4e00-\u9fff]"), ("zh", "ja")),  # a Japanese headline may be Han alone
    (re.compile("[іїєґІЇЄҐ]"), ("uk",)),
    (re.compile("[\u0400-\u04ff]"), ("ru", "uk")),
    (re.compile("[\u0600-\u06ff]"), ("ar",)),
)
_FEWEST_VOTES = 2  # one small word is no sign of a language: "a" is a word in five of these
_SAMPLE = 1500  # characters looked at: some 250 words, and all of a title and summary


def languages_of(text: str, folded_text: str, claimed: str | None) -> frozenset[str]:
    """Two-letter codes of the languages whose terms apply; empty: unknown, so all of them apply.

    `text` is the original (its letters tell Ukrainian from Russian), `folded_text` its normalised
    form without case.
    """
    languages = {claimed[:2].lower()} if claimed else set()
    sample = text[:_SAMPLE]
    if not sample.isascii():
        for script, codes in _SCRIPTS:
            # a name in brackets, as in "Li Hui (李辉)", is no change of language
            if len(script.findall(sample)) > len(sample) / 20:
                return frozenset(languages.union(codes))
    shown, votes = _by_small_words(folded_text[:_SAMPLE])
    if not languages and votes < _FEWEST_VOTES:
        return frozenset()
    return frozenset(languages | shown)


def _by_small_words(sample: str) -> tuple[set[str], int]:
    """The languages that fit best, and how many small words the best one has."""
    votes = dict.fromkeys(_SMALL_WORDS, 0)
    for word in set(sample.split()):
        for language in _OF_WORD.get(word, ()):
            votes[language] += 1
    most = max(votes.values())
    # a small word may be shared by three languages, or belong to a name ("von der Leyen"): in a
    # headline the runners-up apply as well; in a text of some length none comes near the first
    return {language for language, count in votes.items() if most and count * 2 >= most}, most
