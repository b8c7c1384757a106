"""The windows of the organisation, by keyboard on a real server: people, roles, workstations, series, branches, the company."""

import secrets
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from crm_desktop.app.main_window import MainWindow
from crm_desktop.app.secrets import secret_name
from crm_desktop.core.errors import WrongPassword
from crm_desktop.db.database import log_in
from crm_desktop.db.keys import new_id
from crm_desktop.organisation import queries
from crm_desktop.organisation import service as organisation
from crm_desktop.organisation.rules.model import Role, Workstation
from crm_desktop.organisation.views.password_sheet import PasswordSheet
from crm_desktop.organisation.views.workstation_card import WorkstationCard
from crm_desktop.ui.ticks import TickList
from tests.support import office
from tests.support.rig import Rig


def new_card(rig: Rig, dock: str, name: str) -> QWidget:
    rig.open(dock)
    rig.key("Insert")
    card: QWidget = rig.card(name)
    return card


def test_somebody_is_employed_and_comes_in(rig: Rig) -> None:
    """NBR-08, ARC-06: a login made from inside the program; the password never travels, only its SCRAM verifier."""
    rig.log_in("szef")
    card = new_card(rig, "organisation.employees", "employee_card")
    login = f"ola{rig.folder.parent.name[-6:].lower().replace('_', '')}"
    rig.type("Ola Nowa")
    rig.key("Return")
    rig.type(login)
    rig.key("Return")
    for _ in range(2):
        rig.type("trzy małe kotki 7")
        rig.key("Return")
    roles = card.findChild(TickList, "roles")
    assert roles is not None
    roles.set_value((office.OPERATOR_ROLE,))
    roles.edited.emit(roles.value())
    rig.key("F10")
    rig.gone(card)
    desk = log_in(rig.profile, login, "trzy małe kotki 7")
    rig.others.append(desk)
    assert desk.who.name == "Ola Nowa"
    assert desk.who.branches == (office.KRAKOW,)
    assert desk.who.may("documents.issue_invoice")


def test_what_a_new_colleague_lacks_is_said_at_once(rig: Rig) -> None:
    """Bad input: name, login, password, roles: all problems at their fields."""
    rig.log_in("szef")
    card = new_card(rig, "organisation.employees", "employee_card")
    rig.fill(rig.see(QLineEdit, "login"), "Ola Nowa")
    rig.fill(rig.see(QLineEdit, "password"), "haslo")
    rig.key("F10")
    for name in ("name", "login", "password", "again"):
        assert rig.see(QLineEdit, name).property("state") == "error", name
    assert "roles_missing" in [problem.code for problem in card.problems()]  # type: ignore[attr-defined]


def test_a_colleague_is_dismissed_after_a_question(rig: Rig) -> None:
    """ARC-06: her login is closed; the card says so and can only be looked at."""
    login = rig.somebody()
    rig.log_in("szef")
    browser = rig.open("organisation.employees")
    browser.set_filter("login", login)  # type: ignore[attr-defined]
    rig.idle()
    browser.focus_rows()  # type: ignore[attr-defined]
    rig.key("Return")
    card = rig.card("employee_card")
    rig.see(QPushButton, "dismiss").click()
    question = rig.dialog()
    assert "Nowa Osoba" in question.windowTitle()
    question.buttons["dismiss"].click()  # type: ignore[attr-defined]
    rig.wait(lambda: card.stored().active is False)
    assert rig.find(QPushButton, "dismiss") is None
    assert rig.see(QLineEdit, "name").isReadOnly()


def test_nobody_changes_her_own_rights(rig: Rig) -> None:
    """ARC-06: neither her card nor a role that she holds."""
    rig.log_in("szef")
    rig.open("organisation.employees")
    browser = rig.open("organisation.employees")
    browser.set_filter("login", "szef")  # type: ignore[attr-defined]
    rig.idle()
    browser.focus_rows()  # type: ignore[attr-defined]
    rig.key("Return")
    rig.card("employee_card")
    assert rig.see(QLineEdit, "name").isReadOnly()
    assert rig.find(QPushButton, "card_save") is None
    rig.key("Escape")
    roles = rig.open("organisation.roles")
    roles.set_filter("name", "Administrator")  # type: ignore[attr-defined]
    rig.idle()
    roles.focus_rows()  # type: ignore[attr-defined]
    rig.key("Return")
    rig.card("role_card")
    assert rig.find(QPushButton, "card_save") is None


