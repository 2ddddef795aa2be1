"""WordPress posts by its REST API (`wp-json/wp/v2/posts`): bytes → listing, and addresses by date.

Decides which members are title, link and dates; `date_gmt` is believed over `date`, which has no
zone. Refuses to fetch.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flows.core.text.cleaning import MAX_SUMMARY_CHARS
from flows.discovery.formats.json_feed import read_json
from flows.discovery.listing import MAX_ENTRIES, Entry, Listing, Unreadable

# What WordPress allows at most (REST API handbook, pagination)
POSTS_PER_PAGE = 100
# Its `after` and `before` leave out the instants they name; posts planned for midnight are many.
_NEXT = timedelta(seconds=1)


def parse_posts(body: bytes, *, url: str) -> Listing | Unreadable:
    """Read one page of posts; `url` is where the bytes came from."""
    document = read_json(body)
    if isinstance(document, Unreadable):
        return document
    if isinstance(document, Mapping):
        return Unreadable(
            problem=f"WordPress says: {document.get('message') or 'no list of posts'}"
        )
    if not isinstance(document, list):
        return Unreadable(problem="JSON, and no list of posts")
    posts = [post for post in document if isinstance(post, Mapping)]
    return Listing(
        form="wordpress",
        base=url,
        entries=tuple(_entry(post) for post in posts[:MAX_ENTRIES]),
        beyond=max(0, len(posts) - MAX_ENTRIES),
    )


def posts_between(url: str, since: datetime, until: datetime, *, page: int) -> str:
    """The address of one page of the posts published in [since, until], oldest pages last."""
    parts = urlsplit(url)
    ours = {
        "after": f"{since - _NEXT:%Y-%m-%dT%H:%M:%SZ}",
        "before": f"{until + _NEXT:%Y-%m-%dT%H:%M:%SZ}",
        "per_page": str(POSTS_PER_PAGE),
        "page": str(page),
    }
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name not in ours]
    return urlunsplit(parts._replace(query=urlencode([*kept, *ours.items()])))


def _entry(post: Mapping[str, object]) -> Entry:
    identity = post.get("id")
    return Entry(
        link=_text(post.get("link")),
        title=_rendered(post.get("title")),
        summary=_rendered(post.get("excerpt")),
        published=_utc(post.get("date_gmt")) or _text(post.get("date")),
        updated=_utc(post.get("modified_gmt")) or _text(post.get("modified")),
        guid=_rendered(post.get("guid")) or (str(identity) if isinstance(identity, int) else None),
        claim="wordpress",
    )


def _rendered(value: object) -> str | None:
    inner = value.get("rendered") if isinstance(value, Mapping) else value
    text = _text(inner)
    return text[:MAX_SUMMARY_CHARS] if text else None


def _utc(value: object) -> str | None:
    """`date_gmt` is written without its zone; drafts have `0000-00-00T00:00:00`."""
    text = _text(value)
    return f"{text}Z" if text and not text.startswith("0000") else None


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
