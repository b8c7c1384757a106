select code.watch_table('organisation.company', 'one');
select code.watch_table('organisation.branch', 'id');
select code.watch_table('organisation.role', 'id');
select code.watch_table('organisation.role_permission', 'role_id');
select code.watch_table('organisation.employee', 'id');
select code.watch_table('organisation.employee_role', 'employee_id');
select code.watch_table('organisation.employee_branch', 'employee_id');
select code.watch_table('organisation.workstation', 'id');
select code.watch_table('organisation.number_series', 'id');
select code.watch_table('organisation.setting', 'key');

create or replace trigger raise_version before update on organisation.company for each row execute function code.raise_version();
create or replace trigger raise_version before update on organisation.branch for each row execute function code.raise_version();
create or replace trigger raise_version before update on organisation.role for each row execute function code.raise_version();
create or replace trigger raise_version before update on organisation.employee for each row execute function code.raise_version();
create or replace trigger raise_version before update on organisation.workstation for each row execute function code.raise_version();
create or replace trigger raise_version before update on organisation.number_series for each row execute function code.raise_version();
create or replace trigger check_series before insert or update on organisation.number_series
    for each row execute function code.check_series();
create or replace trigger enter_new_branch after insert on organisation.branch
    for each row execute function code.enter_new_branch();
