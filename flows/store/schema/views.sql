-- The contract: what people query. Recreated whole whenever this program's version of it differs
-- from the one in the file; `kept.known_at` is the one definition of "the articles as known then".

create or replace macro kept.known_at(instant) as table
    with judged as (
        select article, max(judged_at) as judged_at,
               arg_max({'verdict': verdict, 'relevance': relevance, 'terms': matched_terms,
                        'rules': rules_version}, rowid) as newest
        from kept.judgements
        where not first and judged_at <= instant
        group by article
    ), placed as (
        select article, arg_max(story_id, rowid) as story_id,
               arg_max({'copy_of': copy_of, 'copy_kind': copy_kind}, rowid) as copied
        from kept.memberships
        where decided_at <= instant
        group by article
    ), edited as (
        select article, count(*) as edits
        from kept.readings
        where revision > 1 and cause = 'publisher' and stored_at <= instant
        group by article
    ), withdrawn as (
        select doc, article, instead from kept.withdrawals where withdrawn_at <= instant
    ), taken_back as (
        select w.article, count(*) as edits
        from withdrawn w
        join kept.readings r on r.doc = w.doc and r.revision > 1 and r.cause = 'publisher'
        group by w.article
    ), standing as (
        select r.previous as doc
        from kept.readings r
        left join withdrawn w on w.doc = r.doc
        where r.previous is not null and r.stored_at <= instant and w.doc is null
    ), replaced as (
        select doc from standing
        union
        -- what replaces a reading taken back replaces what stands in its place, too
        select w.instead from standing s join withdrawn w on w.doc = s.doc
        union
        select doc from withdrawn
    )
    -- a left join where others write "not exists": DuckDB reads every column for that
    select r.doc, r.article, r.article_id, r.url, r.outlet, r.source_id, r.language, r.country,
           r.title, r.authors, r.lede, r.text, r.word_count, r.published_at, r.published_precision,
           r.published_origin, r.modified_at, r.first_seen_at, r.origin,
           coalesce(j.newest.relevance, r.relevance) as relevance,
           coalesce(j.newest.verdict, r.verdict) as verdict,
           coalesce(j.newest.terms, r.matched_terms) as matched_terms,
           coalesce(j.newest.rules, r.rules_version) as rules_version,
           coalesce(p.story_id, r.article_id) as story_id, p.copied.copy_of as copy_of,
           p.copied.copy_kind as copy_kind,
           1 + coalesce(e.edits, 0) - coalesce(t.edits, 0) as revisions, r.section,
           r.tags, r.image_url, r.free_to_read, r.archive_ref, r.agencies, r.dateline,
           r.title_origin, r.published_zone, r.published_raw, r.published_alternatives,
           r.published_problem, r.modified_origin, r.form, r.site_name, r.canonical_url,
           r.extractor, r.reader_version, r.seen_at, r.stored_at, r.run_id, r.text_print
    from kept.readings r
    left join judged j on j.article = r.article and j.judged_at >= r.stored_at
    left join placed p on p.article = r.article
    left join edited e on e.article = r.article
    left join taken_back t on t.article = r.article
    left join replaced n on n.doc = r.doc
    where r.stored_at <= instant and n.doc is null;
comment on macro table kept.known_at is 'The newest reading of every article known at an instant, with its newest judgement and story, off topic or not';

create or replace macro articles_as_of(instant) as table
    select article_id, url, outlet, source_id, language, country, title, authors, lede, text,
           word_count, published_at, published_precision, published_origin, modified_at,
           first_seen_at, origin, relevance, verdict = 'borderline' as borderline, matched_terms,
           story_id, copy_of, copy_kind, revisions, section, tags, image_url, free_to_read,
           archive_ref, agencies, dateline, form, published_zone, published_alternatives,
           published_problem, title_origin, canonical_url, extractor, reader_version,
           rules_version, seen_at, stored_at, text_print
    from kept.known_at(instant)
    where verdict <> 'off_topic';
comment on macro table articles_as_of is 'articles as the store knew them at an instant: select * from articles_as_of(timestamptz ''2023-02-26 00:00:00+00'')';

create or replace view articles as
    select article_id, url, outlet, source_id, language, country, title, authors, lede, text,
           word_count, published_at, published_precision, published_origin, modified_at,
           first_seen_at, origin, relevance, borderline, matched_terms, story_id, copy_of,
           copy_kind, revisions, section, tags, image_url, free_to_read, archive_ref, agencies,
           dateline, form, published_zone, published_alternatives, published_problem,
           title_origin, canonical_url, extractor, reader_version, rules_version, seen_at,
           stored_at, text_print
    from articles_as_of('infinity'::timestamptz);
