"""The login window: each failure has its own sentence, the keyboard leads through it, nothing that was typed is lost."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QPushButton

from crm_desktop.app.login import LoginWindow, trouble_of
from crm_desktop.app.main_window import MainWindow
from crm_desktop.app.profiles import Connection
from crm_desktop.core.errors import NotAllowed, Offline, Outdated, WrongPassword
from crm_desktop.db.connect import Profile
from crm_desktop.ui.fields import ComboField, PasswordField
from tests.support import office
from tests.support.rig import Rig


def login_window(rig: Rig) -> LoginWindow:
    window = rig.start()
    assert isinstance(window, LoginWindow)
    rig.wait(window.isActiveWindow)
    return window


def test_the_whole_way_by_keyboard(rig: Rig) -> None:
    """ARC-06: her own login; with one branch there is nothing to choose."""
    window = rig.log_in("anna")
    assert window.who.login == "anna"
    assert window.branch_id == office.KRAKOW
    assert rig.memory.known.connections[0].operators[0].name == "Anna"


def test_wrong_password_says_so_and_keeps_the_login(rig: Rig) -> None:
    """Bad input: wrong password has its own sentence; the password is selected, so typing replaces it."""
    rig.know()
    window = login_window(rig)
    rig.type("anna")
    rig.key("Return")
    rig.type("a wrong password")
    rig.key("Return")
    rig.wait(window.said)
    assert "not right" in window.said()
    assert window.typed_login() == "anna"
    assert window.password.selectedText()
    assert window.password.property("state") == "error"
    rig.type(office.PASSWORD)
    assert window.said() == ""
    rig.key("Return")
    rig.desk()


def test_a_server_that_is_down_has_its_own_sentence(rig: Rig, free_port: int) -> None:
    """Bad input: server down; what was typed is still there."""
    rig.profile = replace(rig.profile, port=free_port)
    rig.know()
    window = login_window(rig)
    rig.type("anna")
    rig.key("Return")
    rig.type(office.PASSWORD)
    rig.key("Return")
    rig.wait(window.said)
    assert f"127.0.0.1:{free_port} does not answer" in window.said()
    assert window.password.value() == office.PASSWORD


def test_the_last_operator_is_kept_and_the_focus_is_in_the_password(rig: Rig) -> None:
    """desk.md 6, Login: last operator kept, focus in the password."""
    window = rig.log_in("szef")
    assert len(window.session.branches()) == 2
    assert isinstance(rig.log_out(), LoginWindow)
    assert isinstance(QApplication.focusWidget(), PasswordField)
    assert rig.see(ComboField, "operator").currentText() == "Ewa Szef"
    assert rig.see(ComboField, "branch").value() == window.branch_id
    rig.type(office.PASSWORD)
    rig.key("Return")
    rig.wait(lambda: isinstance(rig.window, MainWindow))


def test_with_several_branches_she_chooses_where_she_works(rig: Rig) -> None:
    """NBR-07: the first time the branch is asked for after the login, and another may be taken."""
    rig.know()
    window = login_window(rig)
    rig.type("szef")
    rig.key("Return")
    rig.type(office.PASSWORD)
    rig.key("Return")
    rig.wait(window.branch.isVisible)
    window.branch.set_value(office.WARSZAWA)
    rig.key("Return")
    rig.wait(lambda: isinstance(rig.window, MainWindow))
    assert rig.desk().branch_id == office.WARSZAWA


def test_the_language_changes_and_what_was_typed_stays(rig: Rig) -> None:
    """GOL-28: Polish and English, also before anybody is known."""
    rig.know()
    window = login_window(rig)
    rig.type("anna")
    rig.click("language_pl")
    rig.wait(lambda: rig.window is not window)
    again = rig.window
    assert isinstance(again, LoginWindow)
    assert again.typed_login() == "anna"
    assert again.log_in.text() != "Log in"
    assert rig.memory.known.language == "pl"


def test_each_failure_has_a_sentence_of_its_own() -> None:
    """ARC-04: a client that is too old learns where the new one lies; an old schema learns the command."""
    connection = Connection(Profile("biuro.lan", 5433, "beskid"))
    errors = [
        WrongPassword(),
        Offline(),
        NotAllowed(),
        Outdated("schema", "0.1.0", "7", "https://biuro.lan/setup.exe"),
        Outdated("client", "0.1.0", "0"),
    ]
    found = [trouble_of(error, connection) for error in errors]
    sentences = [trouble.text for trouble in found if trouble is not None]
    assert len(set(sentences)) == len(errors)
    newer, older = found[3], found[4]
    assert newer is not None and newer.copied == "https://biuro.lan/setup.exe" and newer.copied in newer.text
    assert older is not None and older.copied == "crm-desktop upgrade --host biuro.lan --port 5433 --database beskid"
    assert trouble_of(ZeroDivisionError(), connection) is None


@pytest.mark.parametrize("missing", ["login", "password"])
def test_nothing_is_asked_of_the_server_without_login_and_password(rig: Rig, missing: str) -> None:
    rig.know()
    window = login_window(rig)
    if missing == "password":
        rig.type("anna")
        rig.key("Return")
    rig.key("Return")
    if missing == "login":
        rig.see(QPushButton, "log_in").click()
    assert window.said()
    assert not window._background.busy
