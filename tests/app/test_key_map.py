"""GOL-22: one declared map of keys; it is read on F1, printed, and says what is bound."""

import pypdfium2
import pytest
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QWidget

from crm_desktop.app.key_map import Act, Section, key_map, keys_pdf, merged
from crm_desktop.app.key_map_view import KeyMapView
from crm_desktop.app.main_window import MainWindow
from crm_desktop.ui import keys
from crm_desktop.ui.desk import forbidden, normal
from tests.support.rig import Rig


def everybody(_permission: str) -> bool:
    return True


def test_where_one_is_stands_on_top() -> None:
    assert key_map(everybody)[0].titles == ("Everywhere",)
    assert "Parties" in key_map(everybody, "parties.parties")[0].titles
    assert key_map(everybody, "documents.invoice")[0].titles == ("In a document",)


def test_the_same_keys_are_one_section() -> None:
    one, other = Section(("A",), (Act("New", ("Ins",)),), ("a",)), Section(("B",), (Act("New", ("F2",)),), ("b",))
    same = Section(("C",), (Act("New", ("Ins",)),), ("c",))
    assert merged([one, other, same]) == [Section(("A", "C"), one.acts, ("a", "c")), other]


def test_what_she_may_not_do_is_not_in_it() -> None:
    hers = key_map(lambda permission: not permission)
    assert "Employees" not in {title for section in hers for title in section.titles}
    assert "New receipt" not in {act.title for section in hers for act in section.acts}


def test_no_key_of_the_map_types_a_letter() -> None:
    assert not [key for section in key_map(everybody) for act in section.acts for key in act.keys if forbidden(key)]


def test_it_prints() -> None:
    """The same map gives the same bytes; each act stands on the paper."""
    sections = key_map(everybody)
    pdf = keys_pdf(sections, keys.shown)
    assert pdf == keys_pdf(sections, keys.shown)
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert "New receipt" in text
    assert "Ctrl+1 … Ctrl+9" in " ".join(text.split())


@pytest.mark.parametrize(
    ("dock", "open_with", "context"),
    [("parties.parties", "", "list"), ("parties.parties", "Return", "card"), ("documents.documents", "Insert", "documents.invoice")],
)
def test_what_is_bound_is_in_the_map(rig: Rig, dock: str, open_with: str, context: str) -> None:
    """Whoever binds a key without declaring it learns it here."""
    window = rig.log_in("anna")
    rig.open(dock)
    if open_with:
        rig.key(open_with)
        rig.wait(lambda: window.dock_area.current() != dock)
        rig.idle()
    widget = window.current()
    assert widget is not None
    sections = [each for each in key_map(everybody) if {context, dock, "desk", "card", "list"} & set(each.contexts)]
    declared = {normal(key) for section in sections for act in section.acts for key in act.keys}
    assert _bound(widget) - declared == set()


def _bound(widget: QWidget) -> set[str]:
    texts = {shortcut.key().toString() for shortcut in widget.findChildren(QShortcut)}
    return {normal(text) for text in texts if text}


def test_f1_shows_it_and_ctrl_p_prints_it(rig: Rig) -> None:
    window = rig.log_in("anna")
    rig.open("parties.parties")
    rig.key("F1")
    view = window.current()
    assert isinstance(view, KeyMapView)
    assert "Parties" in view.sections[0].titles
    rig.key("Ctrl+P")
    assert isinstance(window, MainWindow)
    assert window.dock_area.current() == "app.keys_print"
    rig.key("Escape")
    window.dock_area.focus_dock("app.keys")
    rig.key("Escape")
    assert not window.has_dock("app.keys")
