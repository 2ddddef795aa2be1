"""The one exception inside fetching: a request that ended without a usable answer.

It carries what the skip will say, and never leaves `flows.fetch.client`: endings of candidates are
values.
"""

import errno
import socket
from datetime import timedelta

from flows.core import Reason, Skipped, Stage


class NotFetched(Exception):
    """A request ended here, for `reason`; `retry_after` is what the server asked for."""

    def __init__(
        self,
        reason: Reason,
        detail: str = "",
        *,
        http_status: int | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail
        self.http_status = http_status
        self.retry_after = retry_after

    def skipped(self, final_url: str | None = None) -> Skipped:
        """The same ending as the value that leaves `Web.get`."""
        return Skipped(
            stage=Stage.FETCH,
            reason=self.reason,
            detail=self.detail,
            http_status=self.http_status,
            retry_after=self.retry_after,
            final_url=final_url,
        )


class Unreachable(NotFetched):
    """Nothing was asked: no packet of ours has left for the host, and a moment later none will."""


# What the system says, as a person would: "93.184.215.14 port 443 refused the connection"
_WORDS = {
    errno.ECONNREFUSED: "refused the connection",
    errno.ECONNRESET: "broke the connection off",
    errno.ECONNABORTED: "broke the connection off",
    errno.EPIPE: "broke the connection off",
    errno.ETIMEDOUT: "did not answer",
    errno.ENETUNREACH: "cannot be reached: no network leads there",
    errno.EHOSTUNREACH: "cannot be reached: no way leads there",
    errno.ENETDOWN: "cannot be reached: the network is down",
    errno.EADDRNOTAVAIL: "cannot be reached: this machine has no address for that",
    errno.EACCES: "may not be connected to from this machine",
    errno.EPERM: "may not be connected to from this machine",
}
_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, socket.EAI_NODATA})


def in_words(error: OSError) -> str:
    """What went wrong with a connection, as the end of a sentence whose subject is the host."""
    return _WORDS.get(error.errno or 0) or f"failed: {error.strerror or error}"


def name_in_words(host: str, error: OSError | UnicodeError) -> str:
    """Why a name leads nowhere."""
    if isinstance(error, UnicodeError):
        return f"{host} is no name a host can have"
    if error.errno in _NO_SUCH_NAME:
        return f"the name {host} was not found: no such host, or no network"
    return f"the name {host} could not be asked for: no name server answers"
