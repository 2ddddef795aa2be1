"""Texts without what their hosts repeat: newsletter boxes, subscription pitches, cookie lines.

Decides nothing: asks the memory of hosts once for a batch of texts, and `flows.duplicates.repeats`
what is theirs.
"""

from collections.abc import Sequence

from flows.duplicates.repeats import host_named, repeated_lines, without_lines
from flows.store import Connection
from flows.store.met_pages import pages_met


def own_words(con: Connection, texts: Sequence[tuple[str | None, str]]) -> list[str]:
    """For each URL and text, in order, the text as it is compared; seeds have no URL."""
    hosts = [host_named(url) if url else "" for url, _ in texts]
    met = pages_met(con, sorted(set(hosts) - {""}))
    repeated = {host: repeated_lines(pages) for host, pages in met.items()}
    return [
        without_lines(text, repeated.get(host, frozenset()))
        for host, (_, text) in zip(hosts, texts, strict=True)
    ]
