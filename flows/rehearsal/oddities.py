"""The pages of the web that are no articles, or are meant to hurt: walls, fronts, killers.

Decides what each oddity looks like; each is the plainest honest example of its kind, since the
rehearsal shows that a kind is recognised, not how far recognition goes.
"""

from collections.abc import Callable
from datetime import datetime
from html import escape

from flows.rehearsal.article_html import article_page, shell_page
from flows.rehearsal.loopback import Answer
from flows.rehearsal.outlets import Outlet, Piece, furniture

_KILLER_PARAGRAPHS = 100_000  # trafilatura alone took over a minute on as many
_KILLER_DEPTH = 100_000  # resiliparse never came back from as many


def oddity(outlet: Outlet, piece: Piece, now: datetime) -> Answer | None:
    """The answer for a piece whose `page` is no article; None when it is one."""
    maker = _MAKERS.get(piece.page)
    return None if maker is None else maker(outlet, piece, now)


def html(body: bytes, outlet: Outlet, **fields: float | bool) -> Answer:
    """A 200 with a page of `outlet`."""
    media_type = f"text/html; charset={outlet.encoding}"
    return Answer(
        headers=(("Content-Type", media_type),),
        body=body,
        delay_seconds=float(fields.get("delay_seconds", 0.0)),
        stalls=bool(fields.get("stalls", False)),
    )


def consent_wall(outlet: Outlet) -> bytes:
    """Nothing but the question whether cookies may be set."""
    return shell_page(
        outlet,
        "Before you continue",
        '<main><div class="consent-wall"><h1>Before you continue</h1>'
        "<p>We value your privacy. We and our 842 partners store and access information on your "
        "device, such as cookies and unique identifiers, to show personalised advertising and to "
        "measure our audience. You can accept or manage your choices before continuing to the "
        "site. You may withdraw your consent at any time in the privacy settings.</p>"
        '<form action="/consent"><button name="accept">Accept all</button>'
        '<button name="manage">Manage options</button></form></div></main>',
    )


def _consent(outlet: Outlet, piece: Piece, now: datetime) -> Answer:  # noqa: ARG001
    return html(consent_wall(outlet), outlet)


def _paywall(outlet: Outlet, piece: Piece, now: datetime) -> Answer:
    wall = (
        '<div class="paywall"><h2>La suite est réservée aux abonnés</h2>'
        "<p>Il vous reste 80 % de cet article à lire. Abonnez-vous pour continuer.</p></div>"
    )
    page = article_page(outlet, piece, now).decode(outlet.encoding)
    return html(page.replace("</article>", f"{wall}</article>").encode(outlet.encoding), outlet)


def _section_front(outlet: Outlet, piece: Piece, now: datetime) -> Answer:
    teasers = "".join(
        f'<div class="teaser"><h3><a href="{other.path}">{escape(other.title)}</a></h3></div>'
        for other in outlet.pieces
        if other.published <= now and other.path != piece.path
    )
    body = f'<main class="section-front"><h1>{escape(piece.title)}</h1>{teasers * 2}</main>'
    return html(shell_page(outlet, piece.title, body), outlet)


def _gallery(outlet: Outlet, piece: Piece, now: datetime) -> Answer:  # noqa: ARG001
    pictures = "".join(
        f'<figure class="slide"><img src="/pictures/{number}.jpg" alt="">'
        f"<figcaption>{number} / 24 {furniture(outlet.language).photo}</figcaption></figure>"
        for number in range(1, 25)
    )
    body = f'<main class="gallery"><h1>{escape(piece.title)}</h1>{pictures}</main>'
    head = '<meta property="og:type" content="article">'
    return html(shell_page(outlet, piece.title, body, head=head), outlet)


def _video(outlet: Outlet, piece: Piece, now: datetime) -> Answer:  # noqa: ARG001
    body = (
        f'<main><h1>{escape(piece.title)}</h1><div class="player">'
        '<video controls src="/video/1.mp4" poster="/pictures/1.jpg"></video></div>'
        "<p>02:14</p></main>"
    )
    head = '<meta property="og:type" content="video.other">'
    return html(shell_page(outlet, piece.title, body, head=head), outlet)


def _killer_paragraphs(outlet: Outlet, piece: Piece, now: datetime) -> Answer:  # noqa: ARG001
    body = "<p>A line of a table that was made by a machine.</p>\n" * _KILLER_PARAGRAPHS
    return html(shell_page(outlet, piece.title, f"<article>{body}</article>"), outlet)


def _killer_nesting(outlet: Outlet, piece: Piece, now: datetime) -> Answer:  # noqa: ARG001
    body = "<div>" * _KILLER_DEPTH + "Down here." + "</div>" * _KILLER_DEPTH
    return html(shell_page(outlet, piece.title, body), outlet)


def _stall(outlet: Outlet, piece: Piece, now: datetime) -> Answer:
    return html(article_page(outlet, piece, now), outlet, stalls=True)


def _pdf(outlet: Outlet, piece: Piece, now: datetime) -> Answer:  # noqa: ARG001
    return Answer(
        headers=(("Content-Type", "application/pdf"),),
        body=b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n",
    )


def _status(status: int) -> Callable[[Outlet, Piece, datetime], Answer]:
    def answer(outlet: Outlet, piece: Piece, now: datetime) -> Answer:  # noqa: ARG001
        body = shell_page(outlet, str(status), f"<main><h1>{status}</h1></main>")
        return Answer(status=status, headers=(("Content-Type", "text/html"),), body=body)

    return answer


_MAKERS: dict[str, Callable[[Outlet, Piece, datetime], Answer]] = {
    "consent_wall": _consent,
    "paywall": _paywall,
    "section_front": _section_front,
    "gallery": _gallery,
    "video": _video,
    "killer_paragraphs": _killer_paragraphs,
    "killer_nesting": _killer_nesting,
    "stall": _stall,
    "pdf": _pdf,
    "not_found": _status(404),
    "gone": _status(410),
}
