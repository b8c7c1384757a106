"""A stand-in for the server under view tests: answers each query and service by its name, from values in memory.

Views are tried against what they ask; the journeys try the real server. `ask(fn, *args)` is what both verbs come to.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from crm_desktop.catalogue.rules.model import ItemChoice, ItemKind, VatRate
from crm_desktop.core.errors import CrmError, refuse_if
from crm_desktop.documents.rules.model import Document, Draft, Issued, Kind, Method, PaymentForm, Sealed, Seller, State
from crm_desktop.documents.rules.totals import totals
from crm_desktop.documents.rules.validity import check, percents
from crm_desktop.documents.service import Saved
from crm_desktop.documents.views import lookups
from crm_desktop.documents.views.lookups import Opening
from crm_desktop.documents.views.overtaken import Overtaking
from crm_desktop.fiscal.queries import DeviceRow, ReceiptRow
from crm_desktop.parties.rules.model import Address, PartyChoice, PartyKind
from crm_desktop.ui import clock
from tests.support.drafts import RATES

BRANCH = UUID(int=3)
INVOICE = Kind(UUID(int=1), "FS", "Faktura sprzedaży", "Sales invoice", Method.NET, fiscal=False, buyer_required=True)
RECEIPT = Kind(UUID(int=2), "PA", "Paragon", "Receipt", Method.GROSS, fiscal=True, buyer_required=False, payment=PaymentForm.CASH)
PRINTER = DeviceRow(UUID(int=71), "POSNET Thermal XL2 – kasa 2", True, "ready", "")


def party(number: int, name: str, nip: str, street: str, post_code: str, city: str, days: int = 14) -> PartyChoice:
    """A company of the demo."""
    return PartyChoice(UUID(int=4000 + number), PartyKind.COMPANY, f"K{number:04}", name, nip, "", Address(street, post_code, city), days)


def item(number: int, code: str, name: str, unit: str, net: str, vat: str = "23", barcode: str = "") -> ItemChoice:
    """Goods of the demo; the gross price follows."""
    price = Decimal(net)
    gross = (price * (100 + Decimal(vat if vat.isdigit() else 0)) / 100).quantize(Decimal("0.01"))
    kind = ItemKind.SERVICE if code.startswith(("MONT", "TRANS")) else ItemKind.GOODS
    return ItemChoice(UUID(int=5000 + number), kind, code, name, unit, vat, price, gross, barcode)


PARTIES = (
    party(1, "Hurtownia Elektryczna Volt Sp. z o.o.", "9372641800", "ul. Graniczna 14", "43-300", "Bielsko-Biała"),
    party(2, "Spółdzielnia Mieszkaniowa Złote Łany", "5260250274", "ul. Łagodna 5", "43-309", "Bielsko-Biała", 30),
    party(3, "Voltex Jan Źrebiec", "", "ul. Długa 7", "30-001", "Kraków"),
)
ITEMS = (
    item(1, "YDY-3X2.5", "Przewód YDY 3 × 2,5 mm² 450/750 V", "m", "4.43", barcode="5901234000017"),
    item(2, "PUSZ-60", "Puszka podtynkowa ⌀60 głęboka", "szt.", "2.35", barcode="5901234000024"),
    item(3, "S301-B16", "Wyłącznik nadprądowy S301 B16 6 kA", "szt.", "13.90", barcode="5901234000031"),
    item(4, "RCD-40-30", "Wyłącznik różnicowoprądowy 40 A 30 mA typ A", "szt.", "128.00", barcode="5901234000048"),
    item(5, "PUSZ-60-OPK", "Puszka podtynkowa ⌀60, opakowanie 50 szt.", "opak.", "41.50", barcode="5901234000055"),
    item(6, "GN-2PZ-B", "Gniazdo podwójne z uziemieniem białe, seria Sonata", "szt.", "18.60", barcode="5901234000062"),
    item(7, "LED-A60-9W", "Żarówka LED E27 9 W 806 lm 4000 K", "szt.", "6.49", barcode="5901234000079"),
    item(8, "LED-A60-12W", "Żarówka LED E27 12 W 1055 lm 3000 K", "szt.", "8.20", barcode="5901234000086"),
    item(9, "LED-A60-9W-C", "Żarówka LED E27 9 W 806 lm 2700 K", "szt.", "6.49", barcode="5901234000093"),
    item(10, "PESZ-16", "Rura peszel 16 mm, krąg 100 m", "krąg", "74.00", barcode="5901234000109"),
    item(11, "TASMA-IZO-Z", "Taśma izolacyjna 19 mm × 20 m zielono-żółta", "szt.", "3.10", barcode="5901234000116"),
    item(12, "MONT-ROZ-12", "Montaż rozdzielnicy do 12 modułów (usługa)", "szt.", "180.00", "8"),
    item(13, "TRANS-BB", "Transport Bielsko-Biała, strefa 1", "szt.", "45.00"),
)
#: The code of a package of twelve of ITEMS[6].
DOZEN = "15901234000076"


@dataclass
class DeskInMemory:
    """What the two verbs answer. `calls` has every question, `failures` an exception to raise once, by name of the act."""

    kinds: tuple[Kind, ...] = (INVOICE, RECEIPT)
    parties: tuple[PartyChoice, ...] = PARTIES
    items: tuple[ItemChoice, ...] = ITEMS
    rates: tuple[VatRate, ...] = RATES
    devices: tuple[DeviceRow, ...] = (PRINTER,)
    calls: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    failures: dict[str, Exception] = field(default_factory=dict)
    stored: dict[UUID, Document] = field(default_factory=dict)
    receipts: dict[UUID, ReceiptRow] = field(default_factory=dict)
    gates: dict[str, threading.Event] = field(default_factory=dict)
    numbers: int = 0
    today: Callable[[], Any] = clock.today

    # ---- the two verbs ----
    def read(self, fn: Callable[..., Any], *args: Any) -> Any:
        """As Database.read."""
        return self._ask(fn, args)

    def change(self, fn: Callable[..., Any], *args: Any, operation: UUID) -> Any:
        """As Database.change."""
        return self._ask(fn, args)

    def called(self, name: str) -> list[tuple[Any, ...]]:
        """The arguments of every call of this name."""
        return [args for each, args in self.calls if each == name]

    def _ask(self, fn: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        name = getattr(fn, "__name__", "")
        self.calls.append((name, args))
        gate = self.gates.get(name)
        if gate is not None and not gate.wait(10):
            raise TimeoutError(name)
        failure = self.failures.pop(name, None)
        if failure is not None:
            raise failure
        return getattr(self, name)(*args)

    # ---- queries ----
    def read_opening(self, branch_id: UUID, document_id: UUID | None) -> Opening:
        """See lookups.read_opening."""
        document = self.stored[document_id] if document_id is not None else None
        receipt = next((row for row in self.receipts.values() if document is not None and row.holder_id == document.draft.id), None)
        return Opening(self.kinds, self.rates, None, document, receipt)

    def find_buyers(self, text: str) -> list[Any]:
        """By name or NIP."""
        return _with(lambda tx: lookups.find_buyers(tx, text), "find_parties", lambda _tx, sought: self._find_parties(sought))

    def find_at_net_prices(self, text: str) -> list[Any]:
        """By code or name, at net prices."""
        return self._find_entries(text, lookups.find_at_net_prices)

    def find_at_gross_prices(self, text: str) -> list[Any]:
        """By code or name, at gross prices."""
        return self._find_entries(text, lookups.find_at_gross_prices)

    def find_code(self, code: str) -> ItemChoice | None:
        """By exact code, bar code or package code."""
        if code == DOZEN:
            return replace(self.items[6], barcode=DOZEN, factor=Decimal(12))
        return next((each for each in self.items if code and code.upper() in (each.code, each.barcode)), None)

    def find_scanned(self, codes: tuple[str, ...]) -> list[ItemChoice | None]:
        """In the order of the scans."""
        return [self.find_code(code) for code in codes]

    def find_pasted(self, codes: tuple[str, ...]) -> dict[str, ItemChoice]:
        """Those that are known."""
        return {code: found for code in codes if (found := self.find_code(code)) is not None}

    def list_devices(self, branch_id: UUID) -> list[DeviceRow]:
        """All printers."""
        return list(self.devices)

    def get_receipt(self, receipt_id: UUID) -> ReceiptRow:
        """How it stands."""
        return self.receipts[receipt_id]

    def get_document(self, document_id: UUID) -> Document:
        """As it is stored."""
        return self.stored[document_id]

    def read_overtaking(self, document_id: UUID) -> Overtaking:
        """As somebody else left it."""
        document = self.stored.get(document_id)
        sealed = next((row.id for row in self.receipts.values() if row.holder_id == document_id and row.state == "waiting"), None)
        return Overtaking(document, sealed)

    # ---- services ----
    def save_draft(self, draft: Draft) -> Saved:
        """Store it."""
        return Saved(draft.id, self._store(draft, State.DRAFT).draft.version)

    def issue_invoice(self, draft: Draft) -> Issued:
        """The same checks as the server's, and the next number."""
        refuse_if(check(draft, self.rates, self.today()))
        self.numbers += 1
        document = self._store(draft, State.ISSUED, f"FS/KR/{self.numbers}/11/2026")
        return Issued(draft.id, document.number, document.draft.version)

    def seal_receipt(self, draft: Draft, device_id: UUID) -> Sealed:
        """A receipt that waits."""
        refuse_if(check(draft, self.rates, self.today()))
        document = self._store(draft, State.SEALED)
        receipt_id = UUID(int=8000 + len(self.receipts))
        name = next(row.name for row in self.devices if row.id == device_id)
        now = datetime(2026, 11, 23, 14, 32, tzinfo=clock.WARSAW)
        self.receipts[receipt_id] = ReceiptRow(receipt_id, device_id, name, draft.id, "", "waiting", "", now, 0, "", None, "ready", "")
        return Sealed(draft.id, receipt_id, document.draft.version)

    def withdraw_receipt(self, receipt_id: UUID) -> None:
        """Back to the draft."""
        self.end_receipt(receipt_id, "not_printed", message="withdrawn")

    # ---- what a test brings about ----
    def end_receipt(self, receipt_id: UUID, state: str, **values: Any) -> None:
        """The printer has decided."""
        row = self.receipts[receipt_id] = replace(self.receipts[receipt_id], state=state, **values)
        held = self.stored[row.holder_id]
        if state == "printed":
            self.numbers += 1
            number = f"PA/KR/{self.numbers}/11/2026"
            self.stored[row.holder_id] = replace(
                held, state=State.ISSUED, number=number, receipt_number=str(row.receipt_number), device_number=row.device_number
            )
        elif state == "not_printed":
            self.stored[row.holder_id] = replace(held, state=State.DRAFT)

    def fail(self, name: str, error: CrmError) -> None:
        """The next act of this name fails."""
        self.failures[name] = error

    def _store(self, draft: Draft, state: State, number: str = "") -> Document:
        draft = replace(draft, version=draft.version + 1)
        amounts = totals(draft, percents(self.rates, draft.sale_date))
        document = self.stored[draft.id] = Document(draft, state, amounts, Seller("Sieć Handlowa Beskid"), number)
        return document

    def _find_parties(self, text: str) -> list[PartyChoice]:
        words = text.lower().split()
        return [each for each in self.parties if all(word in f"{each.name} {each.nip} {each.address.city}".lower() for word in words)]

    def _find_entries(self, text: str, search: Callable[[Any, str], list[Any]]) -> list[Any]:
        _quantity, sought = lookups.split_quantity(text)
        words = sought.lower().split()
        found = [each for each in self.items if all(word in f"{each.code} {each.name}".lower() for word in words)][:8]
        return _with(
            lambda tx: _with(lambda tx: search(tx, text), "find_items", lambda _tx, _text: found),
            "find_code",
            lambda _tx, code: self.find_code(code),
        )


_ONE_AT_A_TIME = threading.RLock()


def _with(act: Callable[[Any], Any], name: str, stand_in: Callable[..., Any]) -> Any:
    """Run `act` with one query of lookups.py answered from memory, so that the rows are made as the program makes them."""
    with _ONE_AT_A_TIME:
        real = getattr(lookups, name)
        setattr(lookups, name, stand_in)
        try:
            return act(None)
        finally:
            setattr(lookups, name, real)
