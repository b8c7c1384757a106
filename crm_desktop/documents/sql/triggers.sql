select code.watch_table('documents.kind', 'id');
select code.watch_table('documents.document', 'id');
select code.watch_table('documents.line', 'document_id');
select code.watch_table('documents.vat_row', 'document_id');
select code.watch_table('documents.revision', 'document_id');
select code.watch_table('documents.line_cost', 'document_id');
select code.watch_table('documents.closed_period', 'branch_id');

create or replace trigger raise_version before update on documents.kind for each row execute function code.raise_version();

create or replace trigger frozen before insert or update or delete on documents.document
    for each row execute function code.freeze_document();

create or replace trigger frozen_insert after insert on documents.line referencing new table as new_rows
    for each statement execute function code.freeze_part();
create or replace trigger frozen_update after update on documents.line referencing old table as old_rows new table as new_rows
    for each statement execute function code.freeze_part();
create or replace trigger frozen_delete after delete on documents.line referencing old table as old_rows
    for each statement execute function code.freeze_part();
create or replace trigger frozen_insert after insert on documents.vat_row referencing new table as new_rows
    for each statement execute function code.freeze_part();
create or replace trigger frozen_update after update on documents.vat_row referencing old table as old_rows new table as new_rows
    for each statement execute function code.freeze_part();
create or replace trigger frozen_delete after delete on documents.vat_row referencing old table as old_rows
    for each statement execute function code.freeze_part();

create or replace trigger frozen before update or delete on documents.revision for each row execute function code.freeze_evidence();
create or replace trigger frozen before update or delete on documents.line_cost for each row execute function code.freeze_evidence();

drop trigger if exists print_has_document on fiscal.receipt;
create constraint trigger print_has_document after update on fiscal.receipt deferrable initially deferred
    for each row when (new.state = 'printed') execute function code.print_has_document();

create or replace trigger used_stays after update or delete on catalogue.vat_rate for each row execute function code.keep_used_rate();
create or replace trigger keep_period after insert or update of closed_until on organisation.branch
    for each row execute function code.keep_period();
-- Branches that were closed before there were hashes get theirs once.
select code.close_period(b.id, b.closed_until) from organisation.branch b
 where b.closed_until is not null
   and not exists (select from documents.closed_period p where p.branch_id = b.id)
   and not exists (select from documents.document d where d.branch_id = b.id and d.state = 'sealed' and d.issue_date <= b.closed_until);
