"""The workstations: their list, installing this computer as one, taking one out of use."""

import secrets
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QCheckBox, QLabel, QWidget

from crm_desktop.core.i18n import N_, _
from crm_desktop.core.problem import Problem
from crm_desktop.db.keys import new_id
from crm_desktop.db.paging import Sort
from crm_desktop.db.transaction import Transaction
from crm_desktop.organisation import queries, service
from crm_desktop.organisation.queries import WorkstationRow
from crm_desktop.organisation.rules.check import check_workstation
from crm_desktop.organisation.rules.model import Branch, Workstation
from crm_desktop.organisation.views.secret_sheet import SecretSheet
from crm_desktop.ui import forms, tasks
from crm_desktop.ui.card import Card
from crm_desktop.ui.delegates import CellStyle, Kind
from crm_desktop.ui.fields import ComboField, TextField
from crm_desktop.ui.listing import Choice, Column, Listing
from crm_desktop.ui.register import Register
from crm_desktop.ui.widgets import dialogs
from crm_desktop.ui.window import Window

INSTALL = "organisation.install_workstation"
SECRET_BYTES = 24


def _gone(row: WorkstationRow) -> CellStyle | None:
    return None if row.active else CellStyle(kind=Kind.MUTED)


WORKSTATION_LIST = Listing(
    name="organisation.workstations",
    title=N_("Workstations"),
    source=queries.WORKSTATIONS,
    columns=(
        Column("code", N_("Code"), Kind.IDENTIFIER, 120, style=_gone),
        Column("name", N_("Name"), stretch=True, width=220, style=_gone),
        Column("branch", N_("Branch"), width=90),
        Column(
            "active",
            N_("State"),
            Kind.PILL,
            110,
            choices=(Choice(True, N_("in use"), "success"), Choice(False, N_("removed"), "neutral")),
        ),
    ),
    default_sort=(Sort("code"),),
    table="organisation.workstation",
    new=N_("Install"),
    empty_icon="device-desktop",
    empty_title=N_("No workstations yet"),
    empty_text=N_("A workstation serves the fiscal printers that hang on it, also for colleagues at other desks."),
    searchable=False,
)


class WorkstationBrowser(Register):
    """The workstations."""

    def __init__(self, window: Window) -> None:
        super().__init__(window, WORKSTATION_LIST, open_workstation, INSTALL)


class WorkstationForm(QWidget):
    """The widgets."""

    code: TextField
    name: TextField
    branch_id: ComboField
    this_computer: QCheckBox
    station_hint: QLabel

    def __init__(self) -> None:
        super().__init__()
        forms.load(self, "organisation/workstation_card")
        self.code.edited.connect(lambda value: self.code.setText(str(value or "").lower()))


