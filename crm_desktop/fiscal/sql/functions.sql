-- One owner a device, one journal a receipt, one verdict. The server's clock decides who holds a device.

create or replace function code.queue_receipt(receipt uuid, device uuid, branch uuid, holder uuid, named text, content jsonb) returns void
language plpgsql set search_path = pg_catalog as $$
begin
    if not exists (select from fiscal.device d where d.id = device and d.branch_id = branch and d.active) then
        perform code.refuse('device_closed', '{"field": "device"}');
    end if;
    if exists (select from fiscal.receipt r where r.device_id = device and r.state = 'needs_person') then
        perform code.refuse('device_needs_person', '{"field": "device"}');
    end if;
    insert into fiscal.receipt (id, device_id, branch_id, holder_id, label, content, sealed_by)
    values (receipt, device, branch, holder, named, content, code.my_employee());
    perform code.enqueue('device:' || device, 'fiscal.print_receipt', jsonb_build_object('receipt_id', receipt));
end $$;

-- Take or renew the lease of a device for 3 s; null when another program holds it. A workstation serves its own devices.
create or replace function code.hold_lease(device uuid, claimant uuid) returns timestamptz
language plpgsql security definer set search_path = pg_catalog as $$
declare
    granted timestamptz;
begin
    if not exists (select from fiscal.device d where d.id = device and d.workstation_id = code.my_workstation()) then
        perform code.refuse('receipt_not_yours');
    end if;
    insert into fiscal.lease as l (device_id, holder, until) values (device, claimant, clock_timestamp() + interval '3 s')
        on conflict on constraint lease_key do update set holder = excluded.holder, until = clock_timestamp() + interval '3 s'
     where l.holder = excluded.holder or l.until < clock_timestamp()
    returning l.until into granted;
    return granted;
end $$;

create or replace function code.release_lease(device uuid, claimant uuid) returns void
language sql security definer set search_path = pg_catalog as $$
    update fiscal.lease l set until = clock_timestamp() from fiscal.device d
     where d.id = l.device_id and d.workstation_id = code.my_workstation() and l.device_id = device and l.holder = claimant $$;

-- What the device says of itself (ready, attention …), for the desks that send receipts to it.
create or replace function code.tell_condition(device uuid, claimant uuid, said text, sentence text) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
    update fiscal.lease l set condition = said, message = sentence from fiscal.device d
     where d.id = l.device_id and d.workstation_id = code.my_workstation() and l.device_id = device and l.holder = claimant and (l.condition, l.message) is distinct from (said, sentence);
    if found then perform pg_notify('changes', 'fiscal.lease:' || device); end if;
end $$;

create or replace function code.demand_lease(device uuid, claimant uuid, seconds double precision) returns void
language plpgsql set search_path = pg_catalog as $$
begin
    perform from fiscal.lease l join fiscal.device d on d.id = l.device_id
      where l.device_id = device and l.holder = claimant and l.until >= clock_timestamp() + make_interval(secs => seconds)
        and d.workstation_id = code.my_workstation() for update of l;
    if not found then perform code.refuse('lease_lost'); end if;
end $$;

-- The next receipt of a device: first the one that was begun and not ended (it must be recovered), then the oldest waiting.
create or replace function code.claim_receipt(device uuid, claimant uuid,
    out job_id bigint, out receipt_id uuid, out content jsonb, out attempt int)
language plpgsql security definer set search_path = pg_catalog as $$
declare
    claimed record;
begin
    perform code.demand_lease(device, claimant, 0);
    if exists (select from fiscal.receipt r where r.device_id = device and r.state = 'needs_person') then return; end if;
    select * into claimed from code.claim('device:' || device, claimant);
    if claimed.job_id is null then return; end if;
    job_id := claimed.job_id;
    receipt_id := (claimed.arguments ->> 'receipt_id')::uuid;
    update fiscal.receipt r set state = 'printing', attempt = case when r.state = 'waiting' then r.attempt + 1 else r.attempt end
     where r.id = claim_receipt.receipt_id and r.state in ('waiting', 'printing')
    returning r.content, r.attempt into content, attempt;
    if content is null then
        perform code.end_job('device:' || device, job_id, 'done', 'the receipt was decided already');
        receipt_id := null;
        return;
    end if;
