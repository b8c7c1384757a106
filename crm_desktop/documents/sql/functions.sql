-- From draft to issued. Employees write drafts; everything that makes a document a document happens here.
-- SQL verifies the sums that the client computed, it never computes prices. Any difference refuses the act.

-- The canonical text of the stored content; the same form as documents/rules/content.py, which describes it.
create or replace function code.content_text(d documents.document) returns text
language plpgsql stable set search_path = pg_catalog set datestyle = 'ISO' as $$
begin
    return concat_ws(E'\x1f', 'D', d.id, d.kind_id, d.branch_id, d.issue_date, d.sale_date, d.due_date, d.currency, d.payment, d.method,
                     coalesce(d.buyer_id::text, ''), d.buyer ->> 'name', d.buyer ->> 'nip', d.buyer ->> 'eu_vat', d.buyer ->> 'street',
                     d.buyer ->> 'post_code', d.buyer ->> 'city', d.buyer ->> 'country', d.buyer ->> 'business', d.notes, d.net, d.tax, d.gross)
        || coalesce((select string_agg(E'\x1e' || concat_ws(E'\x1f', 'R', r.vat, r.net, r.tax, r.gross), '' order by r.position)
                       from documents.vat_row r where r.document_id = d.id and r.revision = d.revision), '')
        || coalesce((select string_agg(E'\x1e' || concat_ws(E'\x1f', 'L', l.id, coalesce(l.item_id::text, ''), l.code, l.name, l.quantity,
                                l.unit, l.price, l.vat, l.discount, case when l.negotiated then 'true' else 'false' end,
                                case when l.service then 'true' else 'false' end, l.value, l.discount_amount, l.net, l.tax, l.gross),
                                '' order by l.position)
                       from documents.line l where l.document_id = d.id and l.revision = d.revision), '');
end $$;

-- All that must hold before a document is frozen, whichever way it goes on. Raises the first refusal.
create or replace function code.check_document(d documents.document, k documents.kind, seen_hash bytea) returns void
language plpgsql stable set search_path = pg_catalog as $$
declare
    bad record;
    rates record;