comment on view articles is 'One row per article on the topic, as it stands now';
comment on column articles.article_id is 'Identifier, the same for ever';
comment on column articles.url is 'URL the page was served from; null for seed documents';
comment on column articles.outlet is 'Who published it';
comment on column articles.source_id is 'Source that led to it first; see sources';
comment on column articles.language is 'Language of the text, ISO 639';
comment on column articles.country is 'Country of the source, ISO 3166-1 alpha-2';
comment on column articles.title is 'Headline';
comment on column articles.authors is 'People of the byline, in order';
comment on column articles.lede is 'First paragraph';
comment on column articles.text is 'Whole text; paragraphs are separated by a blank line';
comment on column articles.word_count is 'Words of the text';
comment on column articles.published_at is 'When the publisher claims to have published, UTC; with precision day, midnight UTC of the day claimed';
comment on column articles.published_precision is 'second, minute, hour or day';
comment on column articles.published_origin is 'Who made the claim: json_ld, meta, feed, url, …';
comment on column articles.modified_at is 'When the publisher claims to have changed it last';
comment on column articles.first_seen_at is 'When we first saw it';
comment on column articles.origin is 'How it came: seed, monitor or backfill';
comment on column articles.relevance is 'How much it is about the topic, 0 to 1';
comment on column articles.borderline is 'Between the two thresholds of the topic: kept, to be looked at';
comment on column articles.matched_terms is 'Terms of the topic found in it';
comment on column articles.story_id is 'Story it belongs to; copies of one text share it';
comment on column articles.copy_of is 'article_id of the original, for a copy';
comment on column articles.copy_kind is 'What the copy did to its original: same, trimmed or edited';
comment on column articles.revisions is 'Texts the publisher has shown so far, the first included';
comment on column articles.section is 'Section of the outlet';
comment on column articles.tags is 'Keywords given by the publisher';
comment on column articles.image_url is 'Lead image';
comment on column articles.free_to_read is 'False where a pay wall cut the text';
comment on column articles.archive_ref is 'Where the page''s bytes lie in the archive';
comment on column articles.agencies is 'News agencies credited';
comment on column articles.dateline is 'Place at the head of the text';
comment on column articles.form is 'article, live or list';
comment on column articles.published_zone is 'Whose word the UTC offset of published_at is: stated, source, none, utc_assumed';
comment on column articles.published_alternatives is 'What other witnesses claimed about the time of publication';
comment on column articles.published_problem is 'Why no claimed time could be believed';
comment on column articles.title_origin is 'Witness the headline was believed from';
comment on column articles.canonical_url is 'What the page calls its own address';
comment on column articles.extractor is 'What read the body';
comment on column articles.reader_version is 'Version of our reader';
comment on column articles.rules_version is 'Version of the topic rules that judged last';
comment on column articles.seen_at is 'When the present text was seen';
comment on column articles.stored_at is 'When the present text was stored';
comment on column articles.text_print is 'Fingerprint of the text; equal texts have equal prints';

create or replace view revisions as
    select article_id, revision, seen_at, title, text, text_print, change, cause, url, stored_at,
           modified_at, archive_ref, reader_version
    from kept.readings
    where doc not in (select doc from kept.withdrawals);
comment on view revisions is 'Each distinct text of each article, and each better reading of one, oldest first by revision';
comment on column revisions.article_id is 'Article';
comment on column revisions.revision is 'Counted from 1 within the article';
comment on column revisions.seen_at is 'When this text was seen';
comment on column revisions.title is 'Headline of this revision';
comment on column revisions.text is 'Whole text of this revision';
comment on column revisions.text_print is 'Fingerprint of the text';
comment on column revisions.change is 'Share of words changed since the revision before; null for the first';
comment on column revisions.cause is 'publisher: changed there; reader: the same page, read better by us';
comment on column revisions.url is 'URL the page was served from';
comment on column revisions.stored_at is 'When it was stored';
comment on column revisions.modified_at is 'When the publisher claims to have changed it';
comment on column revisions.archive_ref is 'Where the page''s bytes lie in the archive';
comment on column revisions.reader_version is 'Version of our reader';

