"""WARC 1.1 (ISO 28500:2017): the archive of every page fetched.

`archive` writes and reads it; `records` turns records into bytes and back, `members` a file into
records, `pages` a page into records and back; `pruning` rewrites files without what is no longer
kept, and `relocation` remembers where the rest went. `stream` and `parsing` read files of others,
whatever is broken in them; `unread` has the words for what is not read.

fastwarc 2.0.1, which is here as resiliparse's dependency, was tried for both (November 2026) and
does not hold: a member that lacks its checksum passes for whole, a record that claims too many
bytes swallows those behind it, a broken member or a NUL ends the file, a record has no place of its
own in a member of several. It reads 250 MB a second of CPU where `stream` reads 190.
"""
