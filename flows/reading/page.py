"""A page → our article, or the reason why there is none: the order of witnesses and deciders.

Pure: the same page and hints read the same. Worker processes call it (`pool`); so may anyone.
"""

from collections.abc import Sequence

from lxml.html import HtmlElement

from flows.cleaning import MAX_NAME_CHARS, clean_line
from flows.reading import markup
from flows.reading.authors import authors_of
from flows.reading.body import Body, body_of, plain_body
from flows.reading.claims import Claims
from flows.reading.extractors import guessed_day
from flows.reading.bylines import bylines
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


def read_page(page: Page, hints: Hints) -> Article | Skipped:
    """Our reading of `page`, or why it is no article."""
    source = markup.decoded(page.body, page.charset)
    tree = markup.parsed(source)
    if tree is None:
        return _skipped(page, Reason.NO_TEXT, "no HTML element found")
    structured = linked_data(tree)
    if len(page.body) > markup.MAX_BYTES or markup.tag_count(source) > markup.MAX_TAGS:
        body = plain_body(source)
    else:
        body = body_of(tree, source, [c.body for c in structured if c.body])
    reason = not_an_article(body.text)
    if reason is not None:
        return _skipped(page, reason, "")
    return _article(page, hints, tree, structured, body)


def _article(
    page: Page, hints: Hints, tree: HtmlElement, structured: Sequence[Claims], body: Body
) -> Article:
    meta, micro = meta_tags(tree), microdata(tree)
    witnesses = (*structured, meta, micro)
    sites = (*(n for claims in witnesses for n in claims.site_names), *site_labels(page.url))
    sites = (*sites, hints.outlet) if hints.outlet else sites
    title = headline((*structured, headings(tree), meta, micro, window_title(tree)), hints.claimed_title,
                     sites)  # fmt: skip
    authors = authors_of(witnesses, lambda: bylines(tree), sites)
    language = language_of(body.text, (tree.get("lang") or "",))
    published = published_time(
        (*witnesses, time_elements(tree), url_dates(page.url)),
        hints.claimed_at,
        (
            lambda: text_dates(tree, month_first=(tree.get("lang") or "en-US").lower() == "en-us"),
            lambda: _guessed(tree, page),
        ),
        zone=hints.timezone,
        latest=page.fetched_at,
    )
    return Article(
        url=page.url,
        outlet=hints.outlet,
        title=title.text if title else None,
        title_origin=title.origin if title else None,
        text=body.text,
        lede=body.paragraphs[0],
        word_count=word_count(body.text),
        language=language,
        extractor=body.extractor,
        reader_version=READER_VERSION,
        canonical_url=_first_url(meta.canonical_urls, page.url),
        site_name=clean_line(sites[0], MAX_NAME_CHARS) if sites else None,
        authors=authors.people,
        agencies=authors.agencies,
        published=published.time,
        published_alternatives=published.alternatives,
        published_problem=published.problem,
        modified=modified_time(witnesses, published.time, zone=hints.timezone,
                               latest=page.fetched_at),
        image_url=_first_url([url for c in witnesses for url in c.images], page.url),
        free_to_read=not any(claims.free_to_read is False for claims in witnesses),
    )  # fmt: skip


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
