"""Sends one message to the configured Apprise URLs: mail, chat, anything Apprise knows.

Decides how secrets get into a URL and when a message counts as sent; refuses to know what it says.
"""

import logging
import re
from collections.abc import Mapping

from flows.notices import Message

logger = logging.getLogger(__name__)

_VARIABLE = re.compile(r"\$\{(\w+)\}")


def send(urls: tuple[str, ...], message: Message, environment: Mapping[str, str]) -> bool:
    """Send `message` to each URL; whether anyone got it.

    One deaf address among several is a warning: telling the others again would be worse.
    """
    import apprise  # half a second of CPU, paid only when there is something to say

    whole, missing = expanded(urls, environment)
    if missing:
        logger.warning("nobody is told: %s not in the environment", ", ".join(missing))
        return False
    sent = 0
    for position, url in enumerate(whole, 1):
        messenger = apprise.Apprise()
        if not messenger.add(url):
            logger.warning("[notify] urls: number %d is no Apprise URL", position)
        elif messenger.notify(title=message.title, body=message.body, body_format="text"):
            sent += 1
        else:
            logger.warning("[notify] urls: number %d did not take '%s'", position, message.title)
    return sent > 0


def expanded(
    urls: tuple[str, ...], environment: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """`urls` with `${NAME}` replaced from the environment, and the names that are not there."""
    names = {name for url in urls for name in _VARIABLE.findall(url)}
    missing = tuple(sorted(name for name in names if name not in environment))
    return tuple(
        _VARIABLE.sub(lambda found: environment.get(found[1], ""), url) for url in urls
    ), missing
