-- Until when a source's newest item excuses it, so that one whose answer never changes is found too,
-- and whether its articles' pages are asked for. Where nothing was worked out yet, the longest
-- patience stands in.
alter table kept.memories add column fresh_until timestamptz;
comment on column kept.memories.fresh_until is 'When it is called stale if nothing newer comes; null: nothing it listed had a date';
update kept.memories set fresh_until = newest_item_at + interval 45 days;

alter table kept.sources add column headlines_only boolean;
comment on column kept.sources.headlines_only is 'Whether its headlines are counted and its articles'' pages not asked for; null: false';

comment on column kept.source_checks.status is 'ok, unchanged, empty, undated, stale, moved, gone or failed';
