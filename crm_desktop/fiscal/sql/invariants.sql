-- Receipts name what they were printed for by its key: a row here opens that document.

-- A device counts its receipts within a daily report: a number stands once, and once a day.
create or replace function code.prove_fiscal_number_once()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select x.branch_id, x.holder_id, x.label, format('%s: %s/%s, %s', x.device_number, x.daily_report, x.receipt_number, x.printed_on)
      from (select p.*, r.holder_id, r.label, count(*) over (partition by p.device_number, p.daily_report, p.receipt_number) as times,
                   count(*) over (partition by p.device_number, p.printed_on, p.daily_report, p.receipt_number) as times_a_day
              from fiscal.receipt_print p join fiscal.receipt r on r.id = p.receipt_id) x
     where x.times > 1 or x.times_a_day > 1 $$;

-- What the device counted and nobody recorded was sold past the program, or is lost. The row is the receipt after the hole. Receipts
-- that were cancelled use numbers, too: those that the device counted as cancelled between the two baselines explain a hole.
create or replace function code.prove_fiscal_no_hole()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    with prints as (
        select p.branch_id, p.device_number, p.daily_report, p.receipt_number, r.holder_id, r.label,
               (select (j.data -> 'baseline' ->> 'cancelled')::int from fiscal.journal j
                 where j.receipt_id = p.receipt_id and j.state = 'baseline' order by j.id desc limit 1) as cancelled
          from fiscal.receipt_print p join fiscal.receipt r on r.id = p.receipt_id),
    pairs as (
        select p.*, lag(p.receipt_number) over one_after_another as before, lag(p.cancelled) over one_after_another as cancelled_before
          from prints p window one_after_another as (partition by p.device_number, p.daily_report order by p.receipt_number))
    select x.branch_id, x.holder_id, x.label,
           format('%s: %s/%s → %s/%s', x.device_number, x.daily_report, x.before, x.daily_report, x.receipt_number)
      from pairs x where x.receipt_number - x.before - 1 > greatest(coalesce(x.cancelled - x.cancelled_before, 0), 0) $$;

-- A later daily report has no earlier day.
create or replace function code.prove_fiscal_days()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select x.branch_id, x.holder_id, x.label,
           format('%s: %s/%s, %s < %s', x.device_number, x.daily_report, x.receipt_number, x.printed_on, x.latest)
      from (select p.*, r.holder_id, r.label,
                   max(p.printed_on) over (partition by p.device_number order by p.daily_report, p.receipt_number
                                           rows between unbounded preceding and 1 preceding) as latest
              from fiscal.receipt_print p join fiscal.receipt r on r.id = p.receipt_id) x
     where x.printed_on < x.latest $$;

-- What waits at a printer has its place in the queue: else it waits for ever.
create or replace function code.prove_fiscal_queue()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select r.branch_id, r.holder_id, r.label, r.state from fiscal.receipt r
     where r.state in ('waiting', 'printing') and not exists (
           select from jobs.job j where j.queue = 'device:' || r.device_id and j.state in ('waiting', 'running')
              and j.arguments ->> 'receipt_id' = r.id::text) $$;

-- Who decided about a doubtful receipt said why.
create or replace function code.prove_fiscal_decisions()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select r.branch_id, r.holder_id, r.label, concat_ws(': ', r.decided_by, r.reason) from fiscal.receipt r
     where (r.decided_by is not null) <> (length(trim(r.reason)) >= 5)
        or r.decided_by is not null and r.state not in ('printed', 'not_printed') $$;

-- A receipt is printed exactly when its print is recorded.
create or replace function code.prove_fiscal_prints()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select coalesce(r.branch_id, p.branch_id), r.holder_id, coalesce(r.label, p.receipt_id::text),
           concat_ws(' ', r.state, p.device_number, p.daily_report || '/' || p.receipt_number)
      from fiscal.receipt r full join fiscal.receipt_print p on p.receipt_id = r.id
     where (r.state is not distinct from 'printed') <> (p.receipt_id is not null) $$;

create or replace function code.prove_fiscal_orphans()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select r.branch_id, r.holder_id, r.label, r.device_id::text
      from fiscal.receipt r left join fiscal.device d on d.id = r.device_id and d.branch_id = r.branch_id where d.id is null
    union all
    select p.branch_id, r.holder_id, r.label, p.branch_id::text
      from fiscal.receipt_print p join fiscal.receipt r on r.id = p.receipt_id where p.branch_id <> r.branch_id
    union all
    select null, null, j.state, j.receipt_id::text
      from fiscal.journal j left join fiscal.receipt r on r.id = j.receipt_id where r.id is null
    union all
    select d.branch_id, null, d.name, coalesce(w.code, d.workstation_id::text)
      from fiscal.device d left join organisation.workstation w on w.id = d.workstation_id where w.id is null $$;
