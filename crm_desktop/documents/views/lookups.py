"""What the editor asks while one types and scans. Run on worker threads; they compose the slices' queries and know no widget."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from crm_desktop.catalogue.module import SCAN_ADDS_TO_LINE
from crm_desktop.catalogue.queries import find_code, find_codes, find_items, list_rates
from crm_desktop.catalogue.rules.model import ItemChoice, VatRate
from crm_desktop.core.i18n import decimal, price
from crm_desktop.core.identifiers import nip_shown
from crm_desktop.core.module import Scope
from crm_desktop.core.problem import Problem
from crm_desktop.core.quantity import parse_decimal
from crm_desktop.documents.queries import find_receipt_of, get_document, list_kinds
from crm_desktop.documents.rules.changes import price_of
from crm_desktop.documents.rules.model import Document, Kind, Method, State
from crm_desktop.fiscal.queries import ReceiptRow, get_receipt
from crm_desktop.organisation.queries import list_branches, list_settings
from crm_desktop.organisation.rules.settings import value_of
from crm_desktop.parties.queries import find_parties
from crm_desktop.ui.fields import Answer, Side

_PREFIX = re.compile(r"\s*([\d\s.,]{1,14}?)\s*\*\s*(.*)\Z", re.ASCII)


@dataclass(frozen=True)
class Opening:
    """All that an editor needs before it can be shown; `document` is None for a new one."""

    kinds: Sequence[Kind]
    rates: Sequence[VatRate]
    closed_until: date | None = None
    document: Document | None = None
    receipt: ReceiptRow | None = None
    merge_scans: bool = True


def read_opening(tx: Any, branch_id: UUID, document_id: UUID | None) -> Opening:
    """Kinds, VAT rates, settings and the closing date of the branch, and the document to open. Raises NotFound."""
    document = get_document(tx, document_id) if document_id is not None else None
    branch_id = document.draft.branch_id if document is not None else branch_id
    receipt = None
    if document is not None and document.draft.kind.fiscal and document.state is State.SEALED:
        receipt_id = find_receipt_of(tx, document.draft.id)
        receipt = get_receipt(tx, receipt_id) if receipt_id is not None else None
    closed = next((branch.closed_until for branch in list_branches(tx) if branch.id == branch_id), None)
    merge = value_of(SCAN_ADDS_TO_LINE, {Scope.COMPANY: list_settings(tx, branch_id, None).get(SCAN_ADDS_TO_LINE.key)})
    return Opening(list_kinds(tx), list_rates(tx), closed, document, receipt, merge)


def find_buyers(tx: Any, text: str) -> list[Answer]:
    """Parties by a fragment of name, code, NIP or city."""
    found = find_parties(tx, text.replace("-", "") if text.replace("-", "").isdigit() else text)
    return [Answer(party, party.name, sides=(Side(party.address.city), Side(nip_shown(party.nip) or party.eu_vat))) for party in found]


def find_at_net_prices(tx: Any, text: str) -> list[Answer]:
    """Items for the entry line of a document with net prices."""
    return _find_entries(tx, text, Method.NET)


def find_at_gross_prices(tx: Any, text: str) -> list[Answer]:
    """Items for the entry line of a document with gross prices."""
    return _find_entries(tx, text, Method.GROSS)


def find_scanned(tx: Any, codes: Sequence[str]) -> list[ItemChoice | None]:
    """The items of scanned codes, in the order of the scans; None for a code that nobody knows."""
    known = {code: find_code(tx, code) for code in dict.fromkeys(codes)}
    return [known[code] for code in codes]


def find_pasted(tx: Any, codes: Sequence[str]) -> dict[str, ItemChoice]:
    """The items of a pasted block: by code all at once, then what is left by bar code. Unknown codes are absent."""
    found = find_codes(tx, list(dict.fromkeys(codes)))
    for code in dict.fromkeys(codes):
        if code not in found and (choice := find_code(tx, code)) is not None:
            found[code] = choice
    return found


def split_quantity(text: str) -> tuple[Decimal | None, str]:
    """ "5*LED" → 5 and "LED"; None where no quantity stands in front.

    >>> split_quantity("2,5 * LED-A60"), split_quantity("LED*")
    ((Decimal('2.5'), 'LED-A60'), (None, 'LED*'))
    """
    found = _PREFIX.match(text)
    quantity = parse_decimal(found[1], 6) if found else None
    if found is None or quantity is None or isinstance(quantity, Problem) or quantity <= 0:
        return None, text.strip()
    return quantity, found[2].strip()


def _find_entries(tx: Any, text: str, method: Method) -> list[Answer]:
    """The item of exactly this code or bar code first, then those whose code or name holds every word."""
    _quantity, sought = split_quantity(text)
    if not sought:
        return []
    exact = find_code(tx, sought)
    found = [choice for choice in find_items(tx, sought) if exact is None or choice.id != exact.id]
    return [_answer(choice, method) for choice in ([exact] if exact is not None else []) + found]


def _answer(choice: ItemChoice, method: Method) -> Answer:
    unit = choice.unit if choice.factor == 1 else f"{decimal(choice.factor)} × {choice.unit}"
    return Answer(choice, choice.name, choice.code, (Side(unit, "text_2"), Side(price(price_of(choice, method)))), choice.name)
