select code.watch_table('fiscal.device', 'id');
select code.watch_table('fiscal.receipt', 'id');
select code.watch_table('fiscal.receipt_print', 'receipt_id');
create or replace trigger raise_version before update on fiscal.device for each row execute function code.raise_version();