begin
    -- The first line whose value does not follow from quantity, price, discount and the basis of the method.
    for bad in
        select l.position, l.item_id, l.quantity from documents.line l
         where l.document_id = d.id and l.revision = d.revision
           and (l.item_id is null or l.quantity <= 0
             or l.discount_amount <> round(round(l.quantity * l.price, 2) * l.discount / 100, 2)
             or l.value <> round(l.quantity * l.price, 2) - l.discount_amount
             or l.price < 0 or l.price <> round(l.price, case d.method when 'net' then 4 else 2 end)
             or l.net + l.tax <> l.gross
             or (case d.method when 'net' then l.net else l.gross end) <> l.value)
         order by l.position limit 1
    loop
        if bad.item_id is null then
            perform code.refuse('line_unresolved', jsonb_build_object('field', 'lines.' || bad.position - 1 || '.code', 'line', bad.position));
        elsif bad.quantity <= 0 then
            perform code.refuse('line_quantity_zero', jsonb_build_object('field', 'lines.' || bad.position - 1 || '.quantity', 'line', bad.position));
        else
            perform code.refuse('line_value_wrong', jsonb_build_object('field', 'lines.' || bad.position - 1 || '.price', 'line', bad.position));
        end if;
    end loop;

    -- VAT rows from the lines, by the document's method, once per rate (art. 106e VAT act; semantics D.2); a line's tax is its share
    -- of the rate's, to within the grosz that sharing leaves (semantics 0.2).
    select coalesce(sum(s.lines), 0) as lines,
           min(s.vat) filter (where v.code is null) as unknown,
           bool_or((s.net, s.tax, s.gross) is distinct from (r.net, r.tax, r.gross) or s.unfair
                   or s.tax <> case when v.percent is null then 0
                                    when d.method = 'net' then round(s.value * v.percent / 100, 2)
                                    else round(s.value * v.percent / (100 + v.percent), 2) end) as wrong,
           (sum(r.net), sum(r.tax), sum(r.gross)) is distinct from (d.net, d.tax, d.gross) as totals_wrong
      into rates
      from (select l.vat, count(*) as lines, sum(l.net) as net, sum(l.tax) as tax, sum(l.gross) as gross, sum(l.value) as value,
                   bool_or(case when l.taxes = 0 then l.tax <> 0
                                else abs(l.tax * l.worth - l.taxes * l.value) >= abs(l.worth) * 0.01 end) as unfair
              from (select x.*, sum(x.tax) over same_rate as taxes, sum(x.value) over same_rate as worth
                      from documents.line x where x.document_id = d.id and x.revision = d.revision
                    window same_rate as (partition by x.vat)) l
             group by l.vat) s
      left join lateral (
            select v.code, v.percent from catalogue.vat_rate v
             where v.code = s.vat and v.valid_from <= d.sale_date and (v.valid_to is null or v.valid_to >= d.sale_date)
             order by v.valid_from desc limit 1) v on true
      full join (select * from documents.vat_row x where x.document_id = d.id and x.revision = d.revision) r on r.vat = s.vat;
    if rates.lines = 0 then perform code.refuse('document_empty', '{"field": "lines"}'); end if;
    if d.method <> k.method then perform code.refuse('content_differs'); end if;
    if rates.unknown is not null then
        perform code.refuse('vat_rate_unknown', jsonb_build_object('field', 'lines', 'vat', rates.unknown));
    end if;
    if rates.wrong then perform code.refuse('vat_rows_wrong'); end if;
    if rates.totals_wrong then perform code.refuse('totals_wrong'); end if;

    if k.buyer_required and d.buyer_name = '' then perform code.refuse('buyer_required', '{"field": "buyer.name"}'); end if;
    if d.buyer_name is distinct from d.buyer ->> 'name' or d.buyer_id::text is distinct from d.buyer ->> 'party_id'
       or sha256(convert_to(code.content_text(d), 'UTF8')) is distinct from seen_hash then
        perform code.refuse('content_differs');
    end if;
end $$;

-- The date of issue: today; backdating needs its right, an open period and no KSeF (semantics L.4, L.5).
create or replace function code.check_issue_date(d documents.document, k documents.kind) returns void
language plpgsql stable set search_path = pg_catalog as $$
declare
    today date := (now() at time zone 'Europe/Warsaw')::date;
    closed date := (select b.closed_until from organisation.branch b where b.id = d.branch_id);
    applies boolean := k.ksef and coalesce((select c.ksef_from <= today from organisation.company c), false);
begin
    if d.issue_date > today then
        perform code.refuse('issue_date_future', '{"field": "issue_date"}');
    elsif d.issue_date < today and (applies or k.fiscal) then
        perform code.refuse('issue_date_not_today', jsonb_build_object('field', 'issue_date', 'today', to_char(today, 'DD.MM.YYYY')));
    elsif d.issue_date < today and not code.allowed('documents.backdate') then
        perform code.refuse('issue_date_backdated', jsonb_build_object('field', 'issue_date', 'today', to_char(today, 'DD.MM.YYYY')));
    end if;
    if d.issue_date <= closed or d.sale_date <= closed then
        perform code.refuse('period_closed', jsonb_build_object('field', 'issue_date', 'closed_until', to_char(closed, 'DD.MM.YYYY')));
    end if;
end $$;

-- The draft under its row lock, if the caller may act in its branch; the same refusal for "none" and "not yours".
-- What is checked afterwards must be what stands there now: an older snapshot would not see a line that was added meanwhile.
create or replace function code.lock_document(document uuid) returns documents.document
language plpgsql set search_path = pg_catalog as $$
declare
    d documents.document;
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'issued in READ COMMITTED only' using errcode = 'CR403';
    end if;
    select x.* into d from documents.document x
     where x.id = document and x.branch_id = any (code.my_branches()) for no key update;
    if d.id is null then perform code.refuse('record_unknown'); end if;
    -- Who closes the branch's period waits for those who are issuing in it, and they for her (code.close_period).
    perform pg_advisory_xact_lock_shared(7205003, hashtext(d.branch_id::text));
    return d;
