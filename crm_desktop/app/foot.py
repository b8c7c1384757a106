"""The quiet line under a card on canvas: versions, and the languages to choose from."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QHBoxLayout

from crm_desktop.core import i18n
from crm_desktop.core.i18n import _
from crm_desktop.ui import theme as look
from crm_desktop.ui.widgets.parts import button, label


def foot(said: Sequence[str], choose: Callable[[str], object]) -> QHBoxLayout:
    """What is said, then each language; `choose(code)` when another one than the present is pressed."""
    line = QHBoxLayout()
    line.setSpacing(8)
    line.addStretch(1)
    for place, text in enumerate(said):
        if place:
            line.addWidget(label("·", "hint"))
        line.addWidget(label(text, "hint"))
    for code, name in i18n.LANGUAGES.items():
        line.addWidget(label("·", "hint"))
        if code == i18n.language():
            line.addWidget(label(name, "hint"))
            continue
        switch = button(name, partial(choose, code), kind="link")
        switch.setObjectName(f"language_{code}")
        switch.setAccessibleName(_("Language: {name}").format(name=name))
        look.mark(switch, small=True)
        line.addWidget(switch)
    line.addStretch(1)
    return line