end $$;

-- Tokens of the device's protocol (1–9999, in a ring), taken durably before they are sent: none recurs within the device's memory.
create or replace function code.take_tokens(device uuid, claimant uuid, needed int) returns int
language plpgsql security definer set search_path = pg_catalog as $$
declare
    first int;
begin
    perform code.demand_lease(device, claimant, 0);
    select l.next_token into first from fiscal.lease l where l.device_id = device;
    update fiscal.lease l set next_token = (first - 1 + needed) % 9999 + 1 where l.device_id = device;
    return first;
end $$;

-- A journal state, durable before its act. The closing command may leave only with 1 s of lease left.
create or replace function code.write_journal(device uuid, claimant uuid, receipt uuid, attempt int, state text, data jsonb) returns timestamptz
language plpgsql security definer set search_path = pg_catalog as $$
begin
    perform code.demand_lease(device, claimant, case when write_journal.state = 'committing' then 1 else 0 end);
    if not exists (select from fiscal.receipt r where r.id = receipt and r.device_id = device and r.state = 'printing'
                      and r.attempt = write_journal.attempt) then
        perform code.refuse('receipt_state', '{"state": ""}');
    end if;
    insert into fiscal.journal (receipt_id, attempt, state, data) values (receipt, attempt, state, data);
    return (select l.until from fiscal.lease l where l.device_id = device);
end $$;

create or replace function code.receipt_for_verdict(device uuid, claimant uuid, receipt uuid) returns fiscal.receipt
language plpgsql set search_path = pg_catalog as $$
declare
    r fiscal.receipt;
begin
    perform code.demand_lease(device, claimant, 0);
    select x.* into r from fiscal.receipt x where x.id = receipt and x.device_id = device for update;
    if r.id is null then perform code.refuse('receipt_not_yours'); end if;
    if r.state <> 'printing' then perform code.refuse('receipt_state', jsonb_build_object('state', r.state)); end if;
    return r;
end $$;

-- The device proved that it printed. The caller issues the document in the same transaction; the commit refuses otherwise.
create or replace function code.record_printed(device uuid, claimant uuid, job_id bigint, receipt uuid, unique_number text, daily_report int,
    receipt_number int, document_number int, device_time timestamp, evidence jsonb) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
    r fiscal.receipt := code.receipt_for_verdict(device, claimant, receipt);
begin
    perform code.store_print(r, unique_number, daily_report, receipt_number, document_number, device_time, evidence);
    insert into fiscal.journal (receipt_id, attempt, state, data) values (receipt, r.attempt, 'done', evidence);
    perform code.end_job('device:' || device, job_id, 'done', '');
end $$;

create or replace function code.store_print(r fiscal.receipt, unique_number text, daily_report int, receipt_number int,
    document_number int, device_time timestamp, evidence jsonb) returns void
language plpgsql set search_path = pg_catalog as $$
begin
    insert into fiscal.receipt_print (receipt_id, branch_id, device_number, daily_report, receipt_number, document_number, printed_at,
                                      printed_on, evidence)
    values (r.id, r.branch_id, unique_number, daily_report, receipt_number, document_number, device_time at time zone 'Europe/Warsaw',
            device_time::date, evidence);
    update fiscal.receipt set state = 'printed', message = '' where id = r.id;
end $$;

-- The device proved that nothing was printed: the document goes back to its operator, with the cause.
create or replace function code.record_not_printed(device uuid, claimant uuid, job_id bigint, receipt uuid, cause text, evidence jsonb)
returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
    r fiscal.receipt := code.receipt_for_verdict(device, claimant, receipt);
