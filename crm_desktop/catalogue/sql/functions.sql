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

-- The search box: code and bar code exactly (4), also that of a package, then names (core/search.py, Rank). forgiving: with typing
-- errors instead. What is no longer in use comes last.
create or replace function code.find_items(typed text, most int, forgiving boolean default false) returns table (id uuid, rank int,
    kind text, code text, name text, unit text, net_price numeric, active boolean)
language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan
set pg_trgm.word_similarity_threshold = 0.45 set enable_seqscan = off as $$
#variable_conflict use_column
declare
    sought text := stable.search_text(left(typed, 100));
    words text[] := code.search_words(typed);
    patterns text[] := code.search_patterns(words);
    firsts text[] := code.search_first(words);
    scanned text := regexp_replace(left(typed, 100), '\s+', '', 'g');
    longest text;
    alike uuid[];
begin
    if code.my_employee() is null or sought = '' then return; end if;
    most := least(greatest(most, 0), 50);
    if forgiving then
        -- Two neighbours that changed places first: that is precise. Never more candidates than a moment's work.
        longest := code.search_longest(words);
        alike := array(select i.id from (select x.id, x.search from catalogue.item x
                           where x.search like any (code.search_swapped(longest)) limit 2000) i
                         where code.search_forgives(i.search, words) limit 200);
        if alike = '{}' then
            alike := array(select i.id from (select x.id, x.search from catalogue.item x
                           where x.search %> longest limit 2000) i
                         where code.search_forgives(i.search, words) limit 200);
        end if;
        return query
            select i.id, 0, i.kind, i.code, i.name, i.unit, i.net_price, i.active from catalogue.item i
             where i.id = any (alike)
             order by i.active desc, public.word_similarity(sought, i.search) desc, i.name_sort, i.id
             limit most;
        return;
    end if;
    return query
        with found as (
            select i.id, 4 as rank from catalogue.item i where i.code in (btrim(typed), upper(btrim(typed)))
            union all
            select u.item_id, 4 from catalogue.item_unit u where u.barcode = scanned
            union all
            (select u.item_id, 1 from catalogue.item_unit u where scanned ~ '^[0-9]{4,}$' and u.barcode like scanned || '%'
              order by u.barcode limit most)
            union all
            (select i.id, 3 from catalogue.item i where i.name_sort like replace(replace(replace(stable.sort_key(btrim(left(typed, 100))),
                    '\', '\\'), '%', '\%'), '_', '\_') || '%'
              order by i.name_sort, i.id limit most)
            union all
            (select i.id, code.search_rank(i.search, i.name, words, sought) from catalogue.item i
              where i.search like any (firsts) and i.search like all (patterns)
              order by i.name_sort, i.id limit 60)),
        ranked as (select f.id, max(f.rank) as rank from found f group by f.id)
        select i.id, r.rank, i.kind, i.code, i.name, i.unit, i.net_price, i.active
          from ranked r join catalogue.item i on i.id = r.id
         order by r.rank = 4 desc, i.active desc, r.rank desc, i.name_sort, i.id
         limit most;
end $$;
