-- Who is asking, what she may do, and the numbers of legal documents.
-- Everything starts from session_user: the login role that PostgreSQL itself authenticated. SET ROLE does not change it.
-- In plpgsql although they are one query each: it keeps their plans for the session, and every policy asks them in every statement.

create or replace function code.my_employee() returns uuid
language plpgsql stable security definer set search_path = pg_catalog as $$
begin
    return (select id from organisation.employee where role_name = session_user and active);
end $$;

create or replace function code.my_workstation() returns uuid
language plpgsql stable security definer set search_path = pg_catalog as $$
begin
    return (select id from organisation.workstation where role_name = session_user and active);
end $$;

-- The branches whose rows she may touch; none once she is dismissed, also over a connection that is still open.
create or replace function code.my_branches() returns uuid[]
language plpgsql stable security definer set search_path = pg_catalog as $$
begin
    return array(
        select b.branch_id from organisation.employee e join organisation.employee_branch b on b.employee_id = e.id
         where e.role_name = session_user and e.active);
end $$;

create or replace function code.allowed(wanted text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog as $$
begin
    return exists (
        select from organisation.employee e
          join organisation.employee_role r on r.employee_id = e.id
          join organisation.role_permission p on p.role_id = r.role_id
         where e.role_name = session_user and e.active and p.permission = wanted);
end $$;

create or replace function code.demand(wanted text) returns void
language plpgsql stable security definer set search_path = pg_catalog as $$
begin
    if not code.allowed(wanted) then perform code.forbid(wanted); end if;
end $$;

-- The first call of every desk and worker: is the client new enough, who is she, what may she do.
create or replace function code.enter(client text, out employee_id uuid, out workstation_id uuid, out name text,
                                      out branches uuid[], out permissions text[], out company text, out schema_version text)
language plpgsql security definer set search_path = pg_catalog as $$
declare
    release meta.release;
begin
    select * into strict release from meta.release;
    if code.version_array(client) < code.version_array(release.least_client) then
        raise exception 'client too old' using errcode = 'CR426',
            detail = concat_ws('|', 'schema', client, release.schema_version, release.installer);
    end if;
    employee_id := code.my_employee();
    workstation_id := code.my_workstation();
    if employee_id is null and workstation_id is null then perform code.forbid(''); end if;
    select coalesce(e.name, w.name) into name
      from (select 1) one left join organisation.employee e on e.id = enter.employee_id
                          left join organisation.workstation w on w.id = enter.workstation_id;
    branches := case when employee_id is not null then code.my_branches()
                     else array(select branch_id from organisation.workstation w where w.id = enter.workstation_id) end;
    permissions := array(
        select distinct p.permission from organisation.employee_role r
          join organisation.role_permission p on p.role_id = r.role_id where r.employee_id = enter.employee_id);
    company := coalesce((select c.name from organisation.company c), '');
    schema_version := release.schema_version;
end $$;

-- The first statement of every change: gate of the upgrade, client version, right, and the operation's own row.
-- A repeated operation (the answer to COMMIT was lost) raises CR208 with the first answer.
create or replace function code.begin_operation(operation uuid, named text, client text, out today date, out now timestamptz)
language plpgsql security definer set search_path = pg_catalog as $$
declare
    earlier meta.operation;
    least text;
begin
    if not pg_try_advisory_xact_lock_shared(7205001) then
        raise exception 'an upgrade is running' using errcode = '55P03';
    end if;
    if code.my_employee() is null and code.my_workstation() is null then perform code.forbid(''); end if;
    select r.least_client into least from meta.release r;
    if client <> least and code.version_array(client) < code.version_array(least) then
        raise exception 'client too old' using errcode = 'CR426',
            detail = (select concat_ws('|', 'schema', client, r.schema_version, r.installer) from meta.release r);
    end if;
    if exists (select from meta.permission p where p.name = named) then perform code.demand(named); end if;
    insert into meta.operation (id, name) values (operation, named) on conflict (id) do nothing;
    if not found then
        select * into earlier from meta.operation o where o.id = operation and o.role = session_user;
        if not found then perform code.forbid(''); end if;
        raise exception 'already done' using errcode = 'CR208', detail = coalesce(earlier.result, 'null')::text;
    end if;
    perform set_config('crm.operation', named || ' ' || operation, true);
    now := now();
    today := (now at time zone 'Europe/Warsaw')::date;
end $$;

-- Before an operation that met a lock is repeated: those that were turned away go on one at a time, in the order in which they came.
create or replace function code.take_turn() returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
    perform pg_advisory_xact_lock(7205002);
    perform set_config('crm.turn', 'mine', true);
end $$;

create or replace function code.finish_operation(operation uuid, answer jsonb) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
    -- Without an answer the last act left one for this transaction (Transaction.last).
    update meta.operation o set result = coalesce(answer, nullif(current_setting('crm.result', true), '')::jsonb)
     where o.id = finish_operation.operation and o.role = session_user and o.began_at = now();
end $$;

-- Numbers. The counter's row is the last lock that an issuing transaction takes; called by guarded functions only.
-- A transaction that holds a number already waits only 50 ms for another: two that want each other's would else stand still until
-- the server finds the deadlock (1 s). The one that gives up is repeated by the program when it is its turn; then it waits as usual.
create or replace function code.next_number(series uuid, day date) returns text
language plpgsql set search_path = pg_catalog as $$
declare
    s organisation.number_series;
    branch_code text;
    given int;
    span text;
    last date;
    held int := coalesce(nullif(current_setting('crm.numbers', true), '')::int, 0);
    patience text := current_setting('lock_timeout');
begin
    if held > 0 and current_setting('crm.turn', true) is distinct from 'mine' then
        perform set_config('lock_timeout', '50ms', true);
    end if;
    select * into strict s from organisation.number_series where id = series;
    select code into strict branch_code from organisation.branch where id = s.branch_id;
    span := case s.restart when 'year' then to_char(day, 'YYYY') when 'month' then to_char(day, 'YYYY-MM') else '' end;
    insert into organisation.number_counter as c (series_id, period, last_number, last_date)
    values (series, span, 1, day)
        on conflict on constraint number_counter_key do update
       set last_number = c.last_number + 1, last_date = excluded.last_date
     where c.last_date <= excluded.last_date
    returning last_number into given;
    if given is null then
        select last_date into last from organisation.number_counter c where c.series_id = series and c.period = span;
        perform code.refuse('counter_date_order', jsonb_build_object('field', 'issue_date', 'last', to_char(last, 'DD.MM.YYYY')));
    end if;
    if held > 0 then perform set_config('lock_timeout', patience, true); end if;
    perform set_config('crm.numbers', (held + 1)::text, true);
    return replace(replace(replace(replace(s.pattern, '{number}', given::text), '{year}', to_char(day, 'YYYY')),
                           '{month}', to_char(day, 'MM')), '{branch}', branch_code);
end $$;

-- A pattern that gave numbers stays; two series that could give the same text are refused (semantics L, edge cases).
create or replace function code.check_series() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
declare
    other text;
begin
    if tg_op = 'UPDATE' and (new.pattern, new.restart, new.branch_id) is distinct from (old.pattern, old.restart, old.branch_id)
       and exists (select from organisation.number_counter c where c.series_id = old.id) then
        perform code.refuse('pattern_in_use', '{"field": "pattern"}');
    end if;
    select s.code || ' (' || b.code || ')' into other
      from organisation.number_series s join organisation.branch b on b.id = s.branch_id,
           organisation.branch mine
     where mine.id = new.branch_id and s.id <> new.id
       and replace(s.pattern, '{branch}', b.code) = replace(new.pattern, '{branch}', mine.code);
    if other is not null then
        perform code.refuse('series_texts_clash', jsonb_build_object('field', 'pattern', 'other', other));
    end if;
    return new;
end $$;

-- Whoever opens a branch works in it: otherwise nobody could make its number series, because nobody changes her own branches.
create or replace function code.enter_new_branch() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
    insert into organisation.employee_branch (employee_id, branch_id)
    select code.my_employee(), new.id where code.my_employee() is not null;
    return null;
end $$;

-- People and their logins -------------------------------------------------------------------------------------------

create or replace function code.role_of(login text) returns text
language sql stable set search_path = pg_catalog as
$$ select role_prefix || '_' || login from meta.release $$;

-- A new employee with her login; the client computed the SCRAM verifier, so no password ever travels.
create or replace function code.employ(employee uuid, wanted_login text, full_name text, verifier text,
                                       roles uuid[], branches uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
    named text := code.role_of(wanted_login);
begin
    perform code.demand('organisation.employ');
    insert into organisation.employee (id, login, name, role_name) values (employee, wanted_login, full_name, named);
    insert into organisation.employee_role (employee_id, role_id) select employee, unnest(roles);
    insert into organisation.employee_branch (employee_id, branch_id) select employee, unnest(branches);
    perform code.make_login(named, verifier, '@employee@');
end $$;

-- Rights and branches of a colleague; nobody changes her own.
create or replace function code.assign(employee uuid, known_version int, full_name text, roles uuid[], branches uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
    perform code.demand('organisation.employ');
    if employee = code.my_employee() then perform code.refuse('not_yourself'); end if;
    update organisation.employee e set name = full_name where e.id = employee and e.version = known_version;
    if not found then perform code.conflict('organisation.employee', employee::text); end if;
    delete from organisation.employee_role r where r.employee_id = employee and r.role_id <> all (roles);
    insert into organisation.employee_role (employee_id, role_id) select employee, unnest(roles) on conflict do nothing;
    delete from organisation.employee_branch b where b.employee_id = employee and b.branch_id <> all (branches);
    insert into organisation.employee_branch (employee_id, branch_id) select employee, unnest(branches) on conflict do nothing;
    perform code.somebody_manages();
end $$;

-- Dismissal: the login closes, open connections end, and every policy asks `active`.
create or replace function code.dismiss(employee uuid) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
    named text;
begin
    perform code.demand('organisation.employ');
    if employee = code.my_employee() then perform code.refuse('not_yourself'); end if;
    update organisation.employee e set active = false where e.id = employee returning e.role_name into named;
    if named is null then perform code.refuse('record_unknown'); end if;
    perform code.somebody_manages();
    perform code.close_login(named);
end $$;

create or replace function code.set_password(employee uuid, verifier text) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
    named text;
begin
    if employee is distinct from code.my_employee() then perform code.demand('organisation.employ'); end if;
    select e.role_name into named from organisation.employee e where e.id = employee and e.active;
    if named is null then perform code.refuse('record_unknown'); end if;
    perform code.make_login(named, verifier, '@employee@');
end $$;

create or replace function code.somebody_manages() returns void
language plpgsql set search_path = pg_catalog as $$
begin
    if not exists (
        select from organisation.employee e join organisation.employee_role r on r.employee_id = e.id
          join organisation.role_permission p on p.role_id = r.role_id
         where e.active and p.permission = 'organisation.employ') then
        perform code.refuse('last_administrator');
    end if;
end $$;

-- A role and what it permits; the caller's own roles are out of her reach.
create or replace function code.define_role(role uuid, known_version int, called text, permitted text[]) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
    perform code.demand('organisation.define_role');
    if exists (select from organisation.employee_role r where r.role_id = role and r.employee_id = code.my_employee()) then
        perform code.refuse('not_yourself');
    end if;
    if exists (select unnest(permitted) except select name from meta.permission) then
        perform code.refuse('permission_unknown');
    end if;
    if known_version = 0 then
        insert into organisation.role (id, name) values (role, called);
    else
        update organisation.role x set name = called where x.id = role and x.version = known_version;
        if not found then perform code.conflict('organisation.role', role::text); end if;
    end if;
    delete from organisation.role_permission p where p.role_id = role and p.permission <> all (permitted);
    insert into organisation.role_permission (role_id, permission) select role, unnest(permitted) on conflict do nothing;
    perform code.somebody_manages();
end $$;

create or replace function code.install_workstation(workstation uuid, wanted_code text, called text, branch uuid, verifier text)
returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
    named text := code.role_of('ws_' || wanted_code);
begin
    perform code.demand('organisation.install_workstation');
    if branch <> all (code.my_branches()) then perform code.refuse('record_unknown'); end if;
    insert into organisation.workstation (id, code, name, branch_id, role_name)
    values (workstation, wanted_code, called, branch, named);
    perform code.make_login(named, verifier, '@workstation@');
end $$;

-- A new secret: whoever works with the old one is out at once. The row changes in nothing but its version, for the audit.
create or replace function code.renew_secret(workstation uuid, verifier text) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
    named text;
begin
    perform code.demand('organisation.install_workstation');
    update organisation.workstation w set active = true
     where w.id = workstation and w.active and w.branch_id = any (code.my_branches()) returning w.role_name into named;
    if named is null then perform code.refuse('record_unknown'); end if;
    perform code.make_login(named, verifier, '@workstation@');
    perform code.end_connections(named);
end $$;

create or replace function code.remove_workstation(workstation uuid) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
    named text;
begin
    perform code.demand('organisation.install_workstation');
    update organisation.workstation w set active = false
     where w.id = workstation and w.branch_id = any (code.my_branches()) returning w.role_name into named;
    if named is null then perform code.refuse('record_unknown'); end if;
    perform code.close_login(named);
end $$;

-- The first administrator of an empty database: works once, and only for the owner who installs.
create or replace function code.found_company(company_name text, company_nip text, street text, post_code text, city text, iban text,
    branch uuid, branch_code text, branch_name text, administrator uuid, wanted_login text, full_name text, verifier text)
returns void
language plpgsql set search_path = pg_catalog as $$
declare
    role uuid := gen_random_uuid();
    named text := code.role_of(wanted_login);
begin
    insert into organisation.company (name, nip, street, post_code, city, iban)
    values (company_name, company_nip, street, post_code, city, iban);
    insert into organisation.branch (id, code, name, street, post_code, city)
    values (branch, branch_code, branch_name, street, post_code, city);
    insert into organisation.role (id, name) values (role, 'Administrator');
    insert into organisation.role_permission (role_id, permission) select role, name from meta.permission;
    insert into organisation.employee (id, login, name, role_name) values (administrator, wanted_login, full_name, named);
    insert into organisation.employee_role (employee_id, role_id) values (administrator, role);
    insert into organisation.employee_branch (employee_id, branch_id) values (administrator, branch);
    perform code.make_login(named, verifier, '@employee@');
end $$;

-- Who has what open -----------------------------------------------------------------------------------------------------
-- A record that is open is an advisory lock of the listening connection: everybody sees it in pg_locks, and it is gone with the connection,
-- however that ends. The two keys of the lock are 49 bits of the record's key and the minute at which it was opened (of the last 11 days).
-- Whose it is PostgreSQL says, so nobody can claim to be another; a console that takes such a lock says only that it is there itself.

create or replace function code.presence_bits(record uuid) returns bigint
language sql immutable set search_path = pg_catalog as $$ select hashtextextended(record::text, 0) & ((1::bigint << 49) - 1) $$;

-- The locks that stand for a record: whose, and their two keys as PostgreSQL wants them back. A lock's keys are shown unsigned.
create or replace function code.presence(record_bits bigint[], out bits bigint, out pid int, out minute int, out high int, out low int)
returns setof record
language sql stable set search_path = pg_catalog as $$
    select l.key >> 14, l.pid, (l.key & 16383)::int,
           l.classid::int,
           (case when l.objid >= 2147483648 then l.objid - 4294967296 else l.objid end)::int
      from (select p.pid, p.classid::bigint, p.objid::bigint, p.classid::bigint << 32 | p.objid::bigint as key
              from pg_locks p
             where p.locktype = 'advisory' and p.objsubid = 2 and p.mode = 'ShareLock' and p.granted
               and p.database = (select d.oid from pg_database d where d.datname = current_database())) l
     where l.key >> 14 = any (record_bits) $$;

-- From now on this connection has the record open. Called by the listening connection, which lives as long as the desk.
create or replace function code.show_open(record uuid) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
    minute bigint := floor(extract(epoch from clock_timestamp()) / 60)::bigint & 16383;
    key bigint := code.presence_bits(record) << 14 | minute;
begin
    if code.my_employee() is null then perform code.forbid(''); end if;
    if not exists (select from code.presence(array[code.presence_bits(record)]) p where p.pid = pg_backend_pid()) then
        perform pg_advisory_lock_shared((key >> 32)::int, ((key << 32) >> 32)::int);
        perform pg_notify('changes', 'presence:' || record);
    end if;
end $$;

-- No longer: closed by hand. Of a connection that ended nobody is told; who shows that it was there looks again by herself.
create or replace function code.hide_open(record uuid) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
    mine record;
begin
    for mine in select p.high, p.low from code.presence(array[code.presence_bits(record)]) p where p.pid = pg_backend_pid() loop
        perform pg_advisory_unlock_shared(mine.high, mine.low);
    end loop;
    perform pg_notify('changes', 'presence:' || record);
end $$;

-- Who else has these records open, and since when: colleagues who work here, by name.
create or replace function code.who_has_open(records uuid[])
returns table (record uuid, employee_id uuid, name text, since timestamptz)
language plpgsql stable security definer set search_path = pg_catalog as $$
#variable_conflict use_column
declare
    now_minute bigint := floor(extract(epoch from clock_timestamp()) / 60)::bigint;
begin
    if code.my_employee() is null then return; end if;
    return query
        select w.record, e.id, e.name, to_timestamp((now_minute - ((now_minute - p.minute) & 16383)) * 60)
          from (select r as record, code.presence_bits(r) as bits from unnest(records) r) w
          join code.presence(array(select code.presence_bits(r) from unnest(records) r)) p on p.bits = w.bits
          join pg_stat_activity a on a.pid = p.pid
          join organisation.employee e on e.role_name = a.usename and e.active
         where p.pid <> pg_backend_pid()
         order by p.minute, e.name;
end $$;

-- Who waits for whom ----------------------------------------------------------------------------------------------------

-- The sessions of this database that belong to people and workstations, what each does since when, and which sessions it waits for.
create or replace function code.list_sessions()
returns table (pid int, began timestamptz, who text, login text, is_employee boolean, mine boolean, program text, address text, state text,
               since timestamptz, open_since timestamptz, waits boolean, blocked_by int[], statement text)
language plpgsql volatile security definer set search_path = pg_catalog as $$
begin
    perform code.demand('organisation.end_session');
    return query
        select s.pid, s.began, coalesce(e.name, w.name), coalesce(e.login, w.code), e.id is not null, s.pid = pg_backend_pid(), s.program,
               s.address, s.state, s.since, s.open_since, s.waits, s.blocked_by, s.statement
          from code.look_at_sessions() s
          left join organisation.employee e on e.role_name = s.role
          left join organisation.workstation w on w.role_name = s.role
         where e.id is not null or w.id is not null
         order by s.pid;
end $$;

-- End what a session does ('cancel') or the session itself ('terminate'): of a person or a workstation, never of the server or of an
-- administrator of it. `known` is when the session began: its number may be another's by now.
create or replace function code.end_session(target int, known timestamptz, how text) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
    s record;
    whose text;
    key uuid;
begin
    perform code.demand('organisation.end_session');
    if how not in ('cancel', 'terminate') then perform code.refuse('record_unknown'); end if;
    select x.* into s from code.look_at_sessions() x where x.pid = target and x.began = known;
    if s.pid is null then perform code.refuse('session_gone'); end if;
    if s.pid = pg_backend_pid() then perform code.refuse('session_yours'); end if;
    select 'organisation.employee', e.id into whose, key from organisation.employee e where e.role_name = s.role;
    if key is null then
        select 'organisation.workstation', w.id into whose, key from organisation.workstation w where w.role_name = s.role;
    end if;
    if key is null or exists (select from pg_roles r where r.rolname = s.role and r.rolsuper) then
        perform code.refuse('session_of_server');
    end if;
    insert into audit.entry (operation, table_name, act, row_id, new)
    values (coalesce(nullif(current_setting('crm.operation', true), ''), 'console'), whose, how || '_session', key::text,
            jsonb_build_object('pid', s.pid, 'program', s.program, 'address', s.address, 'state', s.state, 'since', s.since,
                               'open_since', s.open_since));
    perform code.signal_session(target, how = 'terminate');
end $$;

-- Who saved a record last: for whoever was slower. Only what every employee may read; the branches' own records have histories of their own.
create or replace function code.last_saved(source text, record text) returns table (name text, at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog as $$
#variable_conflict use_column
begin
    if code.my_employee() is null or (split_part(source, '.', 1) not in ('organisation', 'parties', 'catalogue')
                                      and source not in ('documents.kind', 'fiscal.device')) then
        return;
    end if;
    return query
        select coalesce(e.name, a.role), a.at
          from audit.entry a left join organisation.employee e on e.role_name = a.role
         where a.table_name = source and a.row_id = last_saved.record and a.act in ('insert', 'update')
         order by a.at desc, a.id desc limit 1;
end $$;
