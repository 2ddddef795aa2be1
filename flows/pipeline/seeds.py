"""Seed documents → articles: the door for texts that came as files, not from the web.

Decides what of a seed is date, title, dateline, caption and body; refuses to know the store.
A seed opens with `date YYYY-MM-DD`; paragraphs are separated by blank lines. Nothing is invented:
a seed without a headline has no title.

Seed documents → the store: loaded on first use, again only when a file changed.

Decides which seeds need loading; comparing them is the pipeline's.
"""

import asyncio
import hashlib
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flows.core import Article, ClaimedTime, Origin, Precision, Skipped, Stage, Zone
from flows.core.boundary import attempted, by_halves, ending_of, in_words
from flows.core.errors import Problem, SeedError
from flows.core.text.cleaning import MAX_TEXT_CHARS, clean_line, clean_text
from flows.core.text.languages import language_of
from flows.core.text.words import word_count
from flows.extraction.dateline import read_dateline
from flows.pipeline.append import append_arrivals
from flows.pipeline.identity import Arrival, article_id_of
from flows.pipeline.run import Run
from flows.store import Connection
from flows.store.articles import loaded_seeds, record_seed
from flows.topic import judge

SEED_READER_VERSION = "seed-1"
_MAX_BYTES = 2_000_000  # a seed is one article; text of stored articles is cut at 2 M characters

