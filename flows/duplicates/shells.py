"""Whether a text is a shell: what a site says instead of an article.

Cookie and consent pages, log-in and pay walls, block and error pages, bare newsletter furniture.
Every false merge found in 1,725 pairs scored by people was one of these, so they are kept out
before fingerprinting. Decides by wording, and by how much of the text that wording is: an article
about cookies stays an article.
"""

import re

from flows.duplicates.furniture import body_lines
from flows.duplicates.words import sentences, words

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
