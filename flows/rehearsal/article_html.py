"""Pieces as the HTML pages of their outlets: three layouts, several witnesses, much furniture.

Decides how a page looks at an instant; refuses to know whether it is asked for and what becomes of
it. What stands in a page and is no text of the article comes from `outlets.Furniture`.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

from flows.rehearsal.outlets import Furniture, Outlet, Piece, furniture, text_at

_SCRIPT_END = "</"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One page about to be written: whose, which piece with its edits, as of when."""

    outlet: Outlet
    piece: Piece
    now: datetime

    @property
    def url(self) -> str:
        return self.outlet.url(self.piece.path)

    @property
    def words(self) -> Furniture:
        return furniture(self.outlet.language)

    @property
    def local(self) -> datetime:
        return self.piece.published.astimezone(ZoneInfo(self.outlet.timezone))

    @property
    def claimed(self) -> str:
        """The publication time as the page gives it to machines."""
        if self.piece.shows == "day":
            return self.local.date().isoformat()
        if self.piece.shows == "local":
            return self.local.replace(tzinfo=None).isoformat(sep=" ", timespec="minutes")
        return self.local.isoformat()

    @property
    def edited_at(self) -> datetime | None:
        made = [edit.at for edit in self.piece.edits if edit.at <= self.now]
        return max(made, default=None)

    @property
    def related(self) -> tuple[Piece, ...]:
        """Three other pieces, changing with the hour: furniture, not news."""
        others = [
            piece
            for piece in self.outlet.pieces
            if piece.published <= self.now and piece.path != self.piece.path
        ]
        turn = int(self.now.timestamp() // 1800) % max(1, len(others))
        return tuple((others[turn:] + others[:turn])[:3])

    @property
    def readers(self) -> int:
        return 128 + int((self.now - self.piece.published) / timedelta(minutes=1)) * 7


def article_page(outlet: Outlet, piece: Piece, now: datetime) -> bytes:
    """The page of `piece` at `now`, in the outlet's encoding."""
    view = View(outlet=outlet, piece=text_at(piece, now), now=now)
    body = {"paper": _paper, "portal": _portal, "plain": _plain}[outlet.layout](view)
    return _document(view, body).encode(outlet.encoding, "xmlcharrefreplace")


def shell_page(outlet: Outlet, title: str, body: str, *, head: str = "") -> bytes:
    """A page that is no article, with the outlet's frame around `body`."""
    words = furniture(outlet.language)
    text = (
        f'<!DOCTYPE html><html lang="{outlet.language}"><head>'
        f'<meta charset="{outlet.encoding}"><title>{escape(title)}</title>{head}</head>'
        f"<body>{_navigation(outlet, words)}{body}{_footer(outlet, words)}</body></html>"
    )
    return text.encode(outlet.encoding, "xmlcharrefreplace")


def _document(view: View, body: str) -> str:
    outlet, piece = view.outlet, view.piece
    direction = ' dir="rtl"' if outlet.language == "ar" else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{outlet.language}"{direction}>\n<head>\n'
        f'<meta charset="{outlet.encoding}">\n'
        f"<title>{escape(piece.title)} - {escape(outlet.name)}</title>\n"
        f'<link rel="canonical" href="{view.url}">\n'
        f"{_witnesses(view)}"
        "<style>.cookie-banner{position:fixed;bottom:0}</style>\n"
        "<script>window.layers = window.layers || [];</script>\n"
        f"</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _witnesses(view: View) -> str:
    makers = {
        "json_ld": _json_ld,
        "json_ld_graph": _json_ld_graph,
        "open_graph": _open_graph,
        "meta": _meta,
    }
    chosen = [makers[name](view) for name in view.outlet.witnesses if name in makers]
    return "".join(chosen)


def _json_ld(view: View) -> str:
    return _script(_news_article(view))


def _json_ld_graph(view: View) -> str:
    site = {"@type": "WebSite", "name": view.outlet.name, "url": view.outlet.url("/")}
    return _script({"@context": "https://schema.org", "@graph": [site, _news_article(view)]})


def _news_article(view: View) -> dict[str, object]:
    piece = view.piece
    value: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": view.url},
        "headline": piece.title,
        "datePublished": view.claimed,
        "publisher": {"@type": "Organization", "name": view.outlet.name},
        "isAccessibleForFree": piece.page != "paywall",
    }
    if view.edited_at is not None:
        value["dateModified"] = view.edited_at.isoformat()
    if names := _names(piece):
        value["author"] = [{"@type": "Person", "name": name} for name in names]
    if piece.section:
        value["articleSection"] = piece.section
    if piece.page == "wrong_json_ld":
        value |= {"headline": view.outlet.name, "datePublished": "0001-01-01T00:00:00Z"}
    return value


def _script(value: dict[str, object]) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=1).replace(_SCRIPT_END, "<\\/")
    return f'<script type="application/ld+json">{text}</script>\n'


def _open_graph(view: View) -> str:
    piece = view.piece
    pairs = [
        ("og:type", "article"),
        ("og:site_name", view.outlet.name),
        ("og:title", piece.title),
        ("og:url", view.url),
        ("article:published_time", view.claimed),
    ]
    if piece.section:
        pairs.append(("article:section", piece.section))
    return "".join(f'<meta property="{n}" content="{escape(v)}">\n' for n, v in pairs)


def _meta(view: View) -> str:
    pairs = [("description", view.piece.paragraphs[0][:200]), ("date", view.claimed)]
    pairs += [("author", name) for name in _names(view.piece)]
    return "".join(f'<meta name="{n}" content="{escape(v)}">\n' for n, v in pairs)


