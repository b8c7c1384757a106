"""Tables of the catalogue. Purchase prices lie apart: they are read only with the right to see cost (GOL-02)."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    ForeignKey,
    Index,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from crm_desktop.core.i18n import N_
from crm_desktop.db.columns import Price, Quantity, cents_of, key, required_text, slice_metadata, version

METADATA = slice_metadata("catalogue")

vat_rate = Table(
    "vat_rate",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
    Column("percent", Numeric(5, 2)),
    required_text("name", ""),
    CheckConstraint("valid_to is null or valid_to >= valid_from", name="dates_ordered"),
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
    "item_code_unique": N_("Another item has this code."),
    "item_name_plain": N_("A name has 1 to 512 characters, without control characters and pictures."),
    "item_price_range": N_("A price is not below zero."),
    "item_unit_barcode_unique": N_("Another item or package has this bar code."),
    "item_unit_name_unique": N_("This item has a unit of this name already."),
    "item_unit_factor_positive": N_("A package holds more than 0 base units."),
}
