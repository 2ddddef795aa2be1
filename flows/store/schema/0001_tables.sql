-- The tables behind the views. Rows are appended; views choose the newest. Numbers (`doc`, `article`,
-- `key`) join tables; the views show identifiers. No foreign keys and no indexes: both make ALTER
-- fail and appends slow, and a scan of 32- or 64-bit numbers answers a batch in milliseconds.
create schema kept;

create table kept.migrations (
    number integer not null,
    name varchar not null,
    applied_at timestamptz not null
);
comment on table kept.migrations is 'Changes of the tables this file has seen';
comment on column kept.migrations.number is 'Counted from 1';
comment on column kept.migrations.name is 'File of the migration';
comment on column kept.migrations.applied_at is 'When it was applied';

create table kept.views_made (
    digest varchar not null,
    made_at timestamptz not null
);
comment on table kept.views_made is 'Which version of the views and macros this file has; one row';
comment on column kept.views_made.digest is 'SHA-256 of their SQL';
comment on column kept.views_made.made_at is 'When they were made';

create table kept.readings (
    doc integer not null,
    article integer not null,
    revision integer not null,
    previous integer,
    article_id varchar not null,
    url varchar,
    outlet varchar,
    source_id varchar,
    language varchar,
    country varchar,
    title varchar,
    title_origin varchar,
    authors varchar[],
    agencies varchar[],
    dateline varchar,
    lede varchar,
    text varchar,
    word_count integer,
    published_at timestamptz,
    published_precision varchar,
    published_origin varchar,
    published_zone varchar,
    published_raw varchar,
    published_alternatives struct(
        claimed_at timestamptz, precision varchar, origin varchar, zone varchar, raw varchar)[],
    published_problem varchar,
    modified_at timestamptz,
    modified_precision varchar,
    modified_origin varchar,
    section varchar,
    tags varchar[],
    image_url varchar,
    free_to_read boolean,
    form varchar,
    site_name varchar,
    canonical_url varchar,
    extractor varchar,
    reader_version varchar,
    origin varchar not null,
    first_seen_at timestamptz not null,
    seen_at timestamptz not null,
    stored_at timestamptz not null,
    run_id varchar,
    cause varchar not null,
    change double,
    archive_ref varchar,
    text_print varchar,
    verdict varchar not null,
    relevance double not null,
    matched_terms varchar[],
    rules_version varchar
);
comment on table kept.readings is 'Every distinct text of every article as we read it, appended; `previous` names the reading it replaces';
comment on column kept.readings.doc is 'Number of this reading, counted from 1 in the order of storing';
comment on column kept.readings.article is 'Number of the article: the `doc` of its first reading';
comment on column kept.readings.revision is 'Counted from 1 within the article';
comment on column kept.readings.previous is 'The `doc` this reading replaces; null for the first';
comment on column kept.readings.article_id is 'Public identifier of the article';
comment on column kept.readings.url is 'URL the page was finally served from; null for seed documents';
comment on column kept.readings.outlet is 'Who published the article';
comment on column kept.readings.source_id is 'Source whose candidate led to the article first';
comment on column kept.readings.language is 'Language of the text, ISO 639';
comment on column kept.readings.country is 'Country of the source, ISO 3166-1 alpha-2';
comment on column kept.readings.title is 'Headline of this reading';
comment on column kept.readings.title_origin is 'Witness the headline was believed from';
comment on column kept.readings.authors is 'People of the byline, in order';
comment on column kept.readings.agencies is 'News agencies credited';
comment on column kept.readings.dateline is 'Place at the head of the text';
comment on column kept.readings.lede is 'First paragraph';
comment on column kept.readings.text is 'Whole text; paragraphs are separated by a blank line';
comment on column kept.readings.word_count is 'Words of the text';
comment on column kept.readings.published_at is 'When the publisher claims to have published';
comment on column kept.readings.published_precision is 'second, minute, hour or day';
comment on column kept.readings.published_origin is 'Witness of the claim';
comment on column kept.readings.published_zone is 'Whose word the UTC offset is';
comment on column kept.readings.published_raw is 'The claim as written';
comment on column kept.readings.published_alternatives is 'What other witnesses claimed';
comment on column kept.readings.published_problem is 'Why no claim could be believed';
comment on column kept.readings.modified_at is 'When the publisher claims to have changed the article';
comment on column kept.readings.modified_precision is 'second, minute, hour or day';
comment on column kept.readings.modified_origin is 'Witness of the claim';
comment on column kept.readings.section is 'Section of the outlet';
comment on column kept.readings.tags is 'Keywords given by the publisher';
comment on column kept.readings.image_url is 'Lead image';
comment on column kept.readings.free_to_read is 'False where a pay wall cut the text';
comment on column kept.readings.form is 'article, live or list';
comment on column kept.readings.site_name is 'What the page calls its site';
comment on column kept.readings.canonical_url is 'What the page calls its own address';
comment on column kept.readings.extractor is 'What read the body';
comment on column kept.readings.reader_version is 'Version of our reader';
comment on column kept.readings.origin is 'seed, monitor or backfill: the door the article came through';
comment on column kept.readings.first_seen_at is 'When we first saw the article';
comment on column kept.readings.seen_at is 'When this text was seen';
comment on column kept.readings.stored_at is 'When this reading was stored';
comment on column kept.readings.run_id is 'Run that stored it';
comment on column kept.readings.cause is 'publisher: the text was changed there; reader: we read the same page better';
comment on column kept.readings.change is 'Share of words changed since the previous reading; null for the first';
comment on column kept.readings.archive_ref is 'Where the bytes of the page lie in the archive';
comment on column kept.readings.text_print is 'Fingerprint of the whole text; equal texts have equal prints';
comment on column kept.readings.verdict is 'on_topic, borderline or off_topic, as judged when stored';
comment on column kept.readings.relevance is '0 to 1, as judged when stored';
comment on column kept.readings.matched_terms is 'Terms of the topic found, as judged when stored';
comment on column kept.readings.rules_version is 'Version of the topic rules that judged';

