"""Whether a window speaks one language: no English sentence in a Polish picture, no Polish one on an English button."""

import re
from collections.abc import Iterator, Sequence

from babel.messages.pofile import read_po
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QMenu, QPlainTextEdit, QPushButton, QTabBar, QWidget

from crm_desktop.core.assets import asset
from crm_desktop.core.i18n import _
from crm_desktop.ui.head import Head
from crm_desktop.ui.sums_bar import SumsBar
from crm_desktop.ui.widgets.parts import KeyCap, Pill

_PLACE = re.compile(r"\\\{\w*\\\}")
_WORD = re.compile(r"[^\W\d_]{3,}")
#: English words that are Polish too, or names: of protocols, of keys, of things that bear an English name in Poland.
_BOTH = frozenset(
    {"posnet", "login", "port", "code", "windows", "home", "end", "page", "tab", "caps", "lock", "beta", "linux", "english", "database"}
)


class Words:
    """The catalogue, ready to be compared with what stands on the screen in `language`."""

    def __init__(self, language: str) -> None:
        with asset("resources/locale/pl/LC_MESSAGES/crm_desktop.po").open("rb") as file:
            catalogue = read_po(file, locale="pl")
        pairs = [(one, other) for message in catalogue if message.id for one, other in _forms(message.id, message.string)]
        self.language = language
        same = {one for one, other in pairs if one == other}
        self._english = [_pattern(one) for one, other in pairs if one not in same and _says_something(one)]
        self._polish = [_pattern(other) for one, other in pairs if other and other not in same and _says_something(other)]
        polish_words = {word for _one, other in pairs for word in _words(other)}
        self._only_english = {word for one, _other in pairs for word in _words(one)} - polish_words - _BOTH
        self._known: dict[tuple[str, bool], str] = {}

    def look_at(self, shown: Sequence[QWidget]) -> Iterator[tuple[str, str]]:
        """Texts in the wrong language, and why they are thought to be."""
        for widget in shown:
            ours = isinstance(widget, QPushButton | QTabBar | Head)  # what these say is the program's, never a person's
            for text in (text.strip() for text in texts_of(widget)):
                if (text, ours) not in self._known:
                    self._known[text, ours] = self._judge(text, ours) if _WORD.search(text) else ""
                if self._known[text, ours]:
                    yield text, self._known[text, ours]

    def _judge(self, text: str, ours: bool) -> str:
        if self.language == "en":
            polish = ours and _is_one_of(text, self._polish) and not _is_one_of(text, self._english)
            return "Polish on an English desk" if polish else ""
        if _is_one_of(text, self._polish):
            return ""
        if _is_one_of(text, self._english):
            return "English, and the catalogue has a Polish text or none"
        found = {word for line in text.splitlines() if not _is_data(line) for word in _words(line)} & self._only_english
        return f"English words that no Polish text has: {', '.join(sorted(found))}" if found else ""


def texts_of(widget: QWidget) -> Iterator[str]:
    """What a person reads on a widget, its children not counted."""
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text().replace("&", "")
        yield widget.toolTip()
    elif isinstance(widget, QLineEdit | QPlainTextEdit):
        yield widget.placeholderText()
    elif isinstance(widget, QComboBox):
        yield widget.currentText()
    elif isinstance(widget, QTabBar):
        yield from (widget.tabText(place) for place in range(widget.count()))
    elif isinstance(widget, Head):
        yield from (_(column.title) for column in widget.columns)
    elif isinstance(widget, SumsBar):
        yield widget.text
    elif isinstance(widget, QMenu):
        yield from (action.text().replace("&", "") for action in widget.actions())
    elif isinstance(widget, Pill):
        yield widget.text()
    elif isinstance(widget, KeyCap):
        yield widget.accessibleName()
    if widget.isWindow():
        yield widget.windowTitle()


def _forms(one: object, other: object) -> Iterator[tuple[str, str]]:
    """A message and its translation; each form of a plural by itself."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        for form in one:
            for translated in other:
                yield form, translated
    else:
        yield str(one), str(other or "")


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(_PLACE.sub(".+", re.escape(text.strip())), re.DOTALL)


def _says_something(text: str) -> bool:
    """A text that is more than its places: "{name} {number}" would be everything."""
    return len(_WORD.findall(re.sub(r"\{\w*\}", "", text))) > 0


def _is_one_of(text: str, patterns: Sequence[re.Pattern[str]]) -> bool:
    return any(pattern.fullmatch(text) for pattern in patterns)


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(re.sub(r"\{\w*\}", "", text))}


def _is_data(text: str) -> bool:
    """An address or a command is nobody's language."""
    return "@" in text or "://" in text or text.startswith(("crm-desktop ", "SQL: "))
