-- A URL fails or succeeds; a key only says which URLs may be twins (see due.py). What was kept for
-- keys alone gets the URL it was about. Nothing is deleted.
alter table kept.claims add column url varchar;
comment on column kept.claims.url is 'URL that was taken; null where an older version did not keep it and no source listed one';
create temp table claimed as
    with old as (
        select rowid as row, key, source_id, run_id, claimed_at from kept.claims
    ), listed as (
        select o.row, arg_max(s.url, (s.source_id = o.source_id, s.seen_at <= o.claimed_at, s.rowid))
                   as url
        from old o join kept.sightings s on s.key = o.key
        group by o.row
    ), ended as (
        select o.row, arg_max(e.url, e.rowid) as url
        from old o join kept.endings e on e.key = o.key and e.run_id = o.run_id
        group by o.row
    )
    select o.key, o.source_id, o.run_id, o.claimed_at, coalesce(e.url, l.url) as url
    from old o left join listed l using (row) left join ended e using (row)
    order by o.row;
delete from kept.claims;
insert into kept.claims by name from temp.claimed;
drop table temp.claimed;

alter table kept.endings add column fruitless smallint default 0;
comment on column kept.endings.fruitless is 'How often in a row the URL was asked again for what a listing newly said of it, and nothing came of it';

-- Not by an update: of a million rows it would hold what they were in memory until the commit
alter table kept.sightings add column item ubigint;
alter table kept.sightings add column moment ubigint;
comment on column kept.sightings.item is '64 bits of the MD5 of source and guid: links under one guid may be one item; null without a guid';
comment on column kept.sightings.moment is '64 bits of the MD5 of source, claimed title and claimed time: links with all three may be one item; null where one is missing or only a day';
create temp table listed as
    select s.* replace (
        md5_number_lower('guid ' || s.source_id || ' ' || s.guid) as item,
        case when s.claimed_precision <> 'day' then md5_number_lower(
            'moment ' || s.source_id || ' ' || epoch_us(s.claimed_at)::varchar || ' '
            || s.claimed_title) end as moment)
    from kept.sightings s
    order by s.rowid;
delete from kept.sightings;
insert into kept.sightings by name from temp.listed;
drop table temp.listed;

alter table kept.aliases add column fetched boolean;
comment on column kept.aliases.fetched is 'Whether a page served from there, or asked for there, was read; false: the page or its source only names it';
create temp table met as
    select a.* replace (
        a.url is null
        or a.url in (select url from kept.endings where article is not null)
        or a.url in (select url from kept.readings where url is not null) as fetched)
    from kept.aliases a
    order by a.rowid;
delete from kept.aliases;
insert into kept.aliases by name from temp.met;
drop table temp.met;

alter table kept.memories add column recent_items struct(guid ubigint, title ubigint, claimed_at timestamptz)[];
alter table kept.memories add column restless_links integer default 0;
comment on column kept.memories.recent_items is 'What the last items were called, in the order of recent_keys: prints of guid and title, and the claimed time';
comment on column kept.memories.restless_links is 'Looks in a row in which most items known by guid or title and time had other links';
-- An article is its host's: what an index listed gets the outlet configured there, else what the page
-- calls its site. The host without what machines and mobile forms put before it, as publishers.py has.
create temp table homes as
    select source_id, outlet, country,
           kind in ('google_news', 'gdelt') or coalesce(character, '') = 'aggregator' as is_index,
           regexp_replace(regexp_extract(lower(url), '^https?://([^/?#]+)', 1),
                          '^(www|m|mobile|amp|feeds|feed|rss|api|sitemaps)[.]', '') as host
    from kept.sources
    qualify row_number() over (partition by source_id order by rowid desc) = 1;
create temp table misnamed as
    with read as (
        select doc, source_id, site_name,
               regexp_replace(regexp_extract(lower(url), '^https?://([^/?#]+)', 1),
                              '^(www|m|mobile|amp)[.]', '') as host
        from kept.readings
        where url is not null and source_id is not null
    ), there as (
        select host, min(outlet) as outlet, min(country) as country
        from temp.homes where not is_index
        group by host
        having count(distinct outlet) = 1
    )
    select r.doc, coalesce(t.outlet, r.site_name, r.host) as outlet, t.country
    from read r
    join temp.homes o on o.source_id = r.source_id
    left join there t on t.host = r.host
    where r.host <> o.host and not ends_with(r.host, '.' || o.host)
      and (o.is_index or t.outlet <> o.outlet);
update kept.readings r set outlet = m.outlet, country = m.country
from temp.misnamed m where r.doc = m.doc;
drop table temp.homes;
drop table temp.misnamed;

-- What the old rules passed over is left open, as a stopped run leaves its work: URLs never asked
-- because a twin had failed; and, of the last two weeks, URLs whose listing said something new after
-- they had been read or judged.
create temp table passed_over as
    with last as (
        select key, url, arg_max({'at': ended_at, 'ending': ending, 'stage': stage}, rowid) as newest
        from kept.endings
        group by key, url
    ), told as (
        select key from last where newest.ending <> 'skipped' or newest.stage = 'judge'
        union
        select key from kept.aliases
    ), never as (
        select s.key, s.url, arg_max(s.source_id, s.rowid) as source_id, max(s.seen_at) as claimed_at
        from kept.sightings s
        where s.key in (select key from last) and s.key not in (select key from told)
          and s.url not in (select url from last)
        group by s.key, s.url
    ), anew as (
        select s.key, s.url, arg_max(s.source_id, s.rowid) as source_id, max(s.seen_at) as claimed_at
        from kept.sightings s
        join last l on l.key = s.key and l.url = s.url
        where l.newest.ending = 'skipped' and l.newest.stage in ('read', 'judge')
          and s.seen_at > l.newest.at
          and s.seen_at > (select max(seen_at) from kept.sightings) - interval 14 days
          and exists (from kept.sightings o where o.key = s.key and o.url = s.url
                      and o.source_id = s.source_id and o.seen_at <= l.newest.at
                      and o.claimed_title <> s.claimed_title)
        group by s.key, s.url
    )
    select key, url, source_id, claimed_at from never
    union
    select key, url, source_id, claimed_at from anew;
insert into kept.claims (key, url, source_id, run_id, claimed_at)
select key, url, source_id, 'migration-0005', claimed_at from temp.passed_over;
insert into kept.runs (run_id, kind, started_at)
select 'migration-0005', 'migration', max(claimed_at) from temp.passed_over having count(*) > 0;
insert into kept.run_endings (run_id, finished_at, state, sources, sources_failed, candidates,
                              stored, revised, known, skipped, left_open, skips, failures)
select 'migration-0005', max(claimed_at), 'stopped', 0, 0, count(*), 0, 0, 0, 0, count(*), [], []
from temp.passed_over having count(*) > 0;
drop table temp.passed_over;
