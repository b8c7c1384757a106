"""The fiscal printers: their list and their cards: where each hangs, how it is reached, what its VAT letters mean."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QCheckBox, QWidget

from crm_desktop.catalogue.queries import list_rates
from crm_desktop.catalogue.rules.model import VatRate
from crm_desktop.core.errors import Refused
from crm_desktop.core.i18n import N_, NBSP, _
from crm_desktop.core.problem import Problem
from crm_desktop.db.keys import new_id
from crm_desktop.db.paging import Sort
from crm_desktop.db.transaction import Transaction
from crm_desktop.devices.opening import read_address
from crm_desktop.fiscal import queries, service
from crm_desktop.fiscal.queries import Device, PrinterRow
from crm_desktop.fiscal.rules.device import USUAL_RATES, check_device
from crm_desktop.fiscal.views.rate_letters import RateLetters
from crm_desktop.organisation.queries import list_branches, list_workstations
from crm_desktop.organisation.rules.model import Branch, Workstation
from crm_desktop.ui import clock, forms
from crm_desktop.ui.card import Card
from crm_desktop.ui.delegates import CellStyle, Kind
from crm_desktop.ui.fields import ComboField, TextField
from crm_desktop.ui.listing import Column, Listing
from crm_desktop.ui.register import Register
from crm_desktop.ui.window import Window

SAVE = "fiscal.save_device"


def _unused(row: PrinterRow) -> CellStyle | None:
    return None if row.active else CellStyle(kind=Kind.MUTED)


DEVICE_LIST = Listing(
    name="fiscal.devices",
    title=N_("Fiscal printers"),
    source=queries.PRINTERS,
    columns=(
        Column("name", N_("Name"), stretch=True, width=180, style=_unused),
        Column("branch", N_("Branch"), width=84),
        Column("workstation", N_("Hangs on"), width=170),
        Column("address", N_("Address"), width=220),
        Column("active", N_("In use"), Kind.CHECK, 70),
    ),
    default_sort=(Sort("name"),),
    table="fiscal.device",
    new=N_("New"),
    empty_icon="printer",
    empty_title=N_("No fiscal printers yet"),
    empty_text=N_("A printer hangs on one workstation and prints for the whole branch."),
    searchable=False,
)


class DeviceBrowser(Register):
    """The printers."""

    def __init__(self, window: Window) -> None:
        super().__init__(window, DEVICE_LIST, open_device, SAVE)


@dataclass(frozen=True)
class Choices:
    """Where a printer may stand, and what its letters may mean."""

    branches: tuple[Branch, ...]
    workstations: tuple[Workstation, ...]
    rates: tuple[VatRate, ...]


class DeviceForm(QWidget):
    """The widgets."""

    name: TextField
    branch_id: ComboField
    workstation_id: ComboField
    driver: ComboField
    address: TextField
    active: QCheckBox
    rates: RateLetters

    def __init__(self) -> None:
        super().__init__()
        forms.load(self, "fiscal/device_card")
        self.driver.set_choices([("posnet", "POSNET")])


class DeviceCard(Card[Device]):
    """See the module."""

    PATHS = ("name", "branch_id", "workstation_id", "driver", "address", "active", "rates")
    TABLE, PERMISSION, ICON = "fiscal.device", SAVE, "printer"

    def __init__(self, window: Window, new: Device | None, key: UUID | None) -> None:
        self._form = DeviceForm()
        self._workstations: tuple[Workstation, ...] = ()
        super().__init__(window, self._form, new, key)
        self.setObjectName("device_card")
        self._form.branch_id.edited.connect(self._offer_workstations)

    def read_record(self, tx: Transaction, key: UUID | None) -> Device:
        """The printer."""
        assert key is not None
        return queries.get_device(tx, key)

    def read_choices(self, tx: Transaction) -> Choices:
        """Branches, workstations, rates."""
        return Choices(tuple(list_branches(tx)), tuple(list_workstations(tx)), tuple(list_rates(tx)))

    def take_choices(self, choices: Choices) -> None:
        """A printer stays in its branch; its letters mean rates of the catalogue."""
        mine, today = self.window_of.who.branches, clock.today()
        branches = [(branch.id, f"{branch.code}  {branch.name}") for branch in choices.branches if branch.id in mine]
        self._form.branch_id.set_choices(branches)
        self._form.branch_id.setEnabled(self.is_new and self.may_change)
        self._form.branch_id.setToolTip("" if self.is_new else _("A printer stays with its branch"))
        self._workstations = choices.workstations
        codes = {rate.code: rate for rate in choices.rates if rate.holds_on(today)}
        self._form.rates.set_choices([(code, f"{code}{NBSP}%" if code.isdigit() else code) for code in codes])

    def prepare(self, value: Device) -> None:
        """The workstations of its branch."""
        self._offer_workstations(value.branch_id, value.workstation_id)

    def shown(self, value: Device) -> None:
        """A new printer hangs on the first workstation until another is chosen."""
        self._take_first()

    def store(self, tx: Transaction, value: Device) -> Any:
        """Save it."""
        return service.save_device(tx, value)

    def check(self, value: Device) -> list[Problem]:
        """The card by its rules, the address by whoever opens it."""
        problems = check_device(value.name, value.workstation_id is not None, value.rates)
        if not value.address.strip():
            message = N_("The address is missing: tcp://address:port, or serial:///dev/ttyUSB0 for a cable.")
            return [*problems, Problem("address_missing", "address", message)]
        try:
            read_address(value.address)
        except Refused as refused:
            problems += refused.problems
        return problems

    def title_of(self, value: Device) -> str:
        """Its name."""
        return value.name or _("New printer")

    def state_of(self, value: Device) -> tuple[str, str]:
        """What is no longer in use says so."""
        return ("", "") if value.active else (_("not in use"), "neutral")

    def _offer_workstations(self, branch_id: UUID, keep: UUID | None = None) -> None:
        offered = [each for each in self._workstations if each.branch_id == branch_id and (each.active or each.id == keep)]
        self._form.workstation_id.set_choices([(each.id, f"{each.code}  {each.name}") for each in offered])
        self._take_first()

    def _take_first(self) -> None:
        field = self._form.workstation_id
        if field.value() is None and field.count():
            field.set_value(field.itemData(0))


def open_device(window: Window, id: UUID | None) -> None:
    """The card of a printer; None: a new one, on this workstation where it is one."""
    station = window.station()
    new = None
    if id is None:
        new = Device(new_id(), window.branch_id, station[0] if station else None, "", "posnet", "", USUAL_RATES, True, 0)  # type: ignore[arg-type]
    key = new.id if new is not None else id
    window.open_card(f"fiscal.device:{key}", _("New printer"), "printer", lambda: DeviceCard(window, new, id))
