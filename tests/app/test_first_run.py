"""From an empty server to the first login, by the wizard; what is wrong stays on its page."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.app.first_run import FirstRunWindow
from crm_desktop.app.profiles import Memory
from crm_desktop.app.servers import WelcomeWindow, read_profile
from crm_desktop.app.setting_up import ServerAnswers, check_server
from crm_desktop.db.connect import Profile
from crm_desktop.organisation import queries as organisation
from tests.support.postgres import TestServer
from tests.support.rig import Rig

DATABASE = "crm_first_run"


def begin(rig: Rig) -> FirstRunWindow:
    """The wizard, from the welcome of a computer that knows nothing."""
    welcome = rig.start()
    assert isinstance(welcome, WelcomeWindow)
    rig.click("found")
    rig.wait(lambda: isinstance(rig.window, FirstRunWindow))
    rig.wait(lambda: rig.window.isActiveWindow() and QApplication.focusWidget() is not None)
    window = rig.window
    assert isinstance(window, FirstRunWindow)
    return window


def step(rig: Rig, wizard: FirstRunWindow, wanted: str) -> None:
    """Enter, and the next page is there with the focus in it."""
    rig.key("Return")
    rig.wait(lambda: wizard.frame.current() == wanted)
    page = wizard.pages[wanted]
    rig.wait(lambda: page.isAncestorOf(QApplication.focusWidget() or wizard))


def on_server(rig: Rig, wizard: FirstRunWindow, server: TestServer) -> None:
    """Answer the first page with the test's server."""
    place = server.server
    wizard.server.there.setChecked(True)
    texts = {"host": place.host, "port": str(place.port), "database": DATABASE, "admin": place.superuser, "admin_password": place.password}
    for name, text in texts.items():
        rig.fill(rig.see(QWidget, name), text)
    wizard.server.tls.set_value("disable")


def test_a_company_is_set_up_by_keyboard(rig: Rig, server: TestServer) -> None:
    """Issue 2, point 2: roles, schema, first administrator; at the end she is logged in and her workstation is installed."""
    wizard = begin(rig)
    on_server(rig, wizard, server)
    try:
        step(rig, wizard, "company")
        for text in ("5260250274", "Nowa Firma Sp. z o.o.", "ul. Prosta 1", "30-701", "Kraków"):
            rig.type(text)
            rig.key("Tab")
        step(rig, wizard, "branch")
        rig.type("kr")
        step(rig, wizard, "administrator")
        for text in ("Jan Pierwszy", "jan", "trzy małe kotki 7", "trzy małe kotki 7"):
            rig.type(text)
            rig.key("Tab")
        step(rig, wizard, "station")
        wizard.station.install.setChecked(True)
        wizard.go_on()
        window = rig.desk()
        assert window.who.name == "Jan Pierwszy"
        assert window.may("organisation.employ")
        session = rig.desktop.session
        assert session is not None
        company = session.database.read(organisation.get_company)
        assert (company.name, company.nip) == ("Nowa Firma Sp. z o.o.", "5260250274")
        assert [branch.code for branch in session.database.read(organisation.list_branches)] == ["KR"]
        station = rig.memory.known.connections[0].station
        assert station is not None and station.code == "kasa1"
        assert rig.memory.known.unfinished == {}
        rig.wait(lambda: rig.desktop.devices.station() == station.id)
    finally:
        rig.desktop.end()
        server.drop(DATABASE)


def test_what_is_wrong_stays_on_its_page(rig: Rig, server: TestServer) -> None:
    """Bad input: a wrong NIP, a missing name, a weak password: each at its field, nothing goes on."""
    wizard = begin(rig)
    wizard.frame.set_page("company", "", "", wizard.company)
    rig.fill(wizard.company.nip, "5260250275")
    rig.key("Tab")
    wizard.go_on()
    assert wizard.frame.current() == "company"
    assert wizard.company.nip.property("state") == "error"
    assert "number" in wizard.company.nip.accessibleDescription() or "NIP" in wizard.company.nip.accessibleDescription()
    assert wizard.company.name.property("state") == "error"
    wizard.frame.set_page("administrator", "", "", wizard.administrator)
    rig.fill(wizard.administrator.password, "haslo123")
    wizard.go_on()
    assert wizard.frame.current() == "administrator"
    assert wizard.administrator.password.property("state") == "error"


def test_what_was_typed_is_kept_without_passwords(rig: Rig, tmp_path: Path) -> None:
    """desk.md 6: "Save and finish later" on each step."""
    wizard = begin(rig)
    wizard.company.name.set_value("Firma w połowie")
    wizard.administrator.password.setText("trzy małe kotki 7")
    rig.click("later")
    rig.wait(lambda: isinstance(rig.window, WelcomeWindow))
    assert "kotki" not in rig.memory.file.read_text(encoding="utf-8")
    rig.click("found")
    rig.wait(lambda: isinstance(rig.window, FirstRunWindow))
    again = rig.window
    assert isinstance(again, FirstRunWindow)
    assert again.company.name.value() == "Firma w połowie"
    assert again.administrator.password.value() == ""
    assert Memory(rig.folder).known.unfinished


def test_the_server_is_looked_at_first(server: TestServer, free_port: int) -> None:
    """Each thing that can be wrong with a server is said at its field."""
    place = server.server
    profile = Profile(place.host, place.port, DATABASE, "disable")

    def found(**more: object) -> list[str]:
        answers = ServerAnswers(False, "", profile, place.superuser, place.password)
        answers = ServerAnswers(**{**vars(answers), **more})  # type: ignore[arg-type]
        return [problem.code for problem in check_server(answers)]

    assert found() == []
    assert found(admin_password="wrong") == ["admin_wrong"]
    assert found(profile=Profile(place.host, free_port, DATABASE, "disable")) == ["server_silent"]
    assert found(profile=Profile(place.host, place.port, server.template(), "disable")) == ["database_exists"]
    assert check_server(ServerAnswers()) == []


@pytest.mark.parametrize(
    ("host", "port", "database", "fields"),
    [
        ("", "5432", "crm", ["host"]),
        ("biuro", "x", "crm", ["port"]),
        ("biuro", "70000", "crm", ["port"]),
        ("biuro", "5432", "Moja firma", ["database"]),
        ("", "", "ż", ["host", "port", "database"]),
    ],
)
def test_a_server_that_cannot_be_one(host: str, port: str, database: str, fields: list[str]) -> None:
    found = read_profile("", host, port, database, "prefer")
    assert isinstance(found, list)
    assert [problem.field for problem in found] == fields