create table kept.aliases (
    key ubigint not null,
    url_key varchar not null,
    article integer not null,
    stored_at timestamptz not null
);
comment on table kept.aliases is 'Every URL key under which an article was met';
comment on column kept.aliases.key is '64 bits of the MD5 of url_key, as md5_number_lower gives them';
comment on column kept.aliases.url_key is 'URL reduced to what identifies it';
comment on column kept.aliases.article is 'Number of the article';
comment on column kept.aliases.stored_at is 'When the alias was stored';

create table kept.judgements (
    article integer not null,
    doc integer not null,
    first boolean not null,
    verdict varchar not null,
    relevance double not null,
    matches struct(term varchar, "group" varchar, place varchar, count integer)[],
    contributions struct(rule varchar, points double, evidence varchar)[],
    matched_terms varchar[],
    rules_version varchar,
    judged_at timestamptz not null,
    run_id varchar
);
comment on table kept.judgements is 'Every judgement, appended; the newest of an article counts';
comment on column kept.judgements.article is 'Number of the article';
comment on column kept.judgements.doc is 'Reading that was judged';
comment on column kept.judgements.first is 'Whether it came with the reading (and stands there too) rather than later';
comment on column kept.judgements.verdict is 'on_topic, borderline or off_topic';
comment on column kept.judgements.relevance is '0 to 1';
comment on column kept.judgements.matches is 'Terms found, with place and count';
comment on column kept.judgements.contributions is 'Summands of the score, with the sentence that earned them';
comment on column kept.judgements.matched_terms is 'Terms found, once each';
comment on column kept.judgements.rules_version is 'Version of the topic rules';
comment on column kept.judgements.judged_at is 'When the judgement was stored';
comment on column kept.judgements.run_id is 'Run that judged';

