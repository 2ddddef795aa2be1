"""Whose article a URL is: the hosts of the sources asked, for providers that list the whole world.

Decides which hosts belong to a source and which sources a URL belongs to. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from flows.backfilling.providing import Asked
from flows.discovery import Entry
from flows.records import Source
from flows.urls import fetch_url, host_of

# Kinds that list other people's articles: no host is theirs
_WITHOUT_HOST = frozenset({"google_news", "gdelt"})
# Names before a domain that speak of a machine, not of an outlet
_MACHINES = ("www.", "feeds.", "feed.", "rss.", "m.")
# A host counts as a source's when at least this share of what it listed lay there: feeds link to
# partners now and then. Unmeasured.
_LEAST_SHARE = 0.2


def has_no_host(source: Source) -> str | None:
    """Why nobody can tell which URLs of the world are this source's; None if one can."""
    if source.kind in _WITHOUT_HOST:
        return "lists articles of many outlets: no host is its own"
    return None


def hosts_of(source: Source, seen: Mapping[str, int]) -> tuple[str, ...]:
    """The hosts of a source's articles: of its own addresses, and those it was seen to list.

    `seen`: host → URLs listed.
    """
    if has_no_host(source) is not None:
        return ()
    total = sum(seen.values())
    hosts = {_outlet(host_of(url)): None for url in (source.url, *source.repairs)}
    hosts |= {_outlet(host): None for host, count in seen.items() if count >= total * _LEAST_SHARE}
    return tuple(hosts)


def _outlet(host: str) -> str:
    host = host.partition(":")[0]
    for machine in _MACHINES:
        if host.startswith(machine) and host.count(".") > 1:
            return host.removeprefix(machine)
    return host


class Outlets:
    """Finds the sources of a URL by its host; `edition.cnn.com` is of `cnn.com`."""

    def __init__(self, asked: Iterable[Asked]) -> None:
        self._sources: dict[str, list[Source]] = {}
        for one in asked:
            for host in one.hosts:
                self._sources.setdefault(host, []).append(one.source)

    @property
    def hosts(self) -> frozenset[str]:
        """Every host of the sources."""
        return frozenset(self._sources)

    def sources_of(self, url: str) -> Sequence[Source]:
        """The sources whose host `url` lies on; of nested hosts the nearest."""
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:
            return ()
        while host:
            if host in self._sources:
                return self._sources[host]
            host = host.partition(".")[2]
        return ()

    def by_source(self, entries: Iterable[Entry]) -> list[tuple[Source, tuple[Entry, ...]]]:
        """Entries parted by the sources they belong to."""
        parted: dict[str, tuple[Source, list[Entry]]] = {}
        for entry in entries:
            url = fetch_url(entry.link or "")
            for source in self.sources_of(url) if url else ():
                parted.setdefault(source.source_id, (source, []))[1].append(entry)
        return [(source, tuple(found)) for source, found in parted.values()]
