"""How many words a text has, in scripts with spaces and without.

Scripts with spaces: runs of letters and digits. Han and kana: each character counts, as word
processors count them. Thai, Lao, Khmer and Burmese write no spaces and count by length: about four
characters a word (unmeasured; dictionaries of Thai give 4 to 5).
"""

import re

_WITHOUT_SPACES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_EACH = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CHARACTER = re.compile(f"[{_EACH}]")
_RUN = re.compile(f"[{_WITHOUT_SPACES}]+")
_WORD = re.compile(r"\w+(?:['’\-]\w+)*")
_CHARACTERS_A_WORD = 4


def word_count(text: str) -> int:
    """Words of `text`, every script by its own custom."""
    characters = len(_CHARACTER.findall(text))
    runs = sum(-(-len(run) // _CHARACTERS_A_WORD) for run in _RUN.findall(text))
    rest = _RUN.sub(" ", _CHARACTER.sub(" ", text)) if characters or runs else text
    return characters + runs + len(_WORD.findall(rest))
