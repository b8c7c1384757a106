"""What lies in the company's database when the pictures are taken: the demo company on its day, and documents in every state.

Rows go past the guards, as the mass of the demo does: pictures need a receipt that waits for ever and moments that stand still.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg

from crm_desktop.catalogue.queries import find_items, list_rates
from crm_desktop.catalogue.rules.model import ItemChoice
from crm_desktop.core.period import WARSAW
from crm_desktop.core.problem import Problem
from crm_desktop.db.connect import connect
from crm_desktop.db.transaction import Transaction
from crm_desktop.demo import rows
from crm_desktop.demo.load import copy
from crm_desktop.demo.numbers import Numbers
from crm_desktop.demo.stage import Stage
from crm_desktop.documents.queries import list_kinds
from crm_desktop.documents.rules import changes
from crm_desktop.documents.rules.model import Buyer, Draft, Kind, Line, PaymentForm
from crm_desktop.documents.rules.receipt import receipt_of
from crm_desktop.documents.rules.totals import totals
from crm_desktop.documents.rules.validity import percents
from crm_desktop.fiscal.rules.messages import packed
from crm_desktop.fiscal.rules.model import Counters, Observed
from crm_desktop.fiscal.rules.rates import RateTable
from crm_desktop.fiscal.rules.recovery import ask
from crm_desktop.parties.queries import find_parties
from crm_desktop.parties.rules.model import Address, PartyChoice, PartyKind

#: When all pictures are taken: desk.md, section 14.
NOW = datetime(2026, 11, 23, 14, 32, tzinfo=WARSAW)
SEED = 20261123
#: Long names, as Polish registers are full of them.
LONG_NAMES = (
    "Spółdzielnia Mieszkaniowa „Złote Łany” w Bielsku-Białej",
    "Przedsiębiorstwo Produkcyjno-Usługowo-Handlowe „Świerk i Żuraw” Wiśniewiecka, Źródłowski Spółka Jawna",
    "Zespół Szkół Ponadpodstawowych nr 2 im. Powstańców Śląskich",
)
_UNTIL_FOR_EVER = datetime(9999, 1, 1, tzinfo=WARSAW)


@dataclass(frozen=True)
class Scene:
    """The keys of what the pictures show."""

    filled: UUID
    wrong: UUID
    long: UUID
    receipt: UUID
    waiting: UUID
    printing: UUID
    undecided: UUID
    refused: UUID
    issued: UUID
    printed: UUID
    party: UUID
    item: UUID


@dataclass(frozen=True)
class _Goods:
    """What there is to sell."""

    kinds: dict[str, Kind]
    items: Sequence[ItemChoice]
    parties: Sequence[PartyChoice]
    percents: dict[str, Decimal | None]


def set_scene(stage: Stage) -> Scene:
    """Put everything into its place; the same scene each time."""
    desk = stage.demo.enter(stage.seller.login)
    try:
        goods = desk.read(_goods)
    finally:
        desk.close()
    user, password = stage.superuser
    with connect(stage.demo.profile, user, password) as connection, connection.transaction():
        connection.execute("set local session_replication_role = replica")
        scene = _Painter(stage, goods, connection).paint()
    with connect(stage.demo.profile, user, password) as connection:
        connection.execute("analyze")
    return scene


def clear_desks(stage: Stage) -> None:
    """Forget how the employees left their desks, and how they like it: each round of pictures begins with a desk that nobody arranged."""
    user, password = stage.superuser
    with connect(stage.demo.profile, user, password) as connection:
        connection.execute("delete from organisation.workspace")
        connection.execute("delete from organisation.setting where scope = 'employee'")


def _goods(tx: Transaction) -> _Goods:
    day = NOW.date()
    return _Goods(
        {kind.code: kind for kind in list_kinds(tx)},
        find_items(tx, "", 200),
        find_parties(tx, "", 200),
        dict(percents(list_rates(tx), day)),
    )


class _Painter:
    def __init__(self, stage: Stage, goods: _Goods, connection: "psycopg.Connection[Any]") -> None:
        self._staff, self._goods, self._connection = stage.demo.staff, goods, connection
        self._numbers = Numbers(random.Random(SEED))
        self._branch = self._staff.branches[0]
        self._seller = next(e for e in self._staff.employees if e.login == stage.seller.login)
        self._printer = self._staff.printers[self._branch.id]
        self._receipts = 0

    def paint(self) -> Scene:
        self._name_parties()
        companies = [p for p in self._goods.parties if p.kind is PartyKind.COMPANY and p.nip]
        filled = self._load(self._filled(companies[1]))
        wrong = self._load(self._wrong(companies[2]))
        long = self._load(self._long(companies[0]))
        receipt = self._load(self._receipt_draft(4))
        self._printers()
        waiting = self._seal(3, "waiting", minutes=1)
        printing = self._seal(2, "printing", minutes=2)
        # The other branch's printer asks for a decision: this one goes on.
        undecided = self._undecided()
        refused = self._seal(1, "not_printed", minutes=21, message=said("The receipt was not printed."))
        issued = self._one("state = 'issued' and branch_id = %s and number like 'FS/%%' order by issue_date desc, number desc")
        printed = self._one("state = 'issued' and branch_id = %s and number like 'PAR/%%' order by issue_date desc, number desc")
        item = next(each.id for each in self._goods.items if each.code.startswith("PRZ"))
        return Scene(filled, wrong, long, receipt, waiting, printing, undecided, refused, issued, printed, companies[1].id, item)

    # ---- documents ----
    def _name_parties(self) -> None:
        """Some firms with names as long as registers have them, on the cards and on what was sold to them."""
        companies = [p for p in self._goods.parties if p.kind is PartyKind.COMPANY and p.nip]
        for party, name in zip((companies[3], companies[0], companies[4]), LONG_NAMES, strict=True):
            self._connection.execute("update parties.party set name = %s where id = %s", [name, party.id])
            self._connection.execute(
                "update documents.document set buyer_name = %s, buyer = jsonb_set(buyer, '{name}', to_jsonb(%s::text)) where buyer_id = %s",
                [name, name, party.id],
            )

    def _draft(self, code: str) -> Draft:
        day = NOW.date()
        kind = self._goods.kinds[code]
        return Draft(self._key(), kind, self._branch.id, day, day, day, payment=kind.payment)

    def _filled(self, buyer: PartyChoice) -> Draft:
        """Ten lines with all that a line can have: a discount, a price of its own, metres, a service, three rates."""
        draft = changes.with_buyer(self._draft("FS"), buyer)
        wanted = ("LED", "LED", "OPR", "PRZ", "PRZ", "OSP", "KAW", "MED", "KSI")
        for place, item in enumerate((*self._of(wanted), *self._of(("USL",)))):
            quantity = Decimal(100) if item.unit == "m" else Decimal((12, 24, 2, 6, 10, 36, 48, 4, 8, 1)[place % 10])
            draft = changes.add_item(draft, item, self._key(), quantity, merge=False).draft
        draft = changes.change_line(draft, 1, discount=Decimal(7))
        draft = changes.change_line(draft, 3, price=Decimal("4.12"))
        return changes.change_line(draft, 5, discount=Decimal(5))

    def _wrong(self, buyer: PartyChoice) -> Draft:
        """What a person may have typed: no quantity, a price with too many places, an article that nobody knows."""
        draft = changes.with_buyer(self._draft("FS"), buyer)
        for item in self._of(("LED", "PRZ", "OSP", "KAW")):
            draft = changes.add_item(draft, item, self._key(), Decimal(10), merge=False).draft
        draft = changes.change_line(draft, 1, quantity=Decimal(0))
        unknown = Line(self._key(), None, "5901234123457", "", Decimal(2), "szt.", Decimal(0), "23")
        return replace(draft, lines=(*draft.lines, unknown), due_date=draft.issue_date - timedelta(days=3))

    def _long(self, buyer: PartyChoice) -> Draft:
        """A buyer with a long name, and many lines."""
        named = replace(buyer, name=LONG_NAMES[1], address=Address("ul. Powstańców Śląskich 118/24", "43-300", "Bielsko-Biała"))
        draft = changes.with_buyer(self._draft("FS"), named)
        for place, item in enumerate(self._goods.items[:48]):
            draft = changes.add_item(draft, item, self._key(), Decimal(place * 7 % 120 + 1), merge=False).draft
        return draft

    def _receipt_draft(self, lines: int, code: str = "PAR") -> Draft:
        draft = replace(self._draft(code), buyer=Buyer(business=False), payment=PaymentForm.CASH)
        for item in self._of(("KAW", "LED", "SUC", "OSP", "HYD")[:lines]):
            draft = changes.add_item(draft, item, self._key(), Decimal(2), merge=False).draft
        return draft

    def _of(self, codes: Sequence[str]) -> list[ItemChoice]:
        """For each code an item of this family, another one each time."""
        shelves = {code: iter([item for item in self._goods.items if item.code.startswith(f"{code}-")]) for code in set(codes)}
        found = (next(shelves[code], None) for code in codes)
        return [item for item in found if item is not None]

    def _load(self, draft: Draft) -> UUID:
        rows.load_drafts(self._connection, [(draft, totals(draft, self._goods.percents), self._seller)])
        return draft.id

    def _one(self, condition: str) -> UUID:
        query = f"select id from documents.document where {condition} limit 1"
        row = self._connection.execute(query.encode(), [self._branch.id]).fetchone()
        assert row is not None
        return UUID(str(row[0]))

    # ---- receipts ----
    def _seal(self, lines: int, state: str, *, minutes: int, message: str = "", other: bool = False) -> UUID:
        """A receipt that was sent so many minutes ago; gives its document."""
        branch = self._staff.branches[1 if other else 0]
        printer = self._staff.printers[branch.id]
        draft = replace(self._receipt_draft(lines), branch_id=branch.id)
        amounts, key = totals(draft, self._goods.percents), self._key()
        rows.load_drafts(self._connection, [(draft, amounts, self._seller)])
        content = receipt_of(draft, amounts, RateTable.from_json(printer.rates), key, cashier=self._seller.name)
        if state != "not_printed":
            self._connection.execute("update documents.document set state = 'sealed', version = 2 where id = %s", [draft.id])
        label = f"{draft.kind.code} {draft.buyer.name}".strip()
        at = NOW - timedelta(minutes=minutes, seconds=12)
        copy(
            self._connection,
            "fiscal.receipt",
            "id device_id branch_id holder_id label content state message attempt sealed_at sealed_by",
            [(key, printer.id, branch.id, draft.id, label, content.to_json(), state, message, 1, at, self._seller.id)],
        )
        return draft.id

    def _undecided(self) -> UUID:
        """The other branch's printer counts another receipt too: once it says so, somebody must look at the paper."""
        counters = Counters("ZBF 2400000002", 0, 311, 47, 1, 48, 49, (18450, 2399, 0, 0, 0, 0, 0), 48, 1, 5120, 5120, True,
                            "2026-11-23T14:06", "2026-11-23T14:07")  # fmt: skip
        verdict = ask("foreign_receipt", Observed(counters))
        assert verdict.problem is not None
        document = self._seal(3, "printing", minutes=26, message=packed(verdict.problem), other=True)
        self._connection.execute(
            "insert into fiscal.journal (receipt_id, attempt, state, data, at)"
            " select id, 1, 'undecided', %s, %s from fiscal.receipt where holder_id = %s",
            [psycopg.types.json.Jsonb(verdict.to_json()), NOW - timedelta(minutes=25), document],
        )
        return document

    def _printers(self) -> None:
        """Both printers are served for as long as the pictures take, at addresses that are the same in every run."""
        for place, printer in enumerate(self._staff.printers.values()):
            address = f"tcp://192.168.1.{50 + place}:6666"
            self._connection.execute("update fiscal.device set address = %s where id = %s", [address, printer.id])
        copy(
            self._connection,
            "fiscal.lease",
            "device_id holder until condition message",
            [(printer.id, self._key(), _UNTIL_FOR_EVER, "ready", "") for printer in self._staff.printers.values()],
        )

    def _key(self) -> UUID:
        return self._numbers.key(NOW)


def said(message: str) -> str:
    """A sentence of the program as another workstation would have stored it."""
    return packed(Problem("said", "", message))
