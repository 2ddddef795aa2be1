-- What hosts repeat, and readings taken back because they were walls. What people were told stands
-- in told.json; the table for it was never written.
drop table kept.notices;
comment on column kept.endings.ending is 'stored, revised, known or skipped; withdrawn: taken back later, when it showed itself a wall';

create table kept.met_pages (
    host varchar not null,
    url_key varchar not null,
    claimed varchar not null,
    slug varchar not null,
    number varchar not null,
    headline varchar not null,
    text_print varchar not null,
    word_count integer not null,
    lines uinteger[] not null,
    ends varchar[] not null,
    met_at timestamptz not null
);
comment on table kept.met_pages is 'The last pages met on each host, on the topic or not: what they repeat is the host''s';
comment on column kept.met_pages.host is 'Host that served the page';
comment on column kept.met_pages.url_key is 'Key of the URL that was asked for; one row each';
comment on column kept.met_pages.claimed is 'Folded words of the title its source gave';
comment on column kept.met_pages.slug is 'Folded words of its address';
comment on column kept.met_pages.number is 'Longest number of its address';
comment on column kept.met_pages.headline is 'Folded words of the title it gives itself';
comment on column kept.met_pages.text_print is 'Fingerprint of the whole text; equal texts have equal prints';
comment on column kept.met_pages.word_count is 'Words of the text';
comment on column kept.met_pages.lines is 'Prints of the lines of the text';
comment on column kept.met_pages.ends is 'What stands before the first and behind the last mark of its titles as written';
comment on column kept.met_pages.met_at is 'When it was met last';

create table kept.withdrawals (
    doc integer not null,
    article integer not null,
    instead integer,
    reason varchar not null,
    withdrawn_at timestamptz not null,
    run_id varchar
);
comment on table kept.withdrawals is 'Readings taken back: what was read was no article; nothing shows them from then on';
comment on column kept.withdrawals.doc is 'Reading taken back';
comment on column kept.withdrawals.article is 'Number of its article';
comment on column kept.withdrawals.instead is 'Reading that stands again instead; null: the article has none';
comment on column kept.withdrawals.reason is 'Why, in one word of the list of reasons';
comment on column kept.withdrawals.withdrawn_at is 'When';
comment on column kept.withdrawals.run_id is 'Run that took it back';
