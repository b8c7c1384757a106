"""An operator before the editor of a document: what she does in her own words, and what she reads on the screen."""

from collections.abc import Callable

from PySide6.QtCore import Qt

from crm_desktop.core.i18n import NBSP
from crm_desktop.documents.views.invoice_editor import InvoiceEditor
from crm_desktop.documents.views.line_model import Col
from tests.support.hand import Hand


class Clerk:
    """Knows the keys. `settled` waits until the server has answered and, if given, a condition holds."""

    def __init__(self, editor: InvoiceEditor, hand: Hand, settled: Callable[..., None]) -> None:
        self.editor, self.hand, self.settled = editor, hand, settled

    def buyer(self, fragment: str = "volt") -> None:
        """Find the buyer, Enter."""
        self.hand.type(fragment + "\n")
        self.settled(self.editor.entry.item.hasFocus)

    def line(self, code: str, quantity: str = "") -> None:
        """Code, Enter, quantity, Enter."""
        count = len(self.editor.draft.lines)
        self.hand.type(code + "\n" + quantity + "\n")
        self.settled(lambda: len(self.editor.draft.lines) == count + 1)

    def scan(self, *scanned: str) -> None:
        """Pull these codes over the scanner."""
        for code in scanned:
            self.hand.scan(code)
        self.settled(lambda: not self.editor.scans.is_busy())

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """One key, and see what comes of it."""
        self.hand.key(key, held)
        self.settled()

    def cell(self, column: Col, text: str, place: int = 0) -> None:
        """Type into a cell of a line, Enter."""
        self.editor.grid.edit_cell(place, column)
        self.hand.type(text + "\n")
        self.settled()

    def invoice(self) -> None:
        """A buyer and two lines."""
        self.buyer()
        self.line("LED-A60-9W", "10")
        self.line("MONT-ROZ-12", "2")


def lines(editor: InvoiceEditor) -> list[tuple[str, object]]:
    """Code and quantity of each line."""
    return [(line.code, line.quantity) for line in editor.draft.lines]


def gross(editor: InvoiceEditor) -> str:
    """The sum to pay, as it is shown."""
    return editor.totals_panel.gross.text().replace(NBSP, " ")


def codes(editor: InvoiceEditor) -> list[str]:
    """The problems in the panel, by their codes."""
    return [problem.code for problem in editor.problems_panel.problems()]
