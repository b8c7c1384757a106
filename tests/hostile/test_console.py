"""ARC-06: what an operator with psql and her own login tries, and what PostgreSQL answers. Every statement in one list.

:'name' is a literal of the stage (conftest.py), as in psql. A SQLSTATE of class CR is our own: CR403 not allowed, CR409 changed
meanwhile, CR422 refused by the guard that is named after it. 02000 is success that touched and showed nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import pytest

from crm_desktop.core.errors import WrongPassword
from crm_desktop.db.connect import connect
from crm_desktop.organisation import service as organisation
from tests.hostile.conftest import Stage
from tests.support.office import PASSWORD

NOTHING = "02000"
#: A line as the program would add it; what comes after its columns is the attempt.
LINE = (
    "insert into documents.line (document_id, position, id, branch_id, item_id, code, name, quantity, unit, price, discount, vat,"
    " value, discount_amount, net, tax, gross) values (:'own_draft', "
)
NEW = (
    "insert into documents.document (id, kind_id, branch_id, method, issue_date, sale_date, due_date, buyer, payment{more}) values"
    " (gen_random_uuid(), :'kind', :'{branch}', 'net', :'today', :'today', :'today', '{{}}', 'cash'{values})"
)
RATE = "insert into catalogue.vat_rate (id, code, percent, valid_from, valid_to) values (gen_random_uuid(), "
ISSUE = "; select code.issue_document(:'own_draft', {version}, :'own_hash')"
SEAL = "select code.seal_document(:'own_draft', 1, :'own_hash', gen_random_uuid(), :'own_device', '{}')"


@dataclass(frozen=True)
class Attempt:
    """Who tries what, and the SQLSTATE, with the guard's name for CR422."""

    who: str
    what: str
    statement: str
    state: str


def _issue(what: str, spoil: str, state: str, version: int = 1) -> Attempt:
    """Issue the stored draft after something in it was spoilt."""
    return Attempt("anna", what, spoil + ISSUE.format(version=version), state)


def _seal(what: str, content: str, state: str, device: str = "own_device") -> Attempt:
    """Seal the stored draft of a receipt with something else for the printer."""
    content = content.replace(":'own_content'", ":'own_content'::jsonb", 1).replace("::jsonb::jsonb", "::jsonb")
    call = f"select code.seal_document(:'own_till_draft', 1, :'own_till_hash', gen_random_uuid(), :'{device}', {content})"
    return Attempt("anna", f"print {what}", call, state)


