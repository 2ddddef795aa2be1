"""What a site is called, read off its host name."""

from flows.urls import host_of

# Labels that name no site: registries' second level, and doors of one site
_NO_NAMES = frozenset({
    "www", "www1", "www2", "m", "mobile", "amp", "news", "co", "com", "org", "net", "gov", "gob",
    "gouv", "ac", "edu", "or", "ne", "go", "in", "info", "web",
})  # fmt: skip


def site_labels(url: str) -> tuple[str, ...]:
    """The names in the host of `url`: the host without `www.`, and each label but the last."""
    host = host_of(url).split(":")[0].removeprefix("www.")
    labels = [label for label in host.split(".")[:-1] if label not in _NO_NAMES and len(label) > 1]
    return (host, *labels) if host else ()
