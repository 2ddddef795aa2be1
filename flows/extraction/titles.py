"""Which of a page's headlines is the article's own. A pure decider.

Four witnesses vote: JSON-LD, the visible heading, Open Graph, and the feed. The most agreed
headline wins; where all differ, JSON-LD, then the heading. Of 174 pages JSON-LD alone is right on
75 %, the first `h1` on 74 %, Open Graph on 71 %, `title` on 25 %; the vote on 92 %.
A suffix such as ` - BBC News` goes only by evidence: it names the site, other pages of the host
have it, or another witness gives the headline without it.
"""

import html
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flows.core.text.cleaning import bare, clean_line
from flows.extraction.witnesses.claims import Claims

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_SEPARATED = re.compile(
    r"(?<!\s)\s++[-–—|·•:»/]{1,2}\s+|(?:(?<!\s)\s++)?[|｜＿_]\s*|--|\s[—–]\s?|(?:(?<!\s)\s++)?[：＿]\s*"
)
_LEAST_LIKENESS = 0.15  # see `_independent`
_LEAST_HEADLINE_WORDS = 4  # a site's name of more words is rare (unmeasured)
_MOST_KICKER_WORDS = 3  # unmeasured
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]{4}")
_LONGEST_SITE = 60  # characters
_CUT = re.compile(r"(?:(?<!\s)\s++)?(?:…|\.\.\.)$")
_VOTERS = ("json_ld", "h1", "meta", "feed")
_CUT_CHARS = range(100, 111)  # a headline of 110 characters loses its last word, and perhaps more


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A headline and the witness it was believed from."""

    text: str
    origin: str


def headline(
    witnesses: Sequence[Claims],
    claimed: str | None,
    site_names: Iterable[str],
    repeated: Iterable[str] = (),
) -> Title | None:
    """The headline of the article.

    `witnesses` best first, each with its titles best first; of several `h1` the one that others
    know is taken. `claimed` is the feed's title, `site_names` everything the site calls itself,
    `repeated` what most titles of its host begin or end with.
    """
    site_names = tuple(site_names)
    sites = frozenset(name for site in site_names if (name := _joined(site)))
    ends = frozenset(name for end in repeated if (name := _joined(end)))
    said = [Title(text=text, origin=c.origin) for c in witnesses for raw in c.titles
            if (text := plain(raw))]  # fmt: skip
    if claimed and plain(claimed):
        said.append(Title(text=plain(claimed), origin="feed"))
    known = frozenset(bare(title.text) for title in said)
    sites -= _headlines_called_sites(said, site_names)
    sites |= _tails(said, known)
    candidates = [
        Title(text=text, origin=title.origin)
        for title in said
        if (text := _without_site(title.text, known, sites, ends))
        and not _only_site(text, sites | ends)
    ]
    spokesmen = _independent(_one_per_witness(candidates), _news(witnesses))
    return _completed(_elected(spokesmen), candidates) if spokesmen else None


def outer_segments(witnesses: Sequence[Claims]) -> tuple[str, ...]:
    """What stands before the first and behind the last mark of each title, as written, each once.

    Repeated on other pages of the host it is no part of the headline.
    """
    titles = (plain(raw) for claims in witnesses for raw in claims.titles)
    cut = ((text, list(_SEPARATED.finditer(text))) for text in titles)
    ends = (
        end
        for text, cuts in cut
        if cuts
        for end in (text[: cuts[0].start()], text[cuts[-1].end() :])
        if _joined(end) and len(end) <= _LONGEST_SITE
    )
    return tuple(dict.fromkeys(ends))


def plain(raw: str) -> str:
    """`raw` without mark-up and entities, on one line."""
    return clean_line(html.unescape(_TAG.sub("", html.unescape(raw))))


def _joined(name: str) -> str:
    return bare(name).replace(" ", "")


def _tails(said: Sequence[Title], known: frozenset[str]) -> frozenset[str]:
    """What the window title adds behind another witness's headline: the site's name."""
    tails = (
        (title.text[: cut.start()], title.text[cut.end() :])
        for title in said
        if title.origin == "title_tag"
        for cut in list(_SEPARATED.finditer(title.text))[-1:]
    )
    return frozenset(_joined(tail) for head, tail in tails if bare(head) in known and _joined(tail))


def _without_site(
    text: str, known: frozenset[str], sites: frozenset[str], ends: frozenset[str]
) -> str:
    """`text` without the segments at its end or start that name the site or are among `ends`.

    A segment may also go when what is left is another witness's whole headline.
    """
    while True:
        cuts = list(_SEPARATED.finditer(text))
        if not cuts:
            return text
        last, first = cuts[-1], cuts[0]
        if _is_site(text[last.end() :], sites) or _joined(text[last.end() :]) in ends:
            text = text[: last.start()].strip()
        elif _is_site(text[: first.start()], sites) or _joined(text[: first.start()]) in ends:
            text = text[first.end() :].strip()
        else:
            whole = [
                cut for cut in cuts if bare(text[: cut.start()]) in known and "：" not in cut[0]
            ]
            return text[: whole[-1].start()].strip() if whole else text


def _is_site(segment: str, sites: frozenset[str]) -> bool:
    """Whether a segment is a name of the site, or longer by a word such as `News` or `Online`."""
    joined = _joined(segment)
    if not joined or len(segment) > _LONGEST_SITE:
        return False
    return joined in sites or any(
        (joined.startswith(site) or joined.endswith(site)) and len(joined) < 3 * len(site)
        for site in sites
        if len(site) > 3
    )


def _only_site(text: str, sites: frozenset[str]) -> bool:
    """Whether a title is nothing but the site: its name, its logo's alternative text."""
    rest = _joined(text)
    for site in sorted(sites, key=len, reverse=True):
        rest = rest.replace(site, "") if len(site) > 2 else rest.removeprefix(site)
    return rest in {"", "logo", "home", "homepage"}