def test_a_role_gets_its_rights(rig: Rig) -> None:
    """NBR-07: every right of the program is there to tick, by slice."""
    window = rig.log_in("szef")
    card = new_card(rig, "organisation.roles", "role_card")
    rig.type("Magazynier")
    ticks = card.findChild(TickList, "permissions")
    assert ticks is not None
    names = [name for _heading, rights in window.permissions() for name, _title in rights]
    assert len(names) == len(window.who.permissions)
    ticks.set_value(("catalogue.save_item", "catalogue.see_cost"))
    ticks.edited.emit(ticks.value())
    rig.key("F10")
    rig.gone(card)
    found = next(role for role in rig.boss().read(queries.list_roles) if role.name == "Magazynier")
    assert found == Role(found.id, "Magazynier", ("catalogue.save_item", "catalogue.see_cost"), found.version)


def test_this_computer_becomes_a_workstation(rig: Rig) -> None:
    """NBR-08: the secret goes to the keyring (here: the private file) and the workstation can log in with it."""
    window = rig.log_in("szef")
    card = new_card(rig, "organisation.workstations", "workstation_card")
    code = f"k{rig.folder.parent.name[-6:].lower().replace('_', '')}"
    rig.fill(rig.see(QLineEdit, "code"), code)
    rig.fill(rig.see(QLineEdit, "name"), "Kasa 2")
    rig.key("F10")
    rig.gone(card)
    station = window.station()
    assert station is not None and station[1] == code
    connection = rig.memory.known.connections[0]
    secret = rig.secrets.find(secret_name(connection, code))
    assert secret is not None and secret not in rig.memory.file.read_text(encoding="utf-8")
    desk = log_in(rig.profile, f"ws_{code}", secret)
    rig.others.append(desk)
    assert desk.who.workstation_id == station[0]


def test_a_workstation_for_another_computer_shows_its_secret_once(rig: Rig) -> None:
    window = rig.log_in("szef")
    card = new_card(rig, "organisation.workstations", "workstation_card")
    code = f"o{rig.folder.parent.name[-6:].lower().replace('_', '')}"
    rig.fill(rig.see(QLineEdit, "code"), code)
    rig.fill(rig.see(QLineEdit, "name"), "Kasa 3")
    card.form.this_computer.setChecked(False)  # type: ignore[attr-defined]
    rig.key("F10")
    sheet = rig.dialog()
    secret = rig.see(QLineEdit, "secret").text()
    sheet.accept()
    rig.gone(card)
    assert window.station() is None
    desk = log_in(rig.profile, f"ws_{code}", secret)
    rig.others.append(desk)
    assert desk.who.workstation_id is not None


def renewed(rig: Rig, answer: str) -> tuple[MainWindow, WorkstationCard, str]:
    """A workstation of Kraków, opened from its list; its administrator presses "New secret…" and answers."""
    code = f"r{secrets.token_hex(4)}"
    old = organisation.verifier_of(office.PASSWORD)
    rig.boss().change(organisation.install_workstation, Workstation(new_id(), code, "Kasa 4", office.KRAKOW), old)
    window = rig.log_in("szef")
    browser = rig.open("organisation.workstations")
    browser.set_filter("code", code)  # type: ignore[attr-defined]
    rig.idle()
    browser.focus_rows()  # type: ignore[attr-defined]
    rig.key("Return")
    card = rig.card("workstation_card")
    rig.see(QPushButton, "renew_secret").click()
    question = rig.dialog()
    assert "Kasa 4" in question.windowTitle()
    question.buttons[answer].click()  # type: ignore[attr-defined]
    rig.idle()
    return window, card, code


def test_this_computer_becomes_a_workstation_by_a_new_secret(rig: Rig) -> None:
    """NBR-08: a computer was replaced, or its secret was lost: the same workstation goes on under a new one."""
    window, _card, code = renewed(rig, "keep")
    rig.wait(lambda: window.station() is not None)
    secret = rig.secrets.find(secret_name(rig.memory.known.connections[0], code))
    assert secret is not None and secret != office.PASSWORD
    assert secret not in rig.memory.file.read_text(encoding="utf-8")
    rig.others.append(log_in(rig.profile, f"ws_{code}", secret))
    with pytest.raises(WrongPassword):
        log_in(rig.profile, f"ws_{code}", office.PASSWORD)


def test_a_new_secret_for_another_computer_is_shown_once(rig: Rig) -> None:
    window, _card, code = renewed(rig, "show")
    secret = rig.see(QLineEdit, "secret").text()
    rig.dialog().accept()
    assert window.station() is None
    rig.others.append(log_in(rig.profile, f"ws_{code}", secret))


def test_the_way_back_from_a_new_secret_changes_nothing(rig: Rig) -> None:
    window, _card, code = renewed(rig, "back")
    assert window.station() is None
    rig.others.append(log_in(rig.profile, f"ws_{code}", office.PASSWORD))


