"""The card of the company itself: the seller of every invoice."""

from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from crm_desktop.core.i18n import _
from crm_desktop.core.identifiers import clean_iban, iban_shown
from crm_desktop.core.problem import Problem
from crm_desktop.db.transaction import Transaction
from crm_desktop.organisation import queries, service
from crm_desktop.organisation.rules.check import check_company
from crm_desktop.organisation.rules.model import Company
from crm_desktop.ui import forms
from crm_desktop.ui.card import Card
from crm_desktop.ui.fields import DateField, NipField, TextField
from crm_desktop.ui.window import Window


class IbanField(TextField):
    """A bank account: kept without spaces, shown in groups of four."""

    def parse(self, text: str) -> str:
        """Without its spaces."""
        return clean_iban(text)

    def value(self) -> str:
        """Without its spaces; "" when empty."""
        return clean_iban(self.text())

    def show_value(self, value: Any) -> str:
        """In groups of four."""
        return iban_shown(str(value))


class CompanyForm(QWidget):
    """The widgets."""

    nip: NipField
    name: TextField
    street: TextField
    post_code: TextField
    city: TextField
    iban: IbanField
    ksef_from: DateField

    def __init__(self) -> None:
        super().__init__()
        forms.load(self, "organisation/company_card")


class CompanyCard(Card[Company]):
    """See the module."""

    PATHS = ("nip", "name", "street", "post_code", "city", "iban", "ksef_from")
    TABLE, PERMISSION, ICON = "organisation.company", "organisation.save_company", "building"

    def __init__(self, window: Window) -> None:
        super().__init__(window, CompanyForm(), None, None)
        self.setObjectName("company_card")

    def read_record(self, tx: Transaction, key: UUID | None) -> Company:
        """The company."""
        return queries.get_company(tx)

    def store(self, tx: Transaction, value: Company) -> Any:
        """Save it."""
        return service.save_company(tx, value)

    def check(self, value: Company) -> list[Problem]:
        """By the rules of the company."""
        return check_company(value)

    def title_of(self, value: Company) -> str:
        """Always the same: the dock is called so in the navigator."""
        return _("Company data")

    def key_of(self, value: Company) -> UUID | None:
        """There is only one."""
        return None