ATTEMPTS = (
    # Issued documents and all that belongs to them stay as they are -----------------------------------------------------
    Attempt("anna", "change an issued document", "update documents.document set notes = 'x' where id = :'own_issued'", NOTHING),
    Attempt("anna", "change its sum", "update documents.document set net = 1, tax = 0, gross = 1 where id = :'own_issued'", NOTHING),
    Attempt("anna", "change its number", "update documents.document set number = 'FS/KR/99/11/2026' where id = :'own_issued'", "42501"),
    Attempt("anna", "make it a draft again", "update documents.document set state = 'draft' where id = :'own_issued'", "42501"),
    Attempt("anna", "change who issued it", "update documents.document set issued_by = :'wanda' where id = :'own_issued'", "42501"),
    Attempt("anna", "delete it", "delete from documents.document where id = :'own_issued'", NOTHING),
    Attempt("anna", "empty the table of documents", "truncate documents.document cascade", "42501"),
    Attempt("anna", "change a line", "update documents.line set value = 0 where document_id = :'own_issued'", "42501"),
    Attempt("anna", "delete a line",
            "delete from documents.line where document_id = :'own_issued' and position = 1", "CR422 document_frozen"),
    Attempt("anna", "add a line", (LINE + "99, gen_random_uuid(), :'own_branch', :'item', 'X', 'X', 1, 'szt.', 1, 0, '23', 1, 0, 1, 0, 1)")
            .replace("own_draft", "own_issued"), "CR422 document_frozen"),
    Attempt("anna", "empty the table of lines", "truncate documents.line", "42501"),
    Attempt("anna", "change a VAT row", "update documents.vat_row set net = 0 where document_id = :'own_issued'", "42501"),
    Attempt("anna", "delete a VAT row", "delete from documents.vat_row where document_id = :'own_issued'", "CR422 document_frozen"),
    Attempt("anna", "add a VAT row", "insert into documents.vat_row (document_id, vat, position, branch_id, net, tax, gross)"
            " values (:'own_issued', '8', 9, :'own_branch', 0, 0, 0)", "CR422 document_frozen"),
    Attempt("anna", "empty the table of VAT rows", "truncate documents.vat_row", "42501"),
    Attempt("anna", "change the snapshot", "update documents.revision set content_hash = '' where document_id = :'own_issued'", "42501"),
    Attempt("anna", "delete the snapshot", "delete from documents.revision where document_id = :'own_issued'", "42501"),
    Attempt("anna", "add another snapshot",
            "insert into documents.revision (document_id, revision, branch_id, content_hash, seller, frozen_by)"
            " values (:'own_issued', 2, :'own_branch', '', '{}', :'anna')", "42501"),
    Attempt("anna", "empty the table of snapshots", "truncate documents.revision", "42501"),
    Attempt("anna", "change what a line cost", "update documents.line_cost set cost = 0", "42501"),
    Attempt("anna", "change a document that waits for its receipt",
            "update documents.document set notes = 'x' where id = :'own_sealed'", NOTHING),
    Attempt("anna", "delete a line of it", "delete from documents.line where document_id = :'own_sealed'", "CR422 document_sealed"),
    Attempt("anna", "call it a draft without proof", "select code.unseal(:'own_receipt')", "CR422 receipt_not_printed"),
    # Issuing past the function -------------------------------------------------------------------------------------------
    Attempt("anna", "insert a document as issued",
            NEW.format(branch="own_branch", more=", state, number", values=", 'issued', 'FS/KR/77/11/2026'"), "42501"),
    Attempt("anna", "insert it under a colleague's name", NEW.format(branch="own_branch", more=", made_by", values=", :'wanda'"), "42501"),
    Attempt("anna", "issue by an update", "update documents.document set state = 'issued', number = 'X' where id = :'own_draft'", "42501"),
    Attempt("anna", "issue a fiscal kind without its receipt", "update documents.document set kind_id = :'fiscal_kind', method = 'gross'"
            " where id = :'own_draft'" + ISSUE.format(version=2), "CR422 document_needs_receipt"),
    Attempt("anna", "issue what was issued", "select code.issue_document(:'own_issued', 2, :'own_hash')", "CR422 document_not_draft"),
    Attempt("anna", "issue another version than she saw", "select code.issue_document(:'own_draft', 7, :'own_hash')", "CR409"),
    Attempt("anna", "say that she saw something else", "select code.issue_document(:'own_draft', 1, '\\x00')", "CR422 content_differs"),
    # Sums that do not follow ---------------------------------------------------------------------------------------------
    _issue("totals beside the VAT rows", "update documents.document set net = net - 1, gross = gross - 1 where id = :'own_draft'",
           "CR422 totals_wrong", 2),
    _issue("less tax in the totals", "update documents.document set tax = tax - 1, net = net + 1 where id = :'own_draft'",
           "CR422 totals_wrong", 2),
    _issue("VAT rows beside the lines", "delete from documents.vat_row where document_id = :'own_draft'; insert into documents.vat_row"
           " (document_id, vat, position, branch_id, net, tax, gross) values (:'own_draft', '23', 1, :'own_branch', 1, 0.23, 1.23)",
           "CR422 vat_rows_wrong"),
    _issue("a VAT row without lines", "insert into documents.vat_row (document_id, vat, position, branch_id, net, tax, gross)"
           " values (:'own_draft', '8', 2, :'own_branch', 0, 0, 0)", "CR422 vat_rows_wrong"),
    _issue("no VAT rows", "delete from documents.vat_row where document_id = :'own_draft'", "CR422 vat_rows_wrong"),
    _issue("a line more than the VAT rows know", LINE + "9, gen_random_uuid(), :'own_branch', :'item', 'X', 'X', 1, 'szt.', 10, 0, '23',"
           " 10, 0, 10, 2.30, 12.30)", "CR422 vat_rows_wrong"),
    _issue("the tax on another line", "delete from documents.line where document_id = :'own_draft' and position = 3; " + LINE
           + "3, gen_random_uuid(), :'own_branch', :'item', 'LED-9', 'Żarówka LED 9 W', 3, 'szt.', 6.49, 0, '23', 19.47, 0, 19.47,"
            " 9, 28.47)",
           "CR422 vat_rows_wrong"),
    _issue("a value that is not price by quantity", LINE + "9, gen_random_uuid(), :'own_branch', :'item', 'X', 'X', 2, 'szt.', 10, 0, '23',"
           " 1, 0, 1, 0.23, 1.23)", "CR422 line_value_wrong"),
    _issue("a discount that is none", LINE + "9, gen_random_uuid(), :'own_branch', :'item', 'X', 'X', 2, 'szt.', 10, 0, '23',"
           " 19, 1, 19, 4.37, 23.37)", "CR422 line_value_wrong"),
    _issue("a negative price", LINE + "9, gen_random_uuid(), :'own_branch', :'item', 'X', 'X', 1, 'szt.', -10, 0, '23',"
           " -10, 0, -10, -2.30, -12.30)", "CR422 line_value_wrong"),
    _issue("a price with six decimals", LINE + "9, gen_random_uuid(), :'own_branch', :'item', 'X', 'X', 1, 'szt.', 0.000001, 0, '23',"
           " 0, 0, 0, 0, 0)", "CR422 line_value_wrong"),
    _issue("a quantity of nothing", LINE + "9, gen_random_uuid(), :'own_branch', :'item', 'X', 'X', 0, 'szt.', 10, 0, '23',"
           " 0, 0, 0, 0, 0)", "CR422 line_quantity_zero"),
    _issue("a line of no item", LINE + "9, gen_random_uuid(), :'own_branch', null, 'X', 'X', 1, 'szt.', 10, 0, '23',"
           " 10, 0, 10, 2.30, 12.30)", "CR422 line_unresolved"),
    _issue("a rate of another year", LINE + "9, gen_random_uuid(), :'own_branch', :'item', 'X', 'X', 1, 'szt.', 10, 0, '22',"
           " 10, 0, 10, 2.20, 12.20)", "CR422 vat_rate_unknown"),
    _issue("a rate of no law", LINE + "9, gen_random_uuid(), :'own_branch', :'item', 'X', 'X', 1, 'szt.', 10, 0, '4',"
           " 10, 0, 10, 0.40, 10.40)", "CR422 vat_rate_unknown"),
    _issue("no lines", "delete from documents.line where document_id = :'own_draft'", "CR422 document_empty"),
    _issue("no buyer", "update documents.document set buyer_name = '' where id = :'own_draft'", "CR422 buyer_required", 2),
    _issue("another buyer than its snapshot", "update documents.document set buyer_name = 'Kto inny' where id = :'own_draft'",
           "CR422 content_differs", 2),
    _issue("half a snapshot of the buyer", "update documents.document set buyer = '{\"name\": \"X\"}' where id = :'own_draft'", "23514", 2),
    _issue("by gross instead of net", "update documents.document set method = 'gross' where id = :'own_draft'",
            "CR422 line_value_wrong", 2),
    # What the printer is told must be what the document says.
    _seal("another sum", "jsonb_set(:'own_content', '{due}', '1')", "CR422 receipt_content_wrong"),
    _seal("another price", "jsonb_set(:'own_content', '{lines,0,price}', '1')", "CR422 receipt_content_wrong"),
    _seal("another quantity", "jsonb_set(:'own_content', '{lines,0,quantity}', '\"1\"')", "CR422 receipt_content_wrong"),
    _seal("another VAT letter", "jsonb_set(:'own_content', '{lines,0,letter}', '\"B\"')", "CR422 receipt_content_wrong"),
    _seal("another name", "jsonb_set(:'own_content', '{lines,0,name}', '\"Chleb\"')", "CR422 receipt_content_wrong"),
    _seal("a discount", "jsonb_set(:'own_content', '{lines,0,discount}', '1')", "CR422 receipt_content_wrong"),
    _seal("a line less", "jsonb_set(:'own_content', '{lines}', (:'own_content'::jsonb -> 'lines') - 0)", "CR422 receipt_content_wrong"),
    _seal("another buyer", "jsonb_set(:'own_content', '{buyer_nip}', '\"5260250274\"')", "CR422 receipt_content_wrong"),
    _seal("a bottle's deposit", "jsonb_set(:'own_content', '{deposits}', '[{}]')", "CR422 receipt_content_wrong"),
    _seal("a payment less", "jsonb_set(:'own_content', '{payments}', '[]')", "CR422 receipt_content_wrong"),
    _seal("change from nothing", "jsonb_set(:'own_content', '{change}', '500')", "CR422 receipt_content_wrong"),
    _seal("totals of another rate", "jsonb_set(:'own_content', '{totals}', '{\"B\": 4788}')", "CR422 receipt_content_wrong"),
    _seal("nothing at all", "'{}'", "CR422 receipt_content_wrong"),
    Attempt("anna", "check an old snapshot, issue the new one", "begin isolation level repeatable read; select 1"
            + ISSUE.format(version=1), "CR403"),
    # Numbers --------------------------------------------------------------------------------------------------------------
    Attempt("anna", "burn a number", "select code.next_number(:'own_series', :'today')", "42501"),
    Attempt("anna", "look at the counters", "select from organisation.number_counter", "42501"),
    Attempt("anna", "set a counter back", "update organisation.number_counter set last_number = 0", "42501"),
    Attempt("anna", "make a counter",
            "insert into organisation.number_counter values (:'own_series', '2020-01', 500, '2020-01-01')", "42501"),
    Attempt("anna", "choose another pattern",
            "update organisation.number_series set pattern = 'A{number}/{month}/{year}' where id = :'own_series'",
            NOTHING),
    Attempt("anna", "make a series of her own", "insert into organisation.number_series (id, code, branch_id, pattern, restart)"
            " values (gen_random_uuid(), 'A', :'own_branch', 'A{number}/{year}', 'year')", "42501"),
    Attempt("anna", "give a draft its number beforehand", "update documents.document set series_id = :'own_series' where id = :'own_draft'",
            "42501"),
    # Right, branch, period -------------------------------------------------------------------------------------------------
    Attempt("ola", "issue without the right", "select code.issue_document(:'own_draft', 1, :'own_hash')", "CR403"),
    Attempt("ola", "begin the operation without the right",
            "select code.begin_operation(gen_random_uuid(), 'documents.issue_invoice', '9.9')",
            "CR403"),
    Attempt("ola", "type a document without the right", NEW.format(branch="own_branch", more="", values=""), "42501"),
    Attempt("ola", "throw a colleague's draft away", "delete from documents.document where id = :'own_draft'", NOTHING),
    Attempt("ola", "seal without the right", SEAL, "CR403"),
    Attempt("anna", "issue in another branch", "select code.issue_document(:'foreign_draft', 1, :'foreign_hash')", "CR422 record_unknown"),
    Attempt("anna", "begin a document in another branch", NEW.format(branch="foreign_branch", more="", values=""), "42501"),
    Attempt("anna", "move a draft to another branch",
            "update documents.document set branch_id = :'foreign_branch' where id = :'own_draft'", "42501"),
    _seal("on another branch's printer", ":'own_content'", "CR422 record_unknown", device="foreign_device"),
    Attempt("gosia", "issue in a closed period", "select code.issue_document(:'closed_draft', 1, :'closed_hash')", "CR422 period_closed"),
    Attempt("gosia", "open the period again", "update organisation.branch set closed_until = null where id = :'closed_branch'", NOTHING),
    Attempt("zofia", "issue in a closed period, with the right to backdate", "select code.issue_document(:'late_draft', 1, :'late_hash')",
            "CR422 period_closed"),
    Attempt("anna", "issue with yesterday's date", "update documents.document set issue_date = :'yesterday' where id = :'own_draft'"
            + ISSUE.format(version=2), "CR422 content_differs"),
    # Rights and logins -----------------------------------------------------------------------------------------------------
    Attempt("anna", "give her role a right",
            "insert into organisation.role_permission values (:'operator_role', 'organisation.employ')", "42501"),
    Attempt("anna", "take a role", "insert into organisation.employee_role values (:'anna', :'administrator_role')", "42501"),
    Attempt("anna", "take a branch", "insert into organisation.employee_branch values (:'anna', :'foreign_branch')", "42501"),
    Attempt("anna", "define a role", "select code.define_role(gen_random_uuid(), 0, 'Moja', '{organisation.employ}')", "CR403"),
    Attempt("anna", "widen her own role", "select code.define_role(:'operator_role', 1, 'Operator', '{organisation.employ}')", "CR403"),
    Attempt("anna", "assign herself", "select code.assign(:'anna', 1, 'Anna', array[:'administrator_role']::uuid[], '{}')", "CR403"),
    Attempt("szef", "assign herself, with the right to assign others",
            "select code.assign(:'szef', 1, 'Ewa', '{}', '{}')", "CR422 not_yourself"),
    Attempt("szef", "change the role that she holds", "select code.define_role(:'administrator_role', 1, 'X', '{}')", "CR422 not_yourself"),
    Attempt("anna", "employ somebody", "select code.employ(gen_random_uuid(), 'eve', 'Eve', 'x', '{}', '{}')", "CR403"),
    Attempt("szef", "employ somebody as the owner of everything",
            "select code.employ(gen_random_uuid(), 'owner', 'Eve', 'SCRAM-SHA-256$4096:"
            "c2FsdHNhbHRzYWx0c2FsdA==$c3RvcmVk:c2VydmVy', '{}', '{}')", "CR422 login_taken"),
    Attempt("anna", "set a colleague's password", "select code.set_password(:'szef', 'x')", "CR403"),
    Attempt("anna", "give a till another secret", "select code.renew_secret(:'own_till', 'SCRAM-SHA-256$4096:"
            "c2FsdHNhbHRzYWx0c2FsdA==$c3RvcmVk:c2VydmVy')", "CR403"),
    Attempt("szef", "give a till a plain secret", "select code.renew_secret(:'own_till', 'sekret')", "CR403"),
    Attempt("szef", "give an employee's login a till's secret", "select code.renew_secret(:'anna', 'SCRAM-SHA-256$4096:"
            "c2FsdHNhbHRzYWx0c2FsdA==$c3RvcmVk:c2VydmVy')", "CR422 record_unknown"),
    Attempt("kasa1", "a till gives itself another secret", "select code.renew_secret(:'own_till', 'x')", "42501"),
    Attempt("anna", "end a colleague's connections", "select code.end_connections('x')", "42501"),
    Attempt("anna", "make a login", "select code.make_login('x', 'y', 'z')", "42501"),
    Attempt("anna", "close a login", "select code.close_login('x')", "42501"),
    Attempt("anna", "dismiss a colleague", "select code.dismiss(:'szef')", "CR403"),
    Attempt("anna", "become an employee again", "update organisation.employee set active = true", "42501"),
    Attempt("anna", "change a setting of the company",
            "insert into organisation.setting values ('catalogue.merge_lines', 'company', '', 'true')",
            "42501"),
    Attempt("anna", "define a kind of document", "update documents.kind set fiscal = false", NOTHING),
    Attempt("anna", "change a VAT rate", "update catalogue.vat_rate set percent = 0", NOTHING),
    Attempt("anna", "end a VAT rate", "update catalogue.vat_rate set valid_to = :'today'", NOTHING),
    Attempt("anna", "remove a VAT rate", "delete from catalogue.vat_rate", NOTHING),
    Attempt("anna", "add a VAT rate", RATE + "'4', 4, :'today', null)", "42501"),
    Attempt("szef", "lower a VAT rate that holds", "update catalogue.vat_rate set percent = 8 where code = '23'", "CR422 vat_rate_begun"),
    Attempt("szef", "rename a VAT rate that holds", "update catalogue.vat_rate set name = 'x' where code = 'zw'", "CR422 vat_rate_begun"),
    Attempt("szef", "have a VAT rate begin today", "update catalogue.vat_rate set valid_from = :'today' where code = '23'",
            "CR422 vat_rate_begun"),
    Attempt("szef", "end a VAT rate yesterday", "update catalogue.vat_rate set valid_to = :'yesterday' where code = '23'",
            "CR422 vat_rate_end_past"),
    Attempt("szef", "take a VAT rate back that is over", "update catalogue.vat_rate set valid_to = null where code = '22'",
            "CR422 vat_rate_over"),
    Attempt("szef", "remove a VAT rate that holds", "delete from catalogue.vat_rate where code = '23'", "CR422 vat_rate_begun"),
    Attempt("szef", "have two per cents for one day", RATE + "'23', 23, :'today', null)", "23P01"),
    Attempt("szef", "call 4 per cent “23”", RATE + "'23', 4, '2009-01-01', '2009-12-31')", "23514"),
    Attempt("szef", "tax what is exempt", RATE + "'oo', 23, :'today', null)", "23514"),
    Attempt("szef", "call a VAT rate as no law does", RATE + "'23a', 23, :'today', null)", "23514"),
    Attempt("szef", "end a VAT rate before it begins", RATE + "'4', 4, :'today', :'yesterday')", "23514"),
    Attempt("szef", "name a VAT rate by a picture", "insert into catalogue.vat_rate (id, code, percent, valid_from, name) values"
            " (gen_random_uuid(), '4', 4, :'today', '💡')", "23514"),
    Attempt("szef", "choose the version of a VAT rate", "update catalogue.vat_rate set version = 9", "42501"),
    Attempt("anna", "become the owner", "set role crm_template_owner", "42501"),
    Attempt("anna", "become the keeper of logins", "set role crm_template_keeper", "42501"),
    Attempt("anna", "become a colleague", "set session authorization crm_template_szef", "42501"),
    Attempt("anna", "make herself a superuser", "alter role current_user superuser", "42501"),
    Attempt("anna", "make a role", "create role eve login", "42501"),
    Attempt("anna", "join the owner", "grant crm_template_owner to crm_template_anna", "42501"),
    Attempt("anna", "take a table for herself", "alter table documents.document owner to crm_template_anna", "42501"),
    Attempt("anna", "grant herself a column", "grant update (number) on documents.document to crm_template_anna", NOTHING),
    # Another branch ---------------------------------------------------------------------------------------------------------
    Attempt("anna", "prove the data of the whole company", "select code.prove('documents.lines', 10)", "CR403"),
    Attempt("anna", "ask an invariant past its guard", "select code.prove_documents_lines()", "42501"),
    Attempt("anna", "read the hashes of closed periods", "select from documents.closed_period", "42501"),
    Attempt("szef", "write the hash of a closed period", "update documents.closed_period set content_hash = ''", "42501"),
    Attempt("szef", "close a period past its trigger", "select code.close_period(:'own_branch', null)", "42501"),
    Attempt("szef", "prove what is no invariant", "select code.prove('documents.lines(); drop table documents.line', 1)",
            "CR422 record_unknown"),
    Attempt("anna", "read its documents", "select from documents.document where branch_id = :'foreign_branch'", NOTHING),
    Attempt("anna", "read its lines", "select from documents.line where branch_id = :'foreign_branch'", NOTHING),
    Attempt("anna", "read its VAT rows", "select from documents.vat_row where branch_id = :'foreign_branch'", NOTHING),
    Attempt("anna", "read its snapshots", "select from documents.revision where branch_id = :'foreign_branch'", NOTHING),
    Attempt("anna", "read its receipts", "select from fiscal.receipt where branch_id = :'foreign_branch'", NOTHING),
    Attempt("anna", "read its prints", "select from fiscal.receipt_print where branch_id = :'foreign_branch'", NOTHING),
    Attempt("anna", "read its printers", "select from fiscal.device where id = :'foreign_device'", NOTHING),
    Attempt("anna", "read its journal", "select from fiscal.journal where receipt_id = :'foreign_printed_receipt'", NOTHING),
    Attempt("anna", "read its series", "select from organisation.number_series where id = :'foreign_series'", NOTHING),
    Attempt("anna", "read what things cost", "select from documents.line_cost", NOTHING),
    Attempt("anna", "read purchase prices", "select from catalogue.purchase_price", NOTHING),
    Attempt("anna", "read by a view of the planner", "select from pg_stats where schemaname in ('documents', 'fiscal')", NOTHING),
    Attempt("anna", "read the planner's own table", "select from pg_statistic", "42501"),
    Attempt("anna", "read by the search", "select from code.search_documents(:'foreign_number')", NOTHING),
    Attempt("anna", "read by the search's wildcard", "select from code.search_documents('%') s where s = :'foreign_issued'", NOTHING),
    Attempt("anna", "read by the search box", "select from code.find_documents(:'foreign_number', 50)", NOTHING),
    Attempt("anna", "read by the search box's guess", "select from code.find_documents(:'foreign_number', 50, true)", NOTHING),
    Attempt("anna", "read by the search box's wildcards", "select from code.find_documents('%', 50) union all"
            " select from code.find_documents('_', 50) union all select from code.find_documents('\\', 50)", NOTHING),
    Attempt("anna", "read by the search box's buyers", "select from code.find_documents('volt', 50) f where f.id::text in"
            " (:'foreign_issued', :'foreign_draft')", NOTHING),
    Attempt("anna", "read by the search box's tax numbers", "select from code.find_documents('5260250274', 50) f"
            " where f.number = :'foreign_number'", NOTHING),
    Attempt("anna", "read by more answers than there are", "select from code.find_documents('fs', 2147483647) f"
            " where f.number = :'foreign_number'", NOTHING),
    Attempt("anna", "read by an error of the search box", "select from code.find_documents(:'foreign_number', 50) f"
            " where 1 / (f.gross - f.gross) > 0", NOTHING),
    Attempt("anna", "read by a number of answers below zero", "select from code.find_documents(:'foreign_number', -1)", NOTHING),
    Attempt("anna", "ask the search's own parts", "select code.search_words('volt')", "42501"),
    Attempt("anna", "read a document's history", "select from code.document_history(:'foreign_issued')", NOTHING),
    Attempt("anna", "read a place in its queue", "select from code.place_in_queue(:'foreign_receipt') p where p is not null", NOTHING),
    Attempt("anna", "read a number by issuing again", "select code.issue_printed(:'foreign_printed_receipt')", "CR422 receipt_not_printed"),
    Attempt("anna", "read a state by calling it a draft", "select code.unseal(:'foreign_receipt')", "CR422 receipt_not_printed"),
    Attempt("anna", "read a version", "select code.expect_version(:'foreign_draft', 1)", "CR409"),
    Attempt("anna", "read by a division by zero",
            "select from documents.document where branch_id = :'foreign_branch' and 1 / (gross - gross) > 0",
            NOTHING),
    Attempt("anna", "read by an error's text",
            "select from documents.document where branch_id = :'foreign_branch' and number::int = 1", NOTHING),
    Attempt("anna", "read by a clash of keys",
            LINE.replace("own_draft", "foreign_issued") + "1, gen_random_uuid(), :'own_branch', :'item', 'X', 'X',"
            " 1, 'szt.', 1, 0, '23', 1, 0, 1, 0.23, 1.23)", "23503"),
    Attempt("anna", "the same without such a document",
            LINE.replace(":'own_draft'", "gen_random_uuid()") + "1, gen_random_uuid(), :'own_branch',"
            " :'item', 'X', 'X', 1, 'szt.', 1, 0, '23', 1, 0, 1, 0.23, 1.23)", "23503"),
    Attempt("anna", "read by a foreign key",
            LINE.replace("own_draft", "foreign_draft") + "9, gen_random_uuid(), :'foreign_branch', :'item', 'X',"
            " 'X', 1, 'szt.', 1, 0, '23', 1, 0, 1, 0.23, 1.23)", "42501"),
    Attempt("anna", "write over it",
            "insert into documents.document (id, kind_id, branch_id, method, issue_date, sale_date, due_date, buyer,"
            " payment) select :'foreign_draft', :'kind', :'own_branch', 'net', :'today', :'today', :'today', buyer, 'cash' from"
            " documents.document where id = :'own_draft' on conflict (id) do update set notes = 'x'", "42501"),
    Attempt("anna", "take its receipt back", "select code.withdraw_receipt(:'foreign_receipt')", "CR422 record_unknown"),
    Attempt("kasa1", "a till reads documents", "select from documents.document", "42501"),
    Attempt("kasa1", "a till reads the receipts of another till", "select from fiscal.receipt where id = :'foreign_receipt'", NOTHING),
    Attempt("kasa1", "a till serves another till's printer", "select code.hold_lease(:'foreign_device', gen_random_uuid())",
            "CR422 receipt_not_yours"),
    # Messages of others, and messages in another's name -----------------------------------------------------------------
    Attempt("anna", "read a message that is not for her", "select from messages.message where id = :'foreign_message'", NOTHING),
    Attempt("anna", "read who has opened it", "select from messages.recipient where message_id = :'foreign_message'", NOTHING),
    Attempt("zofia", "read messages with more rights", "select from messages.message", NOTHING),
    Attempt("anna", "write in a colleague's name", "insert into messages.message (id, sender_id, recipients, text) values"
            " (gen_random_uuid(), :'szef', 'Wanda', 'Zwolnij Annę')", "42501"),
    Attempt("anna", "put it into a colleague's box",
            "insert into messages.recipient (message_id, employee_id, sender_id) values (:'foreign_message', :'anna', :'szef')", "42501"),
    Attempt("szef", "send it at another time", "update messages.message set sent_at = now() - interval '1 day'", "42501"),
    Attempt("szef", "change what she wrote", "update messages.message set text = 'x'", "42501"),
    Attempt("szef", "take a message back", "delete from messages.message", "42501"),
    Attempt("wanda", "say that she never opened it", "update messages.recipient set read_at = null", "42501"),
    Attempt("anna", "answer what she never saw", "select code.send_message(gen_random_uuid(), array[:'szef'::uuid], '{}', 'x', '', null,"
            " '', :'foreign_message', false)", "CR422 message_unknown"),
    Attempt("anna", "reach everybody who got it", "select code.send_message(gen_random_uuid(), '{}', '{}', 'x', '', null,"
            " '', :'foreign_message', true)", "CR422 message_unknown"),
    Attempt("anna", "write to somebody who left", "select code.send_message(gen_random_uuid(), array[:'kinga'::uuid], '{}', 'x', '', null,"
            " '', null, false)", "CR422 message_to_stranger"),
    Attempt("anna", "write to nobody", "select code.send_message(gen_random_uuid(), '{}', '{}', 'x', '', null, '', null, false)",
            "CR422 message_to_nobody"),
    Attempt("anna", "write nothing", "select code.send_message(gen_random_uuid(), array[:'szef'::uuid], '{}', ' ', '', null, '', null,"
            " false)", "23514"),
    Attempt("anna", "open a colleague's message",
            "select code.open_message(:'foreign_message'); select from messages.message where id = :'foreign_message'", NOTHING),
    Attempt("kasa1", "a till reads messages", "select from messages.message", "42501"),
    Attempt("kasa1", "a till writes one", "select code.send_message(gen_random_uuid(), array[:'szef'::uuid], '{}', 'x', '', null, '',"
            " null, false)", "42501"),
    Attempt("kinga", "write a message after her dismissal", "select code.send_message(gen_random_uuid(), array[:'szef'::uuid], '{}',"
            " 'x', '', null, '', null, false)", "CR403"),
    # Who is there, and who waits for whom ---------------------------------------------------------------------------------
    Attempt("anna", "look at the sessions of others", "select from code.list_sessions()", "CR403"),
    Attempt("anna", "look at them past the guard", "select from code.look_at_sessions()", "42501"),
    Attempt("anna", "end a colleague's session",
            "select code.end_session(pid, backend_start, 'terminate') from pg_stat_activity where usename <> session_user", "CR403"),
    Attempt("anna", "end any session", "select code.end_session(1, now(), 'terminate')", "CR403"),
    Attempt("anna", "end one past the guard", "select code.signal_session(1, true)", "42501"),
    Attempt("szef", "end one past the guard", "select code.signal_session(1, true)", "42501"),
    Attempt("szef", "end her own connection", "select code.end_session(pid, began, 'terminate') from code.list_sessions() where mine",
            "CR422 session_yours"),
    Attempt("szef", "end a session that is not there", "select code.end_session(0, now(), 'terminate')", "CR422 session_gone"),
    Attempt("szef", "end a session by what nobody knows", "select code.end_session(pid, began, 'kill') from code.list_sessions()",
            "CR422 record_unknown"),
    Attempt("kasa1", "a till says that it has a record open", "select code.show_open(:'own_draft')", "42501"),
    Attempt("kinga", "say that she is there", "select code.show_open(:'own_draft')", "CR403"),
    Attempt("kinga", "ask who is there", "select from code.who_has_open(array[:'own_draft'::uuid])", NOTHING),
    # Audit and guards -------------------------------------------------------------------------------------------------------
    Attempt("anna", "read the audit", "select from audit.entry", "42501"),
    Attempt("anna", "alter the audit", "update audit.entry set role = 'wanda'", "42501"),
    Attempt("anna", "delete the audit", "delete from audit.entry_default", "42501"),
    Attempt("anna", "add to the audit",
            "insert into audit.entry (operation, table_name, act, row_id) values ('x', 'x', 'x', 'x')", "42501"),
    Attempt("anna", "read other people's operations", "select from meta.operation", "42501"),
    Attempt("anna", "disable a trigger", "alter table documents.document disable trigger all", "42501"),
    Attempt("anna", "drop a trigger", "drop trigger frozen on documents.document", "42501"),
    Attempt("anna", "add a trigger", "create trigger mine before insert on documents.document for each row execute function"
            " code.raise_version()", "42501"),
    Attempt("anna", "replace a guard", "create or replace function code.allowed(wanted text) returns boolean language sql as 'select true'",
            "42501"),
    Attempt("anna", "replica", "set session_replication_role = replica", "42501"),
    Attempt("anna", "no row security", "alter table documents.document disable row level security", "42501"),
    Attempt("anna", "row security off", "set row_security = off; select from documents.document", "42501"),
    Attempt("anna", "a policy of her own", "create policy mine on documents.document using (true)", "42501"),
    Attempt("anna", "drop a policy", "drop policy seen on documents.document", "42501"),
    Attempt("anna", "drop a constraint", "alter table documents.document drop constraint document_sums", "42501"),
    Attempt("anna", "a schema of her own, before ours", "create schema mine", "42501"),
    Attempt("anna", "a table of her own, before ours", "create temporary table employee (id uuid)", "42501"),
    Attempt("anna", "a function of her own in public", "create function public.now() returns int language sql as 'select 1'", "42501"),
    Attempt("anna", "a program of the server", "copy documents.document from program 'id'", "42501"),
    Attempt("anna", "a file of the server", "select pg_read_file('postgresql.conf')", "42501"),
    Attempt("anna", "end a colleague's work", "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres'", "42501"),
    # Receipts ---------------------------------------------------------------------------------------------------------------
    Attempt("anna", "mark a receipt printed", "update fiscal.receipt set state = 'printed' where id = :'own_receipt'", "42501"),
    Attempt("anna", "report a print", "select code.record_printed(:'own_device', gen_random_uuid(), 1, :'own_receipt', '', 1, 1, 1,"
            " now()::timestamp, '{}')", "42501"),
    Attempt("anna", "add a print", "insert into fiscal.receipt_print select * from fiscal.receipt_print", "42501"),
    Attempt("anna", "decide that it was printed",
            "select code.decide_receipt(:'own_receipt', true, 'ZBF 1', 1, 1, now()::timestamp, 'bo tak')",
            "CR403"),
    Attempt("anna", "issue its document at once", "select code.issue_printed(:'own_receipt')", "CR422 receipt_not_printed"),
    Attempt("anna", "change what waits to be printed", "update fiscal.receipt set content = '{}' where id = :'own_receipt'", "42501"),
    Attempt("anna", "throw a receipt away", "delete from fiscal.receipt where id = :'own_receipt'", "42501"),
    Attempt("anna", "change the journal", "delete from fiscal.journal", "42501"),
    Attempt("anna", "read the queue", "select from jobs.job", "42501"),
    Attempt("anna", "take the printer", "select code.hold_lease(:'own_device', gen_random_uuid())", "42501"),
    Attempt("kasa1", "a till issues without a print", "select code.issue_printed(:'own_receipt')", "CR422 receipt_not_printed"),
    Attempt("kasa1", "a till reports what it did not begin",
            "select code.record_printed(:'own_device', gen_random_uuid(), 1, :'own_receipt', '',"
            " 1, 1, 1, now()::timestamp, '{}')", "CR422 lease_lost"),
    Attempt("kasa1", "a till seals", SEAL, "42501"),
    # Dismissed, over a connection that is still there -----------------------------------------------------------------------
    Attempt("kinga", "enter", "select code.enter('9.9')", "CR403"),
    Attempt("kinga", "begin an operation", "select code.begin_operation(gen_random_uuid(), 'x', '9.9')", "CR403"),
    Attempt("kinga", "issue", "select code.issue_document(:'own_draft', 1, :'own_hash')", "CR403"),
    Attempt("kinga", "seal", SEAL, "CR403"),
    Attempt("kinga", "take a receipt back", "select code.withdraw_receipt(:'own_receipt')", "CR403"),
    Attempt("kinga", "decide a receipt", "select code.decide_receipt(:'own_receipt', false, '', 1, 1, null, 'bo tak')", "CR403"),
    Attempt("kinga", "type a document", NEW.format(branch="own_branch", more="", values=""), "42501"),
    Attempt("kinga", "change a draft", "update documents.document set notes = 'x' where id = :'own_draft'", NOTHING),
    Attempt("kinga", "delete the lines of a draft", "delete from documents.line where document_id = :'own_draft'", NOTHING),
    Attempt("kinga", "add a party",
            "insert into parties.party (id, kind, code, name) values (gen_random_uuid(), 'company', 'X', 'X')", "42501"),
    Attempt("kinga", "keep a setting", "insert into organisation.setting values ('ui.theme', 'employee', :'kinga', '1')", "42501"),
    Attempt("kinga", "keep a place of her desk", "insert into organisation.workspace values (:'kinga', 'x', 'x')", "42501"),
    Attempt("kinga", "look for parties", "select from code.search_parties('volt', 9)", NOTHING),
    Attempt("kinga", "look for items", "select from code.search_items('led', 9)", NOTHING),
    Attempt("kinga", "look for documents", "select from code.search_documents('')", NOTHING),
    Attempt("kinga", "ask the search box for parties", "select from code.find_parties('volt', 9)", NOTHING),
    Attempt("kinga", "ask it for similar parties", "select from code.find_parties('vlot', 9, true)", NOTHING),
    Attempt("kinga", "ask it for items", "select from code.find_items('5901234123457', 9)", NOTHING),
    Attempt("kinga", "ask it for similar items", "select from code.find_items('zarwoka', 9, true)", NOTHING),
    Attempt("kinga", "ask it for documents", "select from code.find_documents('volt', 9)", NOTHING),
    Attempt("kasa1", "ask the search box for documents", "select from code.find_documents('volt', 9)", "42501"),
    Attempt("kasa1", "ask the search box for parties", "select from code.find_parties('volt', 9)", "42501"),
    Attempt("kinga", "a new password for herself", "select code.set_password(:'kinga', 'x')", "CR403"),
    Attempt("kinga", "issue what was printed", "select code.issue_printed(:'own_printed_receipt')", "CR422 receipt_not_printed"),
)  # fmt: skip