end $$;

-- Before a stored draft is written over: it must still be the version that the editor read, and stays it until the end of the transaction.
-- Without the lock a saver who is too late would go on to lines that a third one is writing just now, and fail at their keys. One that is
-- no draft is not locked: it cannot be written, and what stands in the way says so itself.
create or replace function code.expect_version(document uuid, seen_version int) returns void
language plpgsql set search_path = pg_catalog as $$
begin
    perform from documents.document x where x.id = document for no key update;
    if not exists (select from documents.document x where x.id = document and x.version = seen_version) then
        raise exception 'changed meanwhile' using errcode = 'CR409', table = 'documents.document', detail = document::text;
    end if;
end $$;

create or replace function code.freeze_content(d documents.document, seen_hash bytea) returns void
language plpgsql set search_path = pg_catalog as $$
begin
    insert into documents.revision (document_id, revision, branch_id, content_hash, seller, frozen_by)
    select d.id, d.revision, d.branch_id, seen_hash,
           jsonb_build_object('name', c.name, 'nip', c.nip, 'street', c.street, 'post_code', c.post_code, 'city', c.city,
                              'iban', c.iban, 'branch', b.name), code.my_employee()
      from organisation.company c, organisation.branch b where b.id = d.branch_id;
    insert into documents.line_cost (document_id, revision, position, branch_id, cost, source)
    select l.document_id, l.revision, l.position, l.branch_id, p.price, 'purchase price of ' || p.valid_from
      from documents.line l cross join lateral (
           select pp.price, pp.valid_from from catalogue.purchase_price pp
            where pp.item_id = l.item_id and pp.valid_from <= d.sale_date order by pp.valid_from desc limit 1) p
     where l.document_id = d.id and l.revision = d.revision;
end $$;

create or replace function code.series_of(d documents.document, k documents.kind) returns uuid
language plpgsql stable set search_path = pg_catalog as $$
declare
    found_id uuid;
begin
    select s.id into found_id from organisation.number_series s where s.branch_id = d.branch_id and s.code = k.series;
    if found_id is null then perform code.refuse('series_missing', jsonb_build_object('field', 'kind', 'series', k.series)); end if;
    return found_id;
end $$;

create or replace function code.delivery_of(d documents.document, k documents.kind) returns text
language plpgsql stable set search_path = pg_catalog as $$
begin
    return (select case when k.ksef and c.ksef_from <= d.issue_date then 'waiting' else 'outside' end from organisation.company c);
end $$;

-- draft → issued for kinds without a receipt: checks, freezes, and takes the number as the last lock.
create or replace function code.issue_document(document uuid, seen_version int, seen_hash bytea,
                                               out given text, out at_version int)
language plpgsql security definer set search_path = pg_catalog as $$
declare
    d documents.document;
    k documents.kind;
    series uuid;
begin
    perform code.demand('documents.issue_invoice');
    d := code.lock_document(document);
    select x.* into k from documents.kind x where x.id = d.kind_id;
    if d.version <> seen_version then perform code.conflict('documents.document', document::text); end if;
    if d.state <> 'draft' then perform code.refuse('document_not_draft'); end if;
    if k.fiscal then perform code.refuse('document_needs_receipt'); end if;
    perform code.check_document(d, k, seen_hash);
    perform code.check_issue_date(d, k);
    series := code.series_of(d, k);
    perform code.freeze_content(d, seen_hash);
    given := code.next_number(series, d.issue_date);
    update documents.document x
       set state = 'issued', number = given, series_id = series, issued_at = now(), issued_by = code.my_employee(),
           delivery = code.delivery_of(d, k)
     where x.id = document returning x.version into at_version;
