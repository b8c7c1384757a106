"""GOL-24: the search box and the palette, wholly by keys, on a real server."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from crm_desktop.app.commands import WINDOW
from crm_desktop.app.main_window import MainWindow
from crm_desktop.app.search_box import SearchBox
from crm_desktop.catalogue.views.item_card import ItemCard
from crm_desktop.documents import service
from crm_desktop.documents.views.invoice_editor import InvoiceEditor
from crm_desktop.parties.views.party_card import PartyCard
from crm_desktop.ui.widgets.search_field import SearchField
from tests.support import office
from tests.support.rig import Rig


def _search(rig: Rig, text: str) -> SearchBox:
    """Ctrl+K, and type."""
    window = rig.window
    assert isinstance(window, MainWindow)
    rig.key("Ctrl+K")
    rig.wait(lambda: window.search.palette.line.hasFocus())
    rig.type(text)
    rig.wait(lambda: not window.search.waits())
    return window.search


def test_ctrl_k_finds_a_party_and_enter_opens_it(rig: Rig) -> None:
    rig.log_in("anna")
    box = _search(rig, "hurt vol")
    assert box.palette.titles() == ["Parties"]
    assert [(entry.text, entry.side) for entry in box.palette.entries()] == [("Hurtownia Volt Sp. z o.o.", "NIP 526-025-02-74")]
    rig.key("Return")
    assert not box.palette.isVisible()
    card = rig.card("party_card")
    assert isinstance(card, PartyCard)


def test_kinds_are_groups_and_arrows_walk_over_their_titles(rig: Rig) -> None:
    window = rig.log_in("anna")
    anna = office.Office(rig.profile).enter("anna")
    rig.others.append(anna)
    issued = anna.change(service.issue_invoice, office.draft_of(anna, "FS"))
    box = _search(rig, "volt")
    assert box.palette.titles() == ["Parties", "Documents"]
    rig.key("Down")
    current = box.palette.current()
    assert current is not None and current.text == f"{issued.number}, Hurtownia Volt Sp. z o.o."
    rig.key("Return")
    rig.idle()
    editor = window.current()
    assert isinstance(editor, InvoiceEditor)
    assert editor.path.number == issued.number


def test_an_exact_number_stands_first(rig: Rig) -> None:
    rig.log_in("anna")
    anna = office.Office(rig.profile).enter("anna")
    rig.others.append(anna)
    issued = anna.change(service.issue_invoice, office.draft_of(anna, "FS"))
    box = _search(rig, issued.number.lower())
    assert box.palette.titles() == ["Documents"]
    box = _search(rig, "5260250274")
    assert box.palette.titles()[0] == "Parties"


def test_a_bar_code_and_enter_before_the_answer(rig: Rig) -> None:
    """A scanner types faster than anybody answers: Enter waits for the answer and takes the first one."""
    window = rig.log_in("anna")
    rig.key("Ctrl+K")
    rig.wait(window.search.palette.line.hasFocus)
    rig.type(office.CODE)
    assert window.search.waits()
    rig.key("Return")
    assert isinstance(rig.card("item_card"), ItemCard)


def test_accents_and_typing_errors(rig: Rig) -> None:
    rig.log_in("anna")
    assert [entry.text for entry in _search(rig, "zarowka").palette.entries()] == ["Żarówka LED 9 W"]
    rig.key("Escape")
    assert [entry.text for entry in _search(rig, "hurtowina").palette.entries()] == ["Hurtownia Volt Sp. z o.o."]
    rig.key("Escape")
    assert [entry.text for entry in _search(rig, "vlot").palette.entries()] == ["Hurtownia Volt Sp. z o.o."]


def test_nothing_found_says_so_and_escape_gives_the_focus_back(rig: Rig) -> None:
    rig.log_in("anna")
    before = QApplication.focusWidget()
    box = _search(rig, "qqqq")
    assert box.palette.entries() == []
    assert box.palette.note() == "Nothing matches “qqqq”."
    rig.key("Return")
    assert box.palette.isVisible()
    rig.key("Escape")
    assert not box.palette.isVisible()
    assert QApplication.focusWidget() is before


@pytest.mark.parametrize(("sign", "title"), [("@", "Parties"), ("#", "Documents")])
def test_a_sign_asks_for_one_kind(rig: Rig, sign: str, title: str) -> None:
    rig.log_in("anna")
    anna = office.Office(rig.profile).enter("anna")
    rig.others.append(anna)
    anna.change(service.issue_invoice, office.draft_of(anna, "FS"))
    assert _search(rig, f"{sign}volt").palette.titles() == [title]


def test_the_palette_lists_what_may_be_done_now_with_its_keys(rig: Rig) -> None:
    window = rig.log_in("anna")
    box = _search(rig, ">")
    keys = {entry.text: entry.key for entry in box.palette.entries()}
    assert keys["New receipt"] == "F8"
    assert keys["Fold the navigator"] == "Ctrl+B"
    assert "Open: Items" in keys
    assert "Open: Employees" not in keys, "she may not"
    rig.type("fold nav")
    rig.key("Return")
    assert window.navigator.is_folded()


def test_a_command_is_found_without_its_accents(rig: Rig) -> None:
    rig.know(language="pl")
    window = rig.log_in("anna")
    box = _search(rig, ">zwin")
    assert [entry.text for entry in box.palette.entries()][:1] == ["Zwiń nawigację"]
    rig.key("Return")
    assert window.navigator.is_folded()


def test_a_command_of_the_dock_in_use_runs_there(rig: Rig) -> None:
    window = rig.log_in("anna")
    rig.open("parties.parties")
    box = _search(rig, ">new")
    assert [(entry.text, entry.key) for entry in box.palette.entries()][:1] == [("New", "Insert")]
    rig.key("Return")
    rig.card("party_card")
    assert window.dock_area.current().startswith("parties.party")


def test_the_mouse_opens_it_and_a_click_beside_it_closes_it(rig: Rig) -> None:
    window = rig.log_in("anna")
    rig.see(SearchField, "search_field").click()
    assert window.search.palette.isVisible()
    QTest.mouseClick(window.search.palette, Qt.MouseButton.LeftButton, pos=QPoint(5, 300))
    assert not window.search.palette.isVisible()


def test_another_tab_takes_its_place(rig: Rig) -> None:
    window = rig.log_in("anna")
    rig.open("catalogue.items")
    _search(rig, "led")
    rig.key("Ctrl+1")
    rig.wait(lambda: not window.search.palette.isVisible())
    assert window.dock_area.current() == "documents.documents"


def test_cut_off_it_says_so_and_commands_still_run(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from crm_desktop.app import search_box
    from crm_desktop.core.errors import Offline

    def cut(*_: object) -> None:
        raise Offline("cut")

    monkeypatch.setattr(search_box, "find", cut)
    rig.log_in("anna")
    box = _search(rig, "open")
    rig.wait(lambda: bool(box.palette.note()))
    assert box.palette.note() == "No connection, so nothing can be searched now."
    assert "Open: Items" in [entry.text for entry in box.palette.entries()]


def test_the_acts_of_the_window_have_names_and_keys_of_their_own() -> None:
    keys = [key for action in WINDOW for key in action.keys]
    assert len(keys) == len(set(keys))
    assert all(action.title for action in WINDOW)
