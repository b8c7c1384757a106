"""The canonical text of a document's content, and its hash. What was checked and what is issued must be the same.

PostgreSQL rebuilds the same text from its rows, so it is as plain as can be. **The form:**

- Records are joined by U+001E, the fields of a record by U+001F; no separator at either end. Names and notes cannot
  hold these two characters (`validity.check` refuses them), so two contents never give one text.
- Record 1, header: `D`, document id, kind id, branch id, issue date, sale date, due date, currency, payment, method,
  party id, buyer name, NIP, EU VAT, street, post code, city, country, business, notes, net, tax, gross.
- One record a VAT rate, in the order of the rate's first line: `R`, code, net, tax, gross.
- One record a line, in the order of the document: `L`, line id, item id, code, name, quantity, unit, price, vat,
  discount, negotiated, service, value, discount amount, net, tax, gross.
- Ids are lower-case with dashes, an absent id is empty; dates YYYY-MM-DD; booleans `true`/`false`; enums their stored
  word. Decimals have a dot and fixed places, as a cast to `numeric(…, n)` prints them: quantity 6, price 6, discount
  per cent 2, amounts 2. Zero has no sign.
- The hash is SHA-256 of the text in UTF-8.

The version is not content; nor are state, number and what is learnt later (fiscal and KSeF numbers). The seller is not
here: it is the company's, taken by the database at issue.
"""

import hashlib
from datetime import date
from decimal import Decimal
from uuid import UUID

from crm_desktop.core.rounding import exact
from crm_desktop.documents.rules.model import Draft, Line, LineAmounts, RateTotal, Totals

FIELD, RECORD = "\x1f", "\x1e"


def content_text(draft: Draft, totals: Totals) -> str:
    """The canonical text. Raises ValueError when a number has more places than the form keeps: nothing is rounded."""
    records = [_header(draft, totals), *map(_rate, totals.rates), *map(_line, draft.lines, totals.lines)]
    return RECORD.join(map(FIELD.join, records))


def content_hash(draft: Draft, totals: Totals) -> bytes:
    """SHA-256 (32 bytes) of `content_text` in UTF-8."""
    return hashlib.sha256(content_text(draft, totals).encode()).digest()


def _header(draft: Draft, totals: Totals) -> list[str]:
    buyer = draft.buyer
    return [
        "D",
        *map(_key, (draft.id, draft.kind.id, draft.branch_id)),
        *map(date.isoformat, (draft.issue_date, draft.sale_date, draft.due_date)),
        *(draft.currency, draft.payment.value, draft.kind.method.value),
        *(_key(buyer.party_id), buyer.name, buyer.nip, buyer.eu_vat),
        *(buyer.street, buyer.post_code, buyer.city, buyer.country, _truth(buyer.business)),
        draft.notes,
        *_amounts(totals.net, totals.tax, totals.gross),
    ]


def _rate(row: RateTotal) -> list[str]:
    return ["R", row.vat, *_amounts(row.net, row.tax, row.gross)]


def _line(line: Line, amounts: LineAmounts) -> list[str]:
    return [
        *("L", _key(line.id), _key(line.item_id), line.code, line.name),
        *(_fixed(line.quantity, 6), line.unit, _fixed(line.price, 6), line.vat, _fixed(line.discount, 2)),
        *(_truth(line.negotiated), _truth(line.service)),
        *_amounts(amounts.value, amounts.discount, amounts.net, amounts.tax, amounts.gross),
    ]


def _amounts(*amounts: Decimal) -> list[str]:
    return [_fixed(amount, 2) for amount in amounts]


def _fixed(value: Decimal, places: int) -> str:
    with exact():
        fixed = value.quantize(Decimal(1).scaleb(-places))
    if fixed != value:
        raise ValueError(f"{value} has more than {places} places")
    return f"{fixed if fixed else abs(fixed):f}"


def _key(key: UUID | None) -> str:
    return "" if key is None else str(key)


def _truth(value: bool) -> str:
    return "true" if value else "false"
