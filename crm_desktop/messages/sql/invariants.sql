create or replace function code.prove_messages_orphans()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select null::uuid, null::uuid, x.record, x.missing from (
        select 'messages.message' as record, m.sender_id::text as missing
          from messages.message m left join organisation.employee e on e.id = m.sender_id where e.id is null
        union all
        select 'messages.recipient', r.employee_id::text
          from messages.recipient r left join organisation.employee e on e.id = r.employee_id where e.id is null
        union all
        select 'messages.recipient', r.message_id::text
          from messages.recipient r left join messages.message m on m.id = r.message_id and m.sender_id = r.sender_id where m.id is null
        union all
        select 'messages.message', m.answers::text
          from messages.message m left join messages.message a on a.id = m.answers where m.answers is not null and a.id is null) x $$;

-- Whom a message was for, and that nobody read it before it was sent.
create or replace function code.prove_messages_recipients()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select null::uuid, null::uuid, m.id::text, ''
      from messages.message m where not exists (select from messages.recipient r where r.message_id = m.id)
    union all
    select null, null, m.id::text, r.read_at::text
      from messages.recipient r join messages.message m on m.id = r.message_id where r.read_at < m.sent_at $$;