end $$;

-- draft → sealed for fiscal kinds: the content freezes and the receipt waits at its printer; no number yet (semantics M.1).
create or replace function code.seal_document(document uuid, seen_version int, seen_hash bytea, receipt uuid, device uuid,
                                              content jsonb, out at_version int)
language plpgsql security definer set search_path = pg_catalog as $$
declare
    d documents.document;
    k documents.kind;
begin
    perform code.demand('documents.seal_receipt');
    d := code.lock_document(document);
    select x.* into k from documents.kind x where x.id = d.kind_id;
    if d.version <> seen_version then perform code.conflict('documents.document', document::text); end if;
    if d.state <> 'draft' then perform code.refuse('document_not_draft'); end if;
    if not k.fiscal then perform code.refuse('document_not_fiscal'); end if;
    perform code.check_document(d, k, seen_hash);
    perform code.check_issue_date(d, k);
    perform code.series_of(d, k);
    perform code.check_receipt_content(d, device, content);
    perform code.freeze_content(d, seen_hash);
    perform code.queue_receipt(receipt, device, d.branch_id, d.id, k.code || ' ' || d.buyer_name, content);
    update documents.document x set state = 'sealed' where x.id = document returning x.version into at_version;
end $$;

-- The receipt that will be printed says what the document says: line by line, letter by letter, to the grosz.
create or replace function code.check_receipt_content(d documents.document, device uuid, content jsonb) returns void
language plpgsql stable set search_path = pg_catalog as $$
declare
    letters jsonb := (select f.rates from fiscal.device f where f.id = device and f.branch_id = d.branch_id);
begin
    if letters is null then perform code.refuse('record_unknown'); end if;
    if exists (
        select from (select l.position, l.name, l.value, l.discount_amount, l.quantity, l.price, l.vat from documents.line l
                      where l.document_id = d.id and l.revision = d.revision) l
          full join jsonb_array_elements(content -> 'lines') with ordinality r (line, place) on r.place = l.position
         where ((r.line ->> 'value')::bigint - (r.line ->> 'discount')::bigint) is distinct from (l.value * 100)::bigint
            or (r.line ->> 'discount')::bigint is distinct from (l.discount_amount * 100)::bigint
            or (r.line ->> 'price')::bigint is distinct from (l.price * 100)::bigint
            or (r.line ->> 'quantity')::numeric is distinct from l.quantity
            -- A name of letters that every printer has stands on the paper as on the document; others were cleaned by the client.
            or l.name ~ '^[ -~ąćęłńóśźżĄĆĘŁŃÓŚŹŻ]*$'
               and r.line ->> 'name' is distinct from rtrim(left(trim(regexp_replace(l.name, ' +', ' ', 'g')), 80))
            or letters ->> (r.line ->> 'letter') is distinct from l.vat)
       or (content ->> 'due')::bigint is distinct from (d.gross * 100)::bigint
       or content ->> 'buyer_nip' is distinct from d.buyer ->> 'nip'
       -- Nothing beside the goods, and paid to the grosz: change only from cash (semantics M.10).
       or content -> 'deposits' is distinct from '[]'
       or (select sum((y.value ->> 'amount')::bigint) from jsonb_array_elements(content -> 'payments') y)
          is distinct from (d.gross * 100)::bigint + (content ->> 'change')::bigint
       or (content ->> 'change')::bigint not between 0 and coalesce((select sum((y.value ->> 'amount')::bigint)
                from jsonb_array_elements(content -> 'payments') y where y.value ->> 'kind' = 'cash'), 0)
       or exists (select from jsonb_array_elements(content -> 'payments') y where (y.value ->> 'amount')::bigint <= 0)
       or (select sum((t.value)::bigint) from jsonb_each_text(content -> 'totals') t) is distinct from (d.gross * 100)::bigint
       or exists (
        select from jsonb_each_text(content -> 'totals') t
         where t.value::bigint <> coalesce((select sum(l.value * 100) from documents.line l
                where l.document_id = d.id and l.revision = d.revision and l.vat = letters ->> t.key), 0)) then
        perform code.refuse('receipt_content_wrong');
    end if;
