"""The one exception inside fetching: a request that ended without a usable answer.

It carries what the skip will say, and never leaves `flows.web`: endings of candidates are values.
"""

from datetime import timedelta

from flows.records import Reason, Skipped, Stage


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
