-- Search passes row security by design (LIKE is not leakproof): it applies the caller's right itself.
create or replace function code.search_parties(typed text, most int) returns table (id uuid, kind text, code text, name text, nip text,
    eu_vat text, street text, post_code text, city text, country text, payment_days int)
language sql stable security definer set search_path = pg_catalog, public as $$
    select p.id, p.kind, p.code, p.name, p.nip, p.eu_vat, p.street, p.post_code, p.city, p.country, p.payment_days from parties.party p
     where code.my_employee() is not null and p.active
       and p.search like all (array(select '%' || word || '%' from unnest(string_to_array(stable.search_text(typed), ' ')) word
                                     where word <> ''))
     order by (stable.search_text(p.code) = stable.search_text(typed) or p.nip = typed) desc,
              (p.search like stable.search_text(typed) || '%') desc, p.name_sort, p.id
     limit most $$;

-- The keys of all parties that match what was typed, for the list: one that is no longer in use, too.
create or replace function code.parties_matching(typed text) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public as $$
    select p.id from parties.party p
     where code.my_employee() is not null
       and p.search like all (array(select '%' || word || '%' from unnest(string_to_array(stable.search_text(typed), ' ')) word
                                     where word <> '')) $$;
