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
