"""Reading the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select

from crm_desktop.catalogue.rules.model import FoundItem, Item, ItemChoice, ItemGroup, ItemKind, ItemRow, RatePeriod, Unit, VatRate
from crm_desktop.catalogue.tables import item, item_group, item_unit, purchase_price, vat_rate
from crm_desktop.db.paging import Field, Paging, Sort, cents
from crm_desktop.db.transaction import Answer, Transaction


@dataclass(frozen=True)
class GroupRow:
    """A group of items in the list: its name and that of the group above it."""

    id: UUID
    name: str
    parent: str


@dataclass(frozen=True)
class RateRow:
    """A period of a VAT rate in the list."""

    id: UUID
    code: str
    percent: Decimal | None
    valid_from: date
    valid_to: date | None
    name: str


_ITEM = select(
    item.c.id,
    item.c.kind,
    item.c.code,
    item.c.name,
    item.c.group_id,
    item.c.vat,
    item.c.net_price,
    item.c.gross_price,
    item.c.unit,
    item.c.notes,
    item.c.active,
    item.c.version,
).where(item.c.id == bindparam("key"))
_UNITS = (
    select(item_unit.c.id, item_unit.c.name, item_unit.c.factor, func.coalesce(item_unit.c.barcode, ""))
    .where(item_unit.c.item_id == bindparam("key"))
    .order_by(item_unit.c.factor, item_unit.c.name)
)
_CHOICE = (
    item.c.id,
    item.c.kind,
    item.c.code,
    item.c.name,
    item.c.unit,
    item.c.vat,
    item.c.net_price,
    item.c.gross_price,
)
_BY_BARCODE = (
    select(*_CHOICE, item_unit.c.barcode, item_unit.c.factor)
    .join(item_unit, item_unit.c.item_id == item.c.id)
    .where(item_unit.c.barcode == bindparam("code"), item.c.active)
)
_BY_CODE = select(*_CHOICE).where(or_(item.c.code == bindparam("code"), item.c.code == func.upper(bindparam("code"))), item.c.active)
_BY_CODES = select(*_CHOICE).where(item.c.code == func.any(bindparam("codes")), item.c.active)
_RATES = select(vat_rate.c.code, vat_rate.c.percent, vat_rate.c.valid_from, vat_rate.c.valid_to, vat_rate.c.name).order_by(
    vat_rate.c.percent.desc().nullslast(), vat_rate.c.code, vat_rate.c.valid_from
)
_PERIODS = select(
    vat_rate.c.id, vat_rate.c.code, vat_rate.c.percent, vat_rate.c.valid_from, vat_rate.c.valid_to, vat_rate.c.name, vat_rate.c.version
).order_by(vat_rate.c.code, vat_rate.c.valid_from)
_PERIOD = _PERIODS.where(vat_rate.c.id == bindparam("key"))
_GROUPS = select(item_group.c.id, item_group.c.parent_id, item_group.c.name, item_group.c.version).order_by(item_group.c.name)
_COST = (
    select(purchase_price.c.price)
    .where(purchase_price.c.item_id == bindparam("key"), purchase_price.c.valid_from <= bindparam("day"))
    .order_by(purchase_price.c.valid_from.desc())
    .limit(1)
)

_GROUP = select(item_group.c.id, item_group.c.parent_id, item_group.c.name, item_group.c.version).where(item_group.c.id == bindparam("key"))
_COSTS = (
    select(purchase_price.c.valid_from, purchase_price.c.price)
    .where(purchase_price.c.item_id == bindparam("key"))
    .order_by(purchase_price.c.valid_from.desc())
)
_barcode = (
    select(item_unit.c.barcode)
    .where(item_unit.c.item_id == item.c.id, item_unit.c.name == item.c.unit)
    .limit(1)
    .correlate(item)
    .scalar_subquery()
)
_above = item_group.alias("above")


def get_item(tx: Transaction, item_id: UUID) -> Item:
    """An item's card. Raises NotFound."""
    found, units = tx.ask(_ITEM, {"key": item_id}), tx.ask(_UNITS, {"key": item_id}, Unit)
    key, kind, code, name, group_id, vat, net, gross, unit, notes, active, version = found.one()
    ordered = sorted(units.all(), key=lambda u: (u.name != unit, u.factor))
    return Item(key, ItemKind(kind), code, name, group_id, vat, net, gross, tuple(ordered), notes, active, version)


def find_items(tx: Transaction, text: str, limit: int = 8) -> list[ItemChoice]:
    """Active items whose code and name hold every word of `text`, accents and case ignored; best first."""
    return tx.call("search_items", text, limit, into=_choice).all()


def ask_items(tx: Transaction, text: str, most: int, forgiving: bool = False) -> Answer[FoundItem]:
    """For the search box: items by code, bar code and name, best first; forgiving: with typing errors instead."""
    return tx.call("find_items", text, most, forgiving, into=FoundItem)


