"""Steps that both stations take: logging in, with a mistake if wanted."""

from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from crm_desktop.app.desktop import Desktop
from crm_desktop.demo.tour.eye import focused, seen
from crm_desktop.demo.tour.hand import Picture, Script, Text, Until, press
from crm_desktop.ui.fields import State, state_of


def log_in(desktop: Desktop, password: str, mistake: bool) -> Script:
    """From the login window to the desk; with `mistake` the first password is wrong and its sentence is read."""
    yield Until(lambda: seen(QWidget, "login_window") and focused("password"), "the login window with the keyboard in the password")
    yield Picture("login", "the last operator is kept, the keyboard is in the password")
    if mistake:
        yield Text("zapomniane")
        yield press("Return")
        yield Until(_password_refused, "the sentence that the password is wrong")
        yield Picture("wrong-password", str(_sentence()))
        yield press("Ctrl+A")
    yield Text(password)
    yield press("Return")
    yield Until(lambda: seen(QWidget, "main_window"), "the desk")


def _password_refused() -> bool:
    field = seen(QLineEdit, "password")
    return field is not None and state_of(field) is State.ERROR and bool(_sentence())


def _sentence() -> str:
    """The longest text under the password: the sentence of the refusal."""
    card = seen(QWidget, "login_card")
    texts = [label.text() for label in card.findChildren(QLabel) if label.isVisible()] if card else []
    return next((text for text in sorted(texts, key=len, reverse=True) if len(text) > 40), "")