begin
    update fiscal.receipt x set state = 'not_printed', message = cause where x.id = receipt;
    insert into fiscal.journal (receipt_id, attempt, state, data) values (receipt, r.attempt, 'aborted', evidence);
    perform code.end_job('device:' || device, job_id, 'done', cause);
end $$;

-- Proven not printed and worth another try at once (the link was cut): the same receipt waits again, first in its queue.
create or replace function code.record_try_again(device uuid, claimant uuid, job_id bigint, receipt uuid, cause text, evidence jsonb)
returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
    r fiscal.receipt := code.receipt_for_verdict(device, claimant, receipt);
begin
    update fiscal.receipt x set state = 'waiting', message = cause where x.id = receipt;
    insert into fiscal.journal (receipt_id, attempt, state, data) values (receipt, r.attempt, 'aborted', evidence);
    update jobs.job set state = 'waiting' where id = job_id and queue = 'device:' || device;
end $$;

create or replace function code.record_needs_person(device uuid, claimant uuid, job_id bigint, receipt uuid, cause text, evidence jsonb)
returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
    r fiscal.receipt := code.receipt_for_verdict(device, claimant, receipt);
begin
    update fiscal.receipt x set state = 'needs_person', message = cause where x.id = receipt;
    insert into fiscal.journal (receipt_id, attempt, state, data) values (receipt, r.attempt, 'undecided', evidence);
    perform code.end_job('device:' || device, job_id, 'failed', cause);
end $$;

-- A person with the right decides on the evidence, and says why (semantics M.4). 'printed' needs the numbers on the paper.
create or replace function code.decide_receipt(receipt uuid, printed boolean, unique_number text, daily_report int, receipt_number int,
    device_time timestamp, why text) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
    r fiscal.receipt;
begin
    perform code.demand('fiscal.decide_receipt');
    if length(trim(why)) < 5 then perform code.refuse('reason_needed', '{"field": "reason"}'); end if;
    select x.* into r from fiscal.receipt x where x.id = receipt and x.branch_id = any (code.my_branches()) for update;
    if r.id is null then perform code.refuse('record_unknown'); end if;
    if r.state <> 'needs_person' then perform code.refuse('receipt_state', jsonb_build_object('state', r.state)); end if;
    update fiscal.receipt x set decided_by = code.my_employee(), reason = trim(why) where x.id = receipt;
    if printed then
        perform code.store_print(r, unique_number, daily_report, receipt_number, null, device_time,
                                 jsonb_build_object('decided_by', code.my_employee(), 'reason', trim(why)));
    else
        update fiscal.receipt x set state = 'not_printed', message = trim(why) where x.id = receipt;
    end if;
    insert into fiscal.journal (receipt_id, attempt, state, data)
    values (receipt, r.attempt, case when printed then 'done' else 'aborted' end, jsonb_build_object('decided_by', code.my_employee()));
end $$;

-- The operator takes back what still waits (the device is switched off, the customer left): nothing was sent yet.
create or replace function code.withdraw_receipt(receipt uuid) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
    r fiscal.receipt;
begin
    perform code.demand('documents.seal_receipt');
    select x.* into r from fiscal.receipt x where x.id = receipt and x.branch_id = any (code.my_branches()) for update;
    if r.id is null then perform code.refuse('record_unknown'); end if;
    if r.state <> 'waiting' then perform code.refuse('receipt_state', jsonb_build_object('state', r.state)); end if;
    update fiscal.receipt x set state = 'not_printed', message = 'withdrawn' where x.id = receipt;
end $$;

-- Everyone sees the place in the queue; the rows of other branches stay hidden.
create or replace function code.place_in_queue(receipt uuid) returns int
language sql stable security definer set search_path = pg_catalog as $$
    select (select count(*)::int from fiscal.receipt o where o.device_id = r.device_id and o.number < r.number
               and o.state in ('waiting', 'printing', 'needs_person'))
      from fiscal.receipt r where r.id = receipt and r.branch_id = any (code.my_branches()) $$;
