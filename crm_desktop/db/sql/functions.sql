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