end $$;

-- Receipts of her branches, and those that a workstation prints; nobody learns anything of others.
create or replace function code.concerns_me(r fiscal.receipt) returns boolean
language sql stable set search_path = pg_catalog as $$
    select r.branch_id = any (code.my_branches())
        or exists (select from fiscal.device d where d.id = r.device_id and d.workstation_id = code.my_workstation()) $$;

-- sealed → issued, in the transaction that records the print; callable by whoever may record it, and only on a recorded print.
create or replace function code.issue_printed(receipt uuid, out given text)
language plpgsql security definer set search_path = pg_catalog as $$
declare
    r fiscal.receipt;
    p fiscal.receipt_print;
    d documents.document;
    k documents.kind;
    series uuid;
begin
    select x.* into r from fiscal.receipt x where x.id = receipt and x.state = 'printed' and code.concerns_me(x);
    select x.* into p from fiscal.receipt_print x where x.receipt_id = r.id;
    if r.id is null or p.receipt_id is null then perform code.refuse('receipt_not_printed'); end if;
    select x.* into d from documents.document x where x.id = r.holder_id for no key update;
    if d.state = 'issued' then
        given := d.number;
        return;
    end if;
    if d.state <> 'sealed' then perform code.refuse('document_not_draft'); end if;
    select x.* into k from documents.kind x where x.id = d.kind_id;
    series := code.series_of(d, k);
    -- The period of a fiscal document is that of the device's date (semantics L.8 and its edge cases).
    given := code.next_number(series, greatest(p.printed_on, coalesce(
        (select max(c.last_date) from organisation.number_counter c where c.series_id = series
            and p.printed_on < c.last_date and to_char(c.last_date, 'YYYY-MM') = to_char(p.printed_on, 'YYYY-MM')), p.printed_on)));
    update documents.document x
       set state = 'issued', number = given, series_id = series, issued_at = now(), issued_by = r.sealed_by,
           delivery = code.delivery_of(d, k)
     where x.id = d.id;
end $$;

-- sealed → draft, only on a receipt proven not printed.
create or replace function code.unseal(receipt uuid) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare
    r fiscal.receipt;
begin
    select x.* into r from fiscal.receipt x where x.id = receipt and x.state = 'not_printed' and code.concerns_me(x);
    if r.id is null then perform code.refuse('receipt_not_printed'); end if;
    if exists (select from fiscal.receipt x where x.holder_id = r.holder_id and x.state <> 'not_printed') then return; end if;
    delete from documents.line_cost c using documents.document d
     where d.id = r.holder_id and d.state = 'sealed' and c.document_id = d.id and c.revision = d.revision;
    delete from documents.revision v using documents.document d
     where d.id = r.holder_id and d.state = 'sealed' and v.document_id = d.id and v.revision = d.revision;
    update documents.document set state = 'draft' where id = r.holder_id and state = 'sealed';
end $$;

-- Freezing, for every writer, the owner included -----------------------------------------------------------------------

create or replace function code.freeze_document() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
declare
    -- Generated columns are still empty in a BEFORE trigger; they follow from the frozen ones.
    moving text[] := array['state', 'number', 'series_id', 'issued_at', 'issued_by', 'delivery', 'version', 'search',
                           'net_cents', 'gross_cents', 'buyer_sort'];
