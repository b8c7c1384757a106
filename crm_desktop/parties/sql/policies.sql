-- Parties are the company's: every active employee reads them.
grant select on parties.party, parties.party_group to @employee@;
grant insert (id, kind, code, name, nip, eu_vat, street, post_code, city, country, email, phone, group_id, payment_days, notes, active),
    update (kind, code, name, nip, eu_vat, street, post_code, city, country, email, phone, group_id, payment_days, notes, active)
    on parties.party to @employee@;
grant insert (id, name), update (name), delete on parties.party_group to @employee@;

create policy seen on parties.party for select using ((select code.my_employee() is not null));
create policy made on parties.party for insert with check ((select code.allowed('parties.save_party')));
create policy changed on parties.party for update using ((select code.allowed('parties.save_party')));

create policy seen on parties.party_group for select using ((select code.my_employee() is not null));
create policy made on parties.party_group for insert with check ((select code.allowed('parties.save_group')));
create policy changed on parties.party_group for update using ((select code.allowed('parties.save_group')));
create policy removed on parties.party_group for delete using ((select code.allowed('parties.save_group')));

grant execute on function code.search_parties, code.parties_matching, code.find_parties to @employee@;
