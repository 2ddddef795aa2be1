"""Pages written by hand for the reader's tests."""

from datetime import UTC, datetime

from flows.core import Page

FETCHED = datetime(2023, 3, 1, 12, tzinfo=UTC)
PARAGRAPHS = (
    "China on Friday called for a ceasefire and published a paper of twelve points on what it "
    "calls the political settlement of the crisis, one year after the war began.",
    "The paper asks both sides to resume talks, to protect nuclear plants and to let grain leave "
    "the ports of the Black Sea, and it opposes sanctions that were not agreed in New York.",
    "Officials in Kyiv said that they would study the text with care, and that no plan could "
    "begin without the withdrawal of troops to the borders that the world recognises.",
)


def page(body: str | bytes, url: str = "https://daily.test/world/paper-of-twelve-points") -> Page:
    """An HTML answer, fetched on 1 March 2023."""
    return Page(
        requested_url=url,
        url=url,
        status=200,
        fetched_at=FETCHED,
        headers=(("content-type", "text/html"),),
        body=body if isinstance(body, bytes) else body.encode(),
        media_type="text/html",
        archive_ref="run-1:0",
    )


def article_html(
    head: str = "",
    *,
    title: str = "China publishes twelve points",
    before: str = "",
    paragraphs: tuple[str, ...] = PARAGRAPHS,
    after: str = "",
    lang: str = "en",
) -> str:
    """A page with a headline, what stands before the text, the text, and what follows."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!doctype html><html lang="{lang}"><head><title>{title} - The Daily Test</title>{head}'
        f"</head><body><nav><a href='/'>Home</a></nav><article><h1>{title}</h1>{before}"
        f"<div class='article-body'>{text}</div>{after}</article>"
        "<footer>© The Daily Test</footer></body></html>"
    )


def json_ld(content: str) -> str:
    """A JSON-LD block."""
    return f'<script type="application/ld+json">{content}</script>'
