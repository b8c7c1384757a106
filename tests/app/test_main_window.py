"""The main window: docks by permission, keys, looks and language at run time, what is kept, the roads of trouble."""

import threading
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from crm_desktop.app import desks
from crm_desktop.app.main_window import MainWindow
from crm_desktop.app.session import WORKSPACE
from crm_desktop.app.workspace import Workspace
from crm_desktop.core.errors import Busy, Conflict, NotAllowed, Refused
from crm_desktop.core.problem import Problem
from crm_desktop.documents.views.invoice_editor import InvoiceEditor
from crm_desktop.organisation import queries as organisation
from crm_desktop.organisation import service as organisation_service
from crm_desktop.ui import tasks, theme
from crm_desktop.ui.browser import Browser
from crm_desktop.ui.desk import clashes
from crm_desktop.ui.fields import ComboField
from crm_desktop.ui.widgets.crash import CrashDialog
from tests.support import office
from tests.support.rig import Rig


def test_what_she_may_not_do_is_not_there(rig: Rig) -> None:
    """NBR-07: the desk hides what is not allowed: docks, actions, buttons."""
    window = rig.log_in("anna")
    assert window.navigator.ids() == ["documents.documents", "fiscal.receipts", "parties.parties", "catalogue.items", "messages.messages"]
    items = rig.open("catalogue.items")
    assert isinstance(items, Browser)
    assert items.bar.new_button.isHidden()
    assert "Insert" not in window.key_bar.shown()
    rig.open("parties.parties")
    assert "Insert" in window.key_bar.shown()
    assert window.open_dock("organisation.employees") is None


def test_the_administrator_sees_everything(rig: Rig) -> None:
    window = rig.log_in("szef")
    assert len(window.navigator.ids()) == sum(len(desk.docks) for desk in desks.DESKS)


def test_no_two_actions_want_the_same_key() -> None:
    """GOL-22: one declared map of keys, without clashes and without Ctrl+Alt."""
    assert clashes([action for desk in desks.DESKS for action in desk.actions]) == []


def test_every_dock_and_action_names_a_permission_that_exists() -> None:
    from crm_desktop.modules import MODULES

    known = {permission.name for module in MODULES for permission in module.permissions} | {""}
    for desk in desks.DESKS:
        assert {dock.permission for dock in desk.docks} <= known
        assert {action.permission for action in desk.actions} <= known
        assert {tab.permission for tab in desk.tabs} <= known
        assert {dock.group for dock in desk.docks} <= set(desks.GROUPS)


def test_keys_walk_over_the_docks(rig: Rig) -> None:
    """desk.md 6: Ctrl+Tab cycles, Ctrl+1…9 picks, Ctrl+W closes, Ctrl+Shift+T brings back, Ctrl+B folds the navigator."""
    window = rig.log_in("anna")
    area = window.dock_area
    rig.open("parties.parties")
    rig.open("catalogue.items")
    rig.key("Ctrl+1")
    assert area.current() == "documents.documents"
    rig.key("Ctrl+Tab")
    assert area.current() == "parties.parties"
    rig.key("Ctrl+W")
    assert not area.has_dock("parties.parties")
    rig.key("Ctrl+Shift+T")
    assert area.current() == "parties.parties"
    rig.key("Ctrl+B")
    assert window.navigator.is_folded()


def test_an_empty_desk_is_no_dead_end(rig: Rig) -> None:
    """Nothing is open: the desk says so, opens the first dock again, or what was closed last."""
    window = rig.log_in("anna")
    rig.open("parties.parties")
    assert window.empty.view.isHidden()
    rig.key("Ctrl+W")
    rig.key("Ctrl+W")
    rig.wait(window.empty.view.isVisible)
    assert window.empty.view.geometry() == window.dock_area.rect()
    window.empty.view.buttons[0].click()
    rig.wait(window.empty.view.isHidden)
    assert window.dock_area.ids() == ["documents.documents"]
    rig.key("Ctrl+W")
    rig.wait(window.empty.view.isVisible)
    rig.key("Ctrl+Shift+T")
    rig.wait(window.empty.view.isHidden)
    assert window.dock_area.ids() == ["documents.documents"]


