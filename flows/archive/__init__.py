"""WARC 1.1 (ISO 28500:2017): the archive of every page fetched.

`archive` writes and reads it; `records` turns records into bytes and back, `members` a file into
records, `pages` a page into records and back; `pruning` rewrites files without what is no longer
kept, and `relocation` remembers where the rest went.
"""