create table kept.memberships (
    article integer not null,
    story_id varchar not null,
    copy_of varchar,
    copy_kind varchar,
    decided_at timestamptz not null,
    run_id varchar
);
comment on table kept.memberships is 'Which story an article belongs to, appended; an article without a row is a story of its own';
comment on column kept.memberships.article is 'Number of the article';
comment on column kept.memberships.story_id is 'Story it was put into';
comment on column kept.memberships.copy_of is 'article_id of the original; null for an original';
comment on column kept.memberships.copy_kind is 'same, trimmed or edited';
comment on column kept.memberships.decided_at is 'When it was decided';
comment on column kept.memberships.run_id is 'Run that decided';

create table kept.links (
    a varchar not null,
    b varchar not null,
    kind varchar not null,
    evidence struct(shared integer, containment3 double, containment5 double, unquoted5 double,
                    alignment double, jaccard5 double, words_a integer, words_b integer),
    passages varchar[],
    rule_version varchar,
    decided_at timestamptz not null,
    run_id varchar
);
comment on table kept.links is 'Every decision that two articles share text';
comment on column kept.links.a is 'article_id, the smaller';
comment on column kept.links.b is 'article_id, the greater';
comment on column kept.links.kind is 'same: one family of copies; partial: shared passages only';
comment on column kept.links.evidence is 'The numbers behind the decision; shares lie in 0 to 1';
comment on column kept.links.passages is 'Two or three shared passages';
comment on column kept.links.rule_version is 'Version of the comparing rules';
comment on column kept.links.decided_at is 'When it was decided';
comment on column kept.links.run_id is 'Run that decided';

create table kept.fingerprints (
    print uinteger not null,
    doc integer not null
);
comment on table kept.fingerprints is 'Sampled shingle hashes of every reading, for finding shared text';
comment on column kept.fingerprints.print is 'Hash of one sampled shingle';
comment on column kept.fingerprints.doc is 'Reading that holds it';

create table kept.words (
    term integer not null,
    word varchar not null,
    stem varchar not null
);
comment on table kept.words is 'Dictionary of the search index';
comment on column kept.words.term is 'Number of the word, counted from 1';
comment on column kept.words.word is 'Folded word, or pair of characters of a script without spaces';
comment on column kept.words.stem is 'The word without its ending';

create table kept.postings (
    term integer not null,
    doc integer not null,
    weight utinyint not null
);
comment on table kept.postings is 'Search index, sorted by term within stretches of documents';
comment on column kept.postings.term is 'Word';
comment on column kept.postings.doc is 'Reading that holds it';
comment on column kept.postings.weight is 'Occurrences, those in the lede twice and in the title five times, at most 15';

create table kept.recent_postings (
    term integer not null,
    doc integer not null,
    weight utinyint not null
);
comment on table kept.recent_postings is 'Search index of the newest documents, moved to postings now and then';
comment on column kept.recent_postings.term is 'Word';
comment on column kept.recent_postings.doc is 'Reading that holds it';
comment on column kept.recent_postings.weight is 'As in postings';

