"""Backfills: a closed range of past days, worked through as a plan of cells.

`plan` says which cells — one day of one source through one provider — a range has; each provider
(`own`, `gdelt_files`, `gdelt_articles`, `cc_news`, `wayback`, `folder`) lists what it can see of
them, in parts; `working` takes each part through the same pipeline as every run, `cells` ends each
cell as done, failed or impossible, with its reason, and `days` says what that means for coverage.
"""
