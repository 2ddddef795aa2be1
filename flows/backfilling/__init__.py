"""Backfills: a closed range of past days, worked through as a plan of cells.

`plan` says which cells — one day of one source through one provider — a range has; each provider
(`own`, …) lists candidates for cells; `working` takes the candidates through the same pipeline as
every run and ends each cell as done, failed or impossible, with its reason.
"""
