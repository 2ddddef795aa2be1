"""The gold of real pages, and how a reading is scored against it.

Reads `../shared/data/articles` and `../shared/data/wcxb` where they are there. Scores of the first
follow scrapinghub's article-extraction-benchmark: means over pages of precision and recall of
4-grams of words, and their harmonic mean; those of WCXB follow that benchmark: the mean of each
page's F1 over the multiset of its words, and the shares of its snippets found. Titles and names
compare without case and punctuation.

Pages are parted in five by the registered domain of their address: failures are read in the first
three parts only, and what a rule brings is told for each.
"""

import gzip
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

from flows.core import Page

FOLDER = Path(__file__).parents[2] / "../shared/data/articles"
WCXB_FOLDER = Path(__file__).parents[2] / "../shared/data/wcxb"
PARTS = 5
# Second-level labels under which names are registered ("daily.co.uk")
_SECOND_LEVEL = frozenset(["co", "com", "org", "gov", "ac", "net", "edu", "gob", "or", "ne", "go"])
_WORD = re.compile(r"\w+", re.UNICODE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """One page with what its publisher meant. `body` of a page with optional paragraphs holds all
    of them, `optional` those that may be missing. `kind` is WCXB's word for what a page is;
    `must_have` and `must_not_have` are snippets of its text and of what stands around it."""

    set: str
    id: str
    url: str
    html: Path
    title: str | None
    authors: tuple[str, ...]
    published: datetime | None
    day: str | None
    body: str | None
    optional: str
    kind: str = "article"
    must_have: tuple[str, ...] = ()
    must_not_have: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The page's name among all sets."""
        return f"{self.set}/{self.id}"

    @property
    def part(self) -> int:
        """Which of the five parts the page is in, 0 to 4."""
        return crc32(registered_domain(self.url).encode()) % PARTS

    def page(self) -> Page:
        """The page as a server would have answered it, fetched long after it was published."""
        return Page(
            requested_url=self.url,
            url=self.url,
            status=200,
            fetched_at=datetime(2026, 8, 1, tzinfo=UTC),
            headers=(),
            body=gzip.decompress(self.html.read_bytes()),
            media_type="text/html",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What any reader made of a page; `day` is `YYYY-MM-DD`, `at` an aware instant if any.

    Of ours also why a page was `refused`, which extractor is the `reader` of its body, its `form`.
    """

    title: str | None = None
    authors: tuple[str, ...] = ()
    day: str | None = None
    at: datetime | None = None
    text: str = ""
    refused: str | None = None
    reader: str | None = None
    form: str | None = None


def gold_pages() -> list[Gold]:
    """Every page of the articles' gold, or none where the data is absent."""
    return _pages_of(FOLDER)


def wcxb_pages() -> list[Gold]:
    """Every page of WCXB's development split, articles and others, or none where it is absent."""
    return _pages_of(WCXB_FOLDER)


def registered_domain(url: str) -> str:
    """The name that was registered: "daily.co.uk" of "www.daily.co.uk"."""
    labels = (urlsplit(url).hostname or url).split(".")
    second = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3 if second else -2 :])


def _pages_of(folder: Path) -> list[Gold]:
    if not (folder / "gold.jsonl").is_file():
        return []
    with (folder / "gold.jsonl").open(encoding="utf-8") as lines:
        return [_gold(json.loads(line), folder) for line in lines]


def _gold(row: dict[str, Any], folder: Path) -> Gold:
    published = row.get("published")
    published = published if isinstance(published, str) else None
    at = datetime.fromisoformat(published) if published and len(published) > 10 else None
    paragraphs = row.get("paragraphs")
    optional = ""
    body = row.get("body")
    if isinstance(paragraphs, list):
        body = "\n".join(p.strip().removeprefix("[").removesuffix("]") if _is_optional(p) else p
                         for p in paragraphs)  # fmt: skip
        optional = "\n".join(p.strip()[1:-1] for p in paragraphs if _is_optional(p))
    return Gold(
        set=row["set"],
        id=row["id"],
        url=row.get("url") or "https://news.test/",
        html=folder / row["html"],
        title=row.get("title") or None,
        authors=tuple(row.get("authors") or ()),
        published=at if at is None or at.tzinfo else at.replace(tzinfo=UTC),
        day=published[:10] if published else None,
        body=body,
        optional=optional,
        kind=row.get("kind") or "article",
        must_have=tuple(row.get("must_have") or ()),
        must_not_have=tuple(row.get("must_not_have") or ()),
    )


