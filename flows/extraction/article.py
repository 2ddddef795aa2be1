"""A page → our article, or the reason why there is none: the order of witnesses and deciders.

Pure: the same page and hints read the same. Worker processes call it (`pool`); so may anyone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from flows.core import Article, Page, Reason, Skipped, Stage
from flows.core.text import markup
from flows.core.text.cleaning import MAX_NAME_CHARS, bare, clean_line
from flows.core.text.decoding import decode
from flows.core.text.languages import language_of
from flows.core.text.words import word_count
from flows.core.urls import fetch_url, site_labels
from flows.extraction.authors import Authors, authors_of
from flows.extraction.block_model import BlockModel, shipped_model
from flows.extraction.body import body_of
from flows.extraction.containers import long_paragraphs, only_cards
from flows.extraction.credits import credited, lines_about_rights
from flows.extraction.date_order import month_first
from flows.extraction.dateline import read_dateline
from flows.extraction.extractors import guessed_charsets, guessed_day
from flows.extraction.forms import Layout, form_of
from flows.extraction.furniture import linked_share, without_furniture
from flows.extraction.hints import READER_VERSION, Hints
from flows.extraction.judged_body import NOTHING, said_of
from flows.extraction.not_article import Shape, not_an_article
from flows.extraction.paragraphs import Body
from flows.extraction.published import Published, modified_time, published_time
from flows.extraction.ruled_body import plain_body
from flows.extraction.titles import Title, headline, outer_segments, plain
from flows.extraction.witnesses.bylines import bylines
from flows.extraction.witnesses.claims import Claims
from flows.extraction.witnesses.date_lines import text_dates, url_dates
from flows.extraction.witnesses.headings import (
    bold_lines,
    headings,
    time_elements,
    window_title,
)
from flows.extraction.witnesses.json_ld import ARTICLE_TYPES, About, address_of, linked_data
from flows.extraction.witnesses.lines import standfirst
from flows.extraction.witnesses.meta_tags import meta_tags
from flows.extraction.witnesses.microdata import microdata
from flows.extraction.witnesses.tags import tags_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """A page's tree and what its witnesses say."""

    page: Page
    hints: Hints
    source: str
    tree: HtmlElement
    structured: tuple[Claims, ...]
    types: frozenset[str]
    meta: Claims
    micro: Claims
    headings: Claims
    window: Claims
    times: Claims
    links: frozenset[str]
    too_much: bool

    @property
    def marked_up(self) -> tuple[Claims, ...]:
        """Witnesses written for machines, best first."""
        return (*self.structured, self.meta, self.micro)

    @property
    def declared(self) -> list[str]:
        """The bodies that JSON-LD tells."""
        return [claims.body for claims in self.structured if claims.body]

    @property
    def free_to_read(self) -> bool:
        """Unless the publisher says it is not."""
        return not any(claims.free_to_read is False for claims in self.marked_up)

    @property
    def sites(self) -> tuple[str, ...]:
        """Everything the outlet is called."""
        names = (name for claims in self.marked_up for name in claims.site_names)
        outlet = (self.hints.outlet,) if self.hints.outlet else ()
        return (*names, *site_labels(self.page.url), *outlet)


def read_page(page: Page, hints: Hints, model: BlockModel | None = None) -> Article | Skipped:
    """Our reading of `page`, or why it is no article.

    `model` judges its blocks; without one, the model that is shipped.
    """
    source = decode(page.body, page.charset, guessed_charsets)
    tree = markup.parsed(source)
    if tree is None:
        return _skipped(page, Reason.NO_TEXT, "no HTML element found")
    heard = _heard(page, hints, source, tree)
    markup.strip_unseen(tree)
    authors = authors_of(heard.marked_up, lambda: bylines(tree), heard.sites)
    if heard.too_much:
        raw, judged = plain_body(source), NOTHING
    else:
        said = said_of(heard.meta, heard.window, heard.structured)
        raw, judged = body_of(tree, source, said, heard.declared, model or shipped_model())
    credit = credited(raw.paragraphs, lines_about_rights(tree))
    body = _body(heard, replace(raw, paragraphs=credit.paragraphs), authors)
    published = _published(heard)
    reason = not_an_article(_shape(heard, raw, body, published, judged.article))
    if reason is not None:
        return _skipped(page, reason, body.text[:200])
    return _article(heard, authors, published, body, credit.agencies)


def _heard(page: Page, hints: Hints, source: str, tree: HtmlElement) -> _Heard:
    meta, heads, window = meta_tags(tree), headings(tree), window_title(tree)
    linked = linked_data(tree, _about(page, meta, heads, window))
    return _Heard(
        page=page,
        hints=hints,
        source=source,
        tree=tree,
        structured=linked.articles,
        types=linked.types | meta.types,
        meta=meta,
        micro=microdata(tree),
        headings=heads,
        window=window,
        times=time_elements(tree),
        links=markup.link_texts(tree),
        too_much=markup.too_much(page.body, source),
    )


def _about(page: Page, meta: Claims, heads: Claims, window: Claims) -> About:
    titles = (*heads.titles, *meta.titles, *window.titles)
    return About(
        addresses=frozenset(map(address_of, (page.url, page.requested_url, *meta.canonical_urls))),
        headlines=frozenset(name for title in titles if (name := bare(plain(title)))),
    )