begin
    if tg_op = 'INSERT' then
        if new.state <> 'draft' then perform code.refuse('document_not_draft'); end if;
        new.made_by := coalesce(code.my_employee(), new.made_by);
        return new;
    elsif tg_op = 'DELETE' then
        if old.state <> 'draft' then perform code.refuse(case old.state when 'sealed' then 'document_sealed' else 'document_frozen' end); end if;
        return old;
    end if;
    if old.state = 'issued' then perform code.refuse('document_frozen'); end if;
    if old.state = 'sealed' and (to_jsonb(new) - moving) is distinct from (to_jsonb(old) - moving) then
        perform code.refuse('document_sealed');
    end if;
    new.version := old.version + 1;
    return new;
end $$;

-- Lines and VAT rows may change only while their document is a draft; its row is locked, so that a sum that is being
-- checked by an issuing colleague cannot change under her hands.
create or replace function code.freeze_part() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
declare
    state text;
    documents uuid[];
    one uuid;
begin
    if tg_op = 'DELETE' then
        select array_agg(distinct o.document_id order by o.document_id) into documents from old_rows o;
    elsif tg_op = 'INSERT' then
        select array_agg(distinct n.document_id order by n.document_id) into documents from new_rows n;
    else
        select array_agg(distinct u.document_id order by u.document_id) into documents
          from (select document_id from new_rows union select document_id from old_rows) u;
    end if;
    foreach one in array coalesce(documents, '{}') loop
        select d.state into state from documents.document d where d.id = one for no key update;
        if found and state <> 'draft' then
            perform code.refuse(case state when 'sealed' then 'document_sealed' else 'document_frozen' end);
        end if;
    end loop;
    return null;
end $$;

-- The frozen evidence itself: written once, at freezing; it goes only with a seal that proved empty.
create or replace function code.freeze_evidence() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
declare
    state text;
begin
    if tg_op = 'UPDATE' then perform code.refuse('document_frozen'); end if;
    select d.state into state from documents.document d where d.id = old.document_id;
    if state = 'issued' then perform code.refuse('document_frozen'); end if;
    return old;
end $$;

-- A VAT rate keeps the days and the name that issued and sealed documents have of it, also of sale dates that are yet to come.
create or replace function code.keep_used_rate() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
declare
    held daterange := daterange(old.valid_from, old.valid_to, '[]');
    kept daterange := 'empty';
    used date;
begin
    if tg_op = 'UPDATE' and (new.code, new.name) = (old.code, old.name) then kept := daterange(new.valid_from, new.valid_to, '[]'); end if;
    if kept @> held then return null; end if;
    -- Nobody is issuing with this rate meanwhile: she comes before, and is found, or after, and is refused.
    lock table documents.document in exclusive mode;
    select max(d.sale_date) into used from documents.document d
     where d.state <> 'draft' and held @> d.sale_date and not kept @> d.sale_date
       and exists (select from documents.vat_row r where r.document_id = d.id and r.revision = d.revision and r.vat = old.code);
    if used is not null then
        perform code.refuse('vat_rate_used', jsonb_build_object('field', 'valid_to', 'vat', old.code, 'day', to_char(used, 'DD.MM.YYYY')));
    end if;
    return null;
end $$;

-- A printed receipt has its issued document, at every commit (semantics M, invariant).
create or replace function code.print_has_document() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
    if (select r.state from fiscal.receipt r where r.id = new.id) = 'printed'
       and not exists (select from documents.document d where d.id = new.holder_id and d.state = 'issued') then
        perform code.refuse('receipt_not_printed');
    end if;
    return null;
end $$;

-- Closed periods -----------------------------------------------------------------------------------------------------

-- What was issued in a branch after one day and up to another, as one hash over the frozen contents and what issuing added.
create or replace function code.period_content(branch uuid, after date, until date, out documents int, out content_hash bytea)
language sql stable set search_path = pg_catalog set datestyle = 'ISO' set timezone = 'UTC' as $$
    select count(*)::int,
           sha256(convert_to(coalesce(string_agg(concat_ws(E'\x1f', d.id, d.number, d.issue_date, d.sale_date, d.gross, d.issued_at, d.issued_by,
                                                           encode(v.content_hash, 'hex')), E'\x1e' order by d.id), ''), 'UTF8'))
      from documents.document d left join documents.revision v on v.document_id = d.id and v.revision = d.revision
     where d.branch_id = branch and d.state = 'issued' and d.issue_date <= until and (after is null or d.issue_date > after) $$;

