-- search(words): ranked full-text search over title, lede and text of the articles on the topic.
-- BM25 (Robertson & Zaragoza 2009) with k1 = 1.2 and b = 0.75, a word of the title counting five
-- times and of the lede twice. Articles that have most of the words asked for come back; a quoted
-- phrase must stand there as written, case and accents aside; what follows a minus must not.

create or replace macro search(words, most := 100) as table
    with items as (
        select unnest(pieces) as piece, unnest(range(1, len(pieces) + 1)) as item
        from (select regexp_extract_all(words::varchar, '-?"[^"]*"|[^\s"]+') as pieces)
    ), asked as (
        select item, starts_with(piece, '-') and len(piece) > 1 as unwanted,
               contains(piece, '"') as quoted, piece, kept.words_of(piece) as cut
        from items
    ), parts as (
        select item, unwanted, quoted, word, place,
               case when quoted then 'exact'
                    when place = size and suffix(piece, '*') then 'prefix'
                    when len(word) = 1 and word > '⺀' then 'part'
                    else 'stem' end as manner
        from (select item, unwanted, quoted, piece, unnest(cut) as word,
                     unnest(range(1, len(cut) + 1)) as place, len(cut) as size
              from asked)
    ), terms as (
        select p.item, p.place, w.term
        from parts p join kept.words w on w.stem = kept.stem(p.word) where p.manner = 'stem'
        union all
        select p.item, p.place, w.term
        from parts p join kept.words w on w.word = p.word where p.manner = 'exact'
        union all
        select p.item, p.place, w.term
        from parts p join kept.words w on starts_with(w.word, p.word) where p.manner = 'prefix'
        union all
        select p.item, p.place, w.term
        from parts p join kept.words w on contains(w.word, p.word) where p.manner = 'part'
    ), posted as materialized (
        -- materialized: DuckDB 2.0 would group all postings there are before joining the few asked
        select t.item, t.place, h.doc, h.weight
        from terms t join kept.postings h on h.term = t.term
        union all
        select t.item, t.place, h.doc, h.weight
        from terms t join kept.recent_postings h on h.term = t.term
    ), hits as (
        select item, place, doc, sum(weight) as weight from posted group by item, place, doc
    ), wanted as materialized (
        select h.item, h.place, h.doc, h.weight
        from hits h join asked a on a.item = h.item and not a.unwanted
    ), met as materialized (
        -- documents that have all words of what is not wanted, if anything is
        select h.doc, h.item
        from hits h join asked a on a.item = h.item and a.unwanted
        group by h.doc, h.item, len(a.cut)
        having count(*) = len(a.cut)
    ), live as (
        select doc, word_count
        from kept.known_at('infinity'::timestamptz)
        where verdict <> 'off_topic'
    ), counted as (
        select doc, count(*) as found from wanted group by doc
    ), best as materialized (
        select c.doc, l.word_count
        from counted c join live l on l.doc = c.doc
        qualify c.found = max(c.found) over ()
    ), phrases as (
        -- gaps and edges are signs of ASCII and of typography: a pattern that names all letters of
        -- Unicode takes a millisecond to compile, for each row
        select item, unwanted,
               case when pattern > '⺀' then pattern else
                   '(?:^|[\x00-/:-@\[-`{-¿\x{2000}-\x{206F}\x{3000}-\x{303F}])' || pattern
                   || '(?:$|[\x00-/:-@\[-`{-¿\x{2000}-\x{206F}\x{3000}-\x{303F}])' end as pattern
        from (select item, unwanted,
                     array_to_string(
                         regexp_extract_all(kept.fold(piece), '[\p{L}\p{N}\p{M}]+'),
                         '[\x00-/:-@\[-`{-¿\x{2000}-\x{206F}\x{3000}-\x{303F}]+') as pattern
              from asked where quoted and len(cut) > 0)
    ), doubtful as (
        select b.doc, p.item, p.pattern, p.unwanted
        from best b join phrases p on not p.unwanted
        union all
        select m.doc, p.item, p.pattern, p.unwanted
        from met m join phrases p on p.item = m.item
    ), refuted as (
        select d.doc
        from doubtful d join kept.readings r on r.doc = d.doc
        where regexp_matches(kept.fold(concat_ws(' | ', r.title, r.text)), d.pattern) = d.unwanted
        union
        select m.doc from met m where m.item not in (select item from phrases)
    ), frequencies as (
        select item, place, count(*) as docs from wanted group by item, place
    ), sizes as (
        select count(*) as docs, greatest(avg(word_count), 1) as mean_words from kept.readings
    ), ranked as materialized (
        select w.doc,
               sum(ln(1 + (s.docs - f.docs + 0.5) / (f.docs + 0.5)) * w.weight * 2.2
                   / (w.weight + 1.2 * (0.25 + 0.75 * b.word_count / s.mean_words))) as score
        from wanted w
        join best b on b.doc = w.doc
        join frequencies f on f.item = w.item and f.place = w.place
        cross join sizes s
        where w.doc not in (from refuted)
        group by w.doc
        order by score desc, w.doc desc
        limit most
    ), best_read as (
        -- the text itself for the first twenty only: each costs the reading of a block
        select doc, text from kept.readings
        where doc in (select doc from ranked order by score desc, doc desc limit 20)
    ), looked_for as (
        select list(case when word > '⺀' then word else ' ' || kept.stem(word) end) as needles
        from parts where not unwanted
    ), shown as (
        select r.article_id, k.score, r.title, r.outlet, r.published_at, k.doc,
               ' ' || replace(coalesce(t.text, r.lede, ''), chr(10), ' ') as written
        from ranked k
        join kept.readings r on r.doc = k.doc
        left join best_read t on t.doc = k.doc
    ), placed as (
        select article_id, score, title, outlet, published_at, doc, written,
               list_min(list_filter(
                   list_transform(needles, lambda w: strpos(strip_accents(lower(written)), w)),
                   lambda p: p > 0)) as place
        from shown cross join looked_for
    ), cut as (
        -- whole words at both ends, where there are spaces
        select article_id, score, title, outlet, published_at, doc,
               greatest(coalesce(place, 1) - 60, 1) as start,
               regexp_replace(substr(written, start, 220), '\s+', ' ', 'g') as part,
               case when start > 1
                    then regexp_replace(part, '^\S{0,30}\s', '… ') else part end as begun,
               case when length(written) > start + 220
                    then regexp_replace(begun, '\s\S{0,30}$', ' …') else begun end as snippet
        from placed
    )
    select article_id, score, title, outlet, published_at, trim(snippet) as snippet
    from cut
    order by score desc, doc desc;
comment on macro table search is 'Ranked full-text search: select * from search(''xi zelensky call''); phrases in quotes, -word, prefix word*, most := 1000 for more';
