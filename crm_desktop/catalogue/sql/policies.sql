-- Items are the company's; purchase prices only for those who may see cost.
grant select on catalogue.vat_rate, catalogue.item_group, catalogue.item, catalogue.item_unit, catalogue.purchase_price to @employee@;
grant insert (id, code, percent, valid_from, valid_to, name), update (code, percent, valid_from, valid_to, name), delete
    on catalogue.vat_rate to @employee@;
grant insert (id, parent_id, name), update (parent_id, name), delete on catalogue.item_group to @employee@;
grant insert (id, kind, code, name, group_id, vat, net_price, gross_price, unit, notes, active),
    update (kind, code, name, group_id, vat, net_price, gross_price, unit, notes, active) on catalogue.item to @employee@;
grant insert, update, delete on catalogue.item_unit to @employee@;
grant insert, update, delete on catalogue.purchase_price to @employee@;

create policy seen on catalogue.vat_rate for select using ((select code.my_employee() is not null));
create policy made on catalogue.vat_rate for insert with check ((select code.allowed('catalogue.save_rate')));
create policy changed on catalogue.vat_rate for update using ((select code.allowed('catalogue.save_rate')));
create policy removed on catalogue.vat_rate for delete using ((select code.allowed('catalogue.save_rate')));

create policy seen on catalogue.item_group for select using ((select code.my_employee() is not null));
create policy made on catalogue.item_group for insert with check ((select code.allowed('catalogue.save_group')));
create policy changed on catalogue.item_group for update using ((select code.allowed('catalogue.save_group')));
create policy removed on catalogue.item_group for delete using ((select code.allowed('catalogue.save_group')));

create policy seen on catalogue.item for select using ((select code.my_employee() is not null));
create policy made on catalogue.item for insert with check ((select code.allowed('catalogue.save_item')));
create policy changed on catalogue.item for update using ((select code.allowed('catalogue.save_item')));

create policy seen on catalogue.item_unit for select using ((select code.my_employee() is not null));
create policy made on catalogue.item_unit for insert with check ((select code.allowed('catalogue.save_item')));
create policy changed on catalogue.item_unit for update using ((select code.allowed('catalogue.save_item')));
create policy removed on catalogue.item_unit for delete using ((select code.allowed('catalogue.save_item')));

create policy seen on catalogue.purchase_price for select using ((select code.allowed('catalogue.see_cost')));
create policy made on catalogue.purchase_price for insert with check ((select code.allowed('catalogue.save_cost')));
create policy changed on catalogue.purchase_price for update using ((select code.allowed('catalogue.save_cost')));
create policy removed on catalogue.purchase_price for delete using ((select code.allowed('catalogue.save_cost')));

grant execute on function code.search_items, code.items_matching, code.find_items to @employee@;
