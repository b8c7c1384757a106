"""Tables of the catalogue. Purchase prices lie apart: they are read only with the right to see cost (GOL-02)."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from crm_desktop.core.i18n import N_
from crm_desktop.db.columns import Percent, Price, Quantity, cents_of, key, required_text, slice_metadata, version

METADATA = slice_metadata("catalogue")

vat_rate = Table(
    "vat_rate",
    METADATA,
    key(),
    required_text("code"),
    Column("percent", Percent),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    required_text("name", ""),
    version(),
    CheckConstraint("code ~ '^([1-9][0-9]?|0 (KR|WDT|EX)|zw|oo|np I|np II)$'", name="code_known"),
    CheckConstraint(
        "percent is not distinct from"
        " case when code ~ '^[1-9][0-9]?$' then code::numeric when code in ('0 KR', '0 WDT', '0 EX') then 0 end",
        name="percent_fits",
    ),
    CheckConstraint("valid_to is null or valid_to >= valid_from", name="dates_ordered"),
    CheckConstraint("length(name) <= 256 and stable.plain_text(name)", name="name_plain"),
    ExcludeConstraint(("code", "="), (text("daterange(valid_from, valid_to, '[]')"), "&&"), name="vat_rate_periods_apart"),
)

item_group = Table(
    "item_group",
    METADATA,
    key(),
    Column("parent_id", ForeignKey("catalogue.item_group.id")),
    required_text("name"),
    version(),
)

item = Table(
    "item",
    METADATA,
    key(),
    required_text("kind"),
    required_text("code"),
    required_text("name"),
    Column("group_id", ForeignKey("catalogue.item_group.id")),
    required_text("vat"),
    Column("net_price", Price, nullable=False, server_default=text("0")),
    Column("gross_price", Price, nullable=False, server_default=text("0")),
    cents_of("net_price"),
    cents_of("gross_price"),
    required_text("unit"),
    required_text("notes", ""),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("name_sort", Text, Computed("stable.sort_key(name)", persisted=True), nullable=False),
    Column("search", Text, Computed("stable.search_text(code || ' ' || name)", persisted=True), nullable=False),
    version(),
    UniqueConstraint("code", name="item_code_unique"),
    CheckConstraint("kind in ('goods', 'service')", name="kind_known"),
    CheckConstraint("length(name) between 1 and 512 and stable.plain_text(name)", name="name_plain"),
    CheckConstraint("net_price >= 0 and gross_price >= 0", name="price_range"),
)
Index("ix_item_name_sort", item.c.name_sort, item.c.id)
Index("ix_item_code", item.c.code, item.c.id)
Index("ix_item_net_price_cents", item.c.net_price_cents, item.c.id)
Index("ix_item_search", item.c.search, postgresql_using="gin", postgresql_ops={"search": "gin_trgm_ops"})

item_unit = Table(
    "item_unit",
    METADATA,
    key(),
    Column("item_id", ForeignKey("catalogue.item.id"), nullable=False),
    required_text("name"),
    Column("factor", Quantity, nullable=False, server_default=text("1")),
    Column("barcode", Text),
    UniqueConstraint("barcode", name="item_unit_barcode_unique"),
    UniqueConstraint("item_id", "name", name="item_unit_name_unique"),
    CheckConstraint("factor > 0", name="factor_positive"),
    CheckConstraint("barcode <> ''", name="barcode_not_empty"),
)

purchase_price = Table(
    "purchase_price",
    METADATA,
    Column("item_id", ForeignKey("catalogue.item.id"), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("price", Price, nullable=False),
    CheckConstraint("price >= 0", name="price_range"),
)

MESSAGES = {
    "vat_rate_code_known": N_("No VAT rate is called so. Write for example 23, 8, 0 KR, 0 WDT, 0 EX, zw, np I, np II or oo."),
    "vat_rate_percent_fits": N_("A rate has the per cent that its code says, and zw, oo, np I and np II have none."),
    "vat_rate_dates_ordered": N_("The last day is before the first one."),
    "vat_rate_name_plain": N_("A name has up to 256 characters, without control characters and pictures."),
    "vat_rate_periods_apart": N_("This rate holds on some of these days already."),
    "vat_rate_begun": N_("This period has begun: only its last day can still be set."),
    "vat_rate_over": N_("This period is over and stays as it is."),
    "vat_rate_end_past": N_("A rate can end today ({today}) or later, not earlier."),
    "item_code_unique": N_("Another item has this code."),
    "item_name_plain": N_("A name has 1 to 512 characters, without control characters and pictures."),
    "item_price_range": N_("A price is not below zero."),
    "item_unit_barcode_unique": N_("Another item or package has this bar code."),
    "item_unit_name_unique": N_("This item has a unit of this name already."),
    "item_unit_factor_positive": N_("A package holds more than 0 base units."),
}
