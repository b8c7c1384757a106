"""The keys of the editor: what each does, which of them work now, and where F6 goes."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.core.i18n import _
from crm_desktop.documents.views.line_model import EDITABLE, Col
from crm_desktop.ui import keys
from crm_desktop.ui.widgets.fkey_bar import FKey

if TYPE_CHECKING:
    from crm_desktop.documents.views.invoice_editor import InvoiceEditor


class EditorKeys(QObject):
    """Part of one InvoiceEditor."""

    def __init__(self, editor: "InvoiceEditor") -> None:
        super().__init__(editor)
        self._editor = editor
        self._shown: list[tuple[str, str, bool]] = []
        bound: dict[str, Callable[[], object]] = {
            "F2": self.edit_line,
            "F4": editor.next_problem,
            "F5": self.edit_discount,
            "F6": partial(self.next_region, 1),
            "Shift+F6": partial(self.next_region, -1),
            "F7": editor.preview,
            "F8": editor.path.issue,
            "F9": editor.show_history,
            "F10": editor.path.issue,
            "F11": self.go_to_notes,
            "Ctrl+Return": editor.path.issue,
            "Ctrl+Enter": editor.path.issue,
            "Ctrl+S": editor.path.save,
            "Ins": self.new_line,
        }
        for key, run in bound.items():
            keys.bind(editor, key, run)

    def fkeys(self) -> list[FKey]:
        """The keys that work now."""
        editor = self._editor
        draft, some = editor.path.is_draft(), bool(editor.draft.lines)
        shown = [FKey("F2", _("Line"), self.edit_line)] if draft and some else []
        if draft:
            shown.append(FKey("Ins", _("New line"), self.new_line))
        if draft and some:
            shown.append(FKey("Del", _("Delete"), editor.remove_current))
        if draft:
            shown.append(FKey("F3", _("Find an item"), self.find_item))
        if editor.problems():
            shown.append(FKey("F4", _("Next matter"), editor.next_problem))
        if draft and some:
            shown.append(FKey("F5", _("Discount"), self.edit_discount))
        shown.append(FKey("F6", _("Next region"), partial(self.next_region, 1)))
        if editor.previews:
            shown.append(FKey("F7", _("Preview"), editor.preview))
        if editor.can_undo:
            shown.append(FKey("Ctrl+Z", _("Undo"), editor.undo))
        if draft:
            shown.append(FKey("Ctrl+S", _("Save the draft"), editor.path.save))
            if editor.draft.kind.fiscal:
                shown.append(FKey("F8", _("Issue with receipt"), editor.path.issue, right=True))
            else:
                shown.append(FKey("F10", _("Issue"), editor.path.issue, right=True))
        if editor.previews and editor.draft.version:
            shown.append(FKey("F9", _("History"), editor.show_history))
        if draft or editor.draft.notes:
            shown.append(FKey("F11", _("Notes"), self.go_to_notes))
        shown.append(FKey("Escape", _("Close"), editor.path.leave, right=True))
        return shown

    def show(self) -> None:
        """Put them into the bar, where they are others than before."""
        shown = self.fkeys()
        face = [(each.key, each.title, each.enabled) for each in shown]
        if face != self._shown:
            self._shown = face
            self._editor.bar.set_keys(shown)
            self._editor.fkeys_changed.emit()

    def next_region(self, step: int) -> None:
        """F6: header → entry line → lines → header; the notes lie behind the lines, and only who is there comes by them."""
        editor = self._editor
        regions: list[QWidget] = [editor.header, editor.entry, editor.grid] if editor.path.is_draft() else [editor.header, editor.grid]
        if editor.notes.hasFocus():
            regions.append(editor.notes)
        focus = QApplication.focusWidget()
        here = next((at for at, each in enumerate(regions) if focus is not None and (each is focus or each.isAncestorOf(focus))), -step)
        there = regions[(here + step) % len(regions)]
        if there is editor.header:
            editor.give_focus(editor.header.first_empty() or editor.header.buyer_name)
        elif there is editor.entry:
            editor.entry.focus_item()
        else:
            editor.grid.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def go_to_notes(self) -> None:
        """F11: into the notes, and back to where work goes on."""
        editor = self._editor
        if editor.notes.hasFocus():
            editor.focus_start()
        elif editor.notes.isVisible():
            editor.notes.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def new_line(self) -> None:
        """Ins: ready for another line."""
        if self._editor.path.is_draft():
            self._editor.entry.focus_item()

    def find_item(self) -> None:
        """F3: the answers under the entry line, also for what stands there already."""
        if self._editor.path.is_draft():
            self._editor.entry.focus_item()
            self._editor.entry.item.open()

    def edit_line(self) -> None:
        """F2 from anywhere: into the current line."""
        self._open_cell(max(Col.NAME, self._editor.grid.currentIndex().column()))

    def edit_discount(self) -> None:
        """F5: the discount of the line being entered, else of the current line."""
        entry, focus = self._editor.entry, QApplication.focusWidget()
        if focus is not None and entry.isAncestorOf(focus) and not entry.discount.isReadOnly():
            entry.jump("entry.discount")
        else:
            self._open_cell(Col.DISCOUNT)

    def _open_cell(self, column: int) -> None:
        grid, last = self._editor.grid, self._editor.model.rowCount() - 1
        if last >= 0 and self._editor.path.is_draft():
            grid.edit_cell(grid.place() if grid.place() >= 0 else last, Col(column) if column in EDITABLE else Col.QUANTITY)