def answer(connection: psycopg.Connection[Any], statement: str) -> str:
    """The SQLSTATE of a statement (of several: of the first that fails, else of the last), and the guard of a CR422."""
    try:
        cursor = connection.execute(statement)  # type: ignore[call-overload]
    except psycopg.Error as error:
        state = error.sqlstate or "none"
        return f"{state} {error.diag.constraint_name}" if state == "CR422" else state
    while cursor.nextset():
        pass
    touched = cursor.rowcount if cursor.rowcount >= 0 else 0
    return "00000" if touched else NOTHING


#: What guards the rows: grants, policies, triggers, functions, constraints.
GUARDS = {
    "tables": "(select oid, relowner, relacl, relrowsecurity from pg_class where relkind in ('r', 'p', 'v'))",
    "columns": "(select attrelid, attname, attacl from pg_attribute where attnum > 0)",
    "policies": "pg_policy",
    "triggers": "pg_trigger",
    "functions": "(select oid, prosrc, proacl, proowner from pg_proc)",
    "constraints": "(select oid, conname from pg_constraint)",
}


def picture(stage: Stage) -> str:
    """A fingerprint of every row of every table of business, and of every role."""
    with stage.owner() as owner:
        tables = owner.execute(
            "select oid::regclass::text from pg_class where relkind = 'r' and not relispartition"
            " and relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema')"
        ).fetchall()
        parts = [f"select '{table}', md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {table} t" for (table,) in tables]
        parts += [f"select '{name}', md5(string_agg(r::text, '|' order by r::text)) from {source} r" for name, source in GUARDS.items()]
        # Roles belong to the whole server, where other tests work too.
        people = ", ".join(f"'{stage.role(person)}'" for person in ("anna", "wanda", "szef", *stage.logins))
        parts.append(f"select 'roles', md5(string_agg(r::text, '|' order by r::text)) from pg_roles r where rolname in ({people})")
        parts.append(
            "select 'members', md5(string_agg(m.roleid || ' ' || m.member, '|' order by m.roleid, m.member)) from pg_auth_members m"
            f" join pg_roles r on r.oid = m.member where r.rolname in ({people})"
        )
        rows = owner.execute(" union all ".join(parts)).fetchall()  # type: ignore[call-overload]
    return "\n".join(sorted(" ".join(map(str, row)) for row in rows))