create table kept.sightings (
    key ubigint not null,
    url varchar not null,
    url_key varchar not null,
    source_id varchar not null,
    run_id varchar not null,
    seen_at timestamptz not null,
    claimed_title varchar,
    claimed_summary varchar,
    claimed_at timestamptz,
    claimed_precision varchar,
    claimed_origin varchar,
    claimed_zone varchar,
    claimed_raw varchar,
    claimed_problem varchar,
    guid varchar
);
comment on table kept.sightings is 'Where URLs were seen: the first time in each source, and whenever the claimed title changed';
comment on column kept.sightings.key is '64 bits of the MD5 of url_key, as md5_number_lower gives them';
comment on column kept.sightings.url is 'URL as the source gave it, made absolute';
comment on column kept.sightings.url_key is 'URL reduced to what identifies it';
comment on column kept.sightings.source_id is 'Source that listed it';
comment on column kept.sightings.run_id is 'Run that saw it';
comment on column kept.sightings.seen_at is 'When it was seen';
comment on column kept.sightings.claimed_title is 'Title as the source gave it';
comment on column kept.sightings.claimed_summary is 'Summary as the source gave it';
comment on column kept.sightings.claimed_at is 'Publication time as the source gave it; null if none could be read';
comment on column kept.sightings.claimed_precision is 'second, minute, hour or day';
comment on column kept.sightings.claimed_origin is 'Witness of the claim';
comment on column kept.sightings.claimed_zone is 'Whose word the UTC offset is';
comment on column kept.sightings.claimed_raw is 'The claim as written';
comment on column kept.sightings.claimed_problem is 'Why the claim could not be read';
comment on column kept.sightings.guid is 'Identifier the source gave the item';

create table kept.claims (
    key ubigint not null,
    source_id varchar not null,
    run_id varchar not null,
    claimed_at timestamptz not null
);
comment on table kept.claims is 'Which run took a URL into work';
comment on column kept.claims.key is '64 bits of the MD5 of url_key, as md5_number_lower gives them';
comment on column kept.claims.source_id is 'Source whose candidate was taken';
comment on column kept.claims.run_id is 'Run that took it';
comment on column kept.claims.claimed_at is 'When it was taken';

create table kept.endings (
    key ubigint not null,
    url varchar not null,
    source_id varchar not null,
    run_id varchar not null,
    ended_at timestamptz not null,
    ending varchar not null,
    article integer,
    stage varchar,
    reason varchar,
    detail varchar,
    http_status smallint,
    relevance double,
    rule_version varchar,
    archive_ref varchar,
    final_url varchar,
    attempts smallint not null,
    retry_at timestamptz,
    day date not null
);
comment on table kept.endings is 'How each candidate taken into work ended';
comment on column kept.endings.key is '64 bits of the MD5 of url_key, as md5_number_lower gives them';
comment on column kept.endings.url is 'URL of the candidate';
comment on column kept.endings.source_id is 'Source of the candidate';
comment on column kept.endings.run_id is 'Run it ended in';
comment on column kept.endings.ended_at is 'When it ended';
comment on column kept.endings.ending is 'stored, revised, known or skipped';
comment on column kept.endings.article is 'Number of the article, unless skipped';
comment on column kept.endings.stage is 'Stage that skipped it';
comment on column kept.endings.reason is 'Why it was skipped';
comment on column kept.endings.detail is 'What was found, in words';
comment on column kept.endings.http_status is 'Status of the answer, if any';
comment on column kept.endings.relevance is 'Relevance, where the topic decided';
comment on column kept.endings.rule_version is 'Version of the rule that decided';
comment on column kept.endings.archive_ref is 'Where the page lies in the archive';
comment on column kept.endings.final_url is 'URL the page was served from';
comment on column kept.endings.attempts is 'How often the URL has ended for a passing reason, this time included';
comment on column kept.endings.retry_at is 'When it is worth another try; null: never';
comment on column kept.endings.day is 'UTC day it counts for in coverage: the day it ended, in a backfill the day it was published';

