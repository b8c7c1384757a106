"""The pages of the first-run wizard: labels above fields, one column, a line for what is wrong under each."""

from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from crm_desktop.app.servers import DEFAULT_PORT, TLS, read_profile
from crm_desktop.app.setting_up import ServerAnswers, new_device
from crm_desktop.core.errors import Refused
from crm_desktop.core.i18n import N_, _
from crm_desktop.core.identifiers import clean_iban, iban_shown
from crm_desktop.core.problem import Problem
from crm_desktop.db.connect import Profile
from crm_desktop.db.keys import new_id
from crm_desktop.devices.opening import read_address
from crm_desktop.fiscal.queries import Device
from crm_desktop.organisation.rules.check import check_branch, check_company, check_login, check_workstation
from crm_desktop.organisation.rules.model import Branch, Company, Employee, Workstation
from crm_desktop.organisation.views.password_sheet import check_twice
from crm_desktop.ui import theme as look
from crm_desktop.ui.fields import ComboField, FieldNote, NipField, PasswordField, State, TextField, set_state
from crm_desktop.ui.fields.state import field_of
from crm_desktop.ui.widgets.parts import WrapLabel, label


class Page(QWidget):
    """One step's form."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self._fields: list[tuple[str, QWidget]] = []
        self._row = 0
        self._said = WrapLabel(tone="danger")
        self._said.setObjectName("page_trouble")
        self._said.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._grid)
        column.addWidget(self._said)
        column.addStretch(1)

    # ---- what a page says ----
    def problems(self) -> list[Problem]:
        """What is wrong on this page."""
        return []

    def note(self) -> str:
        """What stands under the step once it is done."""
        return ""

    # ---- what the wizard uses ----
    def begin(self) -> None:
        """The focus goes to the first field that is empty."""
        inputs = [
            field
            for _name, field in self._fields
            if field.isVisibleTo(self) and field.isEnabled() and not (isinstance(field, QRadioButton) and not field.isChecked())
        ]
        empty = [field for field in inputs if isinstance(field, QLineEdit) and not field.text()]
        first = next(iter(empty or inputs), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, text: str) -> None:
        """What is wrong with the whole page."""
        self._said.setText(text)
        self._said.setVisible(bool(text))

    def has_field(self, path: str) -> bool:
        """Whether a problem at this path belongs here."""
        return field_of(self, path) is not None

    def typed(self) -> dict[str, str]:
        """All texts but passwords, to be put aside."""
        kept = {}
        for name, field in self._fields:
            if isinstance(field, QLineEdit) and not isinstance(field, PasswordField) and field.text():
                kept[name] = field.text()
            elif isinstance(field, (QCheckBox, QRadioButton)):
                kept[name] = "1" if field.isChecked() else ""
        return kept

    def put(self, typed: dict[str, str]) -> None:
        """Put back what was put aside."""
        for name, field in self._fields:
            if name in typed and isinstance(field, QLineEdit):
                field.setText(typed[name])
                if isinstance(field, TextField | NipField):
                    field.settle()
            elif name in typed and isinstance(field, (QCheckBox, QRadioButton)):
                field.setChecked(bool(typed[name]))

    # ---- building ----
    def _add(self, name: str, title: str, field: QWidget, *, hint: str = "", column: int = -1, width: int = 0) -> QWidget:
        """A field with its label above and its note below. column: 0 or 1 of a pair; -1: the whole width. width: 0 stretches."""
        field.setObjectName(name)
        field.setAccessibleName(title)
        if hint and isinstance(field, QLineEdit):
            field.setPlaceholderText(hint)
        head = label(title, "label")
        head.setBuddy(field)
        note = FieldNote()
        note.setObjectName(f"{name}_note")
        at, span = max(0, column), 2 if column < 0 else 1
        if column == 1:
            self._row -= 3
        for step, widget in enumerate((head, field, note)):
            # A sentence has the whole width until a field beside it needs its half.
            self._grid.addWidget(widget, self._row + step, at, 1, 2 if widget is note and column == 0 else span)
        if column == 1:
            self._halve(self._row + 2)
        if width:
            look.current().follow(field, lambda: field.setFixedWidth(look.current().scaled(width)))
        self._row += 3
        self._fields.append((f"{type(self).__name__}.{name}", field))
        return field

    def _halve(self, row: int) -> None:
        """The note of the first of a pair takes its half only."""
        item = self._grid.itemAtPosition(row, 0)
        first = item.widget() if item is not None else None
        if first is not None:
            self._grid.removeWidget(first)
            self._grid.addWidget(first, row, 0)

    def _gap(self) -> None:
        """Air between a box to tick and what belongs to it."""
        self._grid.setRowMinimumHeight(self._row, look.current().space("xs"))
        self._row += 1

    def _add_line(self, widget: QWidget, name: str = "") -> None:
        self._grid.addWidget(widget, self._row, 0, 1, 2)
        self._row += 1
        if name:
            widget.setObjectName(name)
            self._fields.append((f"{type(self).__name__}.{name}", widget))


class ServerPage(Page):
    """A server of this computer, or one that runs elsewhere."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self._folder = folder
        self.here = QRadioButton(_("On this computer. The program starts and looks after its own server"))
        self.there = QRadioButton(_("On a PostgreSQL server that runs already"))
        self.here.setChecked(True)
        self._add_line(self.here, "server_here")
        self._grid.setRowMinimumHeight(self._row, 4)
        self._row += 1
        self._add_line(self.there, "server_there")
        self._grid.setRowMinimumHeight(self._row, 10)
        self._row += 1
        self.host, self.port = TextField(), TextField()
        self.database, self.tls = TextField(), ComboField()
        self.admin, self.admin_password = TextField(), PasswordField()
        self._add("host", _("Name or address"), self.host, column=0)
        self._add("port", _("Port"), self.port, column=1, width=90)
        self._add("database", _("Name of the new database"), self.database, column=0)
        self._add("tls", _("Encryption"), self.tls, column=1)
        self._add("admin", _("Login of a server administrator"), self.admin, column=0)
        self._add("admin_password", _("Her password"), self.admin_password, column=1)
        self._add_line(WrapLabel(_("This login makes the database and its roles now. It is not kept and never used again."), "hint"))
        self.tls.set_choices([(mode, _(title)) for mode, title in TLS.items()])
        self.tls.set_value("prefer")
        self.port.set_value(str(DEFAULT_PORT))
        self.database.set_value("crm")
        self.admin.set_value("postgres")
        self.here.toggled.connect(lambda _on: self._follow())
        self._follow()

    def answers(self) -> ServerAnswers:
        """What was answered; only meaningful without problems."""
        if self.here.isChecked():
            return ServerAnswers(True, self._folder, Profile(database=self.database.value() or "crm", tls="disable"))
        profile = self._profile()
        assert isinstance(profile, Profile)
        return ServerAnswers(False, "", profile, self.admin.value(), self.admin_password.value())

    def problems(self) -> list[Problem]:
        """Address, port, database and the administrator's login."""
        if self.here.isChecked():
            return []
        profile = self._profile()
        problems = [] if isinstance(profile, Profile) else profile
        if not self.admin.value():
            problems.append(Problem("admin_missing", "admin", N_("The login is missing.")))
        return problems

    def note(self) -> str:
        """Where it is."""
        return _("this computer") if self.here.isChecked() else f"{self.host.value()}:{self.port.value()}"

    def _profile(self) -> Profile | list[Problem]:
        return read_profile("", self.host.value(), self.port.value(), self.database.value(), str(self.tls.value()))

    def _follow(self) -> None:
        for _name, field in self._fields:
            if not isinstance(field, QRadioButton):
                field.setEnabled(self.there.isChecked())
                field.setToolTip("" if self.there.isChecked() else _("The program chooses this by itself for its own server"))
                set_state(field, State.NORMAL)


