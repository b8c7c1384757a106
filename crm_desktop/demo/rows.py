"""What the demo company consists of, as rows: exactly what the guarded functions of the database would have stored."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg

from crm_desktop.catalogue.rules.model import ItemGroup, ItemKind
from crm_desktop.db.rows import to_json
from crm_desktop.demo.goods import Stocked
from crm_desktop.demo.load import copy
from crm_desktop.demo.sales import Print, Sale
from crm_desktop.demo.staff import Staff
from crm_desktop.documents.rules.content import content_hash
from crm_desktop.documents.rules.model import Draft, Seller, State, Totals
from crm_desktop.fiscal.rules.recovery import Finding, Verdict
from crm_desktop.organisation.rules.model import Employee
from crm_desktop.parties.rules.model import Party, PartyGroup

_DOCUMENT = (
    "id kind_id branch_id method issue_date sale_date due_date buyer_id buyer_name buyer payment notes currency net tax gross"
    " state number series_id revision delivery issued_at issued_by made_by version"
)
_LINE = (
    "document_id revision position id branch_id item_id code name quantity unit price discount vat negotiated service"
    " value discount_amount net tax gross"
)
#: The printer answers some seconds after the receipt was sealed.
_PRINTING = timedelta(seconds=4)


def load_catalogue(connection: psycopg.Connection[Any], tree: Iterable[ItemGroup], goods: Sequence[Stocked]) -> None:
    """Groups, items, units, purchase prices."""
    copy(connection, "catalogue.item_group", "id parent_id name", ((group.id, group.parent_id, group.name) for group in tree))
    copy(
        connection,
        "catalogue.item",
        "id kind code name group_id vat net_price gross_price unit",
        ((i.id, i.kind, i.code, i.name, i.group_id, i.vat, i.net_price, i.gross_price, i.units[0].name) for i in (s.item for s in goods)),
    )
    copy(
        connection,
        "catalogue.item_unit",
        "id item_id name factor barcode",
        ((unit.id, s.item.id, unit.name, unit.factor, unit.barcode or None) for s in goods for unit in s.item.units),
    )
    copy(
        connection,
        "catalogue.purchase_price",
        "item_id valid_from price",
        ((s.item.id, day, price) for s in goods for day, price in s.costs),
    )


def load_parties(connection: psycopg.Connection[Any], groups: Iterable[PartyGroup], parties: Iterable[Party]) -> None:
    """Groups and parties."""
    copy(connection, "parties.party_group", "id name", ((group.id, group.name) for group in groups))
    copy(
        connection,
        "parties.party",
        "id kind code name nip eu_vat street post_code city country email phone group_id payment_days",
        (
            (p.id, p.kind, p.code, p.name, p.nip, p.eu_vat, p.address.street, p.address.post_code, p.address.city, p.address.country,
             p.email, p.phone, p.group_id, p.payment_days)
            for p in parties
        ),
    )  # fmt: skip


def load_drafts(connection: psycopg.Connection[Any], begun: Sequence[tuple[Draft, Totals, Employee]]) -> None:
    """Documents that are not issued."""
    copy(connection, "documents.document", _DOCUMENT, (_draft(*one) for one in begun))
    _load_content(connection, [(draft, amounts) for draft, amounts, _ in begun])


def load_sales(connection: psycopg.Connection[Any], staff: Staff, sales: Sequence[Sale], goods: Sequence[Stocked]) -> None:
    """Issued documents with lines, VAT rows, frozen evidence, receipts, counters."""
    copy(connection, "documents.document", _DOCUMENT, (_issued(sale) for sale in sales))
    _load_content(connection, [(sale.draft, sale.totals) for sale in sales])
    sellers = _sellers(staff)
    copy(
        connection,
        "documents.revision",
        "document_id revision branch_id content_hash seller frozen_at frozen_by",
        (
            (s.draft.id, 1, s.draft.branch_id, content_hash(s.draft, s.totals), sellers[s.draft.branch_id], s.issued_at, s.seller.id)
            for s in sales
        ),
    )
    copy(connection, "documents.line_cost", "document_id revision position branch_id cost source", _costs(sales, goods))
    _load_receipts(connection, sales)
    _tell_audit(connection)
    counters: dict[tuple[UUID, str], tuple[int, date]] = {}
    for sale in sales:
        counters[sale.series_id, sale.period] = (sale.counted, sale.draft.issue_date)
    copy(
        connection,
        "organisation.number_counter",
        "series_id period last_number last_date",
        ((*key, *value) for key, value in counters.items()),
    )


def _tell_audit(connection: psycopg.Connection[Any]) -> None:
    """What the triggers would have noted of each document: entered, sealed where a receipt was printed, issued; by whom and when."""
    connection.execute("""
        insert into audit.entry (at, role, operation, table_name, act, row_id, old, new)
        select a.at, e.role_name, a.operation, 'documents.document', a.act, d.id::text, a.old, a.new
          from documents.document d
          join organisation.employee e on e.id = d.issued_by
          join documents.revision v on v.document_id = d.id
          left join fiscal.receipt r on r.holder_id = d.id
         cross join lateral (select to_jsonb(d) as issued, to_jsonb(d) || jsonb_build_object(
               'state', 'draft', 'number', null, 'series_id', null, 'issued_at', null, 'issued_by', null, 'version', 1) as draft) s
         cross join lateral (select s.draft || '{"state": "sealed", "version": 2}' as sealed) x
         cross join lateral (values
               (v.frozen_at, 'documents.save_draft', 'insert', null, s.draft),
               (v.frozen_at, 'documents.seal_receipt', 'update', s.draft, case when r.id is not null then x.sealed end),
               (d.issued_at, case when r.id is null then 'documents.issue_invoice' else 'fiscal.record_printed' end, 'update',
                case when r.id is null then s.draft else x.sealed end, s.issued)) a (at, operation, act, old, new)
         where a.new is not null
         order by a.at""")


def _load_content(connection: psycopg.Connection[Any], documents: Sequence[tuple[Draft, Totals]]) -> None:
    copy(
        connection,
        "documents.line",
        _LINE,
        (
            (d.id, 1, place, row.id, d.branch_id, row.item_id, row.code, row.name, row.quantity, row.unit, row.price, row.discount,
             row.vat, row.negotiated, row.service, a.value, a.discount, a.net, a.tax, a.gross)
            for d, amounts in documents
            for place, (row, a) in enumerate(zip(d.lines, amounts.lines, strict=True), 1)
        ),
    )  # fmt: skip
    copy(
        connection,
        "documents.vat_row",
        "document_id revision vat position branch_id net tax gross",
        (
            (d.id, 1, rate.vat, place, d.branch_id, rate.net, rate.tax, rate.gross)
            for d, amounts in documents
            for place, rate in enumerate(amounts.rates, 1)
        ),
    )


def _head(draft: Draft, amounts: Totals) -> tuple[Any, ...]:
    buyer = draft.buyer
    return (
        *(draft.id, draft.kind.id, draft.branch_id, draft.kind.method, draft.issue_date, draft.sale_date, draft.due_date),
        *(buyer.party_id, buyer.name, to_json(buyer), draft.payment, draft.notes, draft.currency),
        *(amounts.net, amounts.tax, amounts.gross),
    )


def _draft(draft: Draft, amounts: Totals, maker: Employee) -> tuple[Any, ...]:
    return (*_head(draft, amounts), State.DRAFT, None, None, 1, "outside", None, None, maker.id, 1)


def _issued(sale: Sale) -> tuple[Any, ...]:
    # The version rises with saving, sealing and issuing.
    at, version = (sale.issued_at + _PRINTING, 3) if sale.print else (sale.issued_at, 2)
    state = (State.ISSUED, sale.number, sale.series_id, 1, "outside", at, sale.seller.id, sale.seller.id, version)
    return (*_head(sale.draft, sale.totals), *state)


def _sellers(staff: Staff) -> dict[UUID, dict[str, Any]]:
    own = staff.company
    return {
        branch.id: to_json(Seller(own.name, own.nip, own.street, own.post_code, own.city, own.iban, branch.name))
        for branch in staff.branches
    }


def _costs(sales: Iterable[Sale], goods: Sequence[Stocked]) -> Iterator[tuple[Any, ...]]:
    """The purchase price of the sale's day, as the database takes it at freezing."""
    prices: dict[UUID, tuple[list[date], list[Decimal]]] = {
        s.item.id: ([day for day, _ in s.costs], [price for _, price in s.costs]) for s in goods if s.item.kind is ItemKind.GOODS
    }
    for sale in sales:
        for place, line in enumerate(sale.draft.lines, 1):
            if line.item_id in prices:
                days, costs = prices[line.item_id]
                found = bisect_right(days, sale.draft.sale_date) - 1
                if found >= 0:
                    yield sale.draft.id, 1, place, sale.draft.branch_id, costs[found], f"purchase price of {days[found]}"


