"""Every window: inputs have names for screen readers, focus stands where work starts, nothing is wider than a small screen."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from crm_desktop.app import desks
from crm_desktop.ui.browser import Browser
from crm_desktop.ui.fields.state import label_of
from tests.support.rig import Rig

DOCKS = [dock.id for desk in desks.DESKS for dock in desk.docks]
#: Qt's own parts of an input; the input itself has the name.
PARTS = ("qt_",)


def nameless(widget: QWidget) -> list[str]:
    kinds = (QLineEdit, QComboBox, QPlainTextEdit, QAbstractButton)
    found = []
    for each in widget.findChildren(QWidget):
        if not isinstance(each, kinds) or not each.isVisible() or each.objectName().startswith(PARTS):
            continue
        said = each.accessibleName() or label_of(each) or (each.text() if isinstance(each, QAbstractButton) else "")
        if not said and not isinstance(each.parentWidget(), (QComboBox, QLineEdit)):  # the parts of a field: the field has the name
            found.append(f"{type(each).__name__} {each.objectName() or '?'} in {type(each.parentWidget()).__name__}")
    return found


@pytest.mark.parametrize("dock", DOCKS)
def test_each_window(rig: Rig, dock: str) -> None:
    """GOL-22, desk.md 9 and 10: accessible names, focus in the work and not in a tool bar, 1280 × 720 is enough."""
    window = rig.log_in("szef")
    window.resize(1280, 720)
    widget = rig.open(dock)
    if isinstance(widget, Browser):
        rig.wait(lambda: widget.model.exact)
        focus = QApplication.focusWidget()
        assert focus is not None and widget.isAncestorOf(focus)
        assert not isinstance(focus, QAbstractButton)
        if widget.model.total:
            rig.key("Return")
            rig.idle()
    assert nameless(window) == []
    assert window.width() == 1280
    assert window.minimumSizeHint().width() <= 1280


def test_the_login_window(rig: Rig) -> None:
    rig.know()
    assert nameless(rig.start()) == []
