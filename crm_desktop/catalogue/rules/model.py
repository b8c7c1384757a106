"""What the catalogue keeps: goods and services, units and packages with bar codes, dated VAT rates."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class ItemKind(StrEnum):
    """Goods can lie in stock, a service cannot (SAL-06)."""

    GOODS = "goods"
    SERVICE = "service"


@dataclass(frozen=True)
class VatRate:
    """A VAT rate as dated data. `code` is the rate's name in law and in FA(3) ("23", "8", "0 KR", "zw"); `percent` is None
    where no tax is computed ("zw", "np I"). Valid from `valid_from` to `valid_to`, both days included."""

    code: str
    percent: Decimal | None
    valid_from: date
    valid_to: date | None = None
    name: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether the rate may be used with this tax point."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class RatePeriod:
    """A period of a VAT rate as its card edits it: `code` holds from `valid_from` to `valid_to`, both days included; None: until
    further notice. `name` is the law's, printed where there is no tax."""

    id: UUID
    code: str = ""
    percent: Decimal | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    name: str = ""
    version: int = 0


@dataclass(frozen=True)
class Unit:
    """A unit or package of an item: `factor` base units in one, with its own bar code ("" for none)."""

    id: UUID
    name: str
    factor: Decimal
    barcode: str = ""


@dataclass(frozen=True)
class Item:
    """An item as its card edits it. Prices in PLN for one base unit; the base unit is the first of `units`, factor 1."""

    id: UUID
    kind: ItemKind = ItemKind.GOODS
    code: str = ""
    name: str = ""
    group_id: UUID | None = None
    vat: str = "23"
    net_price: Decimal = Decimal("0.00")
    gross_price: Decimal = Decimal("0.00")
    units: tuple[Unit, ...] = ()
    notes: str = ""
    active: bool = True
    version: int = 0


@dataclass(frozen=True)
class ItemChoice:
    """One answer of the item look-up, and what a scan gives: `factor` base units were meant (12 for the code of a 12-pack)."""

    id: UUID
    kind: ItemKind
    code: str
    name: str
    unit: str
    vat: str
    net_price: Decimal
    gross_price: Decimal
    barcode: str = ""
    factor: Decimal = Decimal(1)


@dataclass(frozen=True)
class FoundItem:
    """An item as the search box finds it; rank as in core/search.py."""

    id: UUID
    rank: int
    kind: str
    code: str
    name: str
    unit: str
    net_price: Decimal
    active: bool


@dataclass(frozen=True)
class ItemRow:
    """One row of the list of items."""

    id: UUID
    code: str
    name: str
    kind: str
    group_name: str
    unit: str
    vat: str
    net_price: Decimal
    gross_price: Decimal
    barcode: str
    active: bool
    name_sort: str


@dataclass(frozen=True)
class ItemGroup:
    """A node of the group tree; the root has no parent."""

    id: UUID
    parent_id: UUID | None
    name: str
    version: int = 0
