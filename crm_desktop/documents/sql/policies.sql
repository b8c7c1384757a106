-- Documents are the branch's. The employee writes drafts; state, number, who and when are in nobody's column grants.
grant select on documents.kind, documents.document, documents.line, documents.vat_row, documents.revision, documents.line_cost
    to @employee@;
grant insert (id, code, name, name_en, method, fiscal, buyer_required, ksef, payment, series, active),
    update (code, name, name_en, method, fiscal, buyer_required, ksef, payment, series, active) on documents.kind to @employee@;
grant insert (id, kind_id, branch_id, method, issue_date, sale_date, due_date, buyer_id, buyer_name, buyer, payment, notes, currency,
              net, tax, gross),
    update (kind_id, method, issue_date, sale_date, due_date, buyer_id, buyer_name, buyer, payment, notes, currency, net, tax, gross),
    delete on documents.document to @employee@;
grant insert (document_id, position, id, branch_id, item_id, code, name, quantity, unit, price, discount, vat, negotiated, service,
              value, discount_amount, net, tax, gross), delete on documents.line to @employee@;
grant insert (document_id, vat, position, branch_id, net, tax, gross), delete on documents.vat_row to @employee@;

create policy seen on documents.kind for select using ((select code.my_employee() is not null));
create policy made on documents.kind for insert with check ((select code.allowed('documents.save_kind')));
create policy changed on documents.kind for update using ((select code.allowed('documents.save_kind')));

create policy seen on documents.document for select using (branch_id = any ((select code.my_branches())::uuid[]));
create policy made on documents.document for insert
    with check (branch_id = any ((select code.my_branches())::uuid[]) and state = 'draft' and (select code.allowed('documents.save_draft')));
create policy changed on documents.document for update
    using (branch_id = any ((select code.my_branches())::uuid[]) and state = 'draft' and (select code.allowed('documents.save_draft')));
create policy removed on documents.document for delete
    using (branch_id = any ((select code.my_branches())::uuid[]) and state = 'draft' and (select code.allowed('documents.save_draft')));

create policy seen on documents.line for select using (branch_id = any ((select code.my_branches())::uuid[]));
create policy made on documents.line for insert
    with check (branch_id = any ((select code.my_branches())::uuid[]) and (select code.allowed('documents.save_draft')));
create policy removed on documents.line for delete
    using (branch_id = any ((select code.my_branches())::uuid[]) and (select code.allowed('documents.save_draft')));

create policy seen on documents.vat_row for select using (branch_id = any ((select code.my_branches())::uuid[]));
create policy made on documents.vat_row for insert
    with check (branch_id = any ((select code.my_branches())::uuid[]) and (select code.allowed('documents.save_draft')));
create policy removed on documents.vat_row for delete
    using (branch_id = any ((select code.my_branches())::uuid[]) and (select code.allowed('documents.save_draft')));

create policy seen on documents.revision for select using (branch_id = any ((select code.my_branches())::uuid[]));
create policy seen on documents.line_cost for select
    using (branch_id = any ((select code.my_branches())::uuid[]) and (select code.allowed('catalogue.see_cost')));

grant execute on function code.issue_document, code.seal_document, code.search_documents, code.find_documents, code.document_history,
    code.expect_version to @employee@;
grant execute on function code.issue_printed, code.unseal to @employee@, @workstation@;
-- Closed periods are in nobody's grants: closing and opening a branch writes them (code.keep_period), proving reads them.
