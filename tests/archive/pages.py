"""Pages written by hand for the archive's tests."""

from datetime import UTC, datetime

from flows.core import Page, Redirect, Validators

NOW = datetime(2023, 2, 24, 10, 30, 15, 123456, tzinfo=UTC)


def a_page(url: str, *, body: bytes = b"<html><p>They met.</p></html>", at: datetime = NOW) -> Page:
    """A page as the network hands it over."""
    return Page(
        requested_url="http://a.test/short",
        url=url,
        status=200,
        fetched_at=at,
        headers=(
            ("content-type", "text/html; charset=utf-8"),
            ("content-encoding", "br"),
            ("transfer-encoding", "chunked"),
            ("etag", '"7"'),
            ("x-place", "Пекин"),
        ),
        body=body,
        media_type="text/html",
        charset="utf-8",
        redirects=(Redirect(url="http://a.test/short", status=301),),
        validators=Validators(etag='"7"'),
        elapsed_seconds=0.125,
    )
