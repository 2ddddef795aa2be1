"""Walls told by repetition: every page that was read is remembered, and what was stored of a wall
is taken back.

Decides what a wall means for its pages, whichever came first; what is one is
`flows.dedup.host_repeats`' to say, and where pages are remembered `flows.store.met_pages`'.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from flows.core import Article, Candidate, MetPage, Reason, Skipped, Stage
from flows.core.urls import url_key
from flows.dedup.fingerprints import text_print
from flows.dedup.host_repeats import REPEATS_VERSION, met_page, walls
from flows.pipeline.copies import rejoined
from flows.store import Connection
from flows.store.append import append
from flows.store.batch import Batch
from flows.store.met_pages import pages_met, remember_pages
from flows.store.withdrawals import Withdrawal, withdraw


def page_as_met(article: Article, candidate: Candidate | None = None) -> MetPage | None:
    """What to remember of a page that was read; None without a URL."""
    if article.url is None:
        return None
    asked_url = candidate.url if candidate else article.url
    return met_page(
        article.url,
        candidate.url_key if candidate else url_key(article.url),
        asked_url,
        candidate.claimed_title if candidate else None,
        # the feed's title is no word of the page's own
        article.title if article.title_origin != "feed" else None,
        article.text,
        text_print=text_print(article.text),
        ends=article.title_ends,
    )


def meet(
    con: Connection,
    run_id: str,
    pages: Sequence[MetPage],
    now: datetime,
    *,
    second_look: bool = False,
) -> dict[str, Skipped]:
    """Remember `pages`; returns url_key → skip for those that are walls.

    What earlier pages of a wall became is taken back in the same transaction: their articles are
    shown no longer, and all its URLs are fetched again later. A `second_look` ends no candidate:
    its own URL is among them.
    """
    remember_pages(con, pages, now)
    hosts = sorted({page.host for page in pages})
    arrived = {page.url_key for page in pages}
    found: dict[str, Skipped] = {}
    for host, remembered in pages_met(con, hosts).items():
        for wall in walls(remembered):
            if wall & arrived:
                skipped = _skip(host, wall)
                prints = {page.text_print for page in remembered if page.url_key in wall}
                ending_now = () if second_look else arrived
                _take_back(con, run_id, wall, prints, skipped, ending_now, now)
                found |= dict.fromkeys(wall & arrived, skipped)
    return found


def _skip(host: str, wall: Collection[str]) -> Skipped:
    return Skipped(
        stage=Stage.COMPARE,
        reason=Reason.REPEATED_TEXT,
        detail=f"{host} gives this text under {len(wall)} URLs that promise different articles",
        rule_version=REPEATS_VERSION,
    )


def _take_back(
    con: Connection,
    run_id: str,
    wall: frozenset[str],
    prints: Collection[str],
    skipped: Skipped,
    ending_now: Collection[str],
    now: datetime,
) -> None:
    parted = withdraw(
        con,
        run_id,
        Withdrawal(
            url_keys=tuple(sorted(wall)),
            text_prints=tuple(sorted(prints)),
            reason=skipped.reason,
            detail=skipped.detail,
            rule_version=REPEATS_VERSION,
        ),
        now,
        ending_now=ending_now,
    )
    if parted:
        memberships = tuple(rejoined(con, parted))
        append(con, Batch(run_id=run_id, stored_at=now, memberships=memberships))