def test_the_desk_is_kept_for_its_employee(rig: Rig) -> None:
    """GOL-23: docks, their places and columns are saved per employee and come back at the next login."""
    window = rig.log_in("anna")
    parties = rig.open("parties.parties")
    assert isinstance(parties, Browser)
    window.navigator.set_folded(True)
    window.dock_area.float_dock("parties.parties")
    rig.log_out()
    rig.type(office.PASSWORD)
    rig.key("Return")
    again = rig.desk()
    assert set(again.dock_area.ids()) == {"documents.documents", "parties.parties"}
    assert again.dock_area.is_floating("parties.parties")
    assert again.navigator.is_folded()
    with_her_login = rig.desktop.session
    assert with_her_login is not None
    stored = with_her_login.database.read(organisation.find_workspace, WORKSPACE)
    assert stored is not None and Workspace.from_text(stored).docks


def test_language_and_looks_change_at_run_time(rig: Rig) -> None:
    """GOL-23, GOL-28: light and dark, text size, Polish and English; hers, so they follow her to another computer."""
    window = rig.log_in("anna")
    rig.open("parties.parties")
    rig.desktop.choose_look("dark", "115")
    assert theme.current().dark
    rig.desktop.choose_language("pl")
    rig.wait(lambda: rig.window is not window)
    again = rig.desk()
    assert again.dock_area.current() == "parties.parties"
    assert again.dock_area.title("parties.parties") != "Parties"
    session = rig.desktop.session
    assert session is not None
    kept = session.database.read(organisation.list_settings, None, None)
    assert kept == {"organisation.language": "pl", "organisation.appearance": "dark", "organisation.text_size": "115"}
    rig.desktop.choose_look("light", "100")


def test_another_language_takes_nobody_away_from_her_work(rig: Rig) -> None:
    """The documents and cards that were open come back in the other language; an empty new one leaves no trace."""
    window = rig.log_in("anna")
    rig.open("parties.parties")
    rig.key("Return")
    party = rig.card("party_card").key
    rig.open("documents.documents")
    rig.key("Insert")
    rig.see(InvoiceEditor, "invoice_editor")
    empty = window.dock_area.current()
    rig.key("Ctrl+1")
    rig.key("Insert")
    rig.wait(lambda: window.dock_area.current() not in (empty, "documents.documents"))
    editor = window.current()
    assert isinstance(editor, InvoiceEditor)
    rig.wait(editor.header.buyer_name.hasFocus)
    rig.type("volt")
    rig.key("Return")
    rig.wait(editor.entry.item.hasFocus)
    draft = editor.draft
    rig.desktop.choose_language("pl")
    rig.wait(lambda: rig.window is not window)
    again = rig.desk()
    rig.wait(lambda: isinstance(again.current(), InvoiceEditor))
    editor = again.current()
    assert isinstance(editor, InvoiceEditor)
    assert replace(editor.draft, version=0) == draft
    assert again.has_dock(f"parties.party:{party}")
    assert not again.has_dock(empty)


def test_a_new_branch_is_hers_at_once(rig: Rig) -> None:
    """NBR-07: who opens a branch makes its series and its documents without logging in again."""
    window = rig.log_in("szef")
    rig.open("organisation.branches")
    rig.key("Insert")
    card = rig.card("branch_card")
    rig.fill(rig.see(QLineEdit, "code"), "LU")
    rig.fill(rig.see(QLineEdit, "name"), "Lublin")
    rig.fill(rig.see(QLineEdit, "city"), "Lublin")
    rig.key("F10")
    rig.gone(card)
    rig.wait(lambda: "Lublin" in [branch.name for branch in window.session.branches()])
    lublin = next(branch for branch in window.session.branches() if branch.name == "Lublin")
    assert lublin.id in window.who.branches
    assert "Lublin" in [action.text() for menu in window.top_bar.findChildren(QMenu) for action in menu.actions()]
    rig.open("organisation.series")
    rig.key("Insert")
    series = rig.card("series_card")
    rig.fill(rig.see(QLineEdit, "code"), "FS")
    rig.see(ComboField, "branch_id").set_value(lublin.id)
    rig.fill(rig.see(QLineEdit, "pattern"), "FS/{branch}/{number}/{month}/{year}")
    rig.key("F10")
    rig.gone(series)
    window.top_bar.branch_chosen.emit(lublin.id)
    rig.open("documents.documents")
    rig.key("Insert")
    invoice = rig.see(InvoiceEditor, "invoice_editor")
    rig.wait(invoice.header.buyer_name.hasFocus)
    assert invoice.draft.branch_id == lublin.id
    rig.type("volt")
    rig.key("Return")
    rig.wait(invoice.entry.item.hasFocus)
    rig.type("LED-9")
    rig.key("Return")
    rig.wait(invoice.entry.quantity.hasFocus)
    rig.type("1")
    rig.key("Return")
    rig.wait(lambda: len(invoice.draft.lines) == 1)
    rig.key("F10")
    rig.wait(lambda: invoice.path.number.startswith("FS/LU/1/"))
    assert "Lublin" in [place.name for place in rig.memory.known.connections[0].operators[0].branches]


