"""An invented week of February 2023 in a store: what the questions of docs/queries.md are asked of.

Six outlets of different character report on a twelve-point paper; a wire story is copied whole and
trimmed, one article is edited, one source falls silent, one feed rolls over.
"""

from datetime import UTC, date, datetime, timedelta

from flows.core import (
    CopyKind,
    Link,
    LinkKind,
    Look,
    LookStatus,
    Reason,
    RunReport,
    RunState,
    Source,
    SourceMemory,
    Stage,
    Verdict,
)
from flows.store import Store
from flows.store.append import append
from flows.store.batch import Batch, Membership, NewArticle, NewRevision
from flows.store.candidates import record_endings, sight
from flows.store.coverage import DayState, record_day_states
from flows.store.judgements import append_judgements
from flows.store.runs import begin_run, end_run
from flows.store.sources import record_looks, save_sources
from tests.store.samples import (
    article,
    candidate,
    claimed,
    ended,
    judgement,
    link,
    new_article,
    new_revision,
    source,
)

MONDAY = datetime(2023, 2, 20, 6, tzinfo=UTC)
_OUTLETS = {  # source: outlet, country, language, character
    "wire": ("Union Wire", "US", "en", "wire"),
    "state": ("State Daily", "CN", "zh", "state"),
    "ministry": ("Ministry of Affairs", "CN", "en", "official"),
    "public": ("Public Radio", "PL", "pl", "public"),
    "kyiv": ("Kyiv Courier", "UA", "uk", "independent"),
    "evening": ("Evening Post", "GB", "en", "independent"),
}
_WIRE = (
    "BEIJING (UW) — China called for a ceasefire and peace talks between Russia and Ukraine in a "
    "12-point position paper on Friday.\n\nThe paper urges an end to unilateral sanctions.\n\n"
    "Zelensky said he wanted to meet Xi Jinping to discuss the plan."
)
_TEXTS = {  # id: source, hours after Monday six, title, text
    "eve1": ("evening", 20, "Wang Yi in Moscow before anniversary",
             "Wang Yi met officials in Moscow. A peace plan will follow, he said."),
    "min1": ("ministry", 93, "Position on the Political Settlement",
             "1. Respecting the sovereignty of all countries. 2. Abandoning the Cold War "
             "mentality. 3. Ceasing hostilities. 4. Resuming peace talks."),
    "stat": ("state", 94, "关于政治解决乌克兰危机的中国立场",
             "中国外交部周五发布立场文件。\n\n文件呼吁停火止战，启动和谈。"),
    "wir1": ("wire", 95, "China calls for ceasefire in Ukraine", _WIRE),
    "evcp": ("evening", 97, "China urges truce on anniversary", _WIRE),
    "pubt": ("public", 99, "Chiny wzywają do zawieszenia broni",
             "Chiny wezwały do rozmów pokojowych. Zełenski chce spotkania z Xi Jinpingiem."),
    "kyi1": ("kyiv", 100, "Китай оприлюднив мирний план",
             "Китай закликав до переговорів. Зеленський готовий до зустрічі з Сі Цзіньпіном."),
    "trim": ("public", 101, "Peking: talks now", _WIRE.split("\n\n")[0]),
    "evop": ("evening", 120, "What China's peace plan leaves out",
             "The peace plan says nothing of withdrawal. NATO doubts Beijing's credibility."),
    "bord": ("kyiv", 125, "Санкції і Китай", "Про санкції. Китай згадано двічі."),
}  # fmt: skip


def fill(store: Store) -> None:
    """Put the week into a prepared store and publish it."""
    with store.turn() as con:
        save_sources(con, [_source(source_id) for source_id in _OUTLETS], MONDAY)
    for run, (first, last) in enumerate([(0, 48), (48, 96), (96, 144)], 1):
        _run(store, f"run-{run}", first, last)
    _afterwards(store)
    store.publish()


def _source(source_id: str) -> Source:
    outlet, country, language, character = _OUTLETS[source_id]
    return source(source_id, outlet=outlet, country=country, language=language, character=character)


def _run(store: Store, run_id: str, first: int, last: int) -> None:
    stored = {key: told for key, told in _TEXTS.items() if first <= told[1] < last}
    started_at = MONDAY + timedelta(hours=last)
    with store.turn() as con:
        begin_run(con, run_id, "monitor", started_at, 1, "here")
        looks = [_look(source_id, started_at) for source_id in _OUTLETS]
        record_looks(con, run_id, looks)
        new = [_new(key) for key in stored]
        sight(con, run_id, [each.candidate for each in new if each.candidate])
        append(con, Batch(run_id=run_id, stored_at=started_at, articles=tuple(new)))
        skips = [ended(f"{run_id}-off", Reason.OFF_TOPIC, relevance=0.3)]
        skips += [
            ended(f"{run_id}-wall", Reason.PAYWALL, stage=Stage.FETCH),
            ended(f"{run_id}-late", Reason.TIMEOUT, stage=Stage.FETCH),
        ]
        record_endings(con, run_id, skips, started_at)
        end_run(con, _report(run_id, started_at, len(new)))