def _load_receipts(connection: psycopg.Connection[Any], sales: Iterable[Sale]) -> None:
    printed = [(sale, sale.print) for sale in sales if sale.print]
    copy(
        connection,
        "fiscal.receipt",
        "id device_id branch_id holder_id label content state attempt sealed_at sealed_by",
        (_receipt(sale, receipt) for sale, receipt in printed),
    )
    copy(
        connection,
        "fiscal.receipt_print",
        "receipt_id branch_id device_number daily_report receipt_number document_number printed_at printed_on evidence recorded_at",
        (_print(sale, receipt) for sale, receipt in printed),
    )


def _receipt(sale: Sale, receipt: Print) -> tuple[Any, ...]:
    draft = sale.draft
    label = f"{draft.kind.code} {draft.buyer.name}"
    held = (receipt.id, receipt.device_id, draft.branch_id, draft.id, label, receipt.content.to_json())
    return (*held, "printed", 1, sale.issued_at, sale.seller.id)


def _print(sale: Sale, receipt: Print) -> tuple[Any, ...]:
    numbers = receipt.numbers
    counted = (numbers.unique, numbers.daily_report, numbers.receipt, numbers.document)
    evidence = Verdict(Finding.PRINTED, "answer", numbers=numbers).to_json()
    day, minute = sale.draft.issue_date, _minute(sale.issued_at)
    return (receipt.id, sale.draft.branch_id, *counted, minute, day, evidence, sale.issued_at + _PRINTING)


def _minute(when: datetime) -> datetime:
    """The device's clock tells whole minutes."""
    return when.replace(second=0)
