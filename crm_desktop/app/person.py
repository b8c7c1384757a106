"""What the person at the desk can do about herself: language, light or dark, text size, password, log out."""

from typing import Any

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from crm_desktop.core import i18n
from crm_desktop.core.i18n import N_, _
from crm_desktop.organisation.views.password_sheet import PasswordSheet
from crm_desktop.ui import theme as look

APPEARANCES = {"light": N_("Light"), "dark": N_("Dark"), "system": N_("As the system")}
TEXT_SIZES = ("90", "100", "115", "130")


def person_menu(window: Any, program: Any) -> QMenu:
    """The menu behind the person's name. `window` is the main window, `program` the Program around it."""
    menu = QMenu(window)
    menu.setObjectName("person_menu")
    appearance, text_size = program.appearance()
    _group(
        menu.addMenu(look.current().icon("palette"), _("Light or dark")),
        "appearance",
        {name: _(title) for name, title in APPEARANCES.items()},
        appearance,
        lambda chosen: program.choose_look(chosen, program.appearance()[1]),
    )
    _group(
        menu.addMenu(look.current().icon("text-size"), _("Text size")),
        "text_size",
        {size: f"{size}{i18n.NBSP}%" for size in TEXT_SIZES},
        text_size,
        lambda chosen: program.choose_look(program.appearance()[0], chosen),
    )
    languages = menu.addMenu(look.current().icon("language"), _("Language"))
    _group(languages, "language", i18n.LANGUAGES, i18n.language(), program.choose_language)
    menu.addSeparator()
    _act(menu, "key", _("Change password…"), "change_password", lambda: _change_password(window))
    menu.addSeparator()
    _act(menu, "logout", _("Log out"), "log_out", program.log_out)
    return menu


def _change_password(window: QWidget) -> None:
    who = window.who  # type: ignore[attr-defined]
    sheet = PasswordSheet(window, who.employee_id, who.login, who.name)
    sheet.changed.connect(lambda: window.say(_("The new password holds from the next login.")))  # type: ignore[attr-defined]
    sheet.open()


def _act(menu: QMenu, icon: str, title: str, name: str, run: Any) -> QAction:
    action = menu.addAction(look.current().icon(icon), title)
    action.setObjectName(name)
    action.triggered.connect(lambda: run())
    return action


def _group(menu: QMenu, name: str, choices: dict[str, str], chosen: str, take: Any) -> None:
    group = QActionGroup(menu)
    for value, title in choices.items():
        action = menu.addAction(title)
        action.setObjectName(f"{name}_{value}")
        action.setData(value)
        action.setCheckable(True)
        action.setChecked(value == chosen)
        action.triggered.connect(lambda checked=False, value=value: take(value))
        group.addAction(action)