class CompanyPage(Page):
    """The seller of every invoice."""

    def __init__(self) -> None:
        super().__init__()
        self.nip, self.name, self.street = NipField(), TextField(), TextField()
        self.post_code, self.city, self.iban = TextField(), TextField(), TextField()
        self._add("nip", _("NIP"), self.nip, column=0, width=160)
        self._add("name", _("Full name"), self.name)
        self._add("street", _("Street and number"), self.street)
        self._add("post_code", _("Post code"), self.post_code, column=0, width=110)
        self._add("city", _("Town"), self.city, column=1)
        self._add("iban", _("Bank account (IBAN)"), self.iban, hint=_("(optional)"))
        self.nip.edited.connect(self._nip_left)
        self.iban.edited.connect(lambda value: self.iban.setText(iban_shown(clean_iban(value or ""))))

    def company(self) -> Company:
        """As typed."""
        return Company(
            self.name.value(),
            self.nip.value() or "",
            self.street.value(),
            self.post_code.value(),
            self.city.value(),
            clean_iban(self.iban.text()),
        )

    def problems(self) -> list[Problem]:
        """By the rules of the company."""
        return check_company(self.company())

    def note(self) -> str:
        """Its name."""
        return self.name.value()

    def _nip_left(self, value: str | None) -> None:
        if value and self.nip.entry_problem() is None:
            set_state(self.nip, State.CONFIRMED, _("The check digit is right."))