-- A branch is closed up to a day (null: open): what stands there is kept as a hash, from the last closing on. Opened again, the hashes
-- of the days that are open go, which the audit tells. Waits for those who are issuing, so that none slips in.
create or replace function code.close_period(branch uuid, until date) returns void
language plpgsql set search_path = pg_catalog as $$
declare
    last date;
begin
    perform pg_advisory_xact_lock(7205003, hashtext(branch::text));
    delete from documents.closed_period p
     where p.branch_id = branch and (close_period.until is null or p.until > close_period.until);
    select max(p.until) into last from documents.closed_period p where p.branch_id = branch;
    if until is null or until = last then return; end if;
    if exists (select from documents.document d where d.branch_id = branch and d.state = 'sealed' and d.issue_date <= close_period.until) then
        perform code.refuse('period_sealed', jsonb_build_object('field', 'closed_until', 'until', to_char(until, 'DD.MM.YYYY')));
    end if;
    insert into documents.closed_period (branch_id, until, after, documents, content_hash, closed_by)
    select branch, close_period.until, last, c.documents, c.content_hash, code.my_employee()
      from code.period_content(branch, last, close_period.until) c;
end $$;

create or replace function code.keep_period() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
    if tg_op = 'INSERT' or new.closed_until is distinct from old.closed_until then
        perform code.close_period(new.id, new.closed_until);
    end if;
    return null;
end $$;

-- What the history tells of a header and of a line: what people typed or chose, as texts. Never what things cost.
create or replace function code.told_header(d jsonb) returns jsonb
language sql stable set search_path = pg_catalog as $$
    select jsonb_strip_nulls(jsonb_build_object(
        'kind', (select k.name from documents.kind k where k.id = (d ->> 'kind_id')::uuid),
        'buyer.name', d ->> 'buyer_name', 'buyer.nip', d -> 'buyer' ->> 'nip', 'buyer.eu_vat', d -> 'buyer' ->> 'eu_vat',
        'buyer.address', concat_ws(', ', nullif(d -> 'buyer' ->> 'street', ''),
            nullif(concat_ws(' ', nullif(d -> 'buyer' ->> 'post_code', ''), nullif(d -> 'buyer' ->> 'city', '')), ''),
            nullif(d -> 'buyer' ->> 'country', 'PL')),
        'issue_date', d ->> 'issue_date', 'sale_date', d ->> 'sale_date', 'due_date', d ->> 'due_date',
        'payment', d ->> 'payment', 'notes', d ->> 'notes', 'gross', d ->> 'gross', 'number', d ->> 'number')) $$;

create or replace function code.told_line(l jsonb) returns jsonb
language sql immutable set search_path = pg_catalog as $$
    select jsonb_build_object('position', l ->> 'position', 'code', l ->> 'code', 'name', l ->> 'name', 'quantity', l ->> 'quantity',
        'unit', l ->> 'unit', 'price', l ->> 'price', 'discount', l ->> 'discount', 'vat', l ->> 'vat') $$;

