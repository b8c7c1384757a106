select code.watch_table('catalogue.vat_rate', 'id');
select code.watch_table('catalogue.item_group', 'id');
select code.watch_table('catalogue.item', 'id');
select code.watch_table('catalogue.item_unit', 'item_id');
select code.watch_table('catalogue.purchase_price', 'item_id');
create or replace trigger raise_version before update on catalogue.item for each row execute function code.raise_version();
create or replace trigger raise_version before update on catalogue.item_group for each row execute function code.raise_version();
create or replace trigger raise_version before update on catalogue.vat_rate for each row execute function code.raise_version();
create or replace trigger frozen before update or delete on catalogue.vat_rate for each row execute function code.freeze_rate();