@pytest.fixture
def untouched(stage: Stage) -> Iterator[None]:
    """Nothing in the database has changed when the test ends."""
    before = stage.picture = stage.picture or picture(stage)
    yield
    stage.picture = picture(stage)
    assert stage.picture == before


def test_there_are_enough_attempts() -> None:
    assert len(ATTEMPTS) >= 40
    assert len({(attempt.who, attempt.what) for attempt in ATTEMPTS}) == len(ATTEMPTS)


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: f"{attempt.who}: {attempt.what}")
def test_the_database_refuses(stage: Stage, untouched: None, attempt: Attempt) -> None:
    """ARC-06, NBR-08: with her own login, over a plain connection, committing what succeeds."""
    with connect(stage.office.profile, stage.role(attempt.who), PASSWORD) as console:
        assert answer(console, stage.sql(attempt.statement)) == attempt.state


def test_a_dismissed_employee_sees_no_row_of_any_table(stage: Stage, untouched: None) -> None:
    """NBR-08: whatever a table holds; the list is the catalog's."""
    with connect(stage.office.profile, stage.role("kinga"), PASSWORD) as console:
        readable = console.execute(
            "select oid::regclass::text from pg_class where relkind in ('r', 'p', 'v', 'm') and has_table_privilege(oid, 'select')"
            " and relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema')"
        ).fetchall()
        assert len(readable) >= 20
        assert {table: answer(console, f"select from {table}") for (table,) in readable} == {table: NOTHING for (table,) in readable}


