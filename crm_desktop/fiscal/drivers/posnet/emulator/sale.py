"""An open receipt in the device: what it accepts, what it refuses and with which number."""

from dataclasses import asdict, dataclass, field
from typing import Any

from crm_desktop.fiscal.drivers.posnet.emulator.arithmetic import INACTIVE, percent_off, spread, worth
from crm_desktop.fiscal.drivers.posnet.emulator.grammar import Order

PRICE, MOST, LINES = 499_999_999_999, 9_999_999_999, 500
PAYMENT_TYPES = (0, 2, 3, 4, 5, 6, 7, 8)


class Refuse(Exception):
    """A command error."""

    def __init__(self, number: int) -> None:
        super().__init__(str(number))
        self.number = number


@dataclass
class Sale:
    """Everything said since `trinit`. Figures in grosze; quantities in hundred-millionths."""

    block: bool = False
    lines: list[dict[str, Any]] = field(default_factory=list)
    totals: list[int] = field(default_factory=lambda: [0] * 7)
    packs: list[dict[str, Any]] = field(default_factory=list)
    payments: list[dict[str, Any]] = field(default_factory=list)
    reductions: list[dict[str, Any]] = field(default_factory=list)
    nip: str = ""

    def to_json(self) -> dict[str, Any]:
        """For the durable memory."""
        return asdict(self)

    @property
    def fiscal(self) -> int:
        """The sum of the sale."""
        return sum(self.totals)

    @property
    def issued(self) -> int:
        """Deposits charged."""
        return sum(pack["value"] for pack in self.packs if not pack["returned"])

    @property
    def returned(self) -> int:
        """Deposits given back."""
        return sum(pack["value"] for pack in self.packs if pack["returned"])

    @property
    def due(self) -> int:
        """What is to be paid."""
        return self.fiscal + self.issued - self.returned

    @property
    def paid(self) -> int:
        """Payments without change."""
        return sum(payment["amount"] for payment in self.payments if not payment["change"])

    @property
    def change(self) -> int:
        """Change that was sent as such."""
        return sum(payment["amount"] for payment in self.payments if payment["change"])

    def line(self, order: Order, rates: list[int], discount_type: int) -> dict[str, Any]:
        """Check a line and return it; `add` puts it on the receipt."""
        letter, price = order.whole("vt"), order.whole("pr")
        if letter > 6 or rates[letter] == INACTIVE:
            raise Refuse(2000)
        if not any(character.isalnum() or character in ",.%/\\" for character in order.text("na")):
            raise Refuse(2104)
        if not 1 <= price <= PRICE:
            raise Refuse(2006)
        quantity = order.whole("il", 10**8)
        if not 1 <= quantity <= MOST * 10**8:
            raise Refuse(2007)
        value = worth(price, quantity)
        if value == 0:
            raise Refuse(2009)
        if "wa" in order.values and order.whole("wa") != value:
            raise Refuse(2802)
        if value > MOST:
            raise Refuse(1950)
        discount = self._line_discount(order, value, discount_type)
        line = {
            "name": order.text("na"),
            "letter": letter,
            "price": price,
            "quantity": quantity,
            "unit": order.text("jm"),
            "value": value,
            "discount": discount,
            "label": order.text("rn"),
            "storno": order.flag("st"),
        }
        if line["storno"]:
            self._can_storno(line)
        elif len(self.lines) >= LINES:
            raise Refuse(2052)
        return line

    def add(self, line: dict[str, Any]) -> None:
        """Put a checked line on the receipt."""
        self.lines.append(line)
        self.totals[line["letter"]] += (line["value"] - line["discount"]) * (-1 if line["storno"] else 1)

    def _line_discount(self, order: Order, value: int, discount_type: int) -> int:
        if "rp" not in order.values and "rw" not in order.values:
            return 0
        off = order.flag("rd", True)
        if "rp" in order.values:
            if not 1 <= order.whole("rp") <= 9999:
                raise Refuse(2601)
            reckoned = percent_off(value, order.whole("rp"), discount_type if off else 1)
            if "rw" in order.values and order.whole("rw") != reckoned:
                raise Refuse(2801)
        else:
            reckoned = order.whole("rw")
        if reckoned == 0 or (off and reckoned >= value):
            raise Refuse(1984)
        return reckoned if off else -reckoned

    def _can_storno(self, line: dict[str, Any]) -> None:
        same = [
            sold for sold in self.lines if (sold["name"], sold["letter"], sold["price"]) == (line["name"], line["letter"], line["price"])
        ]
        if not same:
            raise Refuse(2852)
        left = sum(-sold["quantity"] if sold["storno"] else sold["quantity"] for sold in same)
        if line["quantity"] > left or line["value"] - line["discount"] > self.totals[line["letter"]]:
            raise Refuse(2851)

    def reduce(self, order: Order, discount_type: int) -> None:
        """A discount or surcharge on everything sold so far."""
        whole = self.fiscal
        if whole == 0:
            raise Refuse(1991)
        off = order.flag("rd", True)
        if "rp" in order.values:
            if not 1 <= order.whole("rp") <= 9999:
                raise Refuse(2601)
            amount = percent_off(whole, order.whole("rp"), discount_type if off else 1)
        else:
            amount = order.whole("rw")
        if amount == 0 or (off and amount >= whole):
            raise Refuse(1984)
        self.totals = spread(self.totals, -amount if off else amount)
        self.reductions.append({"amount": -amount if off else amount, "label": order.text("na")})

    def pack(self, order: Order) -> None:
        """Returnable packaging."""
        quantity = order.whole("il", 10**8)
        if quantity % 10**8 or quantity == 0:
            raise Refuse(2001)
        value = order.whole("pr") * (quantity // 10**8)
        if "wa" in order.values and order.whole("wa") != value:
            raise Refuse(2803)
        if not 1 <= value <= MOST:
            raise Refuse(1957)
        entry = {
            "price": order.whole("pr"),
            "quantity": quantity // 10**8,
            "value": value,
            "returned": order.flag("ne"),
            "number": order.text("na"),
            "text": order.text("de"),
        }
        if order.flag("st"):
            if entry not in self.packs:
                raise Refuse(2853)
            self.packs.remove(entry)
        else:
            self.packs.append(entry)

    def pay(self, order: Order) -> None:
        """A payment or change."""
        if order.whole("ty") not in PAYMENT_TYPES:
            raise Refuse(2705)
        if order.whole("wa") == 0:
            raise Refuse(1962)
        if order.whole("wa") > MOST:
            raise Refuse(1955)
        self.payments.append(
            {
                "type": order.whole("ty"),
                "amount": order.whole("wa"),
                "name": order.text("na"),
                "change": order.flag("re"),
            }
        )

    def settle(self, order: Order) -> tuple[int, int]:
        """Check the closing command; payments and change as they will be printed."""
        if not self.lines:
            raise Refuse(1992)
        if self.fiscal == 0 and not self.packs:
            raise Refuse(2041)
        for name, value, number in (("to", self.fiscal, 2805), ("op", self.issued, 2806), ("om", self.returned, 2807)):
            if name in order.values and order.whole(name) != value:
                raise Refuse(number)
        paid = self.paid if self.payments else self.due
        change = self.change if self.change else max(0, paid - self.due)
        if self.payments and "fp" in order.values and order.whole("fp") != paid:
            raise Refuse(2808)
        if "re" in order.values and order.whole("re") != change:
            raise Refuse(2809)
        if self.due < 0 or paid - change != self.due:
            raise Refuse(2054)
        return paid, change
