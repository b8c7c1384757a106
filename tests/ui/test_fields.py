"""Fields: what one may type, what they show, and how they say that something is wrong (desk.md sections 6 and 7; issue 2, bad input)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QTabWidget, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.core.i18n import MINUS, NBSP, day
from crm_desktop.core.problem import Problem, Severity
from crm_desktop.ui.fields import (
    ComboField,
    DateField,
    DecimalField,
    FieldNote,
    MoneyField,
    NipField,
    PasswordField,
    PercentField,
    PriceField,
    QuantityField,
    State,
    TextField,
    clear_problems,
    jump_to,
    read_date,
    set_state,
    show_problems,
    state_of,
)

TODAY = date(2026, 11, 23)
Shown = Callable[..., QWidget]


@pytest.mark.parametrize(
    ("typed", "value", "normal"),
    [
        ("1204,5", "1204.5", f"1{NBSP}204,50"),
        ("1 204.50", "1204.5", f"1{NBSP}204,50"),
        (f"1{NBSP}204,50 zł", "1204.5", f"1{NBSP}204,50"),
        ("\ufeff12", "12", "12,00"),
        ("€ 3,10", "3.1", "3,10"),
        ("0", "0", "0,00"),
    ],
)
def test_money_is_read_and_shown(dressed: object, typed: str, value: str, normal: str) -> None:
    """Comma, dot, spaces, pasted signs and a byte order mark; the normal form once the field is left."""
    field = MoneyField()
    field.setText(typed)
    assert field.value() == Decimal(value)
    assert field.settle()
    assert field.text() == normal
    assert isinstance(field.value(), Decimal)


@pytest.mark.parametrize("typed", ["abc", "1,2,3", "12.3456", "1e5", "NaN", "-1", "9" * 20])
def test_a_wrong_amount_is_kept_and_explained(dressed: object, typed: str) -> None:
    """Nothing is lost: the text stays, the value is None, the sentence stands at the field."""
    field = MoneyField()
    field.setText(typed)
    assert not field.settle()
    assert (field.text(), field.value(), state_of(field)) == (typed, None, State.ERROR)
    assert field.accessibleDescription()


def test_a_price_with_seven_decimals_is_refused(dressed: object) -> None:
    """Issue 2, bad input."""
    field = PriceField()
    field.setProperty("places", 6)
    field.setText("1,1234567")
    assert not field.settle()
    field.setText("1,123456")
    assert field.settle()
    assert field.text() == "1,123456"


def test_an_error_goes_away_while_typing_and_never_comes(qtbot: QtBot, shown: Shown) -> None:
    """Validate on leaving; while typing an error may only disappear."""
    field = MoneyField()
    shown(field, QLineEdit())
    field.setFocus()
    QTest.keyClicks(field, "x")
    assert state_of(field) is State.NORMAL
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert state_of(field) is State.ERROR
    field.setFocus()
    QTest.keyClicks(field, "1")
    assert state_of(field) is State.NORMAL
    assert field.text() == "1"  # the wrong text was selected on entering, so typing replaced it


def test_a_change_is_told_once(qtbot: QtBot, shown: Shown) -> None:
    """On leaving, with the value, and not when only the writing changed or the program set it."""
    field = QuantityField()
    told: list[Any] = []
    shown(field, QLineEdit())
    field.edited.connect(told.append)
    field.set_value(Decimal(2))
    field.setFocus()
    QTest.keyClicks(field, "2,0")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert told == []
    assert field.text() == "2"
    QTest.keyClicks(field, "35")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert told == [Decimal("235")]  # Enter left the cursor where it was


def test_a_refresh_does_not_disturb_typing(qtbot: QtBot, shown: Shown) -> None:
    """The draft comes back with the same value while the operator types its next digit."""
    field = QuantityField()
    shown(field)
    field.setFocus()
    QTest.keyClicks(field, "2,")
    field.set_value(Decimal(2))
    assert field.text() == "2,"
    field.set_value(Decimal(3))
    assert field.text() == "3"


def test_limits_are_told_with_the_limit(dressed: object) -> None:
    """A discount is at most 100 %."""
    field = PercentField()
    field.setText("120")
    assert not field.settle()
    assert "100" in field.accessibleDescription()
    field.setText("7")
    assert field.settle()
    assert field.text() == f"7{NBSP}%"
    assert field.value() == Decimal(7)


def test_negative_only_where_allowed(dressed: object) -> None:
    """With a real minus or a hyphen."""
    field = DecimalField()
    field.setText("-3")
    assert not field.settle()
    field.setProperty("negative", True)
    for typed in ("-3", f"{MINUS}3"):
        field.setText(typed)
        assert field.settle()
        assert (field.value(), field.text()) == (Decimal(-3), f"{MINUS}3")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("23", date(2026, 11, 23)),
        ("3", date(2026, 11, 3)),
        ("2311", date(2026, 11, 23)),
        ("0512", date(2026, 12, 5)),
        ("231126", date(2026, 11, 23)),
        ("23112026", date(2026, 11, 23)),
        ("23.11", date(2026, 11, 23)),
        ("23.11.26", date(2026, 11, 23)),
        ("5-1-2027", date(2027, 1, 5)),
        ("2026-11-23", date(2026, 11, 23)),
        ("d", TODAY),
        ("+14", date(2026, 12, 7)),
        ("-3", date(2026, 11, 20)),
        (f"{MINUS}3", date(2026, 11, 20)),
    ],
)
def test_dates_as_people_type_them(typed: str, meant: date) -> None:
    """desk.md section 7."""
    assert read_date(typed, TODAY) == meant


@pytest.mark.parametrize("typed", ["", "31.2", "00", "32", "abc", "2026-13-01", "23.11.026", "+", "٢٣"])
def test_what_is_no_date(typed: str) -> None:
    """Refused, never guessed."""
    with pytest.raises(ValueError):
        read_date(typed, TODAY)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_date_reads_back(value: date, today: date) -> None:
    """In the normal form, in six digits and in ISO."""
    for text in (day(value), f"{value:%d%m%y}", value.isoformat()):
        assert read_date(text, today) == value


def test_the_date_field_steps_and_counts(qtbot: QtBot, shown: Shown, monday: datetime) -> None:
    """Arrows by a day, Page by a week; +14 counts from the base."""
    field = DateField()
    told: list[Any] = []
    shown(field, QLineEdit())
    field.edited.connect(told.append)
    field.base = lambda: date(2026, 12, 1)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert field.text() == "24.11.2026"
    QTest.keyClick(field, Qt.Key.Key_PageDown)
    assert field.value() == date(2026, 11, 17)
    QTest.keyClicks(field, "+14")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert field.text() == "15.12.2026"
    assert told == [date(2026, 11, 24), date(2026, 11, 17), date(2026, 12, 15)]


def test_a_wrong_date_is_explained(dressed: object, monday: datetime) -> None:
    """With a right example."""
    field = DateField()
    field.setText("31.2")
    assert not field.settle()
    assert "23.11.2026" in field.accessibleDescription()


def test_a_nip_in_any_writing(dressed: object) -> None:
    """Typed or pasted; shown with hyphens, kept as digits."""
    for typed in ("PL 676-010-11-29", "6760101129", "676 010 11 29"):
        field = NipField()
        field.setText(typed)
        assert field.settle()
        assert (field.value(), field.text()) == ("6760101129", "676-010-11-29")


def test_a_wrong_nip_is_told_and_kept(dressed: object) -> None:
    """Issue 2, bad input: the draft keeps what was typed, so that nothing is lost; the field says that it is wrong."""
    field = NipField()
    told: list[Any] = []
    field.edited.connect(told.append)
    field.setText("6760101128")
    assert not field.settle()
    assert told == ["6760101128"]
    assert state_of(field) is State.ERROR


def test_a_text_is_cleaned_on_leaving(dressed: object) -> None:
    """Outer and double spaces and a byte order mark go; the rules judge the rest."""
    field = TextField()
    field.setText("\ufeff  Hurtownia   Volt ")
    assert field.value() == "Hurtownia Volt"
    field.set_value(None)
    assert (field.text(), field.value()) == ("", "")


def test_a_password_is_taken_as_typed(qtbot: QtBot, shown: Shown) -> None:
    """Not trimmed; the eye shows it and has a name."""
    field = PasswordField()
    shown(field)
    QTest.keyClicks(field, " a b ")
    assert field.value() == " a b "
    eye = field.findChild(QToolButton)
    assert eye is not None
    assert eye.accessibleName()
    assert eye.focusPolicy() == Qt.FocusPolicy.NoFocus
    eye.click()
    assert field.echoMode() == QLineEdit.EchoMode.Normal


def test_a_choice_has_values(qtbot: QtBot, shown: Shown) -> None:
    """The program's choice is silent, a person's is told; the value in use survives new choices."""
    field = ComboField()
    told: list[Any] = []
    shown(field)
    field.edited.connect(told.append)
    field.set_choices([("a", "Ala"), ("b", "Basia")])
    assert field.value() is None
    field.set_value("b")
    assert (field.value(), field.currentText(), told) == ("b", "Basia", [])
    field.set_choices([("b", "Barbara"), ("c", "Cecylia")])
    assert field.value() == "b"
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Down)
    qtbot.waitUntil(field.view().isVisible)
    QTest.keyClick(field.view(), Qt.Key.Key_Down)
    QTest.keyClick(field.view(), Qt.Key.Key_Return)
    assert told == ["c"]


def test_a_choice_gives_back_what_it_was_given(qtbot: QtBot) -> None:
    """Qt gives an enum of words back as a plain text; a card that saved it would fail."""
    field = ComboField()
    qtbot.addWidget(field)
    field.set_choices([(State.ERROR, "Error"), (State.NORMAL, "Normal")])
    field.set_value(State.ERROR)
    assert field.value() is State.ERROR
    field.add_choice(State.WARNING, "Warning")
    field.setCurrentIndex(2)
    assert field.value() is State.WARNING
    assert field.offers(State.WARNING) and not field.offers(State.CONFIRMED)


def make_form() -> QWidget:
    """Two fields with notes, one of them on the second tab."""
    form = QWidget()
    column = QVBoxLayout(form)
    tabs = QTabWidget()
    column.addWidget(tabs)
    for name in ("buyer_nip", "post_code"):
        page = QWidget()
        inner = QVBoxLayout(page)
        for widget, suffix in ((TextField(), ""), (FieldNote(), "_note")):
            widget.setObjectName(name + suffix)
            inner.addWidget(widget)
        tabs.addTab(page, name)
    return form


def test_problems_find_their_fields(shown: Shown) -> None:
    """Path "buyer.nip" is the widget buyer_nip; an error wins over a warning; what has no field comes back."""
    form = make_form()
    shown(form)
    nip, note = form.findChild(TextField, "buyer_nip"), form.findChild(FieldNote, "buyer_nip_note")
    assert nip is not None
    assert note is not None
    warning = Problem("w", "buyer.nip", "Careful", severity=Severity.WARNING)
    error = Problem("e", "buyer.nip", "At most {limit}", {"limit": Decimal("2.50")})
    elsewhere = Problem("x", "lines.0.price", "Somewhere")
    assert show_problems(form, [warning, error, elsewhere]) == [elsewhere]
    assert (state_of(nip), note.text()) == (State.ERROR, "At most 2,5")
    assert nip.accessibleDescription() == "At most 2,5"
    show_problems(form, [warning])
    assert (state_of(nip), note.text()) == (State.WARNING, "Careful")
    clear_problems(form)
    assert (state_of(nip), note.text()) == (State.NORMAL, "")


def test_a_note_reserves_its_line(shown: Shown) -> None:
    """No layout shift on validation (desk.md, principle 6)."""
    form = make_form()
    shown(form)
    field = form.findChild(TextField, "buyer_nip")
    assert field is not None
    before = field.geometry()
    set_state(field, State.ERROR, "Kod ma postać 00-000")
    assert form.findChild(FieldNote, "buyer_nip_note").accessibleName() == "Kod ma postać 00-000"  # type: ignore[union-attr]
    assert field.geometry() == before


def test_a_jump_opens_the_tab(shown: Shown) -> None:
    """The link of the problems panel goes to the field wherever it is."""
    form = make_form()
    shown(form)
    tabs = form.findChild(QTabWidget)
    assert tabs is not None
    assert jump_to(form, "post.code")
    assert tabs.currentIndex() == 1
    assert form.findChild(TextField, "post_code").hasFocus()  # type: ignore[union-attr]
    assert not jump_to(form, "no.such")


@pytest.mark.parametrize("kind", [TextField, NipField, MoneyField, DateField])
def test_a_long_text_shows_its_beginning(shown: Shown, kind: type[TextField]) -> None:
    """Entering selects everything, with the cursor at the start."""
    field = kind()
    shown(QLineEdit(), field)
    field.setText("x" * 300)
    field.setFocus()
    assert (field.cursorPosition(), field.selectedText()) == (0, "x" * 300)


def test_today_follows_the_server() -> None:
    """A workstation whose clock is wrong still has the server's day."""
    from crm_desktop.ui import clock

    tomorrow = datetime.now(clock.WARSAW) + timedelta(days=1)
    clock.set_server_time(tomorrow)
    assert clock.today() == tomorrow.date()
    clock.set_server_time(datetime.now(clock.WARSAW))
