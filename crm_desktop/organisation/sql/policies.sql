-- Company-wide facts: every active employee reads them, those with the right write them.
-- A policy compares with a value computed once a statement, never with a function of the row.
grant select on organisation.company, organisation.branch, organisation.role, organisation.role_permission, organisation.employee,
    organisation.employee_role, organisation.employee_branch, organisation.workstation, organisation.number_series,
    organisation.setting to @employee@;
grant select on organisation.company, organisation.branch, organisation.workstation to @workstation@;
grant insert (one, name, nip, street, post_code, city, iban, ksef_from), update (name, nip, street, post_code, city, iban, ksef_from)
    on organisation.company to @employee@;
grant insert (id, code, name, street, post_code, city, closed_until, active),
    update (code, name, street, post_code, city, closed_until, active) on organisation.branch to @employee@;
grant insert (id, code, branch_id, pattern, restart, legal), update (code, pattern, restart, legal)
    on organisation.number_series to @employee@;
grant insert, update, delete on organisation.setting to @employee@;
grant select, insert, update, delete on organisation.workspace to @employee@;

create policy seen on organisation.company for select using ((select code.my_employee() is not null or code.my_workstation() is not null));
create policy changed on organisation.company for update using ((select code.allowed('organisation.save_company')));

create policy seen on organisation.branch for select using ((select code.my_employee() is not null or code.my_workstation() is not null));
create policy made on organisation.branch for insert with check ((select code.allowed('organisation.save_branch')));
create policy changed on organisation.branch for update
    using (id = any ((select code.my_branches())::uuid[]) and (select code.allowed('organisation.save_branch')));

create policy seen on organisation.role for select using ((select code.my_employee() is not null));
create policy seen on organisation.role_permission for select using ((select code.my_employee() is not null));
create policy seen on organisation.employee for select using ((select code.my_employee() is not null));
create policy seen on organisation.employee_role for select using ((select code.my_employee() is not null));
create policy seen on organisation.employee_branch for select using ((select code.my_employee() is not null));

create policy seen on organisation.workstation for select
    using (branch_id = any ((select code.my_branches())::uuid[]) or id = (select code.my_workstation()));

create policy seen on organisation.number_series for select using (branch_id = any ((select code.my_branches())::uuid[]));
create policy made on organisation.number_series for insert
    with check (branch_id = any ((select code.my_branches())::uuid[]) and (select code.allowed('organisation.save_series')));
create policy changed on organisation.number_series for update
    using (branch_id = any ((select code.my_branches())::uuid[]) and (select code.allowed('organisation.save_series')));

create policy seen on organisation.setting for select using ((select code.my_employee() is not null));
create policy made on organisation.setting for insert with check (
    (select code.allowed('organisation.save_setting')) or scope = 'employee' and scope_id = (select code.my_employee()::text));
create policy changed on organisation.setting for update using (
    (select code.allowed('organisation.save_setting')) or scope = 'employee' and scope_id = (select code.my_employee()::text));
create policy removed on organisation.setting for delete using (
    (select code.allowed('organisation.save_setting')) or scope = 'employee' and scope_id = (select code.my_employee()::text));

create policy own on organisation.workspace using (employee_id = (select code.my_employee()))
    with check (employee_id = (select code.my_employee()));

-- The counters are read and moved by code.next_number only.
grant execute on function code.enter, code.begin_operation, code.take_turn, code.finish_operation, code.clock, code.my_employee, code.my_branches,
    code.my_workstation, code.allowed to @employee@, @workstation@;
grant execute on function code.employ, code.assign, code.dismiss, code.set_password, code.define_role, code.install_workstation,
    code.renew_secret, code.remove_workstation, code.prove, code.stop_proof, code.show_open, code.hide_open, code.who_has_open, code.last_saved,
    code.list_sessions, code.end_session to @employee@;
