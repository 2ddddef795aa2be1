"""Small values for the store's tests, each with only what its test is about."""

from datetime import UTC, datetime, timedelta

from flows.core import (
    Article,
    Candidate,
    ClaimedTime,
    Contribution,
    Ending,
    Evidence,
    Judgement,
    Link,
    LinkKind,
    Match,
    Origin,
    Precision,
    Reason,
    Skipped,
    Source,
    Stage,
    Verdict,
    Zone,
)
from flows.store.batch import Batch, Ended, NewArticle, NewRevision

NOON = datetime(2023, 2, 24, 12, 0, tzinfo=UTC)


def later(**parts: float) -> datetime:
    """NOON and a while."""
    return NOON + timedelta(**parts)


def source(source_id: str = "daily", **fields: object) -> Source:
    return Source(
        **{  # type: ignore[arg-type]  # names of fields are given by each test
            "source_id": source_id,
            "outlet": "The Daily",
            "kind": "feed",
            "url": f"https://{source_id}.test/feed",
            "country": "GB",
            **fields,
        }
    )


def candidate(name: str, source_id: str = "daily", **fields: object) -> Candidate:
    return Candidate(
        **{  # type: ignore[arg-type]
            "url": f"https://daily.test/{name}",
            "url_key": f"daily.test/{name}",
            "source_id": source_id,
            "seen_at": NOON,
            **fields,
        }
    )


def article(text: str = "One.\n\nTwo.", **fields: object) -> Article:
    return Article(
        **{  # type: ignore[arg-type]
            "url": "https://daily.test/a",
            "outlet": "The Daily",
            "title": "A title",
            "text": text,
            "lede": text.split("\n\n")[0],
            "word_count": len(text.split()),
            "language": "en",
            "extractor": "json_ld",
            "reader_version": "1",
            "published": claimed(NOON),
            **fields,
        }
    )


def claimed(when: datetime, precision: Precision = Precision.SECOND) -> ClaimedTime:
    return ClaimedTime(
        at=when, precision=precision, origin="json_ld", zone=Zone.STATED, raw=when.isoformat()
    )


def judgement(verdict: Verdict = Verdict.ON_TOPIC, relevance: float = 0.9) -> Judgement:
    return Judgement(
        verdict=verdict,
        relevance=relevance,
        matches=(Match(term="peace plan", group="peace", place="title", count=1),),
        contributions=(Contribution(rule="signature", points=3.0, evidence="A peace plan."),),
        rules_version="1",
    )


def new_article(article_id: str, text: str = "One.\n\nTwo.", **fields: object) -> NewArticle:
    """An article under its own URL; fields of `Article` may be given in `read`."""
    read: dict[str, object] = {"url": f"https://daily.test/{article_id}"}
    read |= dict(fields.pop("read", {}))  # type: ignore[call-overload]
    return NewArticle(
        **{  # type: ignore[arg-type]
            "article_id": article_id,
            "article": article(text, **read),
            "judgement": judgement(),
            "origin": Origin.MONITOR,
            "first_seen_at": NOON,
            "text_print": f"print of {text}",
            "candidate": candidate(article_id),
            "source": source(),
            **fields,
        }
    )


def new_revision(article_id: str, text: str, **fields: object) -> NewRevision:
    return NewRevision(
        **{  # type: ignore[arg-type]
            "article_id": article_id,
            "article": article(text),
            "judgement": judgement(),
            "seen_at": later(hours=1),
            "text_print": f"print of {text}",
            "change": 0.25,
            **fields,
        }
    )


def batch(*articles: NewArticle, **fields: object) -> Batch:
    return Batch(
        **{"run_id": "run-1", "stored_at": NOON, "articles": articles, **fields}  # type: ignore[arg-type]
    )


def link(a: str, b: str, kind: LinkKind = LinkKind.SAME, **fields: object) -> Link:
    return Link(
        **{  # type: ignore[arg-type]
            "a": a,
            "b": b,
            "kind": kind,
            "evidence": Evidence(
                shared=40, containment3=0.9, containment5=0.8, unquoted5=0.8, alignment=0.9,
                jaccard5=0.7, words_a=300, words_b=280,
            ),
            "passages": ("the parties agreed to talk",),
            "rule_version": "1",
            "decided_at": NOON,
            **fields,
        }
    )  # fmt: skip


def skipped(reason: Reason = Reason.OFF_TOPIC, **fields: object) -> Skipped:
    return Skipped(**{"stage": Stage.JUDGE, "reason": reason, **fields})  # type: ignore[arg-type]


def ended(name: str, reason: Reason = Reason.OFF_TOPIC, **fields: object) -> Ended:
    return Ended(
        candidate=candidate(name), ending=Ending.SKIPPED, skipped=skipped(reason, **fields)
    )