class BranchPage(Page):
    """The first branch; its address is offered from the company's."""

    def __init__(self) -> None:
        super().__init__()
        self._id: UUID = new_id()
        self.code, self.name, self.street = TextField(), TextField(), TextField()
        self.post_code, self.city = TextField(), TextField()
        self._add("code", _("Code"), self.code, hint=_("for example KR"), column=0, width=110)
        self._add("name", _("Name"), self.name, column=1)
        self._add("street", _("Street and number"), self.street)
        self._add("post_code", _("Post code"), self.post_code, column=0, width=110)
        self._add("city", _("Town"), self.city, column=1)
        self._add_line(WrapLabel(_("The code stands in document numbers: FS/KR/1/11/2026."), "hint"))
        self.code.edited.connect(lambda value: self.code.set_value(str(value or "").upper()))

    def offer_address(self, company: Company) -> None:
        """Where nothing was typed yet, the company's own address."""
        if not (self.street.text() or self.city.text()):
            self.street.set_value(company.street)
            self.post_code.set_value(company.post_code)
            self.city.set_value(company.city)
        if not self.name.text():
            self.name.set_value(company.city)

    def branch(self) -> Branch:
        """As typed."""
        return Branch(
            self._id, self.code.value().upper(), self.name.value(), self.street.value(), self.post_code.value(), self.city.value()
        )

    def problems(self) -> list[Problem]:
        """By the rules of branches."""
        return check_branch(self.branch())

    def note(self) -> str:
        """Code and name."""
        return f"{self.code.value().upper()}, {self.name.value()}"


class AdministratorPage(Page):
    """The person who may employ the others."""

    def __init__(self) -> None:
        super().__init__()
        self._id = new_id()
        self.full_name, self.login = TextField(), TextField()
        self.password, self.again = PasswordField(), PasswordField()
        self._add("full_name", _("First name and surname"), self.full_name)
        self._add("login", _("Login"), self.login, hint=_("for example anna.kowalczyk"), column=0)
        self._add("password", _("Password"), self.password, column=0)
        self._add("again", _("Once more"), self.again, column=1)
        self._add_line(WrapLabel(_("At least 10 characters. A few words in a row are easy to remember."), "hint"))

    def employee(self) -> Employee:
        """As typed."""
        return Employee(self._id, self.login.text().strip().lower(), self.full_name.value())

    def password_typed(self) -> str:
        """The password."""
        return self.password.value()

    def problems(self) -> list[Problem]:
        """Name, login, password twice."""
        employee = self.employee()
        problems = [] if employee.name else [Problem("name_missing", "full_name", N_("The name is missing."))]
        problems += check_login(employee.login)
        return problems + check_twice(self.password.value(), self.again.value(), employee.login)

    def note(self) -> str:
        """Her login."""
        return self.employee().login


class StationPage(Page):
    """This computer as a workstation, and a fiscal printer on it. Both may wait."""

    def __init__(self) -> None:
        super().__init__()
        self._station_id = new_id()
        self.install = QCheckBox(_("Install this computer as a workstation"))
        self.printer = QCheckBox(_("A fiscal printer hangs on it (POSNET protocol)"))
        self.code, self.name = TextField(), TextField()
        self.device_name, self.address = TextField(), TextField()
        self._add_line(self.install, "install_station")
        self._gap()
        self._add("station_code", _("Code"), self.code, hint=_("for example kasa1"), column=0)
        self._add("station_name", _("Name"), self.name, column=1)
        self._gap()
        self._add_line(self.printer, "install_printer")
        self._gap()
        self._add("device_name", _("Name of the printer"), self.device_name, column=0)
        self._add("device_address", _("Address"), self.address, hint="tcp://192.168.1.50:6666", column=1)
        self._add_line(
            WrapLabel(_("A printer on a cable: serial:///dev/ttyUSB0 or serial://COM3. In the network: tcp://address:port."), "hint")
        )
        self.install.toggled.connect(lambda _on: self._follow())
        self.printer.toggled.connect(lambda _on: self._follow())
        self._follow()

    def offer(self, branch: Branch) -> None:
        """Names that one may leave as they are."""
        if not self.code.text():
            self.code.set_value("kasa1")
            self.name.set_value(_("Till 1 {branch}").format(branch=branch.code))
            self.device_name.set_value(_("Printer {branch} 1").format(branch=branch.code))

    def station_and_device(self, branch: Branch) -> tuple[Workstation | None, Device | None]:
        """What is to be installed."""
        if not self.install.isChecked():
            return None, None
        station = Workstation(self._station_id, self.code.text().strip().lower(), self.name.value(), branch.id)
        if not self.printer.isChecked():
            return station, None
        return station, new_device(branch.id, station.id, self.device_name.value(), self.address.text().strip())

    def problems(self) -> list[Problem]:
        """Only of what is to be installed."""
        station, device = self.station_and_device(Branch(new_id()))
        problems = []
        if station is not None:
            names = {"code": "station_code", "name": "station_name"}
            problems += [replace(problem, field=names.get(problem.field, problem.field)) for problem in check_workstation(station)]
        if device is not None and not device.name:
            problems.append(Problem("name_missing", "device_name", N_("The name is missing.")))
        if device is not None:
            try:
                read_address(device.address)
            except Refused as refused:
                problems += [replace(problem, field="device_address") for problem in refused.problems]
        return problems

    def _follow(self) -> None:
        station, printer = self.install.isChecked(), self.install.isChecked() and self.printer.isChecked()
        self.printer.setEnabled(station)
        for field, on in ((self.code, station), (self.name, station), (self.device_name, printer), (self.address, printer)):
            field.setEnabled(on)
