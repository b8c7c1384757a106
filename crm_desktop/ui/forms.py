"""Forms drawn in Qt Designer, loaded at run time onto a view. No generated code.

    class PartyForm(QWidget):
        name: TextField                       the form must have it, under this name and of this kind
        def __init__(self, parent=None):
            super().__init__(parent)
            forms.load(self, "parties/party_form")

Strings are translated in the XML by our own gettext; one with `notr="true"` stays. A custom widget's `<header>` is the Python
module that has its class.
"""

import importlib
import typing
from xml.etree import ElementTree

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject
from PySide6.QtUiTools import QUiLoader
from PySide6.QtWidgets import QWidget

from crm_desktop.core.assets import asset
from crm_desktop.core.i18n import _


def load(view: QWidget, name: str) -> None:
    """Put forms/`name`.ui onto `view` and set each named widget, layout and action as an attribute of the view.

    Raises FileNotFoundError, AttributeError (an annotated widget is not in the form), TypeError (it is of another kind).
    """
    tree = ElementTree.parse(asset(f"forms/{name}.ui"))
    _translate(tree.getroot())
    buffer = QBuffer()
    buffer.setData(QByteArray(ElementTree.tostring(tree.getroot(), "utf-8")))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)  # an unopened buffer crashes the loader
    loader = _Loader(view, {node.findtext("class", ""): node.findtext("header", "") for node in tree.iter("customwidget")})
    if loader.load(buffer) is None:
        raise ValueError(f"forms/{name}.ui: {loader.errorString()}")
    buffer.close()
    loader.setParent(None)
    for node in (*tree.iter("widget"), *tree.iter("layout"), *tree.iter("action")):
        named = node.get("name", "")
        found = view.findChild(QObject, named) if named else None
        if found is not None and not named.startswith("_"):
            setattr(view, named, found)
    _verify(view, name)


class _Loader(QUiLoader):
    """Makes the root the view itself, and our own widgets by their modules. Parented to the view while it works."""

    def __init__(self, view: QWidget, modules: dict[str, str]) -> None:
        super().__init__(view)
        self._view, self._modules, self._rooted = view, modules, False

    def createWidget(self, class_name: str, parent: QWidget | None = None, name: str = "") -> QWidget:
        """Qt calls this for every widget of the form."""
        if parent is None and not self._rooted:
            self._rooted = True
            return self._view
        if class_name not in self._modules:
            return super().createWidget(class_name, parent, name)
        widget: QWidget = getattr(importlib.import_module(self._modules[class_name]), class_name)(parent)
        widget.setObjectName(name)
        return widget


def _translate(root: ElementTree.Element) -> None:
    for node in root.iter("string"):
        if node.text and node.get("notr") != "true":
            node.text = _(node.text)
            node.set("notr", "true")


def _verify(view: QWidget, name: str) -> None:
    """Every Qt class that the view annotates must be in the form, and of that class."""
    for attribute, kind in typing.get_type_hints(type(view)).items():
        if not (isinstance(kind, type) and issubclass(kind, QObject)):
            continue
        widget = vars(view).get(attribute)
        if widget is None:
            raise AttributeError(f"forms/{name}.ui has no “{attribute}”, which {type(view).__name__} annotates")
        if not isinstance(widget, kind):
            raise TypeError(f"forms/{name}.ui: “{attribute}” is a {type(widget).__name__}, not a {kind.__name__}")
