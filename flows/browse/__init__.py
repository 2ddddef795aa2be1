"""The file in a browser, a report to send, feeds to follow: read-only, from the same templates.

newest file ─ pages ─→ Sheet ─ rendering ─→ HTML ─┬ app      answered on loopback
                                                  └ report   written into a folder
"""

from flows.browse.app import browse_app
from flows.browse.report import write_report
from flows.browse.sites import Site

__all__ = ["Site", "browse_app", "write_report"]
