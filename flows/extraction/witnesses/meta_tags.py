"""The meta-tag witness: Open Graph, Dublin Core, and the names publishers invented beside them.

Decides which names mean the same thing; refuses to know whom to believe.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from lxml.html import HtmlElement

from flows.extraction.witnesses.claims import Claims, Credit

_TITLES = ("og:title", "twitter:title", "dc.title", "dcterms.title", "parsely-title",
           "sailthru.title", "cxenseparse:title", "hdl", "citation_title", "title")  # fmt: skip
_PUBLISHED = (
    "article:published_time", "article:published", "og:article:published_time",
    "og:published_time", "datepublished", "date_published", "publish-date", "publishdate",
    "publish_date", "pubdate", "parsely-pub-date", "sailthru.date", "rnews:datepublished",
    "originalpublicationdate", "article.published", "bt:pubdate", "citation_publication_date",
    "citation_online_date", "publication_date", "published_date", "published_time",
    "cxenseparse:recs:publishtime", "cxenseparse:publishtime",
    "cxenseparse:recs:articlepublishdate", "mediator_published_time", "vr:published_time",
    "shareaholic:article_published_time", "article.created", "dc.date.issued", "dcterms.issued",
    "dcterms.created", "dcterms.date", "dc.date.created", "dc.date", "citation_date", "created",
    "ptime", "timestamp", "date", "displaydate", "iso-8601-publish-date",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:article:modified_time", "article:modified", "og:updated_time",
    "datemodified", "last-modified", "lastmod", "dcterms.modified", "dc.date.modified",
    "date_modified", "utime", "revised",
)  # fmt: skip
_AUTHORS = (
    "author", "article:author_name", "parsely-author", "sailthru.author", "byl", "dc.creator",
    "dcterms.creator", "dc.creator.aut", "cxenseparse:author", "og:article:author",
    "citation_author", "article:author", "authors", "vr:author", "shareaholic:article_author_name",
)  # fmt: skip
_SITES = (
    "og:site_name", "application-name", "dc.publisher", "copyright",
    "apple-mobile-web-app-title", "al:android:app_name", "twitter:app:name:iphone",
)  # fmt: skip
_SECTIONS = ("article:section", "section", "cxenseparse:section", "parsely-section", "category")
_TAGS = ("article:tag", "news_keywords", "keywords", "parsely-tags", "sailthru.tags")
_WRITTEN_BY = re.compile(
    r"written|verfasst|geschrieben|écrit|rédigé|escrito|scritto|geschreven|skrevet|skriven|autor|"
    r"napisane|yazan|автор|作者|投稿者",
    re.I,
)


def meta_tags(tree: HtmlElement) -> Claims:
    """What the page's `meta` elements claim."""
    values = _values(tree)

    def of(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(value for name in names for value in values.get(name, ()))

    canonical = [
        link.get("href") or ""
        for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    ]
    return Claims(
        origin="meta",
        titles=of(_TITLES),
        published=of(_PUBLISHED),
        modified=of(_MODIFIED),
        credits=tuple(Credit(name=name) for name in (*of(_AUTHORS), *_labelled(values))),
        site_names=of(_SITES),
        sections=of(_SECTIONS),
        tags=of(_TAGS),
        descriptions=of(("og:description", "description", "twitter:description")),
        images=of(("og:image", "og:image:url", "twitter:image")),
        languages=of(("content-language", "dc.language", "language", "og:locale")),
        locales=of(("og:locale",)),
        canonical_urls=(*canonical, *of(("og:url",))),
        types=frozenset(value.lower() for value in of(("og:type",))),
        free_to_read=_free(of(("article:content_tier",))),
    )


def _values(tree: HtmlElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("http-equiv")
        content = (meta.get("content") or meta.get("value") or "").strip()
        if name and content:
            known = found.setdefault(name.strip().lower(), [])
            if len(known) < 50 and content not in known:
                known.append(content)
    return found


def _labelled(values: Mapping[str, list[str]]) -> Iterator[str]:
    """Names in Twitter's labelled fields, as WordPress plugins write them: label1, data1."""
    for number in "12":
        label = " ".join(values.get(f"twitter:label{number}", ()))
        if _WRITTEN_BY.search(label):
            yield from values.get(f"twitter:data{number}", ())
    yield from values.get("twitter:misc:written by", ())


def _free(tiers: tuple[str, ...]) -> bool | None:
    """Open Graph's article:content_tier: free, metered or locked."""
    for tier in tiers:
        if tier.lower() in {"free", "metered", "locked"}:
            return tier.lower() != "locked"
    return None
