"""Tables of the organisation. Logins, roles and numbers are changed by guarded functions only (sql/)."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from crm_desktop.core.i18n import N_
from crm_desktop.db.columns import key, required_text, slice_metadata, version

METADATA = slice_metadata("organisation")

company = Table(
    "company",
    METADATA,
    Column("one", Integer, primary_key=True, server_default=text("1")),
    required_text("name"),
    required_text("nip"),
    required_text("street", ""),
    required_text("post_code", ""),
    required_text("city", ""),
    required_text("iban", ""),
    Column("ksef_from", Date),
    version(),
    CheckConstraint("one = 1", name="only_one"),
)

branch = Table(
    "branch",
    METADATA,
    key(),
    required_text("code"),
    required_text("name"),
    required_text("street", ""),
    required_text("post_code", ""),
    required_text("city", ""),
    Column("closed_until", Date),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    version(),
    UniqueConstraint("code", name="branch_code_unique"),
)

role = Table(
    "role",
    METADATA,
    key(),
    required_text("name"),
    version(),
    UniqueConstraint("name", name="role_name_unique"),
)

role_permission = Table(
    "role_permission",
    METADATA,
    Column("role_id", ForeignKey("organisation.role.id"), primary_key=True),
    Column("permission", Text, primary_key=True),
)

employee = Table(
    "employee",
    METADATA,
    key(),
    required_text("login"),
    required_text("name"),
    required_text("role_name"),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    version(),
    UniqueConstraint("login", name="employee_login_unique"),
    UniqueConstraint("role_name", name="employee_role_name_unique"),
    CheckConstraint("login ~ '^[a-z][a-z0-9.]{1,30}$'", name="login_form"),
)

employee_role = Table(
    "employee_role",
    METADATA,
    Column("employee_id", ForeignKey("organisation.employee.id"), primary_key=True),
    Column("role_id", ForeignKey("organisation.role.id"), primary_key=True),
)

employee_branch = Table(
    "employee_branch",
    METADATA,
    Column("employee_id", ForeignKey("organisation.employee.id"), primary_key=True),
    Column("branch_id", ForeignKey("organisation.branch.id"), primary_key=True),
)

workstation = Table(
    "workstation",
    METADATA,
    key(),
    required_text("code"),
    required_text("name"),
    Column("branch_id", ForeignKey("organisation.branch.id"), nullable=False),
    required_text("role_name"),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    version(),
    UniqueConstraint("code", name="workstation_code_unique"),
    UniqueConstraint("role_name", name="workstation_role_name_unique"),
    CheckConstraint("code ~ '^[a-z][a-z0-9]{1,20}$'", name="code_form"),
)

number_series = Table(
    "number_series",
    METADATA,
    key(),
    required_text("code"),
    Column("branch_id", ForeignKey("organisation.branch.id"), nullable=False),
    required_text("pattern"),
    required_text("restart", "year"),
    Column("legal", Boolean, nullable=False, server_default=text("true")),
    version(),
    UniqueConstraint("branch_id", "code", name="number_series_code_unique"),
    CheckConstraint("restart in ('none', 'year', 'month')", name="restart_known"),
    CheckConstraint("position('{number}' in pattern) > 0 and position('{year}' in pattern) > 0", name="pattern_has_number_and_year"),
    CheckConstraint("restart <> 'month' or position('{month}' in pattern) > 0", name="pattern_has_month"),
)

number_counter = Table(
    "number_counter",
    METADATA,
    Column("series_id", ForeignKey("organisation.number_series.id"), primary_key=True),
    Column("period", Text, primary_key=True),
    Column("last_number", Integer, nullable=False),
    Column("last_date", Date, nullable=False),
)

setting = Table(
    "setting",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("scope_id", Text, primary_key=True, server_default=text("''")),
    Column("value", JSONB, nullable=False),
    CheckConstraint("scope in ('company', 'branch', 'employee', 'workstation')", name="scope_known"),
)

workspace = Table(
    "workspace",
    METADATA,
    Column("employee_id", Uuid, ForeignKey("organisation.employee.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
Index("ix_number_series_branch", number_series.c.branch_id)

MESSAGES = {
    "branch_code_unique": N_("Another branch has this code."),
    "role_name_unique": N_("Another role has this name."),
    "employee_login_unique": N_("Somebody has this login already."),
    "employee_role_name_unique": N_("Somebody has this login already."),
    "employee_login_form": N_("A login has 2 to 31 small letters without accents, digits or dots, and begins with a letter."),
    "workstation_code_unique": N_("Another workstation has this code."),
    "workstation_role_name_unique": N_("Another workstation has this code."),
    "workstation_code_form": N_("A workstation's code has 2 to 21 small letters without accents or digits, and begins with a letter."),
    "number_series_code_unique": N_("This branch has a series with this code already."),
    "number_series_pattern_has_number_and_year": N_("The pattern must contain {{number}} and {{year}}."),
    "number_series_pattern_has_month": N_("A series that restarts each month must contain {{month}}."),
    "series_texts_clash": N_("Series {other} could give the same numbers; the text before the number must differ."),
    "pattern_in_use": N_("The pattern stays as it is because numbers were given by it already."),
    "counter_date_order": N_("The last number of this period has the date {last}; a later number cannot have an earlier one."),
    "last_administrator": N_("Somebody must remain who may manage employees."),
    "not_yourself": N_("You cannot change your own rights; ask another administrator."),
    "permission_unknown": N_("This program knows no such right."),
    "login_taken": N_("This login cannot be used here; choose another one."),
    "session_gone": N_("This session has ended by itself."),
    "session_yours": N_("This is the connection that you are asking over."),
    "session_of_server": N_("This session belongs to the server or to its administrator and is not ended from here."),
    "record_unknown": N_("This record does not exist, or you may not see it."),
}