def _headlines_called_sites(said: Sequence[Title], site_names: Iterable[str]) -> frozenset[str]:
    """Names of the site that are this page's headline: some write it into every field there is.

    A site is not called by a sentence that the visible heading repeats.
    """
    headings = {bare(title.text) for title in said if title.origin == "h1"}
    return frozenset(
        _joined(site)
        for site in site_names
        if bare(site) in headings and len(bare(site).split()) >= _LEAST_HEADLINE_WORDS
    )


def _news(witnesses: Sequence[Claims]) -> bool:
    """Whether JSON-LD calls the page news: then its headline is an editor's."""
    return any("news" in name for c in witnesses if c.origin == "json_ld" for name in c.types)


def _independent(spokesmen: list[Title], news: bool) -> list[Title]:
    """`spokesmen` without a visible heading that is about something else, is told as a sentence or
    holds more than the headline where the others agree on one, and without a JSON-LD
    that only repeats the window title beside a visible heading: plugins fill it in.

    On 24 pages of the gold that are no news the heading is right 16 times against 8.
    """
    by_origin = {title.origin: title for title in spokesmen}
    heading, window = by_origin.get("h1"), by_origin.get("title_tag")
    if heading is None:
        return spokesmen
    others = [_features(title.text) for title in spokesmen if title is not heading]
    alien = len(others) > 1 and _likeness(heading, others) < _LEAST_LIKENESS
    told = heading.text.endswith(".") and not any(
        title.text.endswith(".") for title in spokesmen if title is not heading
    )
    if (alien or told or _glued(heading, by_origin.values())) and _agreed(by_origin):
        return [title for title in spokesmen if title is not heading]
    linked = by_origin.get("json_ld")
    if not news and linked and window and bare(linked.text) == bare(window.text):
        return [title for title in spokesmen if title is not linked]
    return spokesmen


def _glued(heading: Title, others: Iterable[Title]) -> bool:
    """Whether a heading is another witness's headline with a kicker before it or a date behind."""
    text = f" {bare(heading.text)} "
    for other in others:
        name = f" {bare(other.text)} "
        if len(name) >= len(text) or len(name.split()) < _LEAST_HEADLINE_WORDS:
            continue
        before, found, behind = text.partition(name)
        kicker = found and before and not behind and len(before.split()) <= _MOST_KICKER_WORDS
        if kicker or (found and not before and any(map(str.isdigit, behind))):
            return True
    return False


def _agreed(by_origin: Mapping[str, Title]) -> bool:
    """Whether two of the written witnesses agree."""
    said = [by_origin[name] for name in ("json_ld", "meta", "title_tag") if name in by_origin]
    return len({bare(title.text) for title in said}) < len(said)


def _one_per_witness(candidates: Sequence[Title]) -> list[Title]:
    """The first title of each witness; of several headings the one most like the others', of
    several JSON-LD headlines the first that another witness repeats."""
    by_origin: dict[str, list[Title]] = {}
    for title in candidates:
        by_origin.setdefault(title.origin, []).append(title)
    elsewhere = [_features(t.text) for t in candidates if t.origin != "h1"]
    repeated = {bare(t.text) for t in candidates if t.origin != "json_ld"}
    chosen = []
    for origin, titles in by_origin.items():
        if origin == "h1" and len(titles) > 1 and elsewhere:
            titles = sorted(titles, key=lambda title: -_likeness(title, elsewhere))
        if origin == "json_ld":
            titles = sorted(titles, key=lambda title: bare(title.text) not in repeated)
        chosen.append(titles[0])
    return chosen


def _features(text: str) -> set[str]:
    """The words of a title; of one in a script without spaces its pairs of characters."""
    words = bare(text).split()
    if _UNSPACED.search(text):
        joined = "".join(words)
        return {joined[at : at + 2] for at in range(len(joined) - 1)}
    return set(words)


def _likeness(title: Title, others: Sequence[set[str]]) -> float:
    words = _features(title.text)
    return max(len(words & other) / len(words | other) if words else 0.0 for other in others)


def _elected(spokesmen: Sequence[Title]) -> Title:
    voters = [title for title in spokesmen if title.origin in _VOTERS]
    if not voters:
        return spokesmen[0]
    votes = Counter(bare(title.text) for title in voters)
    if len(votes) == len(voters) and all(title.origin != "h1" for title in voters):
        # No visible heading and no agreement: the window title is written for search engines, so
        # whoever differs from it is the editor's own (right on 10 of 11 such pages).
        window = {bare(title.text) for title in spokesmen if title.origin == "title_tag"}
        return next((title for title in voters if bare(title.text) not in window), voters[0])
    return max(voters, key=lambda title: votes[bare(title.text)])


def _completed(title: Title, candidates: Sequence[Title]) -> Title:
    """The whole of a headline that was cut, where another witness has it.

    Cut with an ellipsis, or without one at the 110 characters that search engines once asked of
    JSON-LD: then nobody else has it that short.
    """
    cut = _CUT.search(title.text) is not None
    alone = sum(bare(other.text) == bare(title.text) for other in candidates) == 1
    if not cut and not (alone and len(title.text) in _CUT_CHARS):
        return title
    start = _CUT.sub("", title.text)
    longer = (
        other
        for other in candidates
        if len(other.text) > len(title.text) and (cut or other.origin in _VOTERS)
    )
    return next((other for other in longer if other.text.startswith(start)), title)
