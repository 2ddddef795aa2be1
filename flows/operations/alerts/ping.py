"""Tells an outside watch that a pass went well, so that it can notice when none does any more.

Decides how the address is asked; a watch that does not answer is a warning, never a run's failure.
The address is a secret: it is never said, nor is what libraries say of it.
"""

import asyncio
import http.client
import logging
import ssl
import urllib.error
import urllib.request

import certifi

from flows.core.settings import HealthSettings

logger = logging.getLogger(__name__)

_SECONDS = 10.0


async def ping(health: HealthSettings, kind: str) -> None:
    """Ask `[health] ping_url` after a good run of `kind`: of a monitoring pass alone."""
    if health.ping_url is None or kind != "monitor":
        return
    trouble = await asyncio.to_thread(_trouble, health.ping_url.get_secret_value())
    if trouble:
        logger.warning("[health] ping_url: %s", trouble)


def _trouble(url: str) -> str | None:
    trusted = ssl.create_default_context(cafile=certifi.where())
    try:
        with urllib.request.urlopen(url, timeout=_SECONDS, context=trusted) as answer:
            answer.read(1024)
    except urllib.error.HTTPError as error:
        error.close()
        return f"answered {error.code}"
    except (OSError, http.client.HTTPException, ValueError) as error:
        return f"failed with {type(error).__name__}"
    return None
