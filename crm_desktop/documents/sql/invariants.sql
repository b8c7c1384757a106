-- The number in a document's text: what stands where its series' pattern has {number}. A branch may have got another code since.
create or replace function code.number_in(pattern text, number text) returns int
language sql immutable set search_path = pg_catalog as $$
    select substring(number from '^' || replace(replace(replace(replace(
        regexp_replace(pattern, '([][().*+?^$|\\])', '\\\1', 'g'),
        '{branch}', '.*'), '{year}', '\d{4}'), '{month}', '\d{2}'), '{number}', '(\d+)') || '$')::int $$;

-- Issued documents with the counter that numbered them. What was printed was numbered on the device's day (semantics L, edge cases).
create or replace function code.counted_documents()
returns table (id uuid, branch_id uuid, number text, series_id uuid, period text, day date, counted int, fiscal boolean)
language sql stable set search_path = pg_catalog as $$
    select d.id, d.branch_id, d.number, d.series_id,
           case s.restart when 'year' then to_char(x.day, 'YYYY') when 'month' then to_char(x.day, 'YYYY-MM') else '' end,
           x.day, code.number_in(s.pattern, d.number), p.receipt_id is not null
      from documents.document d
      join organisation.number_series s on s.id = d.series_id
      left join fiscal.receipt r on r.holder_id = d.id and r.state = 'printed'
      left join fiscal.receipt_print p on p.receipt_id = r.id
     cross join lateral (select coalesce(p.printed_on, d.issue_date) as day) x
     where d.state = 'issued' $$;

-- What a document is called: its number, and its kind and buyer before it has one.
create or replace function code.called(d documents.document) returns text
language sql stable set search_path = pg_catalog as $$
    select coalesce(d.number, concat_ws(' ', (select k.code from documents.kind k where k.id = d.kind_id), nullif(d.buyer_name, ''))) $$;

-- Semantics L: the issued numbers of a counter are 1..n, and the counter says n. The row is the document after the hole, or the double.
create or replace function code.prove_documents_numbers()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    with counted as (select * from code.counted_documents())
    select x.branch_id, x.id, x.number, x.before || ' → ' || coalesce(x.counted::text, '?')
      from (select c.*, lag(c.counted, 1, 0) over (partition by c.series_id, c.period order by c.counted, c.id) as before from counted c) x
     where x.counted is distinct from x.before + 1
    union all
    select s.branch_id, null, concat_ws(' ', s.code, b.code, n.period), format('%s ≠ %s', n.last_number, coalesce(max(c.counted), 0))
      from organisation.number_counter n
      join organisation.number_series s on s.id = n.series_id
      join organisation.branch b on b.id = s.branch_id
      left join counted c on c.series_id = n.series_id and c.period = n.period
     group by n.series_id, n.period, n.last_number, n.last_date, s.branch_id, s.code, b.code
    having n.last_number <> coalesce(max(c.counted), 0)
    union all
    select c.branch_id, c.id, c.number, c.period from counted c
     where not exists (select from organisation.number_counter n where n.series_id = c.series_id and n.period = c.period) $$;

-- Dates do not fall within a counter; what was printed on several devices is recorded in the order of the answers.
create or replace function code.prove_documents_dates()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select x.branch_id, x.id, x.number, x.before || ' > ' || x.day
      from (select c.*, max(c.day) over (partition by c.series_id, c.period order by c.counted
                                         rows between unbounded preceding and 1 preceding) as before
              from code.counted_documents() c where not c.fiscal) x
     where x.day < x.before
    union all
    select c.branch_id, c.id, c.number, c.day || ' > ' || n.last_date
      from code.counted_documents() c join organisation.number_counter n on n.series_id = c.series_id and n.period = c.period
     where c.day > n.last_date $$;

-- What is issued has number, series, moment and person; what is not has none.
create or replace function code.prove_documents_stamps()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select d.branch_id, d.id, code.called(d), concat_ws(' ', d.state, d.number, d.issued_at, d.issued_by)
      from documents.document d
     where (d.state = 'issued') <> (d.number is not null)
        or (d.state = 'issued') <> (d.series_id is not null)
        or (d.state = 'issued') <> (d.issued_at is not null)
        or (d.state = 'issued') <> exists (select from organisation.employee e where e.id = d.issued_by) $$;

-- Semantics D: a line's value follows from quantity, price and discount.
create or replace function code.prove_documents_lines()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select d.branch_id, d.id, code.called(d), format('%s. %s × %s − %s ≠ %s', l.position, trim_scale(l.quantity), trim_scale(l.price), l.discount_amount, l.value)
      from documents.line l join documents.document d on d.id = l.document_id and d.revision = l.revision
     where d.state <> 'draft'
       and (l.quantity <= 0
         or l.discount_amount <> round(round(l.quantity * l.price, 2) * l.discount / 100, 2)
         or l.value <> round(l.quantity * l.price, 2) - l.discount_amount
         or l.net + l.tax <> l.gross
         or (case d.method when 'net' then l.net else l.gross end) <> l.value) $$;

