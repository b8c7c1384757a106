-- What must hold on any base, a function each: code.prove_<slice>_<word>, declared in the manifest under the same name. Each gives the
-- rows that break it: their branch and document where they have one, what the row is called, and the figures that do not fit.
-- In nobody's grants; who has the right asks through code.prove, an administrator of the server by `crm-desktop prove`.

-- Triggers and row security stand as they were installed; whoever switched one off may have written anything.
create or replace function code.prove_organisation_guards()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    with ours as (
        select c.oid, c.relkind, c.relrowsecurity, c.relispartition, c.relname
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p') and n.nspname not in ('code', 'stable')
           and n.nspowner = (select nspowner from pg_namespace where nspname = 'code'))
    select null::uuid, null::uuid, t.tgrelid::regclass::text, t.tgname::text
      from ours c join pg_trigger t on t.tgrelid = c.oid where not t.tgisinternal and t.tgenabled <> 'O'
    union all
    select null, null, c.oid::regclass::text, 'row level security' from ours c
     where not c.relrowsecurity and not c.relispartition and c.relname <> 'alembic_version'
    union all
    select null, null, c.oid::regclass::text, string_agg(t.tgname, ', ')
      from ours c join pg_trigger t on t.tgrelid = c.oid and t.tgname in ('note_insert', 'note_update', 'note_delete', 'never_truncate')
     group by c.oid having count(*) < 4 $$;

-- Who works here has a login, and nobody else has one.
create or replace function code.prove_organisation_logins()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select p.branch_id, null::uuid, p.name, p.role_name || case when r.rolcanlogin then ': login' else ': nologin' end
      from (select null::uuid as branch_id, e.login as name, e.role_name, e.active from organisation.employee e
            union all
            select w.branch_id, w.code, w.role_name, w.active from organisation.workstation w) p
      left join pg_roles r on r.rolname = p.role_name
     where p.active <> coalesce(r.rolcanlogin, false) $$;

create or replace function code.prove_organisation_administrator()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select null::uuid, null::uuid, c.name, 'organisation.employ'
      from organisation.company c
     where not exists (
        select from organisation.employee e join organisation.employee_role r on r.employee_id = e.id
          join organisation.role_permission p on p.role_id = r.role_id where e.active and p.permission = 'organisation.employ') $$;

create or replace function code.prove_organisation_rights()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select null::uuid, null::uuid, coalesce(r.name, p.role_id::text), p.permission
      from organisation.role_permission p left join organisation.role r on r.id = p.role_id
     where not exists (select from meta.permission m where m.name = p.permission) $$;

-- Two series never give the same text, also where somebody wrote past the trigger (semantics L, edge cases).
create or replace function code.prove_organisation_series()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    with texts as (
        select s.id, s.branch_id, s.code || ' (' || b.code || ')' as name, replace(s.pattern, '{branch}', b.code) as pattern
          from organisation.number_series s join organisation.branch b on b.id = s.branch_id)
    select a.branch_id, null::uuid, a.name, b.name || ': ' || b.pattern
      from texts a join texts b on b.id > a.id and b.pattern = a.pattern $$;

-- What points to a record of the organisation points to one that is there.
create or replace function code.prove_organisation_orphans()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select null::uuid, null::uuid, p.record, p.missing from (
        select 'organisation.employee_role' as record, x.employee_id::text as missing
          from organisation.employee_role x left join organisation.employee e on e.id = x.employee_id where e.id is null
        union all
        select 'organisation.employee_role', x.role_id::text
          from organisation.employee_role x left join organisation.role r on r.id = x.role_id where r.id is null
        union all
        select 'organisation.employee_branch', x.employee_id::text
          from organisation.employee_branch x left join organisation.employee e on e.id = x.employee_id where e.id is null
        union all
        select 'organisation.employee_branch', x.branch_id::text
          from organisation.employee_branch x left join organisation.branch b on b.id = x.branch_id where b.id is null
        union all
        select 'organisation.role_permission', x.role_id::text
          from organisation.role_permission x left join organisation.role r on r.id = x.role_id where r.id is null
        union all
        select x.code, x.branch_id::text
          from organisation.workstation x left join organisation.branch b on b.id = x.branch_id where b.id is null
        union all
        select x.code, x.branch_id::text
          from organisation.number_series x left join organisation.branch b on b.id = x.branch_id where b.id is null
        union all
        select 'organisation.number_counter', x.series_id::text
          from organisation.number_counter x left join organisation.number_series s on s.id = x.series_id where s.id is null
        union all
        select x.key, x.scope || ' ' || x.scope_id from organisation.setting x
         where x.scope <> 'company' and not exists (
               select from organisation.branch b where x.scope = 'branch' and b.id::text = x.scope_id
               union all select from organisation.employee e where x.scope = 'employee' and e.id::text = x.scope_id
               union all select from organisation.workstation w where x.scope = 'workstation' and w.id::text = x.scope_id)) p $$;

-- One invariant for who has the right, whatever branches she may see: all broken rows are counted, those of her branches and of no branch
-- are told. The others are only a number: an administrator who works there, or one of the server, sees them.
create or replace function code.prove(invariant text, at_most int, out broken int, out elsewhere int, out rows jsonb)
language plpgsql stable security definer set search_path = pg_catalog as $$
declare
    named text := 'prove_' || replace(invariant, '.', '_');
begin
    perform code.demand('organisation.prove');
    if to_regprocedure(format('code.%I()', named)) is null then perform code.refuse('record_unknown'); end if;
    execute format($query$
        with found as (select f.*, coalesce(f.branch_id = any ($1), true) as mine from code.%I() f)
        select (select count(*) from found), (select count(*) from found where not mine),
               coalesce((select jsonb_agg(jsonb_build_array(s.branch_id, s.document_id, s.record, s.found) order by s.record)
                           from (select * from found where mine order by record limit $2) s), '[]') $query$, named)
      into broken, elsewhere, rows using code.my_branches(), at_most;
end $$;

-- Who asked ends her question: a query that is cancelled frees its connection. With her own rights: nobody ends another's.
create or replace function code.stop_proof() returns int
language sql set search_path = pg_catalog as $$
    select count(pg_cancel_backend(a.pid))::int from pg_stat_activity a
     where a.usename = session_user and a.datname = current_database() and a.pid <> pg_backend_pid()
       and a.state = 'active' and a.query like '%code.prove(%' $$;
