"""Whose article a page is: its host's, by the configured sources.

Decides which configured source publishes at a URL. An index lists other people's articles, so that
where a link was found says nothing of who wrote behind it; where nobody configured the host, the
page itself says its outlet (`flows.extraction.article`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from flows.core import Source
from flows.dedup.host_repeats import host_named

# Kinds and characters that list other people's articles: no host is theirs
_INDEXES = frozenset({"google_news", "gdelt", "aggregator"})
# Names before a domain that speak of a machine, not of an outlet
_MACHINES = ("feeds.", "feed.", "rss.", "api.", "sitemaps.")
# A source whose listing lies at one site to this share lists its own articles there, wherever its
# listing is served from; feeds link to partners now and then. Unmeasured.
_OWN_SHARE = 0.9


class Publishers:
    """Finds the source that publishes at a URL. `listed`: source_id → host → URLs it listed last;
    more may be told by `listed_at`."""

    def __init__(
        self, sources: Iterable[Source], listed: Mapping[str, Mapping[str, int]] | None = None
    ) -> None:
        self._by_host: dict[str, list[Source]] = defaultdict(list)
        for source in sources:
            if not _is_index(source):
                self._by_host[_site(host_named(source.url))].append(source)
        self._listed = dict(listed or {})

    def listed_at(self, source_id: str, hosts: Mapping[str, int]) -> None:
        """Remember at which hosts the newest listing of a source lies."""
        self._listed[source_id] = hosts

    def of(self, url: str, source: Source | None) -> Source | None:
        """Who publishes at `url`, which `source` listed; None: nobody who is configured."""
        host = host_named(url)
        if source is not None and not _is_index(source) and _is_within(host, _home(source)):
            return source
        there = self._configured(host, source)
        if there is not None:
            return there
        return source if source is not None and self._lists_its_own(source, host) else None

    def _configured(self, host: str, source: Source | None) -> Source | None:
        """The source configured at the host or, failing that, at the nearest domain above it."""
        while host.count(".") >= 1:
            found = self._by_host.get(host, ())
            if found:
                return _most_like(found, source)
            host = host.partition(".")[2]
        return None

    def _lists_its_own(self, source: Source, host: str) -> bool:
        if _is_index(source):
            return False
        hosts = self._listed.get(source.source_id, {})
        here = sum(n for other, n in hosts.items() if _is_within(other, host) or
                   _is_within(host, other))  # fmt: skip
        return here >= _OWN_SHARE * sum(hosts.values())


def hosts_of_keys(url_keys: Iterable[str]) -> dict[str, int]:
    """Host → how many of the url_keys lie there."""
    hosts: dict[str, int] = defaultdict(int)
    for url_key in url_keys:
        hosts[url_key.partition("/")[0]] += 1
    return dict(hosts)


def _most_like(found: Iterable[Source], source: Source | None) -> Source:
    """Of several sources of a host the one in the language of whoever listed the page."""
    language = source.language if source is not None else None
    sources = list(found)
    return next((one for one in sources if one.language == language), sources[0])


def _is_index(source: Source) -> bool:
    return source.kind in _INDEXES or source.character in _INDEXES


def _home(source: Source) -> str:
    return _site(host_named(source.url))


def _site(host: str) -> str:
    for machine in _MACHINES:
        if host.startswith(machine) and host.count(".") > 1:
            return host.removeprefix(machine)
    return host


def _is_within(host: str, site: str) -> bool:
    return host == site or host.endswith(f".{site}")