-- Semantics D: the VAT of each rate follows from its lines by the document's method, and each rate has its row.
create or replace function code.prove_documents_vat_rows()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    with sums as (
        select l.document_id, l.revision, l.vat, sum(l.net) as net, sum(l.tax) as tax, sum(l.gross) as gross, sum(l.value) as value
          from documents.line l group by l.document_id, l.revision, l.vat),
    sides as (
        select document_id, revision, vat, s.net, s.tax, s.gross, s.value, r.net as row_net, r.tax as row_tax, r.gross as row_gross
          from sums s full join documents.vat_row r using (document_id, revision, vat))
    select d.branch_id, d.id, code.called(d), format('%s, %s: %s + %s ≠ %s + %s', x.vat, x.value, x.net, x.tax, x.row_net, x.row_tax)
      from sides x join documents.document d on d.id = x.document_id and d.revision = x.revision
      left join lateral (
           select v.code, v.percent from catalogue.vat_rate v
            where v.code = x.vat and v.valid_from <= d.sale_date and (v.valid_to is null or v.valid_to >= d.sale_date)
            order by v.valid_from desc limit 1) v on true
     where d.state <> 'draft'
       and ((x.net, x.tax, x.gross) is distinct from (x.row_net, x.row_tax, x.row_gross) or v.code is null
         or x.tax is distinct from case when v.percent is null then 0
                                        when d.method = 'net' then round(x.value * v.percent / 100, 2)
                                        else round(x.value * v.percent / (100 + v.percent), 2) end) $$;

create or replace function code.prove_documents_totals()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    with sums as (
        select r.document_id, r.revision, sum(r.net) as net, sum(r.tax) as tax, sum(r.gross) as gross
          from documents.vat_row r group by r.document_id, r.revision)
    select d.branch_id, d.id, code.called(d), format('%s + %s = %s ≠ %s + %s = %s', s.net, s.tax, s.gross, d.net, d.tax, d.gross)
      from documents.document d left join sums s on s.document_id = d.id and s.revision = d.revision
     where d.state <> 'draft' and (s.net, s.tax, s.gross) is distinct from (d.net, d.tax, d.gross) $$;

-- Who sold it, as it was on that day.
create or replace function code.prove_documents_snapshots()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select d.branch_id, d.id, code.called(d), coalesce(v.seller ->> 'nip', '∅')
      from documents.document d left join documents.revision v on v.document_id = d.id and v.revision = d.revision
     where d.state <> 'draft'
       and not coalesce(v.seller ?& array['name', 'nip', 'street', 'post_code', 'city', 'iban', 'branch']
                        and v.seller ->> 'name' <> '' and v.branch_id = d.branch_id and octet_length(v.content_hash) = 32, false) $$;

create or replace function code.prove_documents_content()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select d.branch_id, d.id, code.called(d), left(encode(v.content_hash, 'hex'), 12)
      from documents.document d left join documents.revision v on v.document_id = d.id and v.revision = d.revision
     where d.state <> 'draft' and v.content_hash is distinct from sha256(convert_to(code.content_text(d), 'UTF8')) $$;

-- Who issued it stands in the audit, with the number.
create or replace function code.prove_documents_audit()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select d.branch_id, d.id, d.number, '∅' from documents.document d
     where d.state = 'issued' and not exists (
           select from audit.entry a where a.table_name = 'documents.document' and a.row_id = d.id::text
              and a.act = 'update' and a.new ->> 'state' = 'issued' and a.new ->> 'number' = d.number) $$;

create or replace function code.prove_documents_drafts()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select d.branch_id, d.id, code.called(d), v.frozen_at::text
      from documents.document d join documents.revision v on v.document_id = d.id where d.state = 'draft' $$;

-- The cost of a line is the purchase price of its day, unless somebody changed the price since.
create or replace function code.prove_documents_costs()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select d.branch_id, d.id, code.called(d), format('%s. %s', l.position, l.code)
      from documents.line l
      join documents.document d on d.id = l.document_id and d.revision = l.revision
      left join documents.revision v on v.document_id = d.id and v.revision = d.revision
      left join documents.line_cost c on c.document_id = l.document_id and c.revision = l.revision and c.position = l.position
     where d.state <> 'draft'
       and c.cost is distinct from (
           select p.price from catalogue.purchase_price p where p.item_id = l.item_id and p.valid_from <= d.sale_date
            order by p.valid_from desc limit 1)
       and not exists (
           select from audit.entry a
            where a.table_name = 'catalogue.purchase_price' and a.row_id = l.item_id::text and a.at >= v.frozen_at) $$;

-- Semantics M: an issued document of a fiscal kind has exactly one print …
create or replace function code.prove_documents_printed_once()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select d.branch_id, d.id, d.number, count(p.receipt_id)::text
      from documents.document d join documents.kind k on k.id = d.kind_id
      left join fiscal.receipt r on r.holder_id = d.id and r.state = 'printed'
      left join fiscal.receipt_print p on p.receipt_id = r.id
     where k.fiscal and d.state = 'issued' group by d.id having count(p.receipt_id) <> 1 $$;