-- Who did what with a document, for those who may see it; the audit itself stays closed. A save writes all lines anew: of each act
-- only those are told that differ. Lines belong to the first entry of their transaction.
create or replace function code.document_history(document uuid)
returns table (at timestamptz, who text, act text, before jsonb, after jsonb, lines jsonb)
language plpgsql stable security definer set search_path = pg_catalog as $$
begin
    if not exists (select from documents.document d where d.id = document_history.document and d.branch_id = any (code.my_branches())) then
        return;
    end if;
    return query
    with parts as (
        select a.at, a.operation, a.old, a.new from audit.entry a
         where a.table_name = 'documents.line' and a.row_id = document_history.document::text),
    changed as (
        select coalesce(o.at, n.at) as at, coalesce(o.operation, n.operation) as operation,
               jsonb_agg(jsonb_build_object('was', o.told, 'is', n.told)
                         order by coalesce(n.told ->> 'position', o.told ->> 'position')::int) as lines
          from (select p.at, p.operation, p.old ->> 'id' as id, code.told_line(p.old) as told from parts p where p.old is not null) o
          full join (select p.at, p.operation, p.new ->> 'id' as id, code.told_line(p.new) as told from parts p where p.new is not null) n
                 on n.at = o.at and n.operation = o.operation and n.id = o.id
         where o.told - 'position' is distinct from n.told - 'position'
         group by 1, 2)
    select a.at, coalesce(e.name, w.name, a.role),
           case when a.act = 'insert' then 'entered'
                when a.new ->> 'state' = a.old ->> 'state' then 'changed'
                when a.new ->> 'state' = 'draft' then 'returned'
                else a.new ->> 'state' end,
           code.told_header(a.old), code.told_header(a.new),
           case when a.id = min(a.id) over (partition by a.at, a.operation) then coalesce(c.lines, '[]') else '[]' end
      from audit.entry a
      left join changed c on c.at = a.at and c.operation = a.operation
      left join organisation.employee e on e.role_name = a.role
      left join organisation.workstation w on w.role_name = a.role
     where a.table_name = 'documents.document' and a.row_id = document_history.document::text
     order by a.id;
end $$;

-- Search passes row security by design (LIKE is not leakproof): it applies the caller's branches itself.
create or replace function code.search_documents(typed text) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public as $$
    select d.id from documents.document d
     where d.branch_id = any (code.my_branches())
       and d.search like all (array(select '%' || word || '%' from unnest(string_to_array(stable.search_text(typed), ' ')) word
                                     where word <> '')) $$;

-- The search box, in her branches only: the number exactly (4), then numbers and buyers, the newest first; a tax number finds what was
-- sold to its firm. forgiving: the documents of parties with similar names; a number is never guessed.
create or replace function code.find_documents(typed text, most int, forgiving boolean default false) returns table (id uuid, rank int,
    number text, kind text, state text, issue_date date, buyer_name text, gross numeric)
language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
    branches uuid[] := code.my_branches();
    sought text := stable.search_text(left(typed, 100));
    words text[] := code.search_words(typed);
    patterns text[] := code.search_patterns(words);
    firsts text[] := code.search_first(words);
    digits text := code.search_number(typed);
    buyers uuid[];
begin
    if branches = '{}' or sought = '' then return; end if;
    most := least(greatest(most, 0), 50);
    if forgiving and typed ~ '[0-9]' then
        return;
    elsif forgiving then
        buyers := array(select p.id from code.find_parties(typed, 8, true) p);
    elsif length(digits) = 10 then
        buyers := array(select p.id from parties.party p where p.nip = digits);
    end if;
    return query
        with found as (
            select d.id, 4 as rank from documents.document d
             where not forgiving and d.number = upper(btrim(typed)) and d.branch_id = any (branches)
            union all
            (select d.id, case when forgiving then 0 else 1 end from documents.document d
              where d.buyer_id = any (buyers) and d.branch_id = any (branches)
              order by d.issue_date desc, d.id desc limit most)
            union all
            (select d.id, code.search_rank(d.search, '', words, sought) from documents.document d
              where not forgiving and d.branch_id = any (branches) and d.search like any (firsts) and d.search like all (patterns)
              order by d.issue_date desc, d.id desc limit 60)),
        ranked as (select f.id, max(f.rank) as rank from found f group by f.id)
        select d.id, r.rank, coalesce(d.number, ''), k.name, d.state, d.issue_date, d.buyer_name, d.gross
          from ranked r join documents.document d on d.id = r.id join documents.kind k on k.id = d.kind_id
         order by r.rank desc, d.issue_date desc, d.id desc
         limit most;
end $$;
