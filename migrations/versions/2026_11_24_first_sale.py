"""The first sale: organisation, parties, catalogue, fiscal printers, documents.

Functions that an index or a stored column uses live in schema `stable`: they are made by a revision and never dropped.
"""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_24_first_sale"
down_revision = None
branch_labels = None
depends_on = None

SCHEMAS = ("jobs", "organisation", "parties", "catalogue", "fiscal", "documents")

STABLE = r"""
-- Polish order of names without any locale of the server: each letter becomes a sign in the order of the Polish alphabet
-- (aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż), so that byte order is that order. Foreign letters stand beside their base.
create function stable.sort_key(value text) returns text
language sql immutable strict parallel safe set search_path = pg_catalog as $$
    select translate(stable.fold(value), 'aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abc') $$;

-- Small letters, whatever the server's locale knows; accents that Polish has stay, others go.
create function stable.fold(value text) returns text
language sql immutable strict parallel safe set search_path = pg_catalog as $$
    select lower(translate(value,
        'ĄĆĘŁŃÓŚŹŻÄÁÀÂÃÅÇČĎÉÈÊËĚÍÌÎÏŇÑÖÒÔÕØŔŘŠŤÜÚÙÛŮÝŽäáàâãåçčďéèêëěíìîïňñöòôõøŕřšťüúùûůýž',
        'ąćęłńóśźżaaaaaaccdeeeeeiiiinnooooorrstuuuuuyzaaaaaaccdeeeeeiiiinnooooorrstuuuuuyz') collate "C") $$;

-- What a search compares: no accents, small letters, single spaces.
create function stable.search_text(value text) returns text
language sql immutable strict parallel safe set search_path = pg_catalog as $$
    select trim(regexp_replace(translate(stable.fold(value), 'ąćęłńóśźż', 'acelnoszz'), '[\s\-./,;:''"()]+', ' ', 'g')) $$;

-- The digits of a phone, without the prefix of Poland: however it was written, it is found.
create function stable.phone_digits(value text) returns text
language sql immutable strict parallel safe set search_path = pg_catalog as $$
    select regexp_replace(regexp_replace(regexp_replace(value, '[^0-9+]', '', 'g'), '^(\+|00)48', ''), '[^0-9]', '', 'g') $$;

-- The check digit of a NIP (weights 6 5 7 2 3 4 5 6 7, modulo 11; a remainder of 10 is never valid).
create function stable.nip_valid(value text) returns boolean
language sql immutable strict parallel safe set search_path = pg_catalog as $$
    select value ~ '^[0-9]{10}$' and value <> '0000000000' and substr(value, 10, 1)::int =
        (6 * substr(value, 1, 1)::int + 5 * substr(value, 2, 1)::int + 7 * substr(value, 3, 1)::int + 2 * substr(value, 4, 1)::int
       + 3 * substr(value, 5, 1)::int + 4 * substr(value, 6, 1)::int + 5 * substr(value, 7, 1)::int + 6 * substr(value, 8, 1)::int
       + 7 * substr(value, 9, 1)::int) % 11 $$;

-- A name that KSeF takes: no control or invisible characters, no pictures.
create function stable.plain_text(value text) returns boolean
language sql immutable strict parallel safe set search_path = pg_catalog as $$
    select value !~ '[\u0001-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2600-\u27bf\ufe00-\ufe0f\ufeff\U00010000-\U0010ffff]' $$;
"""

#: VAT rates as the law dates them (VAT act art. 41, 146ef; codes as in FA(3) P_12).
VAT_RATES = (
    ("23", 23, "2011-01-01", None, "stawka podstawowa"),
    ("8", 8, "2011-01-01", None, "stawka obniżona"),
    ("5", 5, "2011-01-01", None, "stawka obniżona"),
    ("22", 22, "1993-07-05", "2010-12-31", "stawka podstawowa"),
    ("7", 7, "1993-07-05", "2010-12-31", "stawka obniżona"),
    ("0 KR", 0, "2011-01-01", None, "stawka 0 % w kraju"),
    ("zw", None, "1993-07-05", None, "zwolnione"),
    ("np I", None, "2011-01-01", None, "poza terytorium kraju"),
    ("np II", None, "2011-01-01", None, "usługi, art. 100 ust. 1 pkt 4"),
)