def _new(key: str) -> NewArticle:
    source_id, hours, title, text = _TEXTS[key]
    published_at = MONDAY + timedelta(hours=hours)
    seen_at = published_at + timedelta(minutes=12 + hours % 7)
    outlet, _, language, _ = _OUTLETS[source_id]
    verdict = Verdict.BORDERLINE if key == "bord" else Verdict.ON_TOPIC
    return new_article(
        key,
        text,
        read={
            "title": title,
            "outlet": outlet,
            "language": language,
            "published": claimed(published_at),
            "agencies": ("UW",) if text.startswith("BEIJING (UW)") else (),
            "authors": ("Ann Smith",) if source_id == "evening" else (),
        },
        source=_source(source_id),
        first_seen_at=seen_at,
        judgement=judgement(verdict, 0.5 if key == "bord" else 0.9),
        candidate=candidate(key, source_id, seen_at=seen_at, claimed_title=title),
    )


def _look(source_id: str, started_at: datetime) -> Look:
    silent = source_id == "kyiv" and started_at.day == 22
    rolled = source_id == "wire" and started_at.day == 24
    return Look(
        source_id=source_id,
        started_at=started_at,
        finished_at=started_at + timedelta(seconds=2),
        status=LookStatus.FAILED if silent else LookStatus.OK,
        reason=Reason.TIMEOUT if silent else None,
        items=0 if silent else 30,
        memory=SourceMemory(source_id=source_id, last_look_at=started_at),
        rolled_over=rolled,
        gap_since=started_at - timedelta(hours=5) if rolled else None,
        gap_until=started_at if rolled else None,
        suggestion="its news sitemap" if rolled else None,
    )


def _report(run_id: str, started_at: datetime, stored: int) -> RunReport:
    return RunReport(
        run_id=run_id,
        kind="monitor",
        state=RunState.COMPLETED,
        started_at=started_at,
        finished_at=started_at + timedelta(minutes=4),
        sources=6,
        candidates=stored + 3,
        stored=stored,
        skipped=3,
    )


def _afterwards(store: Store) -> None:
    """Copies are tied, an article is edited, one is judged again, days are decided."""
    friday = MONDAY + timedelta(hours=130)
    copies = (
        Membership(article_id="evcp", story_id="wir1", copy_of="wir1", copy_kind=CopyKind.SAME),
        Membership(article_id="trim", story_id="wir1", copy_of="wir1", copy_kind=CopyKind.TRIMMED),
    )
    with store.turn() as con:
        append(
            con,
            Batch(
                run_id="run-3",
                stored_at=friday,
                revisions=(_edited(),),
                memberships=copies,
                links=_links(friday),
            ),
        )
        off = {"eve1": judgement(Verdict.BORDERLINE, 0.55)}
        append_judgements(con, "run-3", off, friday + timedelta(days=3))
        record_day_states(con, _days(), friday)


def _edited() -> NewRevision:
    text = (
        "The peace plan says nothing of withdrawal. NATO's chief doubts Beijing's credibility.\n\n"
        "Correction: an earlier version misnamed the ministry."
    )
    read = article(
        text,
        title="What China's peace plan leaves unsaid",
        outlet="Evening Post",
        url="https://daily.test/evop",
        published=claimed(MONDAY + timedelta(hours=120)),
    )
    return new_revision(
        "evop",
        text,
        article=read,
        seen_at=MONDAY + timedelta(hours=126),
        change=0.42,
    )


def _links(decided_at: datetime) -> tuple[Link, ...]:
    return (
        link("evcp", "wir1", decided_at=decided_at),
        link("trim", "wir1", decided_at=decided_at),
        link("evop", "min1", LinkKind.PARTIAL, decided_at=decided_at),
    )


def _days() -> list[DayState]:
    missed = DayState(
        source_id="kyiv", day=date(2023, 2, 22), expected=4.0, state="missed", reason="timeout"
    )
    partial = DayState(
        source_id="wire",
        day=date(2023, 2, 24),
        expected=40.0,
        state="partial",
        reason="rolled_over",
    )
    good = [
        DayState(source_id=source_id, day=date(2023, 2, day), expected=5.0, state="covered")
        for source_id in ("ministry", "state", "evening")
        for day in (22, 24, 26)
    ]
    return [missed, partial, *good]
