-- What every table of business shares: who changed what (audit) and that something changed (announce).
-- @owner@, @employee@, @workstation@ are put in by the upgrade: the group roles of this database.

-- One message a statement: `schema.table:id,id` with up to 100 ids, else `schema.table:*`. A hint to read, never data.
create or replace function code.note_change() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
declare
    named text := coalesce(nullif(current_setting('crm.operation', true), ''), 'console');
    source text := tg_table_schema || '.' || tg_table_name;
    touched text[];
begin
    if tg_op = 'INSERT' then
        with noted as (
            insert into audit.entry (operation, table_name, act, row_id, new)
            select named, source, 'insert', r ->> tg_argv[0], r from (select to_jsonb(n) as r from new_rows n) s
            returning row_id)
        select array_agg(distinct row_id) into touched from noted;
    elsif tg_op = 'DELETE' then
        with noted as (
            insert into audit.entry (operation, table_name, act, row_id, old)
            select named, source, 'delete', r ->> tg_argv[0], r from (select to_jsonb(o) as r from old_rows o) s
            returning row_id)
        select array_agg(distinct row_id) into touched from noted;
    else
        with news as (select to_jsonb(n) as r, row_number() over () as place from new_rows n),
             olds as (select to_jsonb(o) as r, row_number() over () as place from old_rows o),
             noted as (
            insert into audit.entry (operation, table_name, act, row_id, old, new)
            select named, source, 'update', n.r ->> tg_argv[0], o.r, n.r
              from news n join olds o on o.place = n.place
             where o.r is distinct from n.r
            returning row_id)
        select array_agg(distinct row_id) into touched from noted;
    end if;
    if touched is not null then
        perform pg_notify('changes', source || ':' ||
            case when cardinality(touched) > 100 then '*' else array_to_string(touched, ',') end);
    end if;
    return null;
end $$;

