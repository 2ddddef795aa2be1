"""Dateline: finds, reads, recognises and keeps every article on one topic.

One path, several doors::

    config ──► sources ──► discover ──► candidates ──► known? ──► fetch ──► read ──► judge ──► compare ──► append
                              ▲                                    │         ▲                              │
                    backfill ─┘                         archive ◄──┘         ├── reread, redecide           ▼
                                                                             └── seeds                  published file

Every candidate ends exactly once per run: stored, revised, known, or skipped with a reason. Flows
(`monitor`, `backfill`, `recheck`, …) take `now` once and call `pipeline.stages`, which orders the
stages; the stages never import each other; all of them speak in the values of `core`.
"""  # noqa: E501
