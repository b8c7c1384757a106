-- Sender and recipients, nobody else, whatever rights she has; written by the functions only.
grant select on messages.message, messages.recipient to @employee@;

create policy seen on messages.message for select using (
    sender_id = (select code.my_employee())
    or id in (select r.message_id from messages.recipient r where r.employee_id = (select code.my_employee())));
create policy seen on messages.recipient for select using (
    employee_id = (select code.my_employee()) or sender_id = (select code.my_employee()));

grant execute on function code.send_message, code.open_message to @employee@;
