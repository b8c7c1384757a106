"""What an operator types into. Every field is a plain widget that a form can name; values are Decimal, date and str."""

from crm_desktop.ui.fields.choice import ComboField
from crm_desktop.ui.fields.dates import DateField, read_date
from crm_desktop.ui.fields.entry import EntryField
from crm_desktop.ui.fields.lookup import Answer, LookupField, Side
from crm_desktop.ui.fields.numbers import DecimalField, MoneyField, PercentField, PriceField, QuantityField
from crm_desktop.ui.fields.state import (
    FieldNote,
    State,
    clear_problems,
    field_of,
    jump_to,
    set_state,
    show_problems,
    state_of,
)
from crm_desktop.ui.fields.texts import NipField, PasswordField, TextField

__all__ = [
    "Answer",
    "ComboField",
    "DateField",
    "DecimalField",
    "EntryField",
    "FieldNote",
    "LookupField",
    "MoneyField",
    "NipField",
    "PasswordField",
    "PercentField",
    "PriceField",
    "QuantityField",
    "Side",
    "State",
    "TextField",
    "clear_problems",
    "field_of",
    "jump_to",
    "read_date",
    "set_state",
    "show_problems",
    "state_of",
]
