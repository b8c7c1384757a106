-- Employees see the devices and receipts of their branches; a workstation sees only those of its own devices.
grant select on fiscal.device, fiscal.receipt, fiscal.receipt_print, fiscal.lease, fiscal.journal to @employee@, @workstation@;
grant insert (id, branch_id, workstation_id, name, driver, address, rates, active),
    update (workstation_id, name, driver, address, rates, active) on fiscal.device to @employee@;

create policy seen on fiscal.device for select
    using (branch_id = any ((select code.my_branches())::uuid[]) or workstation_id = (select code.my_workstation()));
create policy made on fiscal.device for insert
    with check (branch_id = any ((select code.my_branches())::uuid[]) and (select code.allowed('fiscal.save_device')));
create policy changed on fiscal.device for update
    using (branch_id = any ((select code.my_branches())::uuid[]) and (select code.allowed('fiscal.save_device')));

create policy seen on fiscal.receipt for select
    using (branch_id = any ((select code.my_branches())::uuid[]) or device_id in (
        select d.id from fiscal.device d where d.workstation_id = (select code.my_workstation())));
create policy seen on fiscal.receipt_print for select
    using (branch_id = any ((select code.my_branches())::uuid[]) or receipt_id in (
        select r.id from fiscal.receipt r join fiscal.device d on d.id = r.device_id where d.workstation_id = (select code.my_workstation())));
create policy seen on fiscal.lease for select
    using (device_id in (select d.id from fiscal.device d));
create policy seen on fiscal.journal for select
    using (receipt_id in (select r.id from fiscal.receipt r));

grant execute on function code.hold_lease, code.release_lease, code.tell_condition, code.claim_receipt, code.take_tokens, code.write_journal,
    code.record_printed, code.record_not_printed, code.record_try_again, code.record_needs_person to @workstation@;
grant execute on function code.decide_receipt, code.withdraw_receipt, code.place_in_queue to @employee@;
