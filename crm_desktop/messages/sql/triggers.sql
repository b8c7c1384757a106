create or replace trigger announce_insert after insert on messages.recipient referencing new table as new_rows
    for each statement execute function code.announce_message();
create or replace trigger announce_update after update on messages.recipient referencing new table as new_rows
    for each statement execute function code.announce_message();
create or replace trigger not_emptied before truncate on messages.message for each statement execute function code.refuse_truncate();
create or replace trigger not_emptied before truncate on messages.recipient for each statement execute function code.refuse_truncate();
