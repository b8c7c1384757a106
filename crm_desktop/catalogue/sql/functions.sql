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
