-- Search passes row security by design (LIKE is not leakproof): it applies the caller's right itself.
create or replace function code.search_items(typed text, most int) returns table (id uuid, kind text, code text, name text, unit text,
    vat text, net_price numeric, gross_price numeric)
language sql stable security definer set search_path = pg_catalog, public as $$
    select i.id, i.kind, i.code, i.name, i.unit, i.vat, i.net_price, i.gross_price from catalogue.item i
     where code.my_employee() is not null and i.active
       and i.search like all (array(select '%' || word || '%' from unnest(string_to_array(stable.search_text(typed), ' ')) word
                                     where word <> ''))
     order by (stable.search_text(i.code) = stable.search_text(typed)) desc,
              (i.search like stable.search_text(typed) || '%') desc, i.name_sort, i.id
     limit most $$;

-- The keys of all items that match what was typed, by code, name or a bar code that begins so, for the list.
create or replace function code.items_matching(typed text) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public as $$
    select i.id from catalogue.item i
     where code.my_employee() is not null
       and i.search like all (array(select '%' || word || '%' from unnest(string_to_array(stable.search_text(typed), ' ')) word
                                     where word <> ''))
    union
    select u.item_id from catalogue.item_unit u
     where code.my_employee() is not null and typed ~ '^[0-9]{4,}$' and u.barcode like typed || '%' $$;

-- A period of a rate that has begun stays, for every writer: documents were counted and printed with it. Only its last day is still
-- set, today or later. What documents already used of days to come, slices above keep by a trigger of their own.
create or replace function code.freeze_rate() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
declare
    today date := (now() at time zone 'Europe/Warsaw')::date;
begin
    if old.valid_from <= today then
        if old.valid_to < today then
            perform code.refuse('vat_rate_over');
        elsif tg_op = 'DELETE'
           or (new.id, new.code, new.percent, new.valid_from, new.name) is distinct from (old.id, old.code, old.percent, old.valid_from, old.name) then
            perform code.refuse('vat_rate_begun');
        elsif new.valid_to < today then
            perform code.refuse('vat_rate_end_past', jsonb_build_object('field', 'valid_to', 'today', to_char(today, 'DD.MM.YYYY')));
        end if;
    end if;
    if tg_op = 'DELETE' then return old; end if;
    return new;
end $$;