-- Give a table its three triggers; `key` is the column whose value a reader asks by.
create or replace function code.watch_table(source regclass, key text) returns void
language plpgsql security invoker set search_path = pg_catalog as $$
begin
    execute format('create or replace trigger note_insert after insert on %s referencing new table as new_rows
        for each statement execute function code.note_change(%L)', source, key);
    execute format('create or replace trigger note_update after update on %s referencing old table as old_rows new table as new_rows
        for each statement execute function code.note_change(%L)', source, key);
    execute format('create or replace trigger note_delete after delete on %s referencing old table as old_rows
        for each statement execute function code.note_change(%L)', source, key);
    -- TRUNCATE would pass by the row triggers: no table of business is ever emptied at once.
    execute format('create or replace trigger never_truncate before truncate on %s
        for each statement execute function code.refuse_truncate()', source);
end $$;

create or replace function code.refuse_truncate() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
    raise exception 'never emptied at once' using errcode = 'CR403';
end $$;

-- Row versions: an editor names the version that it read; each stored change raises it by one.
create or replace function code.raise_version() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
    new.version := old.version + 1;
    return new;
end $$;

-- Our own refusals: the guard's name and its figures, which db/errors.py turns into the sentence of the slice.
create or replace function code.refuse(guard text, details jsonb default '{}') returns void
language plpgsql set search_path = pg_catalog as $$
begin
    raise exception 'refused: %', guard using errcode = 'CR422', constraint = guard, detail = details::text;
end $$;

create or replace function code.forbid(permission text) returns void
language plpgsql set search_path = pg_catalog as $$
begin
    raise exception 'not allowed: %', permission using errcode = 'CR403', constraint = permission;
end $$;

create or replace function code.conflict(source text, row_id text) returns void
language plpgsql set search_path = pg_catalog as $$
begin
    raise exception 'changed meanwhile' using errcode = 'CR409', table = source, detail = row_id;
end $$;

create or replace function code.clock(out today date, out now timestamptz)
language sql stable set search_path = pg_catalog as
$$ select (now() at time zone 'Europe/Warsaw')::date, now() $$;

create or replace function code.version_array(version text) returns int[]
language sql immutable set search_path = pg_catalog as
$$ select string_to_array(version, '.')::int[] $$;

-- The audit has a partition a month and always a default one; made at upgrade and by every worker.
create or replace function code.make_audit_partitions() returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
    month date := date_trunc('month', now())::date;
    named text;
begin
    for step in 0..3 loop
        named := 'entry_' || to_char(month + make_interval(months => step), 'YYYY_MM');
        if to_regclass('audit.' || named) is null then
            execute format('create table audit.%I partition of audit.entry for values from (%L) to (%L)',
                named, month + make_interval(months => step), month + make_interval(months => step + 1));
        end if;
    end loop;
end $$;

-- What a search compares (crm_desktop/core/search.py). The words of what was typed, the longest first; nobody needs more than eight.
create or replace function code.search_words(typed text) returns text[]
language sql immutable set search_path = pg_catalog as $$
    select coalesce(array_agg(word order by length(word) desc, word), '{}')
      from (select distinct word from unnest(string_to_array(stable.search_text(left(typed, 100)), ' ')) word
             where word <> '' order by word limit 8) w $$;

-- A pattern a word, wherever it stands (lead '%') or at the beginning of a word (lead '% '); what was typed holds no wildcards.
create or replace function code.search_patterns(words text[], lead text default '%') returns text[]
language sql immutable set search_path = pg_catalog as $$
    select coalesce(array_agg(lead || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' order by place), '{}')
      from unnest(words) with ordinality w (word, place) $$;

-- The patterns by which an index is asked: the longest word; one or two letters stand at the beginning of a word, or all would match.
create or replace function code.search_first(words text[]) returns text[]
language sql immutable set search_path = pg_catalog as $$
    select case when length(words[1]) > 2 then code.search_patterns(words[1:1])
                else code.search_patterns(words[1:1], '') || code.search_patterns(words[1:1], '% ') end $$;

-- The digits of what looks like a tax number, a phone or a bar code; '' for anything else.
create or replace function code.search_number(typed text) returns text
language sql immutable set search_path = pg_catalog as $$
    select case when bare ~ '^[-0-9 ./()+]+$' then stable.phone_digits(bare) else '' end
      from (select regexp_replace(translate(btrim(upper(left(typed, 100))), chr(160), ' '), '^PL', '') as bare) b $$;

-- 3: it begins so; 2: every word begins a word; 1: every word occurs.
create or replace function code.search_rank(search text, name text, words text[], sought text) returns int
language sql immutable set search_path = pg_catalog as $$
    select case when starts_with(search, sought) or starts_with(stable.search_text(name), sought) then 3
                when ' ' || search like all (code.search_patterns(words, '% ')) then 2
                else 1 end $$;

-- A word with two neighbours that changed places: the commonest error, and short words have too few trigrams for it.
create or replace function code.search_swapped(word text) returns text[]
language sql immutable set search_path = pg_catalog as $$
    select coalesce(array_agg('%' || left(word, i - 1) || substr(word, i + 1, 1) || substr(word, i, 1) || substr(word, i + 2) || '%'), '{}')
      from generate_series(1, length(word) - 1) i where word ~ '^[a-z]{4,12}$' and substr(word, i, 1) <> substr(word, i + 1, 1) $$;

-- Whether every word occurs, a word of letters also with a typing error. A wrong digit is another number.
create or replace function code.search_forgives(search text, words text[]) returns boolean
language sql immutable set search_path = pg_catalog as $$
    select coalesce(bool_and(strpos(search, word) > 0 or word !~ '[0-9]'
                             and (public.word_similarity(word, search) >= 0.45 or search like any (code.search_swapped(word)))), false)
      from unnest(words) word $$;

-- The word by which an index is asked for something similar: the longest of letters only; null for what is rather a number.
create or replace function code.search_longest(words text[]) returns text
language sql immutable set search_path = pg_catalog as $$
    select word from unnest(words) with ordinality w (word, place)
     where word !~ '[0-9]' and length(word) > 2
       and 2 * length(regexp_replace(array_to_string(words, ''), '[^0-9]', '', 'g')) <= length(array_to_string(words, ''))
     order by place limit 1 $$;
