"""What others made of the seeds' stories ties to them; other reports of the same days stay apart.

The texts in `stories/` were written for these tests from the sentences of the seeds: a whole story
each, a trimmed one in British English, another translation, a port's own report with the story in
it; rivals with the same quotations and the same twelve headings; a document under these headings.
None of them is a report.
"""

from datetime import UTC, datetime
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from flows.core import LinkKind
from flows.core.errors import SeedError
from flows.dedup import LEAST_SHARED, ComparedText, compare, fingerprints
from flows.pipeline.seeds import read_seeds

HERE = Path(__file__).parent
AP = ("ap_other_translation", "ap_trimmed_british", "ap_whole", "seed_004")
WSWS = ("seed_000", "wsws_reposted", "wsws_whole")
RIVALS = tuple(sorted(path.stem for path in (HERE / "stories").glob("rival_*.txt")))


@cache
def story(name: str) -> ComparedText:
    title, text = _told(name)
    return ComparedText(
        article_id=name,
        title=title,
        text=text,
        language="en",
        outlet=name,
        first_seen_at=datetime(2023, 2, 24, tzinfo=UTC),
    )


def _told(name: str) -> tuple[str | None, str]:
    if not name.startswith("seed_"):
        title, _, text = (HERE / f"stories/{name}.txt").read_text("utf-8").partition("\n\n")
        return title, text
    for seed in read_seeds(HERE.parents[1] / "seeds"):
        if not isinstance(seed, SeedError) and seed.name.startswith(name[5:]):
            return seed.article.title, seed.article.text
    raise LookupError(name)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        pair
        for pair in (*combinations(AP, 2), *combinations(WSWS, 2))
        # two noisy texts of half the story meet by way of the whole
        if pair != ("ap_other_translation", "ap_trimmed_british")
    ],
)
def test_what_tells_a_seeds_story_is_found_and_tied_to_it(name: str, other: str) -> None:
    shared = set(fingerprints(story(name).text)) & set(fingerprints(story(other).text))
    assert len(shared) >= LEAST_SHARED
    assert compare(story(name), story(other)).kind is LinkKind.SAME


@pytest.mark.parametrize("name", ["ap_trimmed_british", "ap_whole", "seed_004"])
def test_an_outlets_own_report_with_the_story_in_it_shares_passages(name: str) -> None:
    assert compare(story("ap_own_reporting"), story(name)).kind is LinkKind.PARTIAL


@pytest.mark.parametrize("rival", RIVALS)
@pytest.mark.parametrize("name", [*AP, *WSWS])
def test_another_report_of_the_same_day_shares_nothing_that_ties(rival: str, name: str) -> None:
    assert compare(story(rival), story(name)).kind is None


@pytest.mark.parametrize(("name", "other"), list(combinations(RIVALS, 2)))
def test_reports_that_list_the_same_twelve_headings_are_not_one(name: str, other: str) -> None:
    assert compare(story(name), story(other)).kind is not LinkKind.SAME


def test_the_seeds_are_two_stories_and_so_are_their_copies() -> None:
    assert {compare(story(a), story(b)).kind for a in AP for b in WSWS} == {None}


def reprint(opening: str, *, paragraphs: int, numbered: bool) -> ComparedText:
    """A long document under an outlet's own opening."""
    own = story(opening).text.split("\n\n")[:paragraphs]
    document = (HERE / "stories/document.txt").read_text("utf-8").splitlines()
    points = [f"{n}. {point}" if numbered else point for n, point in enumerate(document, 1)]
    return ComparedText(
        article_id=opening,
        title=story(opening).title,
        text="\n\n".join((*own, *points)),
        language="en",
        outlet=opening,
        first_seen_at=datetime(2023, 2, 24, tzinfo=UTC),
    )


@pytest.mark.parametrize(("paragraphs", "numbered"), [(1, True), (2, True), (3, True), (4, False)])
def test_two_reports_that_reprint_one_document_share_passages(
    paragraphs: int, numbered: bool
) -> None:
    found = compare(
        reprint("rival_wire", paragraphs=paragraphs, numbered=numbered),
        reprint("rival_call", paragraphs=paragraphs, numbered=numbered),
    )
    assert found.kind is LinkKind.PARTIAL


def test_a_copy_of_a_report_with_a_numbered_document_is_a_copy() -> None:
    one = reprint("rival_wire", paragraphs=3, numbered=True)
    other = ComparedText(
        article_id="copy", title="Another headline", language="en", outlet="copy",
        text=one.text.replace("Beijing", "China"), first_seen_at=one.first_seen_at,
    )  # fmt: skip
    assert compare(one, other).kind is LinkKind.SAME