def upgrade() -> None:
    for schema in SCHEMAS:
        op.execute(f"create schema {schema}")
    op.execute(sa.text(STABLE.replace(":", r"\:")))
    # pg_trgm lies in public; the operator class is found there while the indexes are made.
    op.execute("set local search_path = pg_catalog, public")
    op.create_table(
        "operation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("operation_key")),
        schema="meta",
    )
    op.create_table(
        "permission",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("permission_key")),
        schema="meta",
    )
    op.create_table(
        "release",
        sa.Column("one", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("role_prefix", sa.Text(), nullable=False),
        sa.Column("schema_version", sa.Text(), nullable=False),
        sa.Column("least_client", sa.Text(), nullable=False),
        sa.Column("installer", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("upgraded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("one", name=op.f("release_key")),
        schema="meta",
    )
    op.create_table(
        "entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("role", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Text(), nullable=False),
        sa.Column("old", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("new", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("id", "at", name=op.f("entry_key")),
        schema="audit",
        postgresql_partition_by="RANGE (at)",
    )
    op.create_index("ix_entry_row", "entry", ["table_name", "row_id"], unique=False, schema="audit")
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("arguments", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("holder", sa.Uuid(), nullable=True),
        sa.Column("failure", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("state in ('waiting', 'running', 'done', 'failed')", name=op.f("job_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("job_key")),
        schema="jobs",
    )
    op.create_index(
        "ix_job_next",
        "job",
        ["queue", "id"],
        unique=False,
        schema="jobs",
        postgresql_where=sa.text("state in ('waiting', 'running')"),
    )
    op.create_table(
        "branch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("post_code", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("city", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("closed_until", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("branch_key")),
        sa.UniqueConstraint("code", name="branch_code_unique"),
        schema="organisation",
    )
    op.create_table(
        "company",
        sa.Column("one", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("nip", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("post_code", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("city", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("iban", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("ksef_from", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("one = 1", name=op.f("company_only_one")),
        sa.PrimaryKeyConstraint("one", name=op.f("company_key")),
        schema="organisation",
    )
    op.create_table(
        "employee",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role_name", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("login ~ '^[a-z][a-z0-9.]{1,30}$'", name=op.f("employee_login_form")),
        sa.PrimaryKeyConstraint("id", name=op.f("employee_key")),
        sa.UniqueConstraint("login", name="employee_login_unique"),
        sa.UniqueConstraint("role_name", name="employee_role_name_unique"),
        schema="organisation",
    )
    op.create_table(
        "role",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("role_key")),
        sa.UniqueConstraint("name", name="role_name_unique"),
        schema="organisation",
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("scope_id", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("scope in ('company', 'branch', 'employee', 'workstation')", name=op.f("setting_scope_known")),
        sa.PrimaryKeyConstraint("key", "scope", "scope_id", name=op.f("setting_key")),
        schema="organisation",
    )
    op.create_table(
        "employee_branch",
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["organisation.branch.id"], name=op.f("employee_branch_branch_id_known")),
        sa.ForeignKeyConstraint(["employee_id"], ["organisation.employee.id"], name=op.f("employee_branch_employee_id_known")),
        sa.PrimaryKeyConstraint("employee_id", "branch_id", name=op.f("employee_branch_key")),
        schema="organisation",
    )
    op.create_table(
        "employee_role",
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["organisation.employee.id"], name=op.f("employee_role_employee_id_known")),
        sa.ForeignKeyConstraint(["role_id"], ["organisation.role.id"], name=op.f("employee_role_role_id_known")),
        sa.PrimaryKeyConstraint("employee_id", "role_id", name=op.f("employee_role_key")),
        schema="organisation",
    )
    op.create_table(
        "number_series",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("restart", sa.Text(), server_default=sa.text("'year'"), nullable=False),
        sa.Column("legal", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "position('{number}' in pattern) > 0 and position('{year}' in pattern) > 0",
            name=op.f("number_series_pattern_has_number_and_year"),
        ),
        sa.CheckConstraint("restart <> 'month' or position('{month}' in pattern) > 0", name=op.f("number_series_pattern_has_month")),
        sa.CheckConstraint("restart in ('none', 'year', 'month')", name=op.f("number_series_restart_known")),
        sa.ForeignKeyConstraint(["branch_id"], ["organisation.branch.id"], name=op.f("number_series_branch_id_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("number_series_key")),
        sa.UniqueConstraint("branch_id", "code", name="number_series_code_unique"),
        schema="organisation",
    )
    op.create_index("ix_number_series_branch", "number_series", ["branch_id"], unique=False, schema="organisation")
    op.create_table(
        "role_permission",
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["organisation.role.id"], name=op.f("role_permission_role_id_known")),
        sa.PrimaryKeyConstraint("role_id", "permission", name=op.f("role_permission_key")),
        schema="organisation",
    )
    op.create_table(
        "workspace",
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["organisation.employee.id"], name=op.f("workspace_employee_id_known")),
        sa.PrimaryKeyConstraint("employee_id", "key", name=op.f("workspace_key")),
        schema="organisation",
    )
    op.create_table(
        "workstation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("role_name", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("code ~ '^[a-z][a-z0-9]{1,20}$'", name=op.f("workstation_code_form")),
        sa.ForeignKeyConstraint(["branch_id"], ["organisation.branch.id"], name=op.f("workstation_branch_id_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("workstation_key")),
        sa.UniqueConstraint("code", name="workstation_code_unique"),
        sa.UniqueConstraint("role_name", name="workstation_role_name_unique"),
        schema="organisation",
    )
    op.create_table(
        "number_counter",
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("last_date", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["series_id"], ["organisation.number_series.id"], name=op.f("number_counter_series_id_known")),
        sa.PrimaryKeyConstraint("series_id", "period", name=op.f("number_counter_key")),
        schema="organisation",
    )
    op.create_table(
        "party_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("party_group_key")),
        sa.UniqueConstraint("name", name="party_group_name_unique"),
        schema="parties",
    )
    op.create_table(
        "party",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("nip", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("eu_vat", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("street", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("post_code", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("city", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("country", sa.Text(), server_default=sa.text("'PL'"), nullable=False),
        sa.Column("email", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("phone", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("payment_days", sa.Integer(), server_default=sa.text("14"), nullable=False),
        sa.Column("notes", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("name_sort", sa.Text(), sa.Computed("stable.sort_key(name)", persisted=True), nullable=False),
        sa.Column(
            "search",
            sa.Text(),
            sa.Computed("stable.search_text(code || ' ' || name || ' ' || nip || ' ' || eu_vat || ' ' || city)", persisted=True),
            nullable=False,
        ),
        sa.Column("phone_digits", sa.Text(), sa.Computed("stable.phone_digits(phone)", persisted=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("kind in ('company', 'person')", name=op.f("party_kind_known")),
        sa.CheckConstraint("nip = '' or stable.nip_valid(nip)", name=op.f("party_nip_valid")),
        sa.CheckConstraint("length(name) between 1 and 512 and stable.plain_text(name)", name=op.f("party_name_plain")),
        sa.CheckConstraint("payment_days between 0 and 365", name=op.f("party_payment_days_range")),
        sa.ForeignKeyConstraint(["group_id"], ["parties.party_group.id"], name=op.f("party_group_id_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("party_key")),
        sa.UniqueConstraint("code", name="party_code_unique"),
        schema="parties",
    )
    op.create_index("ix_party_city", "party", ["city", "id"], unique=False, schema="parties")
    op.create_index("ix_party_code", "party", ["code", "id"], unique=False, schema="parties")
    op.create_index("ix_party_name_sort", "party", ["name_sort", "id"], unique=False, schema="parties")
    op.create_index("ix_party_nip", "party", ["nip", "id"], unique=False, schema="parties")
    op.create_index(
        "ix_party_phone",
        "party",
        ["phone_digits"],
        unique=False,
        schema="parties",
        postgresql_using="gin",
        postgresql_ops={"phone_digits": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_party_search",
        "party",
        ["search"],
        unique=False,
        schema="parties",
        postgresql_using="gin",
        postgresql_ops={"search": "gin_trgm_ops"},
    )
    op.create_table(
        "item_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["catalogue.item_group.id"], name=op.f("item_group_parent_id_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("item_group_key")),
        schema="catalogue",
    )
    op.create_table(
        "vat_rate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("percent", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("code ~ '^([1-9][0-9]?|0 (KR|WDT|EX)|zw|oo|np I|np II)$'", name=op.f("vat_rate_code_known")),
        sa.CheckConstraint(
            "percent is not distinct from"
            " case when code ~ '^[1-9][0-9]?$' then code::numeric when code in ('0 KR', '0 WDT', '0 EX') then 0 end",
            name=op.f("vat_rate_percent_fits"),
        ),
        sa.CheckConstraint("valid_to is null or valid_to >= valid_from", name=op.f("vat_rate_dates_ordered")),
        sa.CheckConstraint("length(name) <= 256 and stable.plain_text(name)", name=op.f("vat_rate_name_plain")),
        postgresql.ExcludeConstraint(
            ("code", "="), (sa.text("daterange(valid_from, valid_to, '[]')"), "&&"), name=op.f("vat_rate_periods_apart")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("vat_rate_key")),
        schema="catalogue",
    )
    op.create_table(
        "item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("vat", sa.Text(), nullable=False),
        sa.Column("net_price", sa.Numeric(precision=18, scale=6), server_default=sa.text("0"), nullable=False),
        sa.Column("gross_price", sa.Numeric(precision=18, scale=6), server_default=sa.text("0"), nullable=False),
        sa.Column("net_price_cents", sa.BigInteger(), sa.Computed("(net_price * 100)::bigint", persisted=True), nullable=True),
        sa.Column(
            "gross_price_cents",
            sa.BigInteger(),
            sa.Computed("(gross_price * 100)::bigint", persisted=True),
            nullable=True,
        ),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("name_sort", sa.Text(), sa.Computed("stable.sort_key(name)", persisted=True), nullable=False),
        sa.Column("search", sa.Text(), sa.Computed("stable.search_text(code || ' ' || name)", persisted=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("kind in ('goods', 'service')", name=op.f("item_kind_known")),
        sa.CheckConstraint("length(name) between 1 and 512 and stable.plain_text(name)", name=op.f("item_name_plain")),
        sa.CheckConstraint("net_price >= 0 and gross_price >= 0", name=op.f("item_price_range")),
        sa.ForeignKeyConstraint(["group_id"], ["catalogue.item_group.id"], name=op.f("item_group_id_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("item_key")),
        sa.UniqueConstraint("code", name="item_code_unique"),
        schema="catalogue",
    )
    op.create_index("ix_item_code", "item", ["code", "id"], unique=False, schema="catalogue")
    op.create_index("ix_item_name_sort", "item", ["name_sort", "id"], unique=False, schema="catalogue")
    op.create_index("ix_item_net_price_cents", "item", ["net_price_cents", "id"], unique=False, schema="catalogue")
    op.create_index(
        "ix_item_search",
        "item",
        ["search"],
        unique=False,
        schema="catalogue",
        postgresql_using="gin",
        postgresql_ops={"search": "gin_trgm_ops"},
    )
    op.create_table(
        "item_unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("factor", sa.Numeric(precision=16, scale=6), server_default=sa.text("1"), nullable=False),
        sa.Column("barcode", sa.Text(), nullable=True),
        sa.CheckConstraint("barcode <> ''", name=op.f("item_unit_barcode_not_empty")),
        sa.CheckConstraint("factor > 0", name=op.f("item_unit_factor_positive")),
        sa.ForeignKeyConstraint(["item_id"], ["catalogue.item.id"], name=op.f("item_unit_item_id_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("item_unit_key")),
        sa.UniqueConstraint("barcode", name="item_unit_barcode_unique"),
        sa.UniqueConstraint("item_id", "name", name="item_unit_name_unique"),
        schema="catalogue",
    )
    op.create_table(
        "purchase_price",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("price", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.CheckConstraint("price >= 0", name=op.f("purchase_price_price_range")),
        sa.ForeignKeyConstraint(["item_id"], ["catalogue.item.id"], name=op.f("purchase_price_item_id_known")),
        sa.PrimaryKeyConstraint("item_id", "valid_from", name=op.f("purchase_price_key")),
        schema="catalogue",
    )
    op.create_table(
        "device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("workstation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("driver", sa.Text(), server_default=sa.text("'posnet'"), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column(
            "rates",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text('\'{"A": "23", "B": "8", "C": "5", "D": "0 KR", "E": "zw"}\'::jsonb'),
            nullable=False,
        ),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["organisation.branch.id"], name=op.f("device_branch_id_known")),
        sa.ForeignKeyConstraint(["workstation_id"], ["organisation.workstation.id"], name=op.f("device_workstation_id_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("device_key")),
        sa.UniqueConstraint("id", "branch_id", name="device_branch_unique"),
        sa.UniqueConstraint("name", name="device_name_unique"),
        schema="fiscal",
    )
    op.create_table(
        "lease",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("condition", sa.Text(), server_default=sa.text("'ready'"), nullable=False),
        sa.Column("message", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("next_token", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["fiscal.device.id"], name=op.f("lease_device_id_known")),
        sa.PrimaryKeyConstraint("device_id", name=op.f("lease_key")),
        schema="fiscal",
    )
    op.create_table(
        "receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("message", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("attempt", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sealed_by", sa.Uuid(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint(
            "state in ('waiting', 'printing', 'printed', 'not_printed', 'needs_person')",
            name=op.f("receipt_state_known"),
        ),
        sa.ForeignKeyConstraint(["device_id", "branch_id"], ["fiscal.device.id", "fiscal.device.branch_id"], name="receipt_device_known"),
        sa.PrimaryKeyConstraint("id", name=op.f("receipt_key")),
        sa.UniqueConstraint("number", name="receipt_number_unique"),
        schema="fiscal",
    )
    op.create_index(
        "ix_receipt_device_open",
        "receipt",
        ["device_id", "number"],
        unique=False,
        schema="fiscal",
        postgresql_where=sa.text("state in ('waiting', 'printing', 'needs_person')"),
    )
    op.create_index("ix_receipt_holder", "receipt", ["holder_id"], unique=False, schema="fiscal")
    op.create_index(
        "receipt_one_open_a_holder",
        "receipt",
        ["holder_id"],
        unique=True,
        schema="fiscal",
        postgresql_where=sa.text("state <> 'not_printed'"),
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("receipt_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "state in ('intent', 'baseline', 'opened', 'committing', 'done', 'aborted', 'undecided')",
            name=op.f("journal_state_known"),
        ),
        sa.ForeignKeyConstraint(["receipt_id"], ["fiscal.receipt.id"], name=op.f("journal_receipt_id_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("journal_key")),
        schema="fiscal",
    )
    op.create_index("ix_journal_receipt", "journal", ["receipt_id", "id"], unique=False, schema="fiscal")
    op.create_table(
        "receipt_print",
        sa.Column("receipt_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("device_number", sa.Text(), nullable=False),
        sa.Column("daily_report", sa.Integer(), nullable=False),
        sa.Column("receipt_number", sa.Integer(), nullable=False),
        sa.Column("document_number", sa.Integer(), nullable=True),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_on", sa.Date(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["receipt_id"], ["fiscal.receipt.id"], name=op.f("receipt_print_receipt_id_known")),
        sa.PrimaryKeyConstraint("receipt_id", name=op.f("receipt_print_key")),
        sa.UniqueConstraint("device_number", "daily_report", "receipt_number", name="receipt_print_once"),
        schema="fiscal",
    )
    op.create_table(
        "kind",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), server_default=sa.text("'net'"), nullable=False),
        sa.Column("fiscal", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("buyer_required", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("ksef", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("payment", sa.Text(), server_default=sa.text("'transfer'"), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("method in ('net', 'gross')", name=op.f("kind_method_known")),
        sa.CheckConstraint("not fiscal or method = 'gross'", name=op.f("kind_fiscal_is_gross")),
        sa.CheckConstraint("payment in ('cash', 'card', 'transfer')", name=op.f("kind_payment_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("kind_key")),
        sa.UniqueConstraint("code", name="kind_code_unique"),
        schema="documents",
    )
    op.create_table(
        "line_cost",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("cost", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", "revision", "position", name=op.f("line_cost_key")),
        schema="documents",
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("issue_date", sa.Date(), nullable=False),
        sa.Column("sale_date", sa.Date(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=True),
        sa.Column("buyer_name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("buyer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("payment", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("currency", sa.Text(), server_default=sa.text("'PLN'"), nullable=False),
        sa.Column("net", sa.Numeric(precision=14, scale=2), server_default=sa.text("0"), nullable=False),
        sa.Column("tax", sa.Numeric(precision=14, scale=2), server_default=sa.text("0"), nullable=False),
        sa.Column("gross", sa.Numeric(precision=14, scale=2), server_default=sa.text("0"), nullable=False),
        sa.Column("net_cents", sa.BigInteger(), sa.Computed("(net * 100)::bigint", persisted=True), nullable=True),
        sa.Column("gross_cents", sa.BigInteger(), sa.Computed("(gross * 100)::bigint", persisted=True), nullable=True),
        sa.Column("buyer_sort", sa.Text(), sa.Computed("stable.sort_key(buyer_name)", persisted=True), nullable=False),
        sa.Column(
            "search",
            sa.Text(),
            sa.Computed("stable.search_text(coalesce(number, '') || ' ' || buyer_name)", persisted=True),
            nullable=False,
        ),
        sa.Column("state", sa.Text(), server_default=sa.text("'draft'"), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("delivery", sa.Text(), server_default=sa.text("'outside'"), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("(state = 'issued') = (issued_at is not null and issued_by is not null)", name=op.f("document_issued_stamp")),
        sa.CheckConstraint("(state = 'issued') = (number is not null)", name=op.f("document_number_when_issued")),
        sa.CheckConstraint("currency = 'PLN'", name=op.f("document_currency_pln")),
        sa.CheckConstraint(
            "buyer ?& array['party_id', 'name', 'nip', 'eu_vat', 'street', 'post_code', 'city', 'country', 'business']",
            name=op.f("document_buyer_whole"),
        ),
        sa.CheckConstraint("delivery in ('outside', 'waiting', 'numbered', 'refused')", name=op.f("document_delivery_known")),
        sa.CheckConstraint("method in ('net', 'gross')", name=op.f("document_method_known")),
        sa.CheckConstraint("payment in ('cash', 'card', 'transfer')", name=op.f("document_payment_known")),
        sa.CheckConstraint("state in ('draft', 'sealed', 'issued')", name=op.f("document_state_known")),
        sa.CheckConstraint("net + tax = gross", name=op.f("document_sums")),
        sa.ForeignKeyConstraint(["branch_id"], ["organisation.branch.id"], name=op.f("document_branch_id_known")),
        sa.ForeignKeyConstraint(["buyer_id"], ["parties.party.id"], name=op.f("document_buyer_id_known")),
        sa.ForeignKeyConstraint(["issued_by"], ["organisation.employee.id"], name=op.f("document_issued_by_known")),
        sa.ForeignKeyConstraint(["kind_id"], ["documents.kind.id"], name=op.f("document_kind_id_known")),
        sa.ForeignKeyConstraint(["series_id"], ["organisation.number_series.id"], name=op.f("document_series_id_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("document_key")),
        sa.UniqueConstraint("id", "branch_id", name="document_branch_unique"),
        sa.UniqueConstraint("number", name="document_number_unique"),
        schema="documents",
    )
    op.create_index("ix_document_branch_issue_date", "document", ["branch_id", "issue_date", "id"], unique=False, schema="documents")
    op.create_index("ix_document_buyer", "document", ["buyer_id"], unique=False, schema="documents")
    op.create_index("ix_document_buyer_sort", "document", ["buyer_sort", "id"], unique=False, schema="documents")
    op.create_index("ix_document_gross_cents", "document", ["gross_cents", "id"], unique=False, schema="documents")
    op.create_index("ix_document_issue_date", "document", ["issue_date", "id"], unique=False, schema="documents")
    op.create_index(
        "ix_document_search",
        "document",
        ["search"],
        unique=False,
        schema="documents",
        postgresql_using="gin",
        postgresql_ops={"search": "gin_trgm_ops"},
    )
    op.create_table(
        "line",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=16, scale=6), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("price", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("discount", sa.Numeric(precision=5, scale=2), server_default=sa.text("0"), nullable=False),
        sa.Column("vat", sa.Text(), nullable=False),
        sa.Column("negotiated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("service", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("value", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("discount_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("net", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("tax", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("gross", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.CheckConstraint("discount between 0 and 100", name=op.f("line_discount_range")),
        sa.ForeignKeyConstraint(
            ["document_id", "branch_id"],
            ["documents.document.id", "documents.document.branch_id"],
            name="line_document_known",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["item_id"], ["catalogue.item.id"], name=op.f("line_item_id_known")),
        sa.PrimaryKeyConstraint("document_id", "revision", "position", "branch_id", name=op.f("line_key")),
        schema="documents",
    )
    op.create_index("ix_line_item", "line", ["item_id"], unique=False, schema="documents")
    op.create_table(
        "revision",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("seller", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("frozen_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id", "branch_id"],
            ["documents.document.id", "documents.document.branch_id"],
            name="revision_document_known",
        ),
        sa.PrimaryKeyConstraint("document_id", "revision", name=op.f("revision_key")),
        schema="documents",
    )
    op.create_table(
        "vat_row",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("vat", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("net", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("tax", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("gross", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.CheckConstraint("net + tax = gross", name=op.f("vat_row_sums")),
        sa.ForeignKeyConstraint(
            ["document_id", "branch_id"],
            ["documents.document.id", "documents.document.branch_id"],
            name="vat_row_document_known",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", "revision", "vat", "branch_id", name=op.f("vat_row_key")),
        schema="documents",
    )
    op.execute("create table audit.entry_default partition of audit.entry default")
    rates = sa.table("vat_rate", *map(sa.column, ("id", "code", "percent", "valid_from", "valid_to", "name")), schema="catalogue")
    names = [column.name for column in rates.columns]
    op.bulk_insert(rates, [dict(zip(names, (uuid4(), *row), strict=True)) for row in VAT_RATES])
