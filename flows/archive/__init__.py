"""WARC 1.1 (ISO 28500:2017): the format of the archive.

`records` turns records into bytes and back, `members` a file into records, `pages` a page into
records and back; `pruning` rewrites files without what is no longer kept. `flows.archive.archive` writes
and reads the archive with them.
"""
