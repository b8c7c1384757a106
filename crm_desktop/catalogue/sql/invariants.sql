create or replace function code.prove_catalogue_orphans()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select null::uuid, null::uuid, i.code, i.group_id::text
      from catalogue.item i left join catalogue.item_group g on g.id = i.group_id where i.group_id is not null and g.id is null
    union all
    select null, null, g.name, g.parent_id::text
      from catalogue.item_group g left join catalogue.item_group p on p.id = g.parent_id where g.parent_id is not null and p.id is null
    union all
    select null, null, u.name, u.item_id::text
      from catalogue.item_unit u left join catalogue.item i on i.id = u.item_id where i.id is null
    union all
    select null, null, p.price::text, p.item_id::text
      from catalogue.purchase_price p left join catalogue.item i on i.id = p.item_id where i.id is null $$;

-- A scanned code means one thing.
create or replace function code.prove_catalogue_barcodes()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select null::uuid, null::uuid, u.barcode, string_agg(i.code || ' ' || u.name, ', ' order by i.code, u.name)
      from catalogue.item_unit u join catalogue.item i on i.id = u.item_id
     where u.barcode is not null group by u.barcode having count(*) > 1 $$;

-- On any day a rate has one percentage, and what is sold has a rate.
create or replace function code.prove_catalogue_rates()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select null::uuid, null::uuid, a.code, a.valid_from || ', ' || b.valid_from
      from catalogue.vat_rate a join catalogue.vat_rate b
        on b.code = a.code and b.valid_from > a.valid_from and (a.valid_to is null or a.valid_to >= b.valid_from)
    union all
    select null, null, i.code, i.vat from catalogue.item i
     where i.active and not exists (select from catalogue.vat_rate v where v.code = i.vat) $$;