def _paper(view: View) -> str:
    """The layout of a broadsheet: semantic elements, a figure on top, related links below."""
    piece, words = view.piece, view.words
    return (
        f'<div class="cookie-banner" role="dialog"><p>{words.cookies}</p>'
        f"<button>{words.accept}</button></div>\n"
        f"{_navigation(view.outlet, words)}\n<main>\n<article>\n<header>"
        f"<h1>{escape(piece.title)}</h1>{_byline(view)}{_time(view)}</header>\n"
        f'<figure><img src="/pictures/ministry.jpg" alt="">'
        f"<figcaption>{words.photo}</figcaption></figure>\n"
        f'<div class="article-body">\n{_paragraphs(view)}\n</div>\n'
        f'<div class="share-bar"><span>{words.share}</span> <b>{view.readers}</b></div>\n'
        f"</article>\n{_related(view)}\n</main>\n{_footer(view.outlet, words)}"
    )


def _portal(view: View) -> str:
    """The layout of a portal: nested divisions, a related box and a newsletter amid the text."""
    piece, words = view.piece, view.words
    middle = len(piece.paragraphs) // 2
    return (
        f"{_navigation(view.outlet, words)}\n"
        f'<div id="page"><div class="col-main"><div class="story">'
        f'<div class="story-header"><h1 class="story-title">{escape(piece.title)}</h1>'
        f'<div class="story-meta">{_byline(view)} {_time(view)}</div></div>\n'
        f'<div class="story-content">{_paragraphs(view, end=middle)}\n{_related(view)}\n'
        f'<div class="newsletter-box"><p>{words.newsletter}</p></div>\n'
        f"{_paragraphs(view, start=middle)}</div>\n"
        f'<div class="social-share">{words.share} <span class="count">{view.readers}</span></div>'
        f"</div></div></div>\n{_footer(view.outlet, words)}\n"
        f'<div id="cookie-consent"><p>{words.cookies}</p><a href="#">{words.accept}</a></div>'
    )


def _plain(view: View) -> str:
    """The layout of an old site: a table, a date in words, paragraphs."""
    piece, words = view.piece, view.words
    return (
        f'<table width="100%"><tr><td>{_navigation(view.outlet, words)}</td></tr>\n'
        f'<tr><td><div id="content"><h1>{escape(piece.title)}</h1>{_time(view)}{_byline(view)}\n'
        f'<div class="text">\n{_paragraphs(view)}\n</div></div></td></tr>\n'
        f"<tr><td>{_footer(view.outlet, words)}</td></tr></table>"
    )


def _navigation(outlet: Outlet, words: Furniture) -> str:
    links = "".join(
        f'<li><a href="/section/{number}">{name}</a></li>'
        for number, name in enumerate(words.sections, 1)
    )
    home = f'<a class="logo" href="/">{escape(outlet.name)}</a>'
    return f'<header class="site-header">{home}<nav><ul class="menu">{links}</ul></nav></header>'


def _footer(outlet: Outlet, words: Furniture) -> str:
    return f'<footer class="site-footer"><p>© {escape(outlet.name)}. {words.footer}</p></footer>'


def _byline(view: View) -> str:
    if not _names(view.piece) or "byline" not in view.outlet.witnesses:
        return ""
    names = ", ".join(
        f'<a rel="author" href="/people/{number}">{escape(name)}</a>'
        for number, name in enumerate(_names(view.piece), 1)
    )
    return f'<p class="byline">{view.words.by} {names}</p>'


def _names(piece: Piece) -> tuple[str, ...]:
    return (piece.staff,) if piece.staff else piece.authors


def _time(view: View) -> str:
    local = view.local
    day = {
        "zh": f"{local:%Y年%m月%d日}",
        "ja": f"{local:%Y年%m月%d日}",
        "en": f"{local.day} {local:%B %Y}",
    }.get(view.outlet.language, f"{local:%d.%m.%Y}")
    shown = day if view.piece.shows == "day" else f"{day} {local:%H:%M}"
    if "time_tag" not in view.outlet.witnesses:
        return f'<div class="date">{shown}</div>'
    return f'<time datetime="{view.claimed}">{shown}</time>'


def _paragraphs(view: View, start: int = 0, end: int | None = None) -> str:
    chosen = list(view.piece.paragraphs[start:end])
    if view.piece.page == "live":
        return _updates(view, chosen)
    written = [f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in chosen]
    if view.piece.counters and start == 0:
        minutes = int((view.now - view.piece.published) / timedelta(minutes=1))
        written.insert(1, f'<p class="stat">{view.readers:,} {view.words.readers}</p>')
        written.insert(2, f'<p class="stat">{minutes} minutes ago</p>')
    return "\n".join(written)


def _updates(view: View, paragraphs: list[str]) -> str:
    """A live blog: each paragraph an update with its own time, newest first."""
    written = []
    for number, paragraph in enumerate(paragraphs):
        at = view.local - timedelta(minutes=20 * number)
        written.append(
            f'<div class="live-update"><time datetime="{at.isoformat()}">{at:%H:%M}</time>'
            f"<p>{escape(paragraph, quote=False)}</p></div>"
        )
    return "\n".join(written)


def _related(view: View) -> str:
    links = "".join(
        f'<li><a href="{piece.path}">{escape(piece.title)}</a></li>' for piece in view.related
    )
    return f'<aside class="related"><h3>{view.words.related}</h3><ul>{links}</ul></aside>'