class WorkstationCard(Card[Workstation]):
    """See the module. A workstation is installed and removed; its code is a login and never changes."""

    PATHS = ("code", "name", "branch_id")
    TABLE, PERMISSION, ICON = "organisation.workstation", INSTALL, "device-desktop"

    def __init__(self, window: Window, new: Workstation | None, key: UUID | None) -> None:
        self._form = WorkstationForm()
        self._secret = secrets.token_urlsafe(SECRET_BYTES)
        super().__init__(window, self._form, new, key)
        self.setObjectName("workstation_card")
        self._form.this_computer.setChecked(new is not None and window.station() is None)
        self._form.this_computer.toggled.connect(lambda _on: self._explain())
        if new is None and window.may(INSTALL):
            self._remove_button = self.add_deed(_("Take out of use…"), "trash", self._remove, kind="danger")
            self._remove_button.setObjectName("remove_workstation")
            self._renew_button = self.add_deed(_("New secret…"), "key", self._renew)
            self._renew_button.setObjectName("renew_secret")
        if new is None:
            self.may_change = False
            self._save_button.hide()
            self._form.this_computer.hide()
        self._explain()

    def read_record(self, tx: Transaction, key: UUID | None) -> Workstation:
        """The workstation."""
        assert key is not None
        return queries.get_workstation(tx, key)

    def read_choices(self, tx: Transaction) -> list[Branch]:
        """The branches."""
        return queries.list_branches(tx)

    def take_choices(self, choices: list[Branch]) -> None:
        """Only her own branches may get one."""
        mine = self.window_of.who.branches
        self._form.branch_id.set_choices([(branch.id, f"{branch.code}  {branch.name}") for branch in choices if branch.id in mine])

    def store(self, tx: Transaction, value: Workstation) -> Any:
        """Install it; its secret stays here."""
        return service.install_workstation(tx, value, self._verifier)

    def check(self, value: Workstation) -> list[Problem]:
        """By the rules of workstations."""
        return check_workstation(value)

    def title_of(self, value: Workstation) -> str:
        """Its name."""
        return value.name or _("New workstation")

    def state_of(self, value: Workstation) -> tuple[str, str]:
        """Whether it is this one, or removed."""
        here = self.window_of.station()
        if not value.active:
            return _("removed"), "neutral"
        return (_("this computer"), "info") if here is not None and here[0] == value.id else ("", "")

    def shown(self, value: Workstation) -> None:
        """What was removed stays removed."""
        if hasattr(self, "_remove_button"):
            self._remove_button.setVisible(value.active)
            self._renew_button.setVisible(value.active)

    def _send(self, value: Workstation) -> None:
        self._verifier = service.verifier_of(self._secret)
        super()._send(value)

    def _stored_now(self, value: Workstation) -> None:
        if self._form.this_computer.isChecked():
            self.window_of.keep_station((value.id, value.code), self._secret)
        else:
            self._closes = False  # first the secret must be taken down
            self._show_secret(value, self._secret).finished.connect(lambda _code: self.closed.emit())
        super()._stored_now(value)
        self.may_change = False  # installed once; nothing of it changes any more
        self._save_button.hide()

    def _explain(self) -> None:
        if not self.is_new:
            text = _("Another computer is made this workstation by a new secret: log in there and press “New secret…” on this card.")
        elif not self._form.this_computer.isChecked():
            text = _("Its secret is shown once, for the computer that it is meant for.")
        elif self.window_of.station() is not None:
            text = _("This computer is {code} now; it will be the new workstation instead.").format(code=self._station_code())
        else:
            text = _("Its secret goes into the keyring of this computer and is never shown.")
        self._form.station_hint.setText(text)

    def _station_code(self) -> str:
        station = self.window_of.station()
        return station[1] if station is not None else ""

    def _show_secret(self, station: Workstation, secret: str) -> SecretSheet:
        sheet = SecretSheet(self, station.code, secret)
        sheet.open()
        return sheet

    # ---- deeds ----
    def _renew(self) -> None:
        station, here = self.stored(), self.window_of.station()
        if station is None:
            return
        text = _("Whoever works with the old secret is out at once; the printers of this workstation wait until it has the new one.")
        other_here = here is not None and here[0] != station.id
        if here is not None and other_here:
            other = _("This computer is {code} now; by “Keep it in this computer” it becomes {name} instead.")
            text += " " + other.format(code=here[1], name=station.name)
        choices = (
            dialogs.Choice("back", _("Back"), "quiet"),
            dialogs.Choice("show", _("Show it once")),
            dialogs.Choice("keep", _("Keep it in this computer"), "plain" if other_here else "primary"),
        )
        question = dialogs.Question(self, _("A new secret for {name}?").format(name=station.name), text, choices)
        question.setObjectName("renew_question")
        question.answered.connect(lambda answer: self._renewed(station, answer == "keep") if answer else None)
        question.finished.connect(question.deleteLater)
        question.open()

    def _renewed(self, station: Workstation, keep: bool) -> None:
        secret = secrets.token_urlsafe(SECRET_BYTES)

        def done(_nothing: None) -> None:
            if keep:
                self.window_of.keep_station((station.id, station.code), secret)
            else:
                self._show_secret(station, secret)
            self.said.emit(_("{name} has a new secret.").format(name=station.name))

        tasks.change(self, service.renew_secret, station.id, service.verifier_of(secret), then=done)

    def _remove(self) -> None:
        station = self.stored()
        if station is None:
            return
        question = dialogs.Question(
            self,
            _("Take {name} out of use?").format(name=station.name),
            _("Its login is closed at once. Printers that hang on it print nothing until they hang on another one."),
            (dialogs.Choice("back", _("Back"), "quiet"), dialogs.Choice("remove", _("Take out of use"), "danger")),
        )
        question.setObjectName("remove_question")
        question.answered.connect(lambda answer: self._removed(station) if answer == "remove" else None)
        question.finished.connect(question.deleteLater)
        question.open()

    def _removed(self, station: Workstation) -> None:
        def done(_nothing: None) -> None:
            here = self.window_of.station()
            if here is not None and here[0] == station.id:
                self.window_of.forget_station()
            self.said.emit(_("{name} is out of use.").format(name=station.name))

        tasks.change(self, service.remove_workstation, station.id, then=done)


def open_workstation(window: Window, id: UUID | None) -> None:
    """The card of a workstation; None: a new one in the branch in use."""
    new = Workstation(new_id(), branch_id=window.branch_id) if id is None else None
    key = new.id if new is not None else id
    window.open_card(f"organisation.workstation:{key}", _("New workstation"), "device-desktop", lambda: WorkstationCard(window, new, id))
