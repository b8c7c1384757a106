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

-- The search box: code, NIP, EU number and phone exactly (4), then names (core/search.py, Rank). forgiving: with typing errors instead.
-- What is no longer in use comes last.
create or replace function code.find_parties(typed text, most int, forgiving boolean default false) returns table (id uuid, rank int,
    kind text, code text, name text, nip text, eu_vat text, city text, phone text, active boolean)
language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan
set pg_trgm.word_similarity_threshold = 0.45 set enable_seqscan = off as $$
#variable_conflict use_column
declare
    sought text := stable.search_text(left(typed, 100));
    words text[] := code.search_words(typed);
    patterns text[] := code.search_patterns(words);
    firsts text[] := code.search_first(words);
    number text := code.search_number(typed);
    tight text := upper(regexp_replace(left(typed, 100), '[\s.-]+', '', 'g'));
    longest text;
    alike uuid[];
begin
    if code.my_employee() is null or sought = '' then return; end if;
    most := least(greatest(most, 0), 50);
    if forgiving then
        -- Two neighbours that changed places first: that is precise. Never more candidates than a moment's work.
        longest := code.search_longest(words);
        alike := array(select p.id from (select x.id, x.search from parties.party x
                           where x.search like any (code.search_swapped(longest)) limit 2000) p
                         where code.search_forgives(p.search, words) limit 200);
        if alike = '{}' then
            alike := array(select p.id from (select x.id, x.search from parties.party x
                           where x.search %> longest limit 2000) p
                         where code.search_forgives(p.search, words) limit 200);
        end if;
        return query
            select p.id, 0, p.kind, p.code, p.name, p.nip, p.eu_vat, p.city, p.phone, p.active from parties.party p
             where p.id = any (alike)
             order by p.active desc, public.word_similarity(sought, p.search) desc, p.name_sort, p.id
             limit most;
        return;
    end if;
    return query
        with found as (
            select p.id, 4 as rank from parties.party p where p.code in (btrim(typed), upper(btrim(typed)))
            union all
            select p.id, 4 from parties.party p where number <> '' and p.nip = number
            union all
            select p.id, case when p.phone_digits = number then 4 else 1 end from parties.party p
             where length(number) >= 5 and p.phone_digits like '%' || number || '%'
            union all
            (select p.id, 3 from parties.party p where p.name_sort like replace(replace(replace(stable.sort_key(btrim(left(typed, 100))),
                    '\', '\\'), '%', '\%'), '_', '\_') || '%'
              order by p.name_sort, p.id limit most)
            union all
            (select p.id, case when p.eu_vat <> '' and p.eu_vat = tight then 4 else code.search_rank(p.search, p.name, words, sought) end
               from parties.party p
              where p.search like any (firsts) and p.search like all (patterns)
              order by p.name_sort, p.id limit 60)),
        ranked as (select f.id, max(f.rank) as rank from found f group by f.id)
        select p.id, r.rank, p.kind, p.code, p.name, p.nip, p.eu_vat, p.city, p.phone, p.active
          from ranked r join parties.party p on p.id = r.id
         order by r.rank = 4 desc, p.active desc, r.rank desc, p.name_sort, p.id
         limit most;
end $$;
