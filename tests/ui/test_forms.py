"""Forms on views: translated, verified, without generated code (architecture, section 6)."""

import gettext
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.core import i18n
from crm_desktop.ui import forms
from crm_desktop.ui.fields import MoneyField, State, state_of

FORM = """<?xml version="1.0" encoding="UTF-8"?>
<ui version="4.0"><class>Form</class>
 <widget class="QWidget" name="Form">
  <property name="windowTitle"><string>Amount</string></property>
  <layout class="QVBoxLayout" name="column">
   <item><widget class="QLabel" name="title">
     <property name="text"><string>Amount</string></property>
     <property name="role" stdset="0"><string notr="true">label</string></property>
     <property name="buddy"><cstring>gross</cstring></property></widget></item>
   <item><widget class="MoneyField" name="gross"><property name="places"><number>3</number></property></widget></item>
   <item><widget class="QPushButton" name="save"><property name="text"><string notr="true">OK</string></property></widget></item>
  </layout></widget>
 <customwidgets><customwidget><class>MoneyField</class><extends>QLineEdit</extends><header>crm_desktop.ui.fields</header></customwidget></customwidgets>
</ui>"""


@pytest.fixture
def form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dressed: object) -> None:
    """forms/tests/amount.ui in a folder of its own, and a catalogue that knows one word."""
    path = tmp_path / "amount.ui"
    path.write_text(FORM, encoding="utf-8")
    monkeypatch.setattr(forms, "asset", lambda name: path)

    class Catalogue(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return {"Amount": "Kwota", "OK": "wrong: this one is not to be translated"}.get(message, message)

    monkeypatch.setitem(i18n._state, "catalogue", Catalogue())


class Amount(QWidget):
    """A view of the form."""

    title: QLabel
    gross: MoneyField
    save: QPushButton
    column: QVBoxLayout
    draft: int  # not a widget: no concern of the form

    def __init__(self) -> None:
        super().__init__()
        forms.load(self, "tests/amount")


def test_widgets_become_attributes(qtbot: QtBot, form: None) -> None:
    """Of the annotated kinds, with the properties that Designer set, on the view itself."""
    view = Amount()
    qtbot.addWidget(view)
    assert isinstance(view.gross, MoneyField)
    assert view.gross.property("places") == 3
    assert view.title.property("role") == "label"
    assert view.title.buddy() is view.gross
    assert view.layout() is view.column
    view.gross.setText("x")
    view.gross.settle()
    assert state_of(view.gross) is State.ERROR


def test_texts_are_translated_in_the_xml(qtbot: QtBot, form: None) -> None:
    """By our own gettext; what is marked as not translatable stays."""
    view = Amount()
    qtbot.addWidget(view)
    assert (view.title.text(), view.windowTitle(), view.save.text()) == ("Kwota", "Kwota", "OK")


def test_a_missing_widget_fails_at_once(form: None) -> None:
    """A rename in Designer is found by the first window that opens, and by the test that opens all."""

    class Wrong(QWidget):
        net: MoneyField

    with pytest.raises(AttributeError, match="no “net”"):
        forms.load(Wrong(), "tests/amount")


def test_a_widget_of_another_kind_fails_at_once(form: None) -> None:
    """The type checker believes the annotation, so it must be true."""

    class Wrong(QWidget):
        title: QLineEdit

    with pytest.raises(TypeError, match="QLabel, not a QLineEdit"):
        forms.load(Wrong(), "tests/amount")


def test_many_views_come_and_go(qtbot: QtBot, form: None) -> None:
    """Loading leaves nothing behind that crashes later."""
    for _round in range(100):
        view = Amount()
        with qtbot.waitSignal(view.destroyed):
            view.deleteLater()


def test_an_unknown_form_is_named(qtbot: QtBot) -> None:
    """A broken installation, not a person's mistake."""
    window = QWidget()
    qtbot.addWidget(window)
    with pytest.raises(FileNotFoundError):
        forms.load(window, "tests/no_such_form")