def test_a_connection_that_was_open_when_she_was_dismissed_ends(stage: Stage) -> None:
    """NBR-08: at once, and she does not come in again."""
    boss = stage.office.enter("szef")
    try:
        with connect(stage.office.profile, stage.role("rita"), PASSWORD) as console:
            assert answer(console, "select from documents.document") == "00000"
            boss.change(organisation.dismiss, UUID(stage.names["rita"]))
            assert answer(console, "select from documents.document") == "57P01"
        with pytest.raises(WrongPassword):
            connect(stage.office.profile, stage.role("rita"), PASSWORD)
    finally:
        stage.picture = ""
        boss.close()


def test_what_she_may_do_works(stage: Stage) -> None:
    """The same draft, unspoilt, is issued: the attempts above were refused for what was spoilt in them."""
    with connect(stage.office.profile, stage.role("anna"), PASSWORD) as console, console.transaction(force_rollback=True):
        assert answer(console, stage.sql("select code.issue_document(:'own_draft', 1, :'own_hash')")) == "00000"


def test_a_hash_of_an_old_snapshot_issues_nothing_new(stage: Stage, untouched: None) -> None:
    """ARC-06: a line added from a second connection is not slipped into a document that an older snapshot proved right."""
    line = LINE + "9, gen_random_uuid(), :'own_branch', :'item', 'X', 'X', 1, 'szt.', 10, 0, '23', 10, 0, 10, 2.30, 12.30)"
    role = stage.role("anna")
    with connect(stage.office.profile, role, PASSWORD) as first, connect(stage.office.profile, role, PASSWORD) as second:
        for level in ("repeatable read", "serializable"):
            first.execute(f"begin isolation level {level}")  # type: ignore[call-overload]
            first.execute("select 1")
            assert answer(second, stage.sql(line)) == "00000"
            issue = stage.sql("select code.issue_document(:'own_draft', 1, :'own_hash')")
            assert answer(first, issue) == "CR403"
            first.rollback()
            assert answer(first, issue) == "CR422 vat_rows_wrong"
            assert answer(second, stage.sql("delete from documents.line where document_id = :'own_draft' and position = 9")) == "00000"