create or replace view stories as
    select story_id,
           coalesce(max(title) filter (article_id = story_id),
                    arg_min(title, (coalesce(published_at, first_seen_at), article_id))) as title,
           count(*) as articles, count(distinct outlet) as outlets,
           min(published_at) as first_published_at,
           arg_min(article_id, (coalesce(published_at, first_seen_at), article_id))
               as earliest_article_id
    from articles
    group by story_id;
comment on view stories is 'Groups of copies of one text; an article without copies is a story of one';
comment on column stories.story_id is 'Identifier';
comment on column stories.title is 'Headline of the article the story is named for, or of the earliest';
comment on column stories.articles is 'Articles in it';
comment on column stories.outlets is 'Different outlets';
comment on column stories.first_published_at is 'Earliest claimed publication';
comment on column stories.earliest_article_id is 'Article published first';

create or replace view links as
    select a, b, kind, evidence, passages, rule_version, decided_at, run_id
    from kept.links;
comment on view links is 'Every decision that two articles share text';
comment on column links.a is 'article_id, the smaller';
comment on column links.b is 'article_id, the greater';
comment on column links.kind is 'same: one family of copies; partial: shared passages only';
comment on column links.evidence is 'The numbers behind it; shares lie in 0 to 1';
comment on column links.passages is 'Two or three shared passages';
comment on column links.rule_version is 'Version of the comparing rules';
comment on column links.decided_at is 'When it was decided';
comment on column links.run_id is 'Run that decided';

create or replace view sightings as
    select s.url, s.url_key, r.article_id, s.source_id, s.run_id, s.seen_at, s.claimed_title,
           s.claimed_at, s.claimed_summary, s.claimed_precision, s.claimed_origin, s.claimed_raw,
           s.claimed_problem, s.guid
    from kept.sightings s
    left join (select key, arg_max(article, (fetched, article)) as article
               from kept.aliases group by key) a
           on a.key = s.key
    left join kept.readings r on r.doc = a.article;
comment on view sightings is 'Where URLs were seen: the first time in each source, and whenever the claimed title changed';
comment on column sightings.url is 'URL as the source gave it';
comment on column sightings.url_key is 'URL reduced to what identifies it';
comment on column sightings.article_id is 'Article it led to, if any';
comment on column sightings.source_id is 'Source that listed it';
comment on column sightings.run_id is 'Run that saw it';
comment on column sightings.seen_at is 'When';
comment on column sightings.claimed_title is 'Title as the source gave it';
comment on column sightings.claimed_at is 'Publication time as the source gave it';
comment on column sightings.claimed_summary is 'Summary as the source gave it';
comment on column sightings.claimed_precision is 'second, minute, hour or day';
comment on column sightings.claimed_origin is 'Where in the source the time stood';
comment on column sightings.claimed_raw is 'The time as written';
comment on column sightings.claimed_problem is 'Why the time could not be read';
comment on column sightings.guid is 'Identifier the source gave the item';

create or replace view skips as
    select url, source_id, run_id, stage, reason, detail, relevance, ended_at as seen_at,
           rule_version, http_status, archive_ref, final_url, attempts, retry_at
    from kept.endings
    where ending in ('skipped', 'withdrawn');
comment on view skips is 'Every try that ended without a stored article, or not for long, and why; its URL may be stored since';
comment on column skips.url is 'URL of the candidate';
comment on column skips.source_id is 'Source that listed it';
comment on column skips.run_id is 'Run that skipped it';
comment on column skips.stage is 'discover, fetch, read, judge, compare or append';
comment on column skips.reason is 'Why, in one word of a closed list';
comment on column skips.detail is 'What was found';
comment on column skips.relevance is 'Relevance, where the topic decided';
comment on column skips.seen_at is 'When it was skipped';
comment on column skips.rule_version is 'Version of the rule that decided';
comment on column skips.http_status is 'Status of the answer, if any';
comment on column skips.archive_ref is 'Where the page''s bytes lie in the archive';
comment on column skips.final_url is 'URL the page was served from';
comment on column skips.attempts is 'Tries that ended for a passing reason so far';
comment on column skips.retry_at is 'When it is tried again; null: never';

create or replace view sources as
    select c.source_id, c.outlet, c.kind, c.url, c.language, c.country, c.character, c.timezone,
           c.min_minutes, c.max_minutes, c.enabled, c.repairs, m.last_look_at, m.last_success_at,
           m.next_due_at, m.interval_minutes, coalesce(m.failures, 0) as failures,
           m.newest_item_at, m.fresh_until, m.moved_to, m.moved_times, c.saved_at,
           coalesce(c.headlines_only, false) as headlines_only
    from (
        from kept.sources
        qualify row_number() over (partition by source_id order by rowid desc) = 1
    ) c
    left join kept.memories m using (source_id);
