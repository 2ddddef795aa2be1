-- By which version of our rules stored keys and fingerprints were made, and from which URL a key:
-- a change of rules makes them anew (see renewing.py). Files older than this were made by the first.
create table kept.rules (
    what varchar not null,
    version varchar not null,
    made_at timestamptz
);
comment on table kept.rules is 'Which version of our rules made what is stored, appended when it is made anew';
comment on column kept.rules.what is 'keys: URL keys; prints: fingerprints of texts';
comment on column kept.rules.version is 'Version of the rules';
comment on column kept.rules.made_at is 'When everything was made anew by them; null: from the beginning';
insert into kept.rules (what, version) values ('keys', 'url-1'), ('prints', 'fp-1');

alter table kept.aliases add column url varchar;
comment on column kept.aliases.url is 'URL the key was made from; null where it is not known any longer, and for seeds';
