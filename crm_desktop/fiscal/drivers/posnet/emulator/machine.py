"""The device's commands: each checks, then either answers at once or hands over a print whose end makes it durable."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from crm_desktop.fiscal.drivers.posnet.emulator import paper, reads
from crm_desktop.fiscal.drivers.posnet.emulator.arithmetic import INACTIVE, UNIT, money
from crm_desktop.fiscal.drivers.posnet.emulator.grammar import Order
from crm_desktop.fiscal.drivers.posnet.emulator.sale import Refuse, Sale
from crm_desktop.fiscal.drivers.posnet.emulator.store import CANCELLED, DAILY, NON_FISCAL, RECEIPT, Document, Store

IN_SALE = frozenset({"trline", "trdiscntbill", "trdiscntsubtot", "trnipset", "trpack", "trpayment", "trpaymentcanc", "trend"})
OUTSIDE = frozenset({"trinit", "dailyrep", "cash", "stocash", "packret", "vatset", "rtcset", "formstart", "formend"})
KINDS = {RECEIPT: "receipt", CANCELLED: "cancelled", DAILY: "daily", NON_FISCAL: "non-fiscal"}
Fields = list[tuple[str, str]]


@dataclass
class Print:
    """Text that goes on paper before `done` makes the command's result durable and gives the reply's fields."""

    lines: list[str]
    done: Callable[[], Fields]


@dataclass
class Machine:
    """Commands on the two layers: `store` is durable, the rest is lost at a power cut."""

    store: Store
    now: Callable[[], datetime]
    keep_open: bool = False
    overdue_report_blocks: bool = False
    printed: Callable[[Document], None] = lambda document: None
    sale: Sale | None = None
    footer: dict[str, str] = field(default_factory=dict)
    form: list[str] | None = None
    form_title: str = ""

    def __post_init__(self) -> None:
        self.power_up()

    def power_up(self) -> None:
        """Begin with what is durable: an open receipt goes on, or is cancelled, as the device's make does."""
        memory = self.store.memory
        self.footer, self.form = {}, None
        self.sale = Sale(**memory.open_sale) if memory.open_sale else None
        if self.sale and not self.keep_open:
            self.cancel()

    def execute(self, order: Order) -> Fields | Print:
        """One synchronous command. Raises Refuse."""
        if order.name in OUTSIDE and self.sale:
            raise Refuse(2038)
        if order.name in IN_SALE and not self.sale:
            raise Refuse(2005)
        handler: Callable[[Order], Fields | Print] | None = getattr(self, f"_do_{order.name}", None)
        if handler:
            answer = handler(order)
            if not isinstance(answer, Print):
                self._keep()
            return answer
        return reads.answer(order, self.store.memory, self.sale, self.now())

    def _keep(self) -> None:
        self.store.memory.open_sale = self.sale.to_json() if self.sale else None
        self.store.save()

    # --- sale

    def _do_trinit(self, order: Order) -> Fields:
        memory = self.store.memory
        today = self.now().date().isoformat()
        if self.overdue_report_blocks and memory.first_sale_day not in ("", today):
            raise Refuse(383)
        if all(rate == INACTIVE for rate in memory.rates):
            raise Refuse(2004)
        self.sale = Sale(block=order.flag("bm"))
        memory.last = {}
        return []

    def _do_trline(self, order: Order) -> Fields | Print:
        sale = self._sale()
        line = sale.line(order, self.store.memory.rates, self.store.memory.discount_type)
        self._guard(line["name"], line["letter"])

        if sale.block:
            sale.add(line)
            return []

        def put() -> Fields:
            sale.add(line)
            self._keep()
            return []

        return Print(paper.sale_line(line), put)

    def _guard(self, name: str, letter: int) -> None:
        """The VAT-rate guard: a name once lowered cannot rise again. Exempt ranks below 0 %."""
        key = "".join(character for character in name.upper() if character.isalnum() or character in ",.%/\\")
        rate = self.store.memory.rates[letter]
        rank = -1 if rate == 10_000 else rate
        last, lowered = self.store.memory.goods.get(key, [rank, 0])
        if rank > last and lowered:
            raise Refuse(2106)
        self.store.memory.goods[key] = [rank, 1 if rank < last else lowered]

    def _do_trdiscntbill(self, order: Order) -> Fields:
        self._sale().reduce(order, self.store.memory.discount_type)
        return []

    def _do_trdiscntsubtot(self, order: Order) -> Fields:
        self._sale().reduce(order, self.store.memory.discount_type)
        return []

    def _do_trnipset(self, order: Order) -> Fields:
        self._sale().nip = order.text("ni").strip()
        return []

    def _do_trpack(self, order: Order) -> Fields:
        self._sale().pack(order)
        return []

    def _do_trpayment(self, order: Order) -> Fields:
        self._sale().pay(order)
        return []

    def _do_trpaymentcanc(self, order: Order) -> Fields:
        self._sale().payments.clear()
        return []

    def _do_trend(self, order: Order) -> Print:
        sale, memory = self._sale(), self.store.memory
        paid, change = sale.settle(order)
        time = self._time()
        number = memory.last_number + 1
        lines = paper.receipt(memory, sale, number, paid, change, self.footer, time)

        def done() -> Fields:
            memory.completed += 1
            memory.last_number = number
            memory.day_receipts += 1
            memory.day_totals = [day + now for day, now in zip(memory.day_totals, sale.totals, strict=True)]
            memory.first_sale = memory.first_sale or time
            memory.first_sale_day = memory.first_sale_day or time[:10]
            memory.last_sale = time
            cash = sum(payment["amount"] for payment in sale.payments if payment["type"] == 0 and not payment["change"])
            memory.cash += (cash if sale.payments else paid) - change
            memory.last = self._figures(sale, paid, change)
            self.sale = None
            self._document(RECEIPT, lines, sale=sale, number=number, paid=paid, change=change)
            self.footer = {}
            return []

        return Print(lines, done)

    def _do_prncancel(self, order: Order) -> Fields | Print:
        if self.form is not None:
            self.form = None
            return []
        sale = self.sale
        if not sale:
            raise Refuse(2064)
        lines = paper.cancelled(self.store.memory, sale, self.store.memory.last_number + 1, self._time())
        return Print([] if sale.block else lines, self.cancel)

    _do_trcancel = _do_prncancel

    def cancel(self) -> Fields:
        """Cancel the open receipt: it takes a receipt number."""
        sale, memory = self._sale(), self.store.memory
        number = memory.last_number + 1
        lines = paper.cancelled(memory, sale, number, self._time())
        memory.cancelled += 1
        memory.last_number = number
        memory.day_cancelled += 1
        memory.day_cancelled_value += sale.fiscal
        memory.last = self._figures(sale, sale.paid, sale.change)
        self.sale = None
        self._document(CANCELLED, lines, sale=sale, number=number)
        self.footer = {}
        return []

    def _figures(self, sale: Sale, paid: int, change: int) -> dict[str, object]:
        return {
            "ts": 17 if sale.block else 16,
            "totals": sale.totals,
            "issued": sale.issued,
            "returned": sale.returned,
            "paid": paid,
            "change": change,
        }

    # --- reports, cash, settings

    def _do_dailyrep(self, order: Order) -> Print:
        memory, time = self.store.memory, self._time()
        if "da" in order.values and order.text("da").replace("/", "-").replace(".", "-") != time[:10]:
            raise Refuse(2042)
        empty = not memory.day_receipts and not memory.day_cancelled
        if empty and memory.records and not memory.records[-1]["receipts"] and not memory.records[-1]["cancelled"]:
            raise Refuse(382)
        lines = paper.daily(memory, memory.reports + 1, time)

        def done() -> Fields:
            memory.reports += 1
            memory.records.append(
                {
                    "time": time,
                    "totals": memory.day_totals,
                    "receipts": memory.day_receipts,
                    "cancelled": memory.day_cancelled,
                    "cancelled_value": memory.day_cancelled_value,
                }
            )
            memory.day_totals, memory.day_receipts = [0] * 7, 0
            memory.day_cancelled = memory.day_cancelled_value = memory.day_non_fiscal = 0
            memory.first_sale = memory.last_sale = memory.first_sale_day = ""
            if memory.daily_numbers:
                memory.completed = memory.cancelled = memory.last_number = 0
            self._document(DAILY, lines)
            return []

        return Print(lines, done)

    def _do_cash(self, order: Order) -> Print:
        memory, came_in = self.store.memory, order.flag("wp")
        after = memory.cash + (order.whole("kw") if came_in else -order.whole("kw"))
        if after < 0:
            memory.cash = 0
            self.store.save()
            raise Refuse(503)
        text = paper.row("WPŁATA" if came_in else "WYPŁATA", money(order.whole("kw")))

        def done() -> Fields:
            memory.cash = after
            return self._non_fiscal("KASA", text)

        return Print(text, done)

    def _do_stocash(self, order: Order) -> Print:
        text = paper.row("ZWROT TOWARU", money(order.whole("kw")))
        return Print(text, lambda: self._non_fiscal("ZWROT", text))

    def _do_packret(self, order: Order) -> Print:
        text = paper.row("ZWROT OPAKOWANIA", money(order.whole("kw")))
        return Print(text, lambda: self._non_fiscal("KAUCJA", text))

    def _do_formstart(self, order: Order) -> Fields:
        if self.form is not None:
            raise Refuse(2507)
        self.form, self.form_title = [], order.text("al")
        return []

    def _do_formline(self, order: Order) -> Fields:
        if self.form is None:
            raise Refuse(2506)
        if "paragon fiskalny" in order.text("s1").lower():
            raise Refuse(2057)
        self.form += paper.row(order.text("s1")[:38])
        return []

    def _do_formcmd(self, order: Order) -> Fields:
        if self.form is None:
            raise Refuse(2506)
        self.form.append("-" * 40 if order.whole("cm") == 1 else "")
        return []

    def _do_formend(self, order: Order) -> Print:
        if self.form is None:
            raise Refuse(2506)
        body, title = self.form, self.form_title

        def done() -> Fields:
            self.form = None
            return self._non_fiscal(title, body)

        return Print(body, done)

    def _do_ftrcfg(self, order: Order) -> Fields:
        for name, label in (("cc", "cashier"), ("cn", "till"), ("sn", "system")):
            if name in order.values:
                self.footer[label] = order.text(name)
        return []

    def _do_login(self, order: Order) -> Fields:
        self.footer |= {"cashier": order.text("na"), "till": order.text("nk")}
        return []

    def _do_logout(self, order: Order) -> Fields:
        return []

    def _do_opendrwr(self, order: Order) -> Fields:
        return []

    def _do_papfeed(self, order: Order) -> Fields:
        if not 1 <= order.whole("ln") <= 20:
            raise Refuse(2063)
        return []

    def _do_rtcset(self, order: Order) -> Fields:
        if self.store.memory.day_receipts or self.store.memory.day_cancelled:
            raise Refuse(2035)
        return []  # the emulated clock is the machine's

    def _do_vatset(self, order: Order) -> Fields:
        memory = self.store.memory
        wanted = [order.whole(f"v{letter}", 101 * UNIT) * 100 // UNIT for letter in "abcdefg"]
        if wanted == memory.rates:
            return []
        if memory.day_receipts or memory.day_cancelled:
            raise Refuse(2035)
        memory.rates, memory.rate_changes = wanted, memory.rate_changes + 1
        return []

    # --- documents

    def sell_at_keyboard(self, amount: int, letter: int = 0) -> None:
        """A receipt that another program or the keyboard makes; refused while one is open. amount in grosze."""
        for name, values in (
            ("trinit", {"bm": True}),
            ("trline", {"na": "Towar obcy", "vt": letter, "pr": amount}),
            ("trend", {"to": amount}),
        ):
            answer = self.execute(Order(name, dict(values)))
            if isinstance(answer, Print):
                answer.done()

    def report_at_keyboard(self) -> None:
        """A daily report made at the device."""
        answer = self.execute(Order("dailyrep"))
        if isinstance(answer, Print):
            answer.done()

    def _sale(self) -> Sale:
        if not self.sale:
            raise Refuse(2005)
        return self.sale

    def _time(self) -> str:
        return self.now().strftime("%Y-%m-%dT%H:%M")

    def _non_fiscal(self, title: str, body: list[str]) -> Fields:
        self.store.memory.day_non_fiscal += 1
        self._document(NON_FISCAL, paper.non_fiscal(self.store.memory, title, body, self._time()))
        return []

    def _document(self, kind: int, lines: list[str], sale: Sale | None = None, number: int = 0, paid: int = 0, change: int = 0) -> None:
        """Number the document and write it with the memory: from here on it exists."""
        memory = self.store.memory
        memory.headers += 1
        memory.documents += 1
        memory.last_documents[str(kind)] = memory.documents
        document = Document(
            no=memory.documents,
            kind=KINDS[kind],
            text="\n".join(lines) + "\n",
            number=number,
            system_number=self.footer.get("system", "") if sale else "",
            cashier=self.footer.get("cashier", "") if sale else "",
            till=self.footer.get("till", "") if sale else "",
            nip=sale.nip if sale else "",
            lines=list(sale.lines) if sale else [],
            totals=list(sale.totals) if sale else [],
            payments=list(sale.payments) if sale else [],
            packs=list(sale.packs) if sale else [],
            paid=paid,
            change=change,
            report=memory.reports + (0 if kind == DAILY else 1),
            time=self._time(),
        )
        memory.open_sale = None
        self.store.save(document)
        self.printed(document)