def find_code(tx: Transaction, code: str) -> ItemChoice | None:
    """The item of an exact code or bar code, or None. The code of a package carries its factor (BAR-02)."""
    scanned, typed = tx.ask(_BY_BARCODE, {"code": code}, _choice), tx.ask(_BY_CODE, {"code": code}, _choice)
    return scanned.maybe() or typed.maybe()


def find_codes(tx: Transaction, codes: Sequence[str]) -> dict[str, ItemChoice]:
    """The items of many exact codes (a pasted block); unknown codes are absent."""
    return {choice.code: choice for choice in tx.ask(_BY_CODES, {"codes": list(codes)}, _choice).all()}


def ask_rates(tx: Transaction) -> Answer[VatRate]:
    """Every VAT rate with its dates, asked together with other questions."""
    return tx.ask(_RATES, into=VatRate)


def list_rates(tx: Transaction) -> list[VatRate]:
    """Every VAT rate with its dates, the highest first."""
    return ask_rates(tx).all()


def list_periods(tx: Transaction) -> list[RatePeriod]:
    """Every period of every VAT rate, as cards edit them; by code and first day."""
    return tx.ask(_PERIODS, into=RatePeriod).all()


def get_period(tx: Transaction, period_id: UUID) -> RatePeriod:
    """A period of a VAT rate. Raises NotFound."""
    return tx.ask(_PERIOD, {"key": period_id}, RatePeriod).one()


def list_groups(tx: Transaction) -> list[ItemGroup]:
    """All nodes of the group tree, by name."""
    return tx.ask(_GROUPS, into=ItemGroup).all()


def find_cost(tx: Transaction, item_id: UUID) -> Decimal | None:
    """The purchase price of today; None where there is none, or without the right to see cost (GOL-02)."""
    return tx.ask(_COST, {"key": item_id, "day": tx.today}).maybe()


def _choice(
    key: UUID,
    kind: str,
    code: str,
    name: str,
    unit: str,
    vat: str,
    net: Decimal,
    gross: Decimal,
    barcode: str = "",
    factor: Decimal = Decimal(1),
) -> ItemChoice:
    return ItemChoice(key, ItemKind(kind), code, name, unit, vat, net, gross, barcode, factor)


def get_group(tx: Transaction, group_id: UUID) -> ItemGroup:
    """A node of the group tree. Raises NotFound."""
    return tx.ask(_GROUP, {"key": group_id}, ItemGroup).one()


def list_costs(tx: Transaction, item_id: UUID) -> list[tuple[date, Decimal]]:
    """The purchase prices of an item by the day from which they hold, the newest first; none without the right (GOL-02)."""
    return tx.ask(_COSTS, {"key": item_id}).all()


ITEMS = Paging(
    select(
        item.c.id,
        item.c.code,
        item.c.name,
        item.c.kind,
        func.coalesce(item_group.c.name, ""),
        item.c.unit,
        item.c.vat,
        item.c.net_price,
        item.c.gross_price,
        func.coalesce(_barcode, ""),
        item.c.active,
        item.c.name_sort,
    ).outerjoin(item_group, item_group.c.id == item.c.group_id),
    ItemRow,
    id=item.c.id,
    fields={
        "code": Field(item.c.code),
        "name": Field(item.c.name, sort=item.c.name_sort),
        "kind": Field(item.c.kind),
        "group_name": Field(func.coalesce(item_group.c.name, "")),
        "unit": Field(item.c.unit),
        "vat": Field(item.c.vat),
        "net_price": cents(item.c.net_price_cents),
        "gross_price": cents(item.c.gross_price_cents),
        "barcode": Field(func.coalesce(_barcode, "")),
        "active": Field(item.c.active),
    },
    default=(Sort("name"),),
    lookup="items_matching",
)
"""The list of items; the bar code is that of the base unit."""

GROUPS = Paging(
    select(item_group.c.id, item_group.c.name, func.coalesce(_above.c.name, "")).outerjoin(_above, _above.c.id == item_group.c.parent_id),
    GroupRow,
    id=item_group.c.id,
    fields={
        "name": Field(item_group.c.name, sort=func.stable.sort_key(item_group.c.name)),
        "parent": Field(func.coalesce(_above.c.name, "")),
    },
    default=(Sort("name"),),
)
"""The list of groups with the one above each."""

RATES = Paging(
    select(vat_rate.c.id, vat_rate.c.code, vat_rate.c.percent, vat_rate.c.valid_from, vat_rate.c.valid_to, vat_rate.c.name),
    RateRow,
    id=vat_rate.c.id,
    fields={
        "code": Field(vat_rate.c.code),
        "percent": Field(vat_rate.c.percent, sort=func.coalesce(vat_rate.c.percent, -1)),
        "valid_from": Field(vat_rate.c.valid_from),
        "valid_to": Field(vat_rate.c.valid_to, sort=func.coalesce(vat_rate.c.valid_to, date(9999, 12, 31))),
        "name": Field(vat_rate.c.name, sort=func.stable.sort_key(vat_rate.c.name)),
    },
    default=(Sort("percent", descending=True), Sort("code"), Sort("valid_from", descending=True)),
)
"""The list of VAT rates by their periods; the highest first, those without tax last."""