create table kept.sources (
    source_id varchar not null,
    outlet varchar not null,
    kind varchar not null,
    url varchar not null,
    language varchar,
    country varchar,
    character varchar,
    timezone varchar,
    min_minutes integer,
    max_minutes integer,
    enabled boolean not null,
    selector varchar,
    repairs varchar[],
    saved_at timestamptz not null
);
comment on table kept.sources is 'Configuration of each source, appended when it changes; a source taken from the configuration is saved as not enabled';
comment on column kept.sources.source_id is 'Identifier from the configuration';
comment on column kept.sources.outlet is 'Who publishes there';
comment on column kept.sources.kind is 'feed, sitemap, list, wordpress, google_news or gdelt';
comment on column kept.sources.url is 'Address that is asked';
comment on column kept.sources.language is 'Language of its articles';
comment on column kept.sources.country is 'Country of the outlet, ISO 3166-1 alpha-2';
comment on column kept.sources.character is 'wire, public, state, party, independent, official, think_tank or aggregator';
comment on column kept.sources.timezone is 'Zone of times it gives without one';
comment on column kept.sources.min_minutes is 'Least interval between looks';
comment on column kept.sources.max_minutes is 'Greatest interval between looks';
comment on column kept.sources.enabled is 'Whether it is looked at';
comment on column kept.sources.selector is 'CSS selector of a list';
comment on column kept.sources.repairs is 'Addresses that can close a gap';
comment on column kept.sources.saved_at is 'When this configuration was first seen';

create table kept.memories (
    source_id varchar not null,
    etag varchar,
    last_modified varchar,
    body_sha256 varchar,
    conditional_in_a_row integer not null,
    last_look_at timestamptz,
    last_success_at timestamptz,
    next_due_at timestamptz,
    interval_minutes double,
    failures double not null,
    recent_keys varchar[],
    recent_looks struct(looked_at timestamptz, new_items integer)[],
    newest_item_at timestamptz,
    moved_to varchar,
    moved_times integer not null,
    advertised_minutes integer,
    validators_lie boolean not null
);
comment on table kept.memories is 'What is remembered of each source between looks; one row each, replaced';
comment on column kept.memories.source_id is 'Source';
comment on column kept.memories.etag is 'Validator to send back';
comment on column kept.memories.last_modified is 'Validator to send back';
comment on column kept.memories.body_sha256 is 'Print of the last body';
comment on column kept.memories.conditional_in_a_row is 'Conditional requests since the last unconditional one';
comment on column kept.memories.last_look_at is 'Last look';
comment on column kept.memories.last_success_at is 'Last look that was answered well';
comment on column kept.memories.next_due_at is 'When the next look is due';
comment on column kept.memories.interval_minutes is 'Present interval between looks';
comment on column kept.memories.failures is 'Failures since the last success, weighted';
comment on column kept.memories.recent_keys is 'URL keys of the last items, newest first';
comment on column kept.memories.recent_looks is 'Last looks and how many items were new, oldest first';
comment on column kept.memories.newest_item_at is 'Time the newest item claims';
comment on column kept.memories.moved_to is 'Where a permanent redirect points';
comment on column kept.memories.moved_times is 'How often it was seen in a row';
comment on column kept.memories.advertised_minutes is 'Interval the source asks for';
comment on column kept.memories.validators_lie is 'Whether its server once called changed bytes unchanged';

create table kept.source_checks (
    run_id varchar not null,
    source_id varchar not null,
    started_at timestamptz not null,
    finished_at timestamptz not null,
    status varchar not null,
    http_status smallint,
    reason varchar,
    error varchar,
    items integer not null,
    new_items integer not null,
    rolled_over boolean not null,
    problems struct(reason varchar, count integer)[],
    suggestion varchar
);
comment on table kept.source_checks is 'Every look at a source';
comment on column kept.source_checks.run_id is 'Run that looked';
comment on column kept.source_checks.source_id is 'Source looked at';
comment on column kept.source_checks.started_at is 'When the look began';
comment on column kept.source_checks.finished_at is 'When the look ended';
comment on column kept.source_checks.status is 'ok, unchanged, empty, stale, moved, gone or failed';
comment on column kept.source_checks.http_status is 'Status of the answer, if any';
comment on column kept.source_checks.reason is 'Why it failed';
comment on column kept.source_checks.error is 'What happened, in words';
comment on column kept.source_checks.items is 'Items listed';
comment on column kept.source_checks.new_items is 'Items this source had not listed before';
comment on column kept.source_checks.rolled_over is 'Whether it shares no item with the look before: some may have been missed between';
comment on column kept.source_checks.problems is 'Items that were no candidates, by reason';
comment on column kept.source_checks.suggestion is 'What the operator might do';

