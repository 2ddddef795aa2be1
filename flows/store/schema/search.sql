-- Full-text search in plain SQL: the same functions cut texts into words when they are stored and
-- questions when they are asked, so any DuckDB client can search without an extension.

create or replace macro kept.folded_letters(written) as
    case when regexp_matches(written, '[ŁłØøĐđıҐґىةیکßÆæŒœـ]')
        then replace(replace(replace(replace(
                 translate(strip_accents(lower(written)), 'łøđıґىةیک', 'lodiгيهيك'),
                 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'ـ', '')
        else strip_accents(lower(written)) end;
comment on macro kept.folded_letters is 'A text without case and accents, and with one form of letters that are written in several';

create or replace macro kept.fold(written) as
    regexp_replace(
        regexp_replace(kept.folded_letters(written), '(\p{L})[''’‘ʼ＇`´]s\b', '\1', 'g'),
        '([\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー々]+)',
        ' \1 ', 'g');
comment on macro kept.fold is 'A text without case, accents and possessives, scripts without spaces set apart';

create or replace macro kept.words_of(written) as
    flatten(list_transform(
        regexp_extract_all(kept.fold(written), '[\p{L}\p{N}\p{M}]+'),
        lambda run: case
            when regexp_matches(run, '^[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー々]')
                then list_transform(range(1, greatest(len(run), 2)), lambda i: substr(run, i, 2))
            else [left(run, 40)] end));
comment on macro kept.words_of is 'The folded words of a text in order; pairs of characters where a script has no spaces';

create or replace macro kept.stem(word) as
    case
        when regexp_matches(word, '^[a-z]{5,}$') and not regexp_matches(word, '(ss|us|is)$')
            then regexp_replace(regexp_replace(regexp_replace(word,
                'ies$', 'y'),
                '^([a-z]{4,}?)(?:ings?|ed|es|s|ami|ach|ego|emu|ych|ymi|imi|om|owi|ow|en|em|a|o|i|u)$', '\1'),
                '^([a-z]{5,})[ey]$', '\1')
        when regexp_matches(word, '^[\p{Cyrillic}]{5,}$')
            then regexp_replace(word,
                '^(.{4,}?)(?:иями|ями|ами|иях|ого|его|ому|ему|ыми|ими|ием|иеи|ию|ии|ия|ие|ах|ях|ов|ев|еи|ои|ыи|ая|яя|ое|ее|ые|ую|юю|ом|ем|ам|ям|ых|их|ою|ею|ы|и|а|я|о|е|у|ю|ь|і)$', '\1')
        when regexp_matches(word, '^[\p{Arabic}]{5,}$')
            then regexp_replace(word, '^(?:[وف]?(?:[بك]?ال|لل))(.{3,})$', '\1')
        else word
    end;
comment on macro kept.stem is 'A folded word without its commonest endings (Latin and Cyrillic scripts) or Arabic article';