comment on view sources is 'The configured sources and how each stands';
comment on column sources.source_id is 'Identifier from the configuration';
comment on column sources.outlet is 'Who publishes there';
comment on column sources.kind is 'feed, sitemap, list, wordpress, google_news or gdelt';
comment on column sources.url is 'Address that is asked';
comment on column sources.language is 'Language of its articles';
comment on column sources.country is 'Country, ISO 3166-1 alpha-2';
comment on column sources.character is 'wire, public, state, party, independent, official, think_tank or aggregator';
comment on column sources.timezone is 'Zone of times it gives without one';
comment on column sources.min_minutes is 'Least interval between looks';
comment on column sources.max_minutes is 'Greatest interval between looks';
comment on column sources.enabled is 'Whether it is looked at';
comment on column sources.repairs is 'Addresses that can close a gap';
comment on column sources.last_look_at is 'Last look';
comment on column sources.last_success_at is 'Last look answered well';
comment on column sources.next_due_at is 'When the next look is due';
comment on column sources.interval_minutes is 'Present interval between looks';
comment on column sources.failures is 'Failures since the last success, weighted';
comment on column sources.newest_item_at is 'Time the newest item claims';
comment on column sources.fresh_until is 'When it is called stale if nothing newer comes; null: nothing it listed had a date';
comment on column sources.headlines_only is 'Whether its headlines are counted and its articles'' pages not asked for';
comment on column sources.moved_to is 'Where a permanent redirect points';
comment on column sources.moved_times is 'How often it was seen in a row';
comment on column sources.saved_at is 'Since when it is configured so';

create or replace view source_checks as
    select run_id, source_id, started_at, status, http_status, items, new_items, rolled_over,
           error, reason, finished_at, problems, suggestion
    from kept.source_checks;
comment on view source_checks is 'Every look at a source';
comment on column source_checks.run_id is 'Run that looked';
comment on column source_checks.source_id is 'Source';
comment on column source_checks.started_at is 'When the look began';
comment on column source_checks.status is 'ok, unchanged, empty, undated, stale, moved, gone or failed';
comment on column source_checks.http_status is 'Status of the answer';
comment on column source_checks.items is 'Items listed';
comment on column source_checks.new_items is 'Items it had not listed before';
comment on column source_checks.rolled_over is 'Shares no item with the look before: some may have been missed';
comment on column source_checks.error is 'What happened, in words';
comment on column source_checks.reason is 'Why it failed, in one word';
comment on column source_checks.finished_at is 'When the look ended';
comment on column source_checks.problems is 'Items that were no candidates, by reason';
comment on column source_checks.suggestion is 'What the operator might do';

create or replace view coverage as
    with looked as (
        select source_id, (started_at at time zone 'UTC')::date as day,
               count(*) filter (status not in ('failed', 'gone')) as looks,
               sum(new_items) as items
        from kept.source_checks
        group by all
    ), ended as (
        select source_id, day, count(*) filter (ending = 'stored') as stored,
               count(*) filter (ending in ('skipped', 'withdrawn')) as skipped
        from kept.endings
        group by all
    ), decided as (
        select source_id, day, arg_max({'expected': expected, 'state': state, 'reason': reason},
                                       rowid) as newest
        from kept.day_states
        group by all
    )
    select source_id, day, d.newest.expected as expected, coalesce(l.looks, 0) as looks,
           coalesce(l.items, 0)::bigint as items, coalesce(e.stored, 0) as stored,
           coalesce(e.skipped, 0) as skipped, d.newest.state as state, d.newest.reason as reason
    from looked l
    full join ended e using (source_id, day)
    full join decided d using (source_id, day);
comment on view coverage is 'For each source and day: what was expected, looked at, found and missed';
comment on column coverage.source_id is 'Source';
comment on column coverage.day is 'UTC day';
comment on column coverage.expected is 'Items expected from its own history; null: too little history';
comment on column coverage.looks is 'Looks that were answered';
comment on column coverage.items is 'Items it had not listed before';
comment on column coverage.stored is 'Articles stored';
comment on column coverage.skipped is 'Candidates skipped';
comment on column coverage.state is 'covered, partial, missed or repaired; null: not decided yet';
comment on column coverage.reason is 'Why it is not covered';

