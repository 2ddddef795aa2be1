"""WordPress posts: what its REST API says of them, and where a window of time is asked for."""

import json
from datetime import UTC, datetime

from flows.discovery.formats.wordpress import parse_posts, posts_between
from flows.discovery.listing import Entry, Listing, Unreadable

URL = "https://think.test/wp-json/wp/v2/posts"


def test_a_post_is_read_by_its_utc_date() -> None:
    post = {
        "id": 5,
        "date": "2023-02-24T12:00:00",
        "date_gmt": "2023-02-24T10:00:00",
        "modified_gmt": "2023-02-25T10:00:00",
        "link": "https://think.test/5",
        "title": {"rendered": "China&#8217;s plan"},
        "excerpt": {"rendered": "<p>Twelve points</p>"},
        "guid": {"rendered": "https://think.test/?p=5"},
    }

    found = parse_posts(json.dumps([post, "odd"]).encode(), url=URL)

    assert found == Listing(
        form="wordpress",
        base=URL,
        entries=(
            Entry(
                link="https://think.test/5",
                title="China&#8217;s plan",
                summary="<p>Twelve points</p>",
                published="2023-02-24T10:00:00Z",
                updated="2023-02-25T10:00:00Z",
                guid="https://think.test/?p=5",
                claim="wordpress",
            ),
        ),
    )


def test_an_error_of_wordpress_is_passed_on() -> None:
    body = b'{"code":"rest_no_route","message":"No route was found"}'

    assert parse_posts(body, url=URL) == Unreadable(problem="WordPress says: No route was found")


def test_a_window_is_asked_page_by_page_keeping_the_sources_own_query() -> None:
    asked = posts_between(
        URL + "?search=assessment&per_page=20",
        datetime(2023, 2, 24, tzinfo=UTC),
        datetime(2023, 2, 26, tzinfo=UTC),
        page=2,
    )

    assert (
        asked
        == (
            URL
            + "?search=assessment&after=2023-02-23T23%3A59%3A59Z"  # both leave out what they name
            "&before=2023-02-26T00%3A00%3A01Z&per_page=100&page=2"
        )
    )
