"""From an empty server to the first login: a wizard of five steps. What was typed is kept when it is put aside, passwords are not."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.app.background import Background
from crm_desktop.app.first_run_pages import AdministratorPage, BranchPage, CompanyPage, Page, ServerPage, StationPage
from crm_desktop.app.profiles import Memory
from crm_desktop.app.setting_up import Answers, Founded, check_server, set_up
from crm_desktop.core.errors import CrmError, Offline, Refused, WrongPassword
from crm_desktop.core.i18n import N_, _, tell
from crm_desktop.core.problem import Problem, errors_of
from crm_desktop.db.binaries import EmbeddedServerError
from crm_desktop.ui import keys
from crm_desktop.ui import theme as look
from crm_desktop.ui.fields import show_problems
from crm_desktop.ui.widgets.wizard import HEIGHT, WIDTH, Step, WizardFrame

_STEPS = (
    ("server", N_("Server")),
    ("company", N_("Company")),
    ("branch", N_("First branch")),
    ("administrator", N_("First administrator")),
    ("station", N_("Workstation and printer")),
)
_REMAINING = (
    N_("about 4 minutes left"),
    N_("about 3 minutes left"),
    N_("about 2 minutes left"),
    N_("about a minute left"),
    N_("less than a minute left"),
)
_HEADINGS = {
    "server": (N_("Where will the data lie?"), N_("One PostgreSQL database holds the whole company.")),
    "company": (N_("The company"), N_("It stands on every invoice. You can change each field later in Company.")),
    "branch": (N_("The first branch"), N_("Documents belong to branches, and so do their numbers. You can add more later.")),
    "administrator": (N_("The first administrator"), N_("This is you: you can then employ the others.")),
    "station": (
        N_("This computer and its fiscal printer"),
        N_("A workstation serves the printers that hang on it, also for others. You can do this later in Workstations."),
    ),
}


class FirstRunWindow(QWidget):
    """See the module."""

    founded = Signal(object, object)  # Session, (Station, secret) or None
    put_aside = Signal()
    closed = Signal()

    def __init__(self, memory: Memory) -> None:
        super().__init__()
        self.setObjectName("first_run")
        self.setWindowTitle(_("First run"))
        look.mark(self, role="canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._memory, self._background = memory, Background(self)
        self.server = ServerPage(str(memory.folder / "server"))
        self.company, self.branch = CompanyPage(), BranchPage()
        self.administrator, self.station = AdministratorPage(), StationPage()
        self.pages: dict[str, Page] = {
            "server": self.server,
            "company": self.company,
            "branch": self.branch,
            "administrator": self.administrator,
            "station": self.station,
        }
        self.frame = WizardFrame(_("First run"))
        self.frame.setObjectName("wizard")
        look.current().follow(self.frame, self._fix_size)
        for button, name in ((self.frame.back, "back"), (self.frame.later, "later"), (self.frame.next, "next")):
            button.setObjectName(name)
        self._put(memory.known.unfinished)
        self.frame.set_steps([Step(id, _(title), _("can wait") if id == "station" else "") for id, title in _STEPS])
        self.frame.next_asked.connect(self.go_on)
        self.frame.back_asked.connect(self.go_back)
        self.frame.later_asked.connect(self._later)
        middle = QVBoxLayout(self)
        middle.addWidget(self.frame, 0, Qt.AlignmentFlag.AlignCenter)
        for key in ("Return", "Enter"):
            keys.bind(self, key, self.go_on)
        self.resize(look.current().scaled(960), look.current().scaled(720))
        self._show("server")

    def _fix_size(self) -> None:
        """The same size for every step: nothing jumps."""
        self.frame.setFixedSize(look.current().scaled(WIDTH), look.current().scaled(HEIGHT))

    # ---- from step to step ----
    def go_on(self) -> None:
        """Next: what is wrong stays on its page; the server is looked at before anything else is asked."""
        id = self.frame.current()
        if self._background.busy or not self._is_right(id):
            return
        if id == "server":
            answers = self.server.answers()
            self._wait(_("Looking…"))
            self._background.run(lambda: check_server(answers), self._server_seen, self._failed)
        elif id == "station":
            self._found()
        else:
            self._show(self._neighbour(id, 1))

    def go_back(self) -> None:
        """To the step before; nothing that was typed goes away."""
        if not self._background.busy:
            self._show(self._neighbour(self.frame.current(), -1))

    def _server_seen(self, problems: list[Problem]) -> None:
        self._wait("")
        if problems:
            show_problems(self.server, problems)
            return
        self.frame.set_note("server", self.server.note())
        self._show("company")

    def _show(self, id: str) -> None:
        if id == "branch":
            self.branch.offer_address(self.company.company())
        if id == "station":
            self.station.offer(self.branch.branch())
        place = [step for step, _title in _STEPS].index(id)
        for step, _title in _STEPS[:place]:
            self.frame.set_note(step, self.pages[step].note())
        heading, text = _HEADINGS[id]
        last = id == _STEPS[-1][0]
        self.frame.set_page(id, _(heading), _(text), self.pages[id], next_text=_("Set up the company") if last else "")
        self.frame.set_remaining(_(_REMAINING[place]))
        self.pages[id].begin()

    def _neighbour(self, id: str, step: int) -> str:
        names = [name for name, _title in _STEPS]
        return names[names.index(id) + step]

    def _is_right(self, id: str) -> bool:
        problems = self.pages[id].problems()
        show_problems(self.pages[id], problems)
        return not errors_of(problems)

    # ---- the deed ----
    def _found(self) -> None:
        for id, _title in _STEPS:
            if not self._is_right(id):
                self._show(id)
                self._is_right(id)
                return
        branch = self.branch.branch()
        station, device = self.station.station_and_device(branch)
        answers = Answers(
            self.server.answers(),
            self.company.company(),
            branch,
            self.administrator.employee(),
            self.administrator.password_typed(),
            station,
            device,
        )
        self._wait(_("Setting up…"))
        self._background.run(lambda: set_up(answers), self._done, self._failed)

    def _done(self, founded: Founded) -> None:
        self._wait("")
        self.founded.emit(founded.session, founded.station)

    def _failed(self, error: Exception) -> bool:
        self._wait("")
        page = self.pages[self.frame.current()]
        if isinstance(error, Refused):
            home = next((each for each in self.pages.values() if all(each.has_field(p.field) for p in error.problems)), page)
            id = next(id for id, each in self.pages.items() if each is home)
            if home is not page:
                self._show(id)
            homeless = show_problems(home, error.problems)
            home.say("\n".join(tell(problem) for problem in homeless))
        elif isinstance(error, EmbeddedServerError):
            page.say(tell(error.problem))
        elif isinstance(error, WrongPassword):
            page.say(_("The server does not accept this login and password."))
        elif isinstance(error, Offline):
            page.say(_("The server stopped answering. What you typed is still here; try again."))
        elif isinstance(error, CrmError):
            page.say(str(error))
        else:
            page.say(_("Something went wrong in the program. What you typed is still here."))
            return False
        return True

    def _wait(self, text: str) -> None:
        last = self.frame.current() == _STEPS[-1][0]
        self.frame.next.setText(text or (_("Set up the company") if last else _("Next")))
        for button in (self.frame.next, self.frame.back, self.frame.later):
            button.setEnabled(not text)
        page = self.pages.get(self.frame.current())
        if page is not None:
            page.setEnabled(not text)
            page.say("")

    # ---- later ----
    def _later(self) -> None:
        self._keep()
        self.put_aside.emit()

    def _keep(self) -> None:
        typed: dict[str, str] = {}
        for page in self.pages.values():
            typed |= page.typed()
        self._memory.keep(replace(self._memory.known, unfinished=typed))

    def _put(self, typed: dict[str, str]) -> None:
        for page in self.pages.values():
            page.put(typed)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing in the middle keeps what was typed; while the company is being set up the window stays."""
        if self._background.busy:
            event.ignore()
            return
        self._keep()
        super().closeEvent(event)
        self.closed.emit()