def test_branches_given_and_taken_by_an_administrator(rig: Rig) -> None:
    """NBR-07, ARC-02: heard while she is logged in; who loses the branch she works in goes on in another one."""
    login = rig.somebody()
    window = rig.log_in(login)
    assert [branch.code for branch in window.session.branches()] == ["KR"]

    def give(*branches: UUID) -> None:
        her = next(each for each in rig.boss().read(organisation.list_employees) if each.login == login)
        rig.boss().change(organisation_service.assign, replace(her, branches=branches))

    give(office.KRAKOW, office.WARSZAWA)
    rig.wait(lambda: [branch.code for branch in window.session.branches()] == ["KR", "WA"])
    assert window.branch_id == office.KRAKOW
    give(office.WARSZAWA)
    rig.wait(lambda: window.branch_id == office.WARSZAWA)
    assert "Warszawa" in window.windowTitle()
    rig.idle()


def test_another_branch(rig: Rig) -> None:
    """NBR-07: she works in one branch at a time and goes to another without logging in again."""
    window = rig.log_in("szef")
    assert window.branch_id == office.KRAKOW
    window.top_bar.branch_chosen.emit(office.WARSZAWA)
    assert window.branch_id == office.WARSZAWA
    assert "Warszawa" in window.windowTitle()
    assert rig.memory.known.connections[0].operators[0].branch_id == office.WARSZAWA


def fails_with(error: Exception) -> Any:
    def fn(_tx: Any) -> None:
        raise error

    return fn


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Refused(Problem("x", "", "Nothing to be done about {it}.", {"it": "this"})), "Nothing to be done about this."),
        (Conflict("parties.party", 1), "A colleague saved this record"),
        (NotAllowed("parties.save_party"), "Add and change parties"),
        (Busy("lock"), "trying again is safe"),
    ],
)
def test_each_road_ends_at_a_person(rig: Rig, error: Exception, words: str) -> None:
    """Architecture 4: errors go one way; each has its own sentence."""
    window = rig.log_in("anna")
    tasks.read(window, fails_with(error))
    dialog = rig.dialog()
    assert words in dialog.accessibleDescription()
    dialog.reject()


@pytest.mark.logs("report ", "ZeroDivisionError")
def test_a_bug_ends_in_a_report(rig: Rig) -> None:
    """Architecture 4: anything else goes to the crash dialog with a number; the program goes on."""
    window = rig.log_in("anna")
    tasks.read(window, fails_with(ZeroDivisionError("an invented one")))
    dialog = rig.dialog()
    assert isinstance(dialog, CrashDialog)
    assert "an invented one" in dialog.report
    dialog.accept()
    assert rig.open("parties.parties") is not None


def test_whoever_is_dismissed_is_told_and_led_out(rig: Rig) -> None:
    """ARC-06: dismissal ends open connections; the desk says so instead of trying for ever."""
    window = rig.log_in(rig.somebody())
    listener = rig.desktop.listener()
    assert listener is not None
    rig.wait(listener.listening.is_set)
    rig.boss().change(organisation_service.dismiss, window.who.employee_id)
    rig.wait(lambda: not window.strip.isHidden())
    listener.try_now()
    dialog = rig.dialog()
    assert "no longer works" in dialog.windowTitle()
    dialog.accept()
    rig.wait(lambda: not isinstance(rig.window, MainWindow))


def test_a_task_that_takes_long_is_shown(rig: Rig) -> None:
    """desk.md 6, Progress: from one second on a line in the status bar; the window stays usable."""
    window = rig.log_in("anna")
    gate = threading.Event()

    def slow(_tx: Any) -> None:
        gate.wait(10)

    tasks.read(window, slow)
    bar = window.status_bar
    rig.wait(lambda: not bar._work.isHidden())
    gate.set()
    rig.wait(lambda: bar._work.isHidden())
    assert QApplication.activeModalWidget() is None