create table kept.gaps (
    gap_id varchar not null,
    source_id varchar not null,
    since timestamptz not null,
    until timestamptz not null,
    cause varchar not null,
    remedy varchar,
    found_at timestamptz not null,
    run_id varchar
);
comment on table kept.gaps is 'Times in which a source may have published what we did not see';
comment on column kept.gaps.gap_id is 'Identifier';
comment on column kept.gaps.source_id is 'Source';
comment on column kept.gaps.since is 'Beginning of the hole';
comment on column kept.gaps.until is 'End of the hole';
comment on column kept.gaps.cause is 'rolled_over, silent, stale, outage, …';
comment on column kept.gaps.remedy is 'What would close it';
comment on column kept.gaps.found_at is 'When it was found';
comment on column kept.gaps.run_id is 'Run that found it';

create table kept.gap_endings (
    gap_id varchar not null,
    state varchar not null,
    detail varchar,
    ended_at timestamptz not null,
    run_id varchar
);
comment on table kept.gap_endings is 'How gaps were closed';
comment on column kept.gap_endings.gap_id is 'Gap';
comment on column kept.gap_endings.state is 'repaired, or beyond_repair';
comment on column kept.gap_endings.detail is 'How, in words';
comment on column kept.gap_endings.ended_at is 'When';
comment on column kept.gap_endings.run_id is 'Run that closed it';

create table kept.day_states (
    source_id varchar not null,
    day date not null,
    expected double,
    state varchar not null,
    reason varchar,
    decided_at timestamptz not null
);
comment on table kept.day_states is 'What was expected of a source on a day and how well it was covered, as decided; the newest counts';
comment on column kept.day_states.source_id is 'Source';
comment on column kept.day_states.day is 'UTC day';
comment on column kept.day_states.expected is 'Items expected from its own history';
comment on column kept.day_states.state is 'covered, partial, missed or repaired';
comment on column kept.day_states.reason is 'Why it is not covered';
comment on column kept.day_states.decided_at is 'When it was decided';

create table kept.runs (
    run_id varchar not null,
    kind varchar not null,
    started_at timestamptz not null,
    pid integer,
    machine varchar
);
comment on table kept.runs is 'Every run that began';
comment on column kept.runs.run_id is 'Identifier';
comment on column kept.runs.kind is 'monitor, backfill, recheck, …';
comment on column kept.runs.started_at is 'When it began';
comment on column kept.runs.pid is 'Its process';
comment on column kept.runs.machine is 'Its machine';

create table kept.run_endings (
    run_id varchar not null,
    finished_at timestamptz not null,
    state varchar not null,
    sources integer not null,
    sources_failed integer not null,
    candidates integer not null,
    stored integer not null,
    revised integer not null,
    known integer not null,
    skipped integer not null,
    left_open integer not null,
    skips struct(reason varchar, count integer)[],
    failures struct(source_id varchar, error varchar)[]
);
comment on table kept.run_endings is 'How runs ended';
comment on column kept.run_endings.run_id is 'Run';
comment on column kept.run_endings.finished_at is 'When it ended, or was found lost';
comment on column kept.run_endings.state is 'completed, failed, stopped or lost';
comment on column kept.run_endings.sources is 'Sources looked at';
comment on column kept.run_endings.sources_failed is 'Sources that did not answer';
comment on column kept.run_endings.candidates is 'Candidates seen: stored + revised + known + skipped + left_open';
comment on column kept.run_endings.stored is 'New articles';
comment on column kept.run_endings.revised is 'New revisions';
comment on column kept.run_endings.known is 'Nothing new';
comment on column kept.run_endings.skipped is 'Skipped with a reason';
comment on column kept.run_endings.left_open is 'Taken over by a later run';
comment on column kept.run_endings.skips is 'Skips by reason';
comment on column kept.run_endings.failures is 'Sources that failed, and how';

