"""Tells an operator what is new to be told: reads the facts, remembers what was told, sends.

Decides nothing about what is worth telling (`flows.operations.alerts.decide` does). Whatever goes
wrong here is a warning in the log: a run never fails because nobody could be told of it.

Sends one message to the configured Apprise URLs: mail, chat, anything Apprise knows.

Decides how secrets get into a URL and when a message counts as sent; refuses to know what it says.
A URL, or a part of one, is never said: not by us, not by the libraries that ask for it.
"""

import asyncio
import fcntl
import json
import logging
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from pydantic import SecretStr

from flows.core.errors import DatelineError
from flows.core.settings import NotifySettings, Settings
from flows.core.times import Clock
from flows.operations.alerts.decide import (
    Facts,
    FailedRun,
    Message,
    Told,
    digest,
    digest_due,
    message,
    troubles,
)
from flows.operations.alerts.facts import read_facts

logger = logging.getLogger(__name__)

_VARIABLE = re.compile(r"\$\{(\w+)\}")
# They log URLs that are none, servers that do not answer and paths they ask for, tokens and all
_TALKATIVE = ("apprise", "urllib3", "urllib3.connectionpool", "requests")


def send(urls: Sequence[SecretStr], message: Message, environment: Mapping[str, str]) -> bool:
    """Send `message` to each URL; whether anyone got it.

    One deaf address among several is a warning: telling the others again would be worse.
    """
    missing = missing_names(urls, environment)
    if missing:
        logger.warning("nobody is told: %s not in the environment", ", ".join(missing))
        return False
    sent = 0
    for position, url in enumerate(urls, 1):
        trouble = _trouble(_expanded(url, environment), message)
        if trouble is None:
            sent += 1
        else:
            logger.warning("[notify] urls: number %d %s", position, trouble)
    return sent > 0


def missing_names(urls: Sequence[SecretStr], environment: Mapping[str, str]) -> tuple[str, ...]:
    """The `${NAME}`s of `urls` that are not in the environment."""
    names = {name for url in urls for name in _VARIABLE.findall(url.get_secret_value())}
    return tuple(sorted(name for name in names if name not in environment))


def _expanded(url: SecretStr, environment: Mapping[str, str]) -> SecretStr:
    """`url` with each `${NAME}` replaced from the environment."""
    return SecretStr(
        _VARIABLE.sub(lambda found: environment.get(found[1], ""), url.get_secret_value())
    )


def _trouble(url: SecretStr, message: Message) -> str | None:
    """Send `message` to one URL; what went wrong, None if it was taken."""
    import apprise  # half a second of CPU, paid only when there is something to say

    with _unheard():
        try:
            messenger = apprise.Apprise()
            if not messenger.add(url.get_secret_value()):
                return "is no Apprise URL"
            taken = messenger.notify(
                title=message.title,
                body=message.body,
                body_format="text",
                notify_type=message.severity,  # Apprise's words are ours
            )
        except Exception as error:  # noqa: BLE001  a hundred plugins; a message may hold the URL
            return f"failed with {type(error).__name__}"
    return None if taken else f"did not take '{message.title}'"


@contextmanager
def _unheard() -> Iterator[None]:
    with ExitStack() as stack:
        for name in _TALKATIVE:
            talker = logging.getLogger(name)
            stack.callback(talker.setLevel, talker.level)
            talker.setLevel(logging.CRITICAL + 1)
        yield


async def tell(settings: Settings, clock: Clock, *, kind: str, failure: str | None = None) -> None:
    """Send what is new since the last time; `failure` is how a run of `kind` just ended, if badly.

    Nothing is sent, or read, without `[notify] urls`. A message that could not be sent is tried
    again by the next run.
    """
    if not settings.notify.urls:
        return
    try:
        await asyncio.to_thread(_tell, settings, clock(), kind, failure)
    except Exception:
        logger.warning("nobody could be told of anything", exc_info=True)


def _tell(settings: Settings, now: datetime, kind: str, failure: str | None) -> None:
    from flows.store import open_published  # not in the runner, which only registers flows

    with _told(settings.state_dir / "told.json") as (told, remember):
        try:
            with open_published(settings.store.path) as connection:
                facts = read_facts(connection, told.digest_until or told.digest_at or now)
        except DatelineError as error:
            logger.warning("what stands in the store cannot be told: %s", error)
            remember(_failure_only(settings.notify, told, kind, failure, now))
            return
        if failure is not None and all(run.kind != kind for run in facts.failed_runs):
            failed = _just_failed(kind, failure, now)
            facts = replace(facts, failed_runs=(*facts.failed_runs, failed))
        standing = troubles(facts, now)
        if _sent(settings.notify, message(standing, told)):
            told = replace(told, keys=frozenset(trouble.key for trouble in standing))
        remember(_with_digest(settings.notify, told, facts, now))


def _failure_only(
    notify: NotifySettings, told: Told, kind: str, failure: str | None, now: datetime
) -> Told:
    """Without a readable store, what was told stays told."""
    if failure is None:
        return told
    standing = troubles(Facts(failed_runs=(_just_failed(kind, failure, now),)), now)
    if _sent(notify, message(standing, told)):
        return replace(told, keys=told.keys | {trouble.key for trouble in standing})
    return told


def _just_failed(kind: str, failure: str, now: datetime) -> FailedRun:
    return FailedRun(kind=kind, run=f"that ended at {now:%Y-%m-%d %H:%M}Z", detail=failure)


def _with_digest(notify: NotifySettings, told: Told, facts: Facts, now: datetime) -> Told:
    if told.digest_at is None:  # the first digest is of what comes from now on
        return replace(told, digest_at=now, digest_until=facts.stored_until)
    if not digest_due(told, notify.digest, now):
        return told
    if not _sent(notify, digest(facts.new_stories, told.digest_at)):
        return told
    return replace(told, digest_at=now, digest_until=facts.stored_until)


def _sent(notify: NotifySettings, wanted: Message | None) -> bool:
    """Whether nothing is left to send."""
    return wanted is None or send(notify.urls, wanted, os.environ)


class _Remember(Protocol):
    def __call__(self, told: Told) -> None: ...


@contextmanager
def _told(path: Path) -> Iterator[tuple[Told, _Remember]]:
    """What was told, held alone: two runs that end together must not tell the same thing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield _read_told(path), lambda told: _write_told(path, told)


def _read_told(path: Path) -> Told:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Told(
            keys=frozenset(kept["keys"]),
            digest_at=_instant(kept["digest_at"]),
            digest_until=_instant(kept.get("digest_until")),  # not in files of earlier versions
        )
    except FileNotFoundError:
        return Told()
    except (ValueError, KeyError, TypeError):
        logger.warning("%s cannot be read; what was told may be told again", path)
        return Told()


def _write_told(path: Path, told: Told) -> None:
    content = {
        "keys": sorted(told.keys),
        "digest_at": told.digest_at and told.digest_at.isoformat(),
        "digest_until": told.digest_until and told.digest_until.isoformat(),
    }
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(content), encoding="utf-8")
    fresh.replace(path)


def _instant(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
