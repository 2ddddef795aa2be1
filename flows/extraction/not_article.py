"""Pages that are no articles, and what they are instead. A pure decider.

A page with enough text that calls itself an article is one, whatever else it carries; everything
else needs evidence of its own before it is refused.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from flows.core import Reason
from flows.core.text.boilerplate import CHALLENGE, CONSENT, LOGIN, MISSING
from flows.core.text.words import word_count
from flows.extraction.witnesses.json_ld import ARTICLE_TYPES

# Words below which nothing can be judged or compared; news in brief has 30 (unmeasured)
LEAST_WORDS = 20
# A wall's own text: consent pages run to 150 words, challenges to 60 (unmeasured)
WALL_WORDS = 200
# A gallery's or a video's teaser, against an article that has one (unmeasured)
TEASER_WORDS = 100

_GALLERIES = frozenset({"imagegallery", "mediagallery", "gallery", "photo_gallery"})
_VIDEOS = frozenset({"videoobject", "video", "video.other", "video.movie", "video.episode"})
_POLLS = frozenset({"quiz", "question"})
_FRONTS = frozenset({"collectionpage", "searchresultspage", "profilepage", "itemlist"})
_FORUMS = frozenset({"discussionforumposting", "qapage"})
_PRODUCTS = frozenset({
    "product", "productgroup", "individualproduct", "product.item", "product.group", "og:product",
})  # fmt: skip
_FORUM_PATH = re.compile(
    r"/(?:forums?|threads?|discussions?|questions?|viewtopic|showthread)(?:[/.?-]|$)",
    re.I,
)
# Log-odds by the block model's page score, below which a page is none. Each measured on pages whose
# parts the model had not seen, so that all together refuse one in a hundred articles of the gold.
_NO_FORUM, _NO_PRODUCT, _NO_ARTICLE, _NO_ARTICLE_THOUGH_DECLARED = 1.5, 2.0, -1.5, -2.5
_POLL_PATH = re.compile(
    r"/(?:polls?|quiz(?:zes)?|umfragen?|sondages?|encuestas?|sondaggi[oi]?)/", re.I
)
_GALLERY_PATH = re.compile(
    r"/(?:galler(?:y|ies)|photos?|pictures|slideshow|fotostrecken?|bilder|galerie|diaporama|"
    r"fotogaleria|fotos)/",
    re.I,
)
_VIDEO_PATH = re.compile(r"/(?:videos?|watch|av|mediathek)/", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What is known of a page before it is called an article.

    `types` are schema.org and Open Graph types in lower case; `linked` is the share of the text
    that is links; `dated` whether any witness names a publication time; `passwords` whether the
    page asks for one; `article` the log-odds that the looks of its blocks are an article's.
    """

    url: str
    title: str
    paragraphs: Sequence[str]
    types: frozenset[str]
    linked: float
    dated: bool
    passwords: bool
    free_to_read: bool
    cards: bool = False
    article: float = 9.0


def not_an_article(shape: Shape) -> Reason | None:
    """Why the page is no article, or None if it is one."""
    words = word_count("\n".join(shape.paragraphs))
    declared = bool(shape.types & ARTICLE_TYPES)
    if words < WALL_WORDS:
        wall = _wall(shape)
        if wall is not None and not (declared and words >= LEAST_WORDS):
            return wall
    if words < TEASER_WORDS and not declared and MISSING.search(shape.title):
        return Reason.HTTP_404
    if not declared and _is_front(shape):
        return Reason.SECTION_FRONT
    if words < TEASER_WORDS and (other := _other(shape, declared=declared)):
        return other
    if words == 0:
        return Reason.NO_TEXT if shape.free_to_read else Reason.PAYWALL
    if words < LEAST_WORDS and shape.free_to_read:
        return Reason.TOO_SHORT
    return _unlike_articles(shape)


def _wall(shape: Shape) -> Reason | None:
    text = " ".join((shape.title, *shape.paragraphs[:6]))[:2_000]
    if CHALLENGE.search(text):
        return Reason.BLOCKED
    if CONSENT.search(text):
        return Reason.CONSENT_WALL
    if shape.passwords and LOGIN.search(text):
        return Reason.LOGIN_WALL
    return None


def _is_front(shape: Shape) -> bool:
    if urlsplit(shape.url).path.strip("/") == "":
        return True
    if shape.cards:
        return True
    fronted = bool(shape.types & _FRONTS) and "article" not in shape.types
    return not shape.dated and shape.linked > (0.3 if fronted else 0.5)


def _unlike_articles(shape: Shape) -> Reason | None:
    """What a page is whose blocks do not look like an article's, by its types and its path."""
    declared = bool(shape.types & (ARTICLE_TYPES - _FORUMS)) or "article" in shape.types
    if declared:
        return Reason.NO_ARTICLE if shape.article < _NO_ARTICLE_THOUGH_DECLARED else None
    forum = shape.types & _FORUMS or _FORUM_PATH.search(urlsplit(shape.url).path)
    if forum and shape.article < _NO_FORUM:
        return Reason.FORUM
    if shape.types & _PRODUCTS and shape.article < _NO_PRODUCT:
        return Reason.PRODUCT
    return Reason.NO_ARTICLE if shape.article < _NO_ARTICLE else None


def _other(shape: Shape, *, declared: bool) -> Reason | None:
    """What a page with a teaser's worth of text is, by its types, or by its path if untyped."""
    path = urlsplit(shape.url).path
    if shape.types & _GALLERIES or (not declared and _GALLERY_PATH.search(path)):
        return Reason.GALLERY
    if not declared and (shape.types & _VIDEOS or _VIDEO_PATH.search(path)):
        return Reason.VIDEO
    if shape.types & _POLLS or (not declared and _POLL_PATH.search(path)):
        return Reason.POLL
    return None