-- … and a print exactly one issued document.
create or replace function code.prove_documents_of_prints()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select p.branch_id, d.id, r.label, format('%s: %s/%s', p.device_number, p.daily_report, p.receipt_number)
      from fiscal.receipt_print p join fiscal.receipt r on r.id = p.receipt_id
      left join documents.document d on d.id = r.holder_id
     where d.state is distinct from 'issued' $$;

create or replace function code.prove_documents_receipt_sums()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select d.branch_id, d.id, code.called(d), format('%s ≠ %s', r.content ->> 'due', d.gross_cents)
      from fiscal.receipt r join documents.document d on d.id = r.holder_id
     where r.state <> 'not_printed' and (r.content ->> 'due')::bigint is distinct from d.gross_cents $$;

-- Whoever is sealed for longer than an hour is forgotten at a printer that nobody serves.
create or replace function code.prove_documents_sealed()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select d.branch_id, d.id, code.called(d), to_char(v.frozen_at at time zone 'Europe/Warsaw', 'YYYY-MM-DD HH24:MI')
      from documents.document d left join documents.revision v on v.document_id = d.id and v.revision = d.revision
     where d.state = 'sealed' and (v.frozen_at is null or v.frozen_at < now() - interval '1 hour') $$;

-- A sealed document is at a printer: else nothing brings it back.
create or replace function code.prove_documents_at_printer()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select d.branch_id, d.id, code.called(d), d.state from documents.document d
     where d.state = 'sealed' and not exists (
           select from fiscal.receipt r where r.holder_id = d.id and r.state in ('waiting', 'printing', 'needs_person'))
    union all
    select d.branch_id, d.id, code.called(d), r.state from fiscal.receipt r join documents.document d on d.id = r.holder_id
     where r.state in ('waiting', 'printing', 'needs_person') and d.state <> 'sealed' $$;

create or replace function code.prove_documents_buyers()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select d.branch_id, d.id, code.called(d), coalesce(d.buyer ->> 'name', '∅') from documents.document d
     where d.state <> 'draft' and (d.buyer_name is distinct from d.buyer ->> 'name' or d.buyer_id::text is distinct from d.buyer ->> 'party_id') $$;

-- Every part is in the branch of its document, and what a document names is there.
create or replace function code.prove_documents_orphans()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select p.branch_id, p.document_id, p.part, p.document_id::text
      from (select 'documents.line' as part, l.document_id, l.branch_id from documents.line l
            union all select 'documents.vat_row', r.document_id, r.branch_id from documents.vat_row r
            union all select 'documents.revision', v.document_id, v.branch_id from documents.revision v
            union all select 'documents.line_cost', c.document_id, c.branch_id from documents.line_cost c
            union all select 'fiscal.receipt', r.holder_id, r.branch_id from fiscal.receipt r) p
      left join documents.document d on d.id = p.document_id and d.branch_id = p.branch_id where d.id is null
    union all
    select c.branch_id, c.document_id, 'documents.line_cost', c.position::text
      from documents.line_cost c
      left join documents.line l on l.document_id = c.document_id and l.revision = c.revision and l.position = c.position
     where l.document_id is null
    union all
    select l.branch_id, l.document_id, l.name, coalesce(l.item_id::text, '∅')
      from documents.line l join documents.document d on d.id = l.document_id left join catalogue.item i on i.id = l.item_id
     where i.id is null and (l.item_id is not null or d.state <> 'draft')
    union all
    select d.branch_id, d.id, code.called(d), d.buyer_id::text
      from documents.document d left join parties.party p on p.id = d.buyer_id where d.buyer_id is not null and p.id is null
    union all
    select d.branch_id, d.id, code.called(d), coalesce(b.code, d.branch_id::text) || ' ' || coalesce(k.code, d.kind_id::text)
      from documents.document d left join organisation.branch b on b.id = d.branch_id left join documents.kind k on k.id = d.kind_id
     where b.id is null or k.id is null $$;

-- Closed periods are as they were when they were closed. What came in since is told by its number, what went or changed by the period.
create or replace function code.prove_documents_closed_periods()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    with changed as (
        select p.*, n.documents as there
          from documents.closed_period p cross join lateral code.period_content(p.branch_id, p.after, p.until) n
         where (n.documents, n.content_hash) is distinct from (p.documents, p.content_hash))
    select c.branch_id, null::uuid, concat_ws(' ', b.code, c.after || ' →', c.until), format('%s → %s', c.documents, c.there)
      from changed c left join organisation.branch b on b.id = c.branch_id
    union all
    select c.branch_id, d.id, d.number, to_char(d.issued_at at time zone 'Europe/Warsaw', 'YYYY-MM-DD HH24:MI')
      from changed c join documents.document d
        on d.branch_id = c.branch_id and d.issue_date <= c.until and (c.after is null or d.issue_date > c.after)
     where d.state = 'issued' and d.issued_at > c.closed_at
    union all
    select b.id, null, b.code, b.closed_until::text from organisation.branch b
     where b.closed_until is not null
       and b.closed_until is distinct from (select max(p.until) from documents.closed_period p where p.branch_id = b.id) $$;
