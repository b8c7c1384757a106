-- Owned by the keeper, the only role here that may make logins; callable by the owner's functions only.
create or replace function code.make_login(named text, verifier text, member_of text) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
    if verifier !~ '^SCRAM-SHA-256\$\d+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+$' then
        raise exception 'not a SCRAM verifier' using errcode = 'CR403';
    end if;
    if exists (select from pg_roles where rolname = named) then
        -- A login of somebody here, and nothing else: never the owner or the keeper, whatever a new employee is called.
        if named in ('@owner@', '@keeper@', '@employee@', '@workstation@') or not pg_has_role(named, member_of, 'member') then
            raise exception 'this name is taken by another role of the server' using errcode = 'CR422', constraint = 'login_taken';
        end if;
        execute format('alter role %I login password %L', named, verifier);
    else
        execute format('create role %I login password %L', named, verifier);
    end if;
    execute format('grant %I to %I', member_of, named);
end $$;

create or replace function code.close_login(named text) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
    execute format('alter role %I nologin', named);
    perform code.end_connections(named);
end $$;

create or replace function code.end_connections(named text) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
    perform pg_terminate_backend(pid) from pg_stat_activity where usename = named;
end $$;

grant execute on function code.make_login, code.close_login, code.end_connections to @owner@;

-- The keeper sees what sessions do (pg_read_all_stats) and may end them (pg_signal_backend); superusers are out of its reach.
create or replace function code.look_at_sessions(out pid int, out began timestamptz, out role text, out program text, out address text,
    out state text, out since timestamptz, out open_since timestamptz, out waits boolean, out blocked_by int[], out statement text)
returns setof record
language sql volatile security definer set search_path = pg_catalog as $$
    select a.pid, a.backend_start, a.usename::text, a.application_name, coalesce(host(a.client_addr), ''), coalesce(a.state, ''),
           coalesce(a.state_change, a.backend_start), a.xact_start, coalesce(a.wait_event_type = 'Lock', false), pg_blocking_pids(a.pid),
           left(a.query, 300)
      from pg_stat_activity a
     where a.datname = current_database() and a.backend_type = 'client backend' $$;

create or replace function code.signal_session(target int, for_good boolean) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
    if for_good then perform pg_terminate_backend(target); else perform pg_cancel_backend(target); end if;
end $$;

grant execute on function code.look_at_sessions, code.signal_session to @owner@;
