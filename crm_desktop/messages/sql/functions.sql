-- A message is written by its sender and nobody else: who and when come from the database. Recipients are colleagues who work here,
-- everybody of a branch counts at this moment. Who answers reaches the sender, and with `to_all` everybody who got the first one.
create or replace function code.send_message(message uuid, colleagues uuid[], branches uuid[], body text, kind text, record uuid,
                                             title text, answered uuid, to_all boolean) returns timestamptz
language plpgsql security definer set search_path = pg_catalog as $$
declare
    me uuid := code.my_employee();
    reached uuid[];
    named text;
begin
    if me is null then perform code.forbid(''); end if;
    if answered is not null and not exists (
        select from messages.message m where m.id = answered and (m.sender_id = me or exists (
            select from messages.recipient r where r.message_id = m.id and r.employee_id = me))) then
        perform code.refuse('message_unknown');
    end if;
    if exists (select from unnest(colleagues) c where not exists (
        select from organisation.employee e where e.id = c and e.active)) then
        perform code.refuse('message_to_stranger', '{"field": "to"}');
    end if;
    reached := array(
        select e.id from organisation.employee e
         where e.active and e.id <> me
           and (e.id = any (colleagues)
                or exists (select from organisation.employee_branch b where b.employee_id = e.id and b.branch_id = any (branches))
                or to_all and e.id in (select m.sender_id from messages.message m where m.id = answered
                                       union all select r.employee_id from messages.recipient r where r.message_id = answered)));
    if reached = '{}' then perform code.refuse('message_to_nobody', '{"field": "to"}'); end if;
    if length(btrim(body)) > 4000 then
        perform code.refuse('message_text_short', jsonb_build_object('field', 'text', 'most', 4000, 'count', length(btrim(body))));
    end if;
    select string_agg(e.name, ', ' order by stable.sort_key(e.name)) into named from organisation.employee e where e.id = any (reached);
    insert into messages.message (id, sender_id, recipients, text, about_kind, about_id, about_title, answers)
    values (message, me, named, btrim(body), coalesce(kind, ''), record, coalesce(title, ''), answered);
    insert into messages.recipient (message_id, employee_id, sender_id) select message, unnest(reached), me;
    return now();
end $$;

-- Opened: from now on the sender knows.
create or replace function code.open_message(message uuid) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
    if code.my_employee() is null then perform code.forbid(''); end if;
    update messages.recipient r set read_at = now()
     where r.message_id = message and r.employee_id = code.my_employee() and r.read_at is null;
end $$;

-- That something arrived or was opened: for the lists the message's key, for the bells whose they are. No word of the text, and
-- nothing in the audit, which others may read.
create or replace function code.announce_message() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
declare
    touched text;
    people text;
begin
    select string_agg(distinct n.message_id::text, ','), string_agg(distinct n.employee_id::text, ',') into touched, people from new_rows n;
    if touched is not null then
        perform pg_notify('changes', 'messages.message:' || touched);
        perform pg_notify('changes', 'messages.inbox:' || case when length(people) > 7000 then '*' else people end);
    end if;
    return null;
end $$;