def _is_optional(paragraph: str) -> bool:
    return paragraph.strip().startswith("[") and paragraph.strip().endswith("]")


def bare(text: str) -> str:
    """`text` without case and punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())


def title_right(gold: Gold, read: Reading) -> bool:
    return bare(gold.title or "") == bare(read.title or "")


def day_right(gold: Gold, read: Reading) -> bool:
    """The same day in the zone of the gold; for postlight's UTC instants give or take one."""
    if gold.day is None or (read.day is None and read.at is None):
        return False
    if gold.set == "postlight":
        day = read.day or (read.at.date().isoformat() if read.at else "")
        return abs(datetime.fromisoformat(day) - datetime.fromisoformat(gold.day)) <= timedelta(1)
    if gold.set == "htmldate_mediacloud_2020":
        return read.day == gold.day
    if read.at is not None and gold.published is not None:
        return read.at.astimezone(gold.published.tzinfo).date().isoformat() == gold.day
    return (read.day or (read.at.date().isoformat() if read.at else None)) == gold.day


def minute_right(gold: Gold, read: Reading) -> bool:
    return (
        read.at is not None
        and gold.published is not None
        and abs(read.at - gold.published) < timedelta(minutes=1)
    )


def author_shares(gold: Gold, read: Reading) -> tuple[float, float]:
    """Precision and recall of the names of one page."""
    meant, said = {bare(n) for n in gold.authors}, {bare(n) for n in read.authors}
    right = len(meant & said)
    return (right / len(said) if said else float(not meant), right / len(meant) if meant else 1.0)


def body_shares(gold: Gold, read: Reading) -> tuple[float, float]:
    """Precision and recall of the 4-grams of one page; optional ones count neither way."""
    meant, said = _grams(gold.body or ""), _grams(read.text)
    optional = _grams(gold.optional)
    right = sum((meant & said).values())
    needed = sum(((meant - optional) & said).values())
    least = sum((meant - optional).values())
    wrong = sum(said.values()) - right
    precision = right / (right + wrong) if said else float(not meant)
    recall = needed / least if least else 1.0
    return precision, recall


def word_f1(gold: Gold, read: Reading) -> float:
    """WCXB's score of a body: F1 over the multisets of words."""
    return _words_f1(gold.body or "", read.text)


def author_words_f1(gold: Gold, read: Reading) -> float:
    """The same of the credits: WCXB's gold writes several names as one."""
    return _words_f1(" ".join(gold.authors), " ".join(read.authors))


def _words_f1(one: str, other: str) -> float:
    meant, said = (Counter(_WORD.findall(text.lower())) for text in (one, other))
    total = sum(meant.values()) + sum(said.values())
    return 2 * sum((meant & said).values()) / total if total else 1.0


def snippet_shares(gold: Gold, read: Reading) -> tuple[float, float]:
    """The shares found of the snippets that must be there and of those that must not."""
    text = " ".join(read.text.lower().split())

    def found(snippets: Sequence[str]) -> float:
        return mean(" ".join(snippet.lower().split()) in text for snippet in snippets)

    return found(gold.must_have), found(gold.must_not_have)


def harmonic(shares: Sequence[tuple[float, float]]) -> float:
    """The harmonic mean of mean precision and mean recall."""
    precision = sum(p for p, _ in shares) / len(shares)
    recall = sum(r for _, r in shares) / len(shares)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def mean(values: Iterable[bool | float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0


def _grams(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    size = min(4, max(1, len(words)))
    return (
        Counter(tuple(words[i : i + size]) for i in range(len(words) - size + 1))
        if words
        else Counter()
    )
