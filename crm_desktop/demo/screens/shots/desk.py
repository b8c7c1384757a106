"""The main window itself: its menus, its messages, and what it says when something goes wrong."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from crm_desktop.core.errors import Busy, NotAllowed
from crm_desktop.core.i18n import _
from crm_desktop.demo.screens.scene import LONG_NAMES
from crm_desktop.demo.screens.shots.shot import Shot
from crm_desktop.demo.screens.studio import NotShown, Studio
from crm_desktop.documents.views.document_browser import DocumentBrowser
from crm_desktop.organisation.views.password_sheet import PasswordSheet
from crm_desktop.ui import clock, tasks

LONG = tuple(name[:20] for name in LONG_NAMES)


def _desk(studio: Studio, login: str = "") -> None:
    studio.log_in(login or studio.order.seller)
    studio.fresh_desk()
    browser = studio.seen(DocumentBrowser)
    studio.until(lambda: browser.model.exact, "the list")
    browser.focus_rows()
    studio.settle()


def two_docks(studio: Studio) -> None:
    """A list with a card beside it, the navigator folded."""
    _desk(studio, studio.order.administrator)
    studio.desk.open_dock("parties.parties")
    studio.settle()
    studio.press("Return")
    studio.settle()
    studio.desk.navigator.set_folded(True)
    studio.settle()
    studio.picture("desk-folded", may_be_cut=LONG)


def all_closed(studio: Studio) -> None:
    """A desk on which nothing is open."""
    _desk(studio)
    for id in studio.desk.dock_area.ids():
        studio.desk.close_dock(id)
    studio.settle()
    studio.picture("desk-nothing-open")


def person_menu(studio: Studio) -> None:
    """What a person can do about herself."""
    _desk(studio)
    menu = studio.desk.findChild(QMenu, "person_menu")
    assert isinstance(menu, QMenu)
    bar = studio.desk.top_bar
    menu.popup(bar.mapToGlobal(QPoint(bar.width() - menu.sizeHint().width() - 14, bar.height())))
    studio.picture("desk-person-menu", may_be_cut=LONG)
    menu.close()
    assert studio.session is not None
    who = studio.session.database.who
    assert who.employee_id is not None
    sheet = PasswordSheet(studio.desk, who.employee_id, who.login, who.name)
    sheet.open()
    studio.settle()
    studio.picture("organisation-password", may_be_cut=LONG)
    sheet.reject()


def toasts(studio: Studio) -> None:
    """Three toasts at once, and the bell that keeps them."""
    _desk(studio)
    show = studio.desk.toasts.show_toast
    show(_("Issued {number}").format(number="FS/KRA/12/11/2026"), "", _("Print"), lambda: None)
    show(
        _("Not on the document: {codes}").format(codes="5901234000079, 5901234000086"),
        _("These codes came when it was already closed."),
        icon="barcode",
        tone="warning",
        stays=True,
    )
    show(_("Issued {number}").format(number="PAR/KRA/13/11/2026"), "", _("Print"), lambda: None)
    studio.settle()
    studio.picture("desk-toasts", may_be_cut=LONG)
    menu = studio.desk.notifications.open()
    studio.settle()
    studio.picture("desk-messages", may_be_cut=LONG)
    menu.close()


def offline(studio: Studio) -> None:
    """No connection: since when, when the next attempt is made, and that one may go on."""
    _desk(studio)
    studio.desk.strip.show_offline(clock.now(), lambda: 4.0, lambda: None)
    studio.desk.status.set_online(False)
    studio.settle()
    studio.picture("desk-offline", may_be_cut=LONG)


def trouble(studio: Studio) -> None:
    """The roads of trouble that ask a person."""
    roads = tasks.roads()
    _desk(studio)
    roads.busy.emit(Busy("a lock"), lambda: None)
    studio.picture("desk-busy", may_be_cut=LONG)
    studio.close_dialogs()
    _desk(studio)
    roads.not_allowed.emit(NotAllowed("documents.backdate"))
    studio.picture("desk-not-allowed", may_be_cut=LONG)
    studio.close_dialogs()


def crash(studio: Studio) -> None:
    """A bug."""
    _desk(studio)
    trace = (
        "Traceback (most recent call last):\n"
        '  File "crm_desktop/documents/views/invoice_editor.py", line 214, in show_draft\n'
        "    self.totals_panel.show_totals(draft, self._totals, rates)\n"
        "KeyError: 'oo'\n"
    )
    tasks.roads().crash.emit(KeyError("oo"), trace)
    studio.picture("desk-crash", may_be_cut=LONG)
    studio.close_dialogs()


def _searched(studio: Studio, text: str) -> None:
    studio.desk.search.open()
    studio.type(text)
    studio.until(lambda: not studio.desk.search.waits(), "the answers")
    studio.settle()


def search(studio: Studio) -> None:
    """The search box with answers of several kinds, with none, and the commands of the dock in use."""
    _desk(studio)
    palette = studio.desk.search.palette
    _searched(studio, "prze")
    if len(palette.titles()) < 3:
        raise NotShown(f"answers of several kinds, but {palette.titles()}")
    studio.picture("search-found", may_be_cut=LONG)
    _searched(studio, "przedsiebiosrtwo")
    studio.picture("search-mistyped", may_be_cut=LONG)
    _searched(studio, "xqzw")
    studio.picture("search-nothing", may_be_cut=LONG)
    _searched(studio, ">")
    studio.picture("search-commands", may_be_cut=LONG)
    palette.close_it()


def keys(studio: Studio) -> None:
    """Every key beside the list, and the same on paper."""
    _desk(studio)
    studio.desk.show_keys()
    studio.settle()
    studio.picture("desk-keys", may_be_cut=LONG)
    studio.press("Ctrl+P")
    studio.picture("desk-keys-print", may_be_cut=LONG)


SHOTS = (
    Shot(search, ("search-found", "search-mistyped", "search-nothing", "search-commands")),
    Shot(keys, ("desk-keys", "desk-keys-print")),
    Shot(two_docks, ("desk-folded",)),
    Shot(all_closed, ("desk-nothing-open",)),
    Shot(person_menu, ("desk-person-menu", "organisation-password")),
    Shot(toasts, ("desk-toasts", "desk-messages")),
    Shot(offline, ("desk-offline",), fast=True),
    Shot(trouble, ("desk-busy", "desk-not-allowed")),
    Shot(crash, ("desk-crash",)),
)
