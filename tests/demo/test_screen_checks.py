"""What `make screens` finds by itself: each fault is made once, and the check that looks for it says so."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.core import i18n
from crm_desktop.demo.screens import checks
from crm_desktop.demo.screens.words import Words
from crm_desktop.ui import theme
from crm_desktop.ui.widgets.toast import Toasts


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> Iterator[QWidget]:
    """An empty window whose children lie where the test puts them."""
    theme.apply(qapp, "light", animations=False)
    shown = QWidget()
    shown.setObjectName("window")
    qtbot.addWidget(shown)
    shown.resize(800, 600)
    shown.show()
    yield shown
    shown.close()


@pytest.fixture(scope="module")
def polish() -> Words:
    return Words("pl")


@pytest.fixture(scope="module")
def english() -> Words:
    return Words("en")


def _put(window: QWidget, widget: QWidget, x: int, y: int, width: int, height: int = 28) -> None:
    widget.setParent(window)
    widget.setGeometry(x, y, width, height)
    widget.show()


def test_a_window_without_faults_gives_none(window: QWidget, polish: Words) -> None:
    _put(window, QLabel("Termin płatności"), 20, 20, 200)
    _put(window, QPushButton("Zapisz"), 20, 60, 120)
    _put(window, QLineEdit("Hurtownia Elektryczna Volt"), 20, 100, 300)
    assert checks.look_at([window], polish) == []


def test_a_label_that_is_cut(window: QWidget, polish: Words) -> None:
    _put(window, QLabel("Termin płatności"), 20, 20, 40)
    (fault,) = checks.look_at([window], polish)
    assert "px of width and has 40: “Termin płatności”" in fault


def test_a_button_that_is_cut(window: QWidget, polish: Words) -> None:
    _put(window, QPushButton("Zapisz i dokończ później"), 20, 20, 60)
    assert any("needs" in fault and "Zapisz i dokończ później" in fault for fault in checks.look_at([window], polish))


def test_a_field_that_is_cut_unless_a_person_named_it(window: QWidget, polish: Words) -> None:
    _put(window, QLineEdit("Spółdzielnia Mieszkaniowa Złote Łany"), 20, 20, 90)
    assert any("Złote Łany" in fault for fault in checks.look_at([window], polish))
    assert checks.look_at([window], polish, ["Spółdzielnia"]) == []


def test_texts_over_each_other(window: QWidget, polish: Words) -> None:
    _put(window, QLabel("Netto"), 20, 20, 100)
    _put(window, QLabel("Brutto"), 60, 30, 100)
    assert checks.look_at([window], polish) == ["QLabel in window and QLabel in window lie over each other"]


def test_a_text_that_its_window_cuts_off(window: QWidget, polish: Words) -> None:
    _put(window, QLabel("Netto"), 750, 20, 100)
    assert checks.look_at([window], polish) == ["QLabel in window: 50 × 0 px outside QWidget"]


def test_a_toast_over_a_text(window: QWidget, polish: Words) -> None:
    toasts = Toasts(window)
    toasts.show_toast("Wystawiono")
    place = toasts.widgets()[0].geometry()
    _put(window, QLabel("Do zapłaty"), place.x() + 20, place.y(), 200)
    assert "a toast covers “Do zapłaty”" in checks.look_at([window], polish)


def test_a_dialog_larger_than_the_screen(window: QWidget, polish: Words, qtbot: QtBot) -> None:
    other = QWidget()
    qtbot.addWidget(other)
    other.resize(900, 200)
    other.show()
    assert any("900×200 does not fit into 800×600" in fault for fault in checks.look_at([window, other], polish))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Save the draft", "English"),  # a text of the catalogue that was not translated where it is shown
        ("Nothing is open", "English"),
        ("Whatever the buyer wanted", "English words"),
        ("Zapisz szkic", ""),
        ("FS/KRA/6/11/2026", ""),
        ("anna@volt.example", ""),
        ("Hurtownia Volt", ""),
        ("Wpisz polecenie:\ncrm-desktop upgrade --database beskid", ""),
    ],
)
def test_english_in_a_polish_picture(window: QWidget, polish: Words, text: str, said: str) -> None:
    label = QLabel(text)
    _put(window, label, 20, 20, 400)
    found = [why for _text, why in polish.look_at([label])]
    assert [why[: len(said)] for why in found] == ([said] if said else [])


def test_polish_on_an_english_button(window: QWidget, english: Words) -> None:
    """A person's own Polish words are hers; what stands on a button is the program's."""
    button, label = QPushButton("Zapisz"), QLabel("Zapisz")
    assert [text for text, _why in english.look_at([button, label])] == ["Zapisz"]
    assert i18n.language() == "en"
