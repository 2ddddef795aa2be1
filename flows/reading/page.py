"""A page → our article, or the reason why there is none: the order of witnesses and deciders.

Pure: the same page and hints read the same. Worker processes call it (`pool`); so may anyone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from flows.cleaning import MAX_NAME_CHARS, clean_line
from flows.reading import markup
from flows.reading.authors import Authors, authors_of
from flows.reading.body import Body, body_of, plain_body
from flows.reading.bylines import bylines
from flows.reading.claims import Claims
from flows.reading.extractors import guessed_day
from flows.reading.furniture import without_furniture
from flows.reading.headings import headings, time_elements, window_title
from flows.reading.hints import READER_VERSION, Hints
from flows.reading.json_ld import linked_data
from flows.reading.languages import language_of
from flows.reading.meta_tags import meta_tags
from flows.reading.microdata import microdata
from flows.reading.not_article import not_an_article
from flows.reading.sites import site_labels
from flows.reading.text_dates import text_dates
from flows.reading.times import modified_time, published_time
from flows.reading.titles import headline
from flows.reading.url_dates import url_dates
from flows.reading.words import word_count
from flows.records import Article, Page, Reason, Skipped, Stage
from flows.urls import fetch_url


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """A page's tree and what its witnesses say."""

    page: Page
    hints: Hints
    tree: HtmlElement
    structured: tuple[Claims, ...]
    meta: Claims
    micro: Claims
    headings: Claims
    window: Claims

    @property
    def marked_up(self) -> tuple[Claims, ...]:
        """Witnesses written for machines, best first."""
        return (*self.structured, self.meta, self.micro)

    @property
    def sites(self) -> tuple[str, ...]:
        """Everything the outlet is called."""
        names = (name for claims in self.marked_up for name in claims.site_names)
        outlet = (self.hints.outlet,) if self.hints.outlet else ()
        return (*names, *site_labels(self.page.url), *outlet)


def read_page(page: Page, hints: Hints) -> Article | Skipped:
    """Our reading of `page`, or why it is no article."""
    source = markup.decoded(page.body, page.charset)
    tree = markup.parsed(source)
    if tree is None:
        return _skipped(page, Reason.NO_TEXT, "no HTML element found")
    heard = _Heard(
        page=page,
        hints=hints,
        tree=tree,
        structured=linked_data(tree),
        meta=meta_tags(tree),
        micro=microdata(tree),
        headings=headings(tree),
        window=window_title(tree),
    )
    authors = authors_of(heard.marked_up, lambda: bylines(tree), heard.sites)
    body = _body(heard, source, authors)
    reason = not_an_article(body.text)
    if reason is not None:
        return _skipped(page, reason, "")
    return _article(heard, authors, body)


def _body(heard: _Heard, source: str, authors: Authors) -> Body:
    too_much = len(heard.page.body) > markup.MAX_BYTES or markup.tag_count(source) > markup.MAX_TAGS
    if too_much:
        return plain_body(source)
    body = body_of(heard.tree, source, [c.body for c in heard.structured if c.body])
    witnesses = (*heard.marked_up, heard.headings, heard.window)
    return replace(
        body,
        paragraphs=without_furniture(
            body.paragraphs,
            titles=[title for claims in witnesses for title in claims.titles],
            link_texts=markup.link_texts(heard.tree),
            authors=authors.people,
        ),
    )


def _article(heard: _Heard, authors: Authors, body: Body) -> Article:
    page, hints, tree = heard.page, heard.hints, heard.tree
    zone, latest = hints.timezone, page.fetched_at
    title = headline(
        (*heard.structured, heard.headings, heard.meta, heard.micro, heard.window),
        hints.claimed_title,
        heard.sites,
    )
    published = published_time(
        (*heard.marked_up, time_elements(tree), url_dates(page.url)),
        hints.claimed_at,
        (
            lambda: text_dates(tree, month_first=(tree.get("lang") or "en-US").lower() == "en-us"),
            lambda: _guessed(tree, page),
        ),
        zone=zone,
        latest=latest,
    )
    return Article(
        url=page.url,
        outlet=hints.outlet,
        title=title.text if title else None,
        title_origin=title.origin if title else None,
        text=body.text,
        lede=body.paragraphs[0],
        word_count=word_count(body.text),
        language=language_of(body.text, (tree.get("lang") or "",)),
        extractor=body.extractor,
        reader_version=READER_VERSION,
        canonical_url=_first_url(heard.meta.canonical_urls, page.url),
        site_name=clean_line(heard.sites[0], MAX_NAME_CHARS) if heard.sites else None,
        authors=authors.people,
        agencies=authors.agencies,
        published=published.time,
        published_alternatives=published.alternatives,
        published_problem=published.problem,
        modified=modified_time(heard.marked_up, published.time, zone=zone, latest=latest),
        image_url=_first_url([url for c in heard.marked_up for url in c.images], page.url),
        free_to_read=not any(claims.free_to_read is False for claims in heard.marked_up),
    )


def _guessed(tree: HtmlElement, page: Page) -> Claims:
    day = guessed_day(tree, page.url, latest=page.fetched_at)
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
