"""Which proxy, if any, a URL goes through, by the environment's word.

`http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, in either case, as curl and the standard
library read them. A configured proxy is a trusted hop: it resolves the name, so that the check of
the resolved address is its duty, while addresses and ports written in the URL are still checked.
"""

from urllib.parse import urlsplit
from urllib.request import (  # type: ignore[attr-defined]  # the stubs miss the second
    getproxies_environment,
    proxy_bypass_environment,
)


class Proxies:
    """The environment's proxies, read once."""

    def __init__(self, by_scheme: dict[str, str] | None = None) -> None:
        self._by_scheme = getproxies_environment() if by_scheme is None else by_scheme

    def proxy_for(self, url: str) -> str | None:
        """The proxy's URL for `url`, None to connect directly."""
        parts = urlsplit(url)
        proxy = self._by_scheme.get(parts.scheme) or self._by_scheme.get("all")
        if not proxy or proxy_bypass_environment(parts.netloc, self._by_scheme):
            return None
        return proxy if "://" in proxy else f"http://{proxy}"
