create or replace function code.prove_parties_orphans()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select null::uuid, null::uuid, p.code, p.group_id::text
      from parties.party p left join parties.party_group g on g.id = p.group_id
     where p.group_id is not null and g.id is null $$;

create or replace function code.prove_parties_tax_numbers()
returns table (branch_id uuid, document_id uuid, record text, found text)
language sql stable set search_path = pg_catalog as $$
    select null::uuid, null::uuid, p.code, p.nip from parties.party p where p.nip <> '' and not stable.nip_valid(p.nip) $$;