def test_a_removed_workstation_gets_no_new_secret(rig: Rig) -> None:
    _window, card, _code = renewed(rig, "back")
    stored = card.stored()
    assert stored is not None
    rig.boss().change(organisation.remove_workstation, stored.id)
    rig.wait(lambda: rig.find(QPushButton, "renew_secret") is None)


def test_a_series_shows_its_first_number_and_clashes(rig: Rig) -> None:
    """SAL-20, semantics L: the pattern's preview is live; a pattern that could print another series' numbers is refused."""
    rig.log_in("szef")
    card = new_card(rig, "organisation.series", "series_card")
    rig.fill(rig.see(QLineEdit, "code"), "KOR")
    pattern, preview = rig.see(QLineEdit, "pattern"), rig.see(QLineEdit, "preview")
    rig.fill(pattern, "KOR/{branch}/{number}/{month}/{year}")
    assert preview.text().startswith("KOR/KR/1/")
    rig.fill(pattern, "KOR/{branch}/{year}")
    assert preview.text() == "The pattern is not right yet"
    rig.fill(pattern, "FS/{branch}/{number}/{month}/{year}")
    rig.key("F10")
    rig.wait(lambda: pattern.property("state") == "error")
    assert "series_clash" in [problem.code for problem in card.problems()]  # type: ignore[attr-defined]
    rig.fill(pattern, "KOR/{branch}/{number}/{month}/{year}")
    rig.key("F10")
    rig.gone(card)
    assert "KOR" in [series.code for series in rig.boss().read(queries.list_series)]


def test_a_branch_is_closed_up_to_a_day(rig: Rig) -> None:
    """Issue 2 point 3: closing date per branch, typed as fast as a person can."""
    rig.log_in("szef")
    rig.open("organisation.branches")
    rig.key("Return")
    card = rig.card("branch_card")
    rig.fill(rig.see(QLineEdit, "closed_until"), "31102026")
    rig.key("F10")
    rig.gone(card)
    rig.open("organisation.branches")
    branch = next(each for each in rig.boss().read(queries.list_branches) if each.code == "KR")
    assert f"{branch.closed_until:%d.%m.%Y}" == "31.10.2026"


def test_the_company(rig: Rig) -> None:
    """Bad input: a wrong NIP and account are said at their fields; the right ones are stored without their spaces."""
    rig.log_in("szef")
    rig.open("organisation.company")
    card = rig.card("company_card")
    before = rig.boss().read(queries.get_company)
    rig.fill(rig.see(QLineEdit, "iban"), "PL00 0000")
    rig.fill(rig.see(QLineEdit, "nip"), "5260250275")
    rig.key("Ctrl+S")
    assert rig.see(QLineEdit, "nip").property("state") == "error"
    rig.wait(lambda: rig.see(QLineEdit, "iban").property("state") == "error")
    assert rig.boss().read(queries.get_company) == before
    rig.fill(rig.see(QLineEdit, "iban"), "PL61 1090 1014 0000 0712 1981 2874")
    rig.fill(rig.see(QLineEdit, "nip"), "526-025-02-74")
    rig.key("Ctrl+S")
    rig.wait(lambda: not card.dirty)
    rig.idle()
    after = rig.boss().read(queries.get_company)
    assert after == replace(before, iban="PL61109010140000071219812874", version=before.version + 1)


def test_her_own_password(rig: Rig) -> None:
    """NBR-08: from the menu behind her name; the next login takes the new one."""
    login = rig.somebody()
    window = rig.log_in(login)
    from crm_desktop.app.person import _change_password

    _change_password(window)
    sheet = rig.dialog()
    assert isinstance(sheet, PasswordSheet)
    rig.fill(sheet.password, "krótkie")
    rig.fill(sheet.again, "inne")
    sheet.buttons["save"].click()
    assert sheet.password.property("state") == "error"
    rig.fill(sheet.password, "zupełnie nowe hasło")
    rig.fill(sheet.again, "zupełnie nowe hasło")
    sheet.buttons["save"].click()
    rig.gone(sheet)
    desk = log_in(rig.profile, login, "zupełnie nowe hasło")
    rig.others.append(desk)


def test_an_unused_label_is_not_there(rig: Rig) -> None:
    """desk.md 6: a field that one may not have is absent: no password on the card of an old colleague."""
    rig.log_in("szef")
    rig.open("organisation.employees")
    rig.key("Return")
    rig.card("employee_card")
    assert rig.find(QLineEdit, "password") is None
    assert rig.find(QLabel, "password_label") is None