create or replace view gaps as
    select g.gap_id, g.source_id, g.since, g.until, g.cause, g.remedy, g.found_at, g.run_id
    from kept.gaps g
    where not exists (from kept.gap_endings e where e.gap_id = g.gap_id);
comment on view gaps is 'Open holes: times in which a source may have published what we did not see';
comment on column gaps.gap_id is 'Identifier';
comment on column gaps.source_id is 'Source';
comment on column gaps.since is 'Beginning of the hole';
comment on column gaps.until is 'End of the hole';
comment on column gaps.cause is 'rolled_over, silent, stale, outage, …';
comment on column gaps.remedy is 'What would close it';
comment on column gaps.found_at is 'When it was found';
comment on column gaps.run_id is 'Run that found it';

create or replace view runs as
    select r.run_id, r.kind, r.started_at, e.finished_at, coalesce(e.state, 'running') as state,
           e.candidates, e.stored, e.known, e.skipped, e.revised, e.left_open, e.sources,
           e.sources_failed, e.skips, e.failures, r.prefect_run_id, r.prefect_run_name
    from kept.runs r
    left join (
        from kept.run_endings
        qualify row_number() over (partition by run_id order by rowid desc) = 1
    ) e using (run_id);
comment on view runs is 'Every run and its account; candidates = stored + revised + known + skipped + left_open';
comment on column runs.run_id is 'Identifier';
comment on column runs.kind is 'monitor, backfill, recheck, …';
comment on column runs.started_at is 'When it began';
comment on column runs.finished_at is 'When it ended';
comment on column runs.state is 'running, completed, failed, stopped or lost';
comment on column runs.candidates is 'Candidates seen';
comment on column runs.stored is 'New articles';
comment on column runs.known is 'Nothing new';
comment on column runs.skipped is 'Skipped with a reason';
comment on column runs.revised is 'New revisions of known articles';
comment on column runs.left_open is 'Taken over by a later run';
comment on column runs.sources is 'Sources looked at';
comment on column runs.sources_failed is 'Sources that did not answer';
comment on column runs.skips is 'Skips by reason';
comment on column runs.failures is 'Sources that failed, and how';
comment on column runs.prefect_run_id is 'Its identifier in Prefect; null: started directly';
comment on column runs.prefect_run_name is 'Its name in Prefect, such as "monitor 2026-11-28 12:15"; null: started directly';

create or replace view judgements as
    select r.article_id, j.verdict, j.relevance, j.matches, j.contributions, j.rules_version,
           j.judged_at, j.run_id
    from kept.judgements j
    join kept.readings r on r.doc = j.article;
comment on view judgements is 'Every judgement of every stored article, with what earned its score';
comment on column judgements.article_id is 'Article';
comment on column judgements.verdict is 'on_topic, borderline or off_topic';
comment on column judgements.relevance is '0 to 1';
comment on column judgements.matches is 'Terms found, with place and count';
comment on column judgements.contributions is 'Summands of the score, with the sentence that earned them';
comment on column judgements.rules_version is 'Version of the topic rules';
comment on column judgements.judged_at is 'When it was judged';
comment on column judgements.run_id is 'Run that judged';

create or replace view backfills as
    select source_id, provider, day, state, reason, attempts, found, run_id, changed_at
    from kept.backfill_cells;
comment on view backfills is 'Plan and progress of backfills: one row for each source, provider and day';
comment on column backfills.source_id is 'Source';
comment on column backfills.provider is 'Where the past is looked for';
comment on column backfills.day is 'Day of publication, UTC';
comment on column backfills.state is 'planned, done, failed or impossible';
comment on column backfills.reason is 'Why it is not done';
comment on column backfills.attempts is 'Tries so far';
comment on column backfills.found is 'Candidates found';
comment on column backfills.run_id is 'Run that changed it last';
comment on column backfills.changed_at is 'When it changed last';

create or replace view warnings as
    select warned_at, kind, article_id, detail, run_id
    from kept.warnings;
comment on view warnings is 'What a person should know, such as two different texts under one URL';
comment on column warnings.warned_at is 'When';
comment on column warnings.kind is 'same_key_other_text, …';
comment on column warnings.article_id is 'Article concerned';
comment on column warnings.detail is 'In words';
comment on column warnings.run_id is 'Run that warned';
