"""Counts that foreign text claims: lengths, statuses, minutes.

`isdigit` is true of `²` and `٣`, and `int` refuses what has more than 4,300 digits: whoever asks
the one and calls the other raises on somebody's text.
"""

_MOST_DIGITS = 18
_BEYOND: int = 10**_MOST_DIGITS  # more than any size, count or time there is


def claimed_count(text: str | None) -> int | None:
    """The number that ASCII digits say, white space around them aside; None for anything else.

    What has more than 18 digits is 10^18.

    >>> claimed_count(" 007 "), claimed_count("²"), claimed_count("-1"), claimed_count("9" * 5000)
    (7, None, None, 1000000000000000000)
    """
    said = (text or "").strip(" \t\r\n")
    if not (said.isascii() and said.isdigit()):
        return None
    digits = said.lstrip("0") or "0"
    return int(digits) if len(digits) <= _MOST_DIGITS else _BEYOND
