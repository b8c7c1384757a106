select code.watch_table('parties.party', 'id');
select code.watch_table('parties.party_group', 'id');
create or replace trigger raise_version before update on parties.party for each row execute function code.raise_version();
create or replace trigger raise_version before update on parties.party_group for each row execute function code.raise_version();