create table kept.rechecks (
    article integer not null,
    checked_at timestamptz not null,
    outcome varchar not null,
    detail varchar,
    etag varchar,
    last_modified varchar,
    run_id varchar
);
comment on table kept.rechecks is 'Every second look at an article';
comment on column kept.rechecks.article is 'Number of the article';
comment on column kept.rechecks.checked_at is 'When';
comment on column kept.rechecks.outcome is 'revised, known, skipped';
comment on column kept.rechecks.detail is 'The reason of a skip';
comment on column kept.rechecks.etag is 'Validator to send back';
comment on column kept.rechecks.last_modified is 'Validator to send back';
comment on column kept.rechecks.run_id is 'Run that looked';

create table kept.backfill_cells (
    source_id varchar not null,
    provider varchar not null,
    day date not null,
    state varchar not null,
    reason varchar,
    attempts smallint not null,
    found integer,
    run_id varchar,
    changed_at timestamptz not null
);
comment on table kept.backfill_cells is 'Plan of backfills: one row for each source, provider and day, replaced as it proceeds';
comment on column kept.backfill_cells.source_id is 'Source';
comment on column kept.backfill_cells.provider is 'Where the past is looked for';
comment on column kept.backfill_cells.day is 'Day of publication, UTC';
comment on column kept.backfill_cells.state is 'planned, done, failed or impossible';
comment on column kept.backfill_cells.reason is 'Why not done';
comment on column kept.backfill_cells.attempts is 'Tries so far';
comment on column kept.backfill_cells.found is 'Candidates found';
comment on column kept.backfill_cells.run_id is 'Run that changed it last';
comment on column kept.backfill_cells.changed_at is 'When it changed last';

create table kept.notices (
    subject varchar not null,
    kind varchar not null,
    detail varchar,
    told_at timestamptz not null,
    run_id varchar
);
comment on table kept.notices is 'What people were told, so that they are told once';
comment on column kept.notices.subject is 'What it is about: a source, a run, a gap';
comment on column kept.notices.kind is 'silent, failed, gap, recovered, digest, …';
comment on column kept.notices.detail is 'The message';
comment on column kept.notices.told_at is 'When';
comment on column kept.notices.run_id is 'Run that told';

create table kept.rereads (
    doc integer not null,
    reader_version varchar not null,
    run_id varchar,
    reread_at timestamptz not null
);
comment on table kept.rereads is 'Readings that a newer reader has read again from the archive';
comment on column kept.rereads.doc is 'Reading whose page was read again';
comment on column kept.rereads.reader_version is 'Reader that read it';
comment on column kept.rereads.run_id is 'Run that read it';
comment on column kept.rereads.reread_at is 'When';

create table kept.seeds (
    name varchar not null,
    sha256 varchar not null,
    article_id varchar not null,
    loaded_at timestamptz not null
);
comment on table kept.seeds is 'Seed documents loaded';
comment on column kept.seeds.name is 'File name';
comment on column kept.seeds.sha256 is 'Print of its bytes';
comment on column kept.seeds.article_id is 'Article it became';
comment on column kept.seeds.loaded_at is 'When';

create table kept.warnings (
    warned_at timestamptz not null,
    kind varchar not null,
    article_id varchar,
    detail varchar not null,
    run_id varchar
);
comment on table kept.warnings is 'What a person should know, such as two different texts under one URL key';
comment on column kept.warnings.warned_at is 'When';
comment on column kept.warnings.kind is 'same_key_other_text, …';
comment on column kept.warnings.article_id is 'Article concerned';
comment on column kept.warnings.detail is 'In words';
comment on column kept.warnings.run_id is 'Run that warned';