_OPENING = re.compile(r"\s*date[ \t:]+(\d{4})-(\d{2})-(\d{2})\b[ \t]*", re.IGNORECASE)
# What sites print around articles, alone in its paragraph: calls to follow, share, subscribe
_FURNITURE = re.compile(
    r"(?:connect|follow|contact|join|find|write to|about)\s+(?:with\s+)?us(?:\s+on\b.*)?"
    r"|(?:share|print|save|e-?mail|copy|comment|listen)(?:\s+(?:this|on|link|article|via|to)\b.*)?"
    r"|(?:sign|log)\s?(?:in|up|out)\b.*|subscribe\b.*|newsletters?\b.*|register\b.*|skip to\b.*"
    r"|advertisement|menu|home|search|read more|related(?:\s+\w+)?|(?:all|most) (?:news|read)"
    r"|(?:facebook|twitter|x|instagram|youtube|telegram|whatsapp|rss)(?:[\s|,/]+\w+)*",
    re.IGNORECASE,
)
# "[AP Photo/Mikhail Tereshchenko, Pool]": a bracket at the paragraph's end that credits a picture
_CREDIT = re.compile(
    r"\[[^\[\]]*\b(?:photo|image|picture|credit|getty|pool|screenshot|courtesy|wikimedia|via|handout"
    r"|afp|epa|reuters|sputnik|xinhua|tass)\b[^\[\]]*\]\s*$",
    re.IGNORECASE,
)
_MAX_CAPTION_WORDS = 70  # longer paragraphs that end in a credit are body; unmeasured
_MAX_TITLE_WORDS = 30  # headlines of the development pages have at most 27 words
_SENTENCE_END = (".", "!", "?", "…", "。", "！", "？", ":", "”", '"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """One seed document: its file's name and the article it holds."""

    name: str
    article: Article


def read_seeds(folder: Path) -> Iterator[Seed | SeedError]:
    """Every `*.txt` of `folder`, by name; a malformed one comes as its error and stops nothing."""
    for path in sorted(folder.glob("*.txt")):
        try:
            yield read_seed(path)
        except SeedError as error:
            yield error


def read_seed(path: Path) -> Seed:
    """Read one seed document. Raises `SeedError` with file and line."""
    text = _decoded(path)
    opening = _OPENING.match(text)
    if opening is None:
        raise _error(path, "does not open with 'date YYYY-MM-DD'", 1)
    line = text.count("\n", 0, opening.start(1)) + 1
    published = _published(path, opening, line)
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text[opening.end() :])]
    title, body = _title_and_body([part for part in paragraphs if part])
    if not body:
        raise _error(path, "holds no text after its date", line)
    return Seed(name=path.name, article=_article(title, body, published))


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    if len(content) > _MAX_BYTES:
        raise _error(path, f"is larger than {_MAX_BYTES:,} bytes: one article a file", None)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _error(path, f"is not UTF-8 (byte {error.start})", line) from error


def _published(path: Path, opening: re.Match[str], line: int) -> ClaimedTime:
    year, month, day = (int(part) for part in opening.groups())
    try:
        at = datetime(year, month, day, tzinfo=UTC)
    except ValueError as error:
        raise _error(path, f"opens with an impossible date ({error})", line) from error
    return ClaimedTime(
        at=at,
        precision=Precision.DAY,
        origin="seed",
        zone=Zone.NONE,
        raw=opening[0].strip(),
    )


def _title_and_body(paragraphs: list[str]) -> tuple[str | None, list[str]]:
    while paragraphs and _FURNITURE.fullmatch(paragraphs[0].rstrip(".:!")):
        paragraphs = paragraphs[1:]
    title = None
    if len(paragraphs) > 1 and _is_headline(paragraphs[0]):
        title, paragraphs = paragraphs[0], paragraphs[1:]
    return title, [part for part in paragraphs if not _is_caption(part)]


def _is_headline(paragraph: str) -> bool:
    return len(paragraph.split()) <= _MAX_TITLE_WORDS and not paragraph.endswith(_SENTENCE_END)


def _is_caption(paragraph: str) -> bool:
    return _CREDIT.search(paragraph) is not None and len(paragraph.split()) <= _MAX_CAPTION_WORDS


def _article(title: str | None, body: list[str], published: ClaimedTime) -> Article:
    dateline = read_dateline(body[0])
    if dateline is not None:
        body = [dateline.rest, *body[1:]]
    text = clean_text("\n\n".join(body), MAX_TEXT_CHARS)
    agencies = dateline.agencies if dateline is not None else ()
    return Article(
        url=None,
        outlet=agencies[0] if agencies else None,
        title=clean_line(title) if title else None,
        title_origin="seed" if title else None,
        text=text,
        lede=text.split("\n\n", 1)[0],
        word_count=word_count(text),
        language=language_of(text, ()),
        extractor="seed",
        reader_version=SEED_READER_VERSION,
        agencies=agencies,
        dateline=dateline.place if dateline is not None else None,
        published=published,
    )


def _error(path: Path, what: str, line: int | None) -> SeedError:
    return SeedError(Problem(path=path, what=what, line=line))


logger = logging.getLogger(__name__)


async def load_seeds(run: Run) -> None:
    """Load every seed that is new or was edited; one that cannot be read is logged, and one at
    which the program fails is counted: neither stops anything, and the next run tries it again."""
    prints = await asyncio.to_thread(_prints, run.settings.seeds_dir)
    loaded = await run.clerk.do(loaded_seeds)
    changed = [path for path, sha256 in prints.items() if loaded.get(path.name) != sha256]
    arrivals = [(path, made) for path in changed if (made := _made(run, path)) is not None]

    async def together(some: Sequence[tuple[Path, Arrival]]) -> None:
        def work(con: Connection) -> None:
            append_arrivals(con, [arrival for _, arrival in some], run)
            for path, arrival in some:
                article_id = article_id_of(arrival.url_key)
                record_seed(con, path.name, prints[path], article_id, run.started_at)

        await run.clerk.do(work)

    async def alone(one: tuple[Path, Arrival], error: Exception) -> None:
        _count(run, one[0], ending_of(error, _key(one[0]), Stage.COMPARE))

    if arrivals:
        await by_halves(arrivals, together, alone)


def _prints(folder: Path) -> dict[Path, str]:
    """What of each seed decides whether it must be loaded again: its bytes, and how it is read."""
    prints: dict[Path, str] = {}
    for path in sorted(folder.glob("*.txt")):
        try:
            written = path.read_bytes()
        except OSError as error:
            logger.error("seed skipped: %s", error)
            continue
        prints[path] = hashlib.sha256(SEED_READER_VERSION.encode() + written).hexdigest()
    return prints


def _made(run: Run, path: Path) -> Arrival | None:
    """The seed in a file, judged; None when it is none, or the program fails at it."""
    try:
        made = attempted(lambda: _arrival(run, read_seed(path)), _key(path), Stage.READ)
    except SeedError as error:
        logger.error("seed skipped: %s", error)
        return None
    if not isinstance(made, Skipped):
        return made
    _count(run, path, made)
    return None


def _count(run: Run, path: Path, fault: Skipped) -> None:
    run.tally.faults[_key(path)] = in_words(fault)


def _key(path: Path) -> str:
    return f"seed:{path.name}"


def _arrival(run: Run, seed: Seed) -> Arrival:
    return Arrival(
        url_key=f"seed:{seed.name}",
        article=seed.article,
        judgement=judge(seed.article, run.topic),
        origin=Origin.SEED,
        seen_at=run.started_at,
    )