def _body(heard: _Heard, raw: Body, authors: Authors) -> Body:
    """The body without furniture; of a pay-walled page at least what it says of itself."""
    witnesses = (*heard.marked_up, heard.headings, heard.window)
    paragraphs = without_furniture(
        raw.paragraphs,
        titles=[plain(title) for claims in witnesses for title in claims.titles],
        link_texts=heard.links,
        authors=authors.people,
    )
    described = [text for c in heard.marked_up for raw in c.descriptions if (text := plain(raw))]
    if not paragraphs and not heard.free_to_read:
        paragraphs = tuple(described[:1])
    elif paragraphs and not heard.too_much:
        first = standfirst(heard.tree, described, paragraphs)
        paragraphs = (first, *paragraphs) if first is not None else paragraphs
    return replace(raw, paragraphs=paragraphs)


def _published(heard: _Heard) -> Published:
    tree, page = heard.tree, heard.page
    months_first = month_first(
        locales=heard.meta.locales,
        country=heard.hints.country,
        url=page.url,
        languages=(tree.get("lang") or "",),
    )
    return published_time(
        (*heard.marked_up, heard.times, url_dates(page.url)),
        heard.hints.claimed_at,
        (
            lambda: text_dates(tree, month_first=months_first),
            *(() if heard.too_much else (lambda: _guessed(heard),)),  # it is quadratic too
        ),
        zone=heard.hints.timezone,
        latest=page.fetched_at,
    )


def _shape(heard: _Heard, raw: Body, body: Body, published: Published, article: float) -> Shape:
    time = published.time
    return Shape(
        url=heard.page.url,
        title=" ".join((*heard.window.titles, *heard.headings.titles[:1])),
        paragraphs=body.paragraphs,
        types=heard.types,
        linked=linked_share(raw.paragraphs, heard.links),
        dated=time is not None and time.origin not in _not_of_the_page(heard),
        passwords=heard.tree.find(".//input[@type='password']") is not None,
        free_to_read=heard.free_to_read,
        article=article,
        cards=not heard.types & ARTICLE_TYPES and only_cards(long_paragraphs(heard.tree)),
    )


def _not_of_the_page(heard: _Heard) -> set[str]:
    """Origins of times that the page does not state of itself: a feed dates fronts, too."""
    claimed = heard.hints.claimed_at
    return {"text", "htmldate", claimed.origin if claimed else ""}


def _article(
    heard: _Heard,
    authors: Authors,
    published: Published,
    body: Body,
    credits: tuple[str, ...],
) -> Article:
    page, hints, tree = heard.page, heard.hints, heard.tree
    title = headline(
        (*heard.structured, heard.headings, heard.meta, heard.micro, heard.window),
        hints.claimed_title,
        heard.sites,
        hints.title_ends,
    )
    dateline = read_dateline(body.paragraphs[0])
    marked_up = heard.marked_up
    site_name = next(
        (name for c in marked_up for n in c.site_names if (name := clean_line(n, MAX_NAME_CHARS))),
        None,
    )
    return Article(
        url=page.url,
        outlet=hints.outlet or site_name or next(iter(site_labels(page.url)), None),
        title=title.text if title else None,
        title_origin=title.origin if title else None,
        text=body.text,
        lede=body.paragraphs[0],
        word_count=word_count(body.text),
        language=language_of(
            body.text,
            (
                tree.get("lang") or "",
                *(x for c in marked_up for x in c.languages),
                hints.language or "",
            ),
        ),
        extractor=body.extractor,
        reader_version=READER_VERSION,
        canonical_url=_first_url(heard.meta.canonical_urls, page.url),
        site_name=site_name,
        authors=authors.people,
        agencies=authors.agencies or (dateline.agencies if dateline else ()) or credits,
        dateline=dateline.place if dateline else None,
        published=published.time,
        published_alternatives=published.alternatives,
        published_problem=published.problem,
        modified=modified_time(
            (*marked_up, heard.times),
            published.time,
            hints.claimed_at,
            zone=hints.timezone,
            latest=page.fetched_at,
        ),
        section=next((plain(text) for c in marked_up for text in c.sections), None),
        tags=tags_of(marked_up),
        image_url=_first_url([url for c in marked_up for url in c.images], page.url),
        free_to_read=heard.free_to_read,
        title_ends=outer_segments((*heard.marked_up, heard.headings, heard.window)),
        form=form_of(_layout(heard, title, body)),
    )


def _layout(heard: _Heard, title: Title | None, body: Body) -> Layout:
    return Layout(
        title=title.text if title else "",
        url=heard.page.url,
        paragraphs=body.paragraphs,
        headings=body.headings | bold_lines(heard.tree),
        points=body.points,
        moments=len(heard.times.published) + len(heard.times.modified),
        live="liveblogposting" in heard.types,
    )


def _guessed(heard: _Heard) -> Claims:
    """htmldate's guess, on a tree of its own: it looks into scripts."""
    tree = markup.parsed(heard.source)
    day = None if tree is None else guessed_day(tree, heard.page.url, latest=heard.page.fetched_at)
    return Claims(origin="htmldate", published=(day,) if day else ())


def _first_url(urls: Sequence[str], base: str) -> str | None:
    return next((found for url in urls if (found := fetch_url(url, base))), None)


def _skipped(page: Page, reason: Reason, detail: str) -> Skipped:
    return Skipped(
        stage=Stage.READ,
        reason=reason,
        detail=detail,
        rule_version=READER_VERSION,
        archive_ref=page.archive_ref,
        final_url=page.url,
    )
