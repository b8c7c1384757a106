"""Tables of parties."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from crm_desktop.core.i18n import N_
from crm_desktop.db.columns import key, required_text, slice_metadata, version

METADATA = slice_metadata("parties")

party_group = Table(
    "party_group",
    METADATA,
    key(),
    required_text("name"),
    version(),
    UniqueConstraint("name", name="party_group_name_unique"),
)

party = Table(
    "party",
    METADATA,
    key(),
    required_text("kind"),
    required_text("code"),
    required_text("name"),
    required_text("nip", ""),
    required_text("eu_vat", ""),
    required_text("street", ""),
    required_text("post_code", ""),
    required_text("city", ""),
    required_text("country", "PL"),
    required_text("email", ""),
    required_text("phone", ""),
    Column("group_id", ForeignKey("parties.party_group.id")),
    Column("payment_days", Integer, nullable=False, server_default=text("14")),
    required_text("notes", ""),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("name_sort", Text, Computed("stable.sort_key(name)", persisted=True), nullable=False),
    Column(
        "search",
        Text,
        Computed("stable.search_text(code || ' ' || name || ' ' || nip || ' ' || eu_vat || ' ' || city)", persisted=True),
        nullable=False,
    ),
    Column("phone_digits", Text, Computed("stable.phone_digits(phone)", persisted=True), nullable=False),
    version(),
    UniqueConstraint("code", name="party_code_unique"),
    CheckConstraint("kind in ('company', 'person')", name="kind_known"),
    CheckConstraint("nip = '' or stable.nip_valid(nip)", name="nip_valid"),
    CheckConstraint("length(name) between 1 and 512 and stable.plain_text(name)", name="name_plain"),
    CheckConstraint("payment_days between 0 and 365", name="payment_days_range"),
)
Index("ix_party_name_sort", party.c.name_sort, party.c.id)
Index("ix_party_code", party.c.code, party.c.id)
Index("ix_party_nip", party.c.nip, party.c.id)
Index("ix_party_city", party.c.city, party.c.id)
Index("ix_party_search", party.c.search, postgresql_using="gin", postgresql_ops={"search": "gin_trgm_ops"})
Index("ix_party_phone", party.c.phone_digits, postgresql_using="gin", postgresql_ops={"phone_digits": "gin_trgm_ops"})

MESSAGES = {
    "party_code_unique": N_("Another party has this code."),
    "party_group_name_unique": N_("Another group has this name."),
    "party_nip_valid": N_("This NIP has a wrong check digit."),
    "party_name_plain": N_("A name has 1 to 512 characters, without control characters and pictures."),
    "party_payment_days_range": N_("The payment term is from 0 to 365 days."),
}
