"""Theme, fonts, icons, and the habits that keep the look in one place (desk.md sections 3, 4, 13, 15)."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QFontInfo, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.core.assets import asset
from crm_desktop.ui import icons, theme

SOURCE = Path(__file__).resolve().parents[2] / "crm_desktop"
SCREEN_CODE = [path for path in SOURCE.rglob("*.py") if "PySide6" in path.read_text("utf-8")]
MUST_HAVE = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ„”–−⌀²×\u00a0…·→←↑↓€§°µÖüßščřžŁΩЖї"


def test_the_bundled_faces_are_found_by_weight(dressed: theme.Theme) -> None:
    """Four files, one family: a weight finds its own face."""
    for weight in (400, 500, 600, 700):
        info = QFontInfo(dressed.font(weight=weight))
        assert (info.family(), info.weight()) == ("Inter", weight)


def test_the_fonts_have_every_letter_that_is_needed(dressed: theme.Theme) -> None:
    """GOL-22: Polish letters, quotation marks, no-break space, diameter sign, arrows of key caps."""
    for face in ("Regular", "Medium", "SemiBold", "Bold"):
        known = TTFont(asset(f"resources/fonts/Inter-{face}.ttf")).getBestCmap()
        assert [sign for sign in MUST_HAVE if ord(sign) not in known] == []


def test_tabular_figures_have_one_width(dressed: theme.Theme) -> None:
    """Columns of figures stand under each other; words keep their natural digits."""
    tabular, plain = QFontMetrics(dressed.font(tabular=True)), QFontMetrics(dressed.font())
    assert len({round(tabular.horizontalAdvance(digit * 20)) for digit in "0123456789"}) == 1
    assert plain.horizontalAdvance("1" * 20) < tabular.horizontalAdvance("1" * 20)


def test_a_code_is_shown_as_it_is_stored(dressed: theme.Theme) -> None:
    """Inter's contextual alternates would show 10x20 with another sign; they are not in our faces."""
    metrics = QFontMetrics(dressed.font())
    assert metrics.horizontalAdvance("0x0") == pytest.approx(2 * metrics.horizontalAdvance("0") + metrics.horizontalAdvance("x"), abs=1)
    assert "calt" not in _features(asset("resources/fonts/Inter-Regular.ttf"))


def _features(path: Path) -> set[str]:
    return {record.FeatureTag for record in TTFont(path)["GSUB"].table.FeatureList.FeatureRecord}


def test_the_licences_lie_beside_what_they_licence() -> None:
    """OFL for Inter, MIT for Tabler."""
    assert "SIL OPEN FONT LICENSE" in asset("resources/fonts/LICENSE.txt").read_text("utf-8")
    assert "MIT License" in asset("resources/icons/LICENSE.txt").read_text("utf-8")


def test_switching_reaches_open_widgets(qapp: QApplication, qtbot: QtBot, dressed: theme.Theme) -> None:
    """Light to dark and a larger text size while windows are open; the signal tells who computed something."""
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    light, low = _ground(field), field.sizeHint().height()
    with qtbot.waitSignal(dressed.changed):
        theme.apply(qapp, "dark", scale=1.3, animations=False)
    assert _ground(field) == dressed.hex("surface") != light
    assert field.sizeHint().height() > low
    assert theme.current() is dressed
    theme.apply(qapp, "light", animations=False)
    assert _ground(field) == light


def test_only_known_looks_are_taken(qapp: QApplication, dressed: theme.Theme) -> None:
    """A wrong word in a saved setting is found at once."""
    with pytest.raises(ValueError, match="no such look"):
        theme.apply(qapp, "light", density="cosy")


def test_a_focus_ring_moves_nothing(qtbot: QtBot, dressed: theme.Theme) -> None:
    """The 2-px ring takes its pixel from the padding: the size hint is the same with and without focus."""
    window = QFrame()
    qtbot.addWidget(window)
    first, second = QLineEdit(window), QPushButton("x", window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    for widget, other in ((first, second), (second, first)):
        other.setFocus()
        before = widget.sizeHint()
        widget.setFocus()
        assert widget.hasFocus()
        assert widget.sizeHint() == before


def test_followers_end_with_their_widget(qtbot: QtBot, qapp: QApplication, dressed: theme.Theme) -> None:
    """A closed window is not dressed any more."""
    calls: list[int] = []
    owner = QWidget()
    dressed.follow(owner, lambda: calls.append(1))
    assert calls == [1]
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    theme.apply(qapp, "light", animations=False)
    assert calls == [1]


def test_an_icon_takes_the_colour_of_the_mode(qapp: QApplication, dressed: theme.Theme) -> None:
    """The same QIcon object is dark on light and pale on dark."""
    icon = dressed.icon("printer", "text")
    light = _darkest(icon.pixmap(16, 16).toImage())
    theme.apply(qapp, "dark", animations=False)
    assert _darkest(icon.pixmap(16, 16).toImage()) > light + 80
    theme.apply(qapp, "light", animations=False)


def test_unknown_icons_are_refused(dressed: theme.Theme) -> None:
    """At once, not as an empty square."""
    with pytest.raises(FileNotFoundError):
        dressed.icon("no-such-outline")


def test_every_icon_named_in_the_code_is_there() -> None:
    """Words given as `icon=` or to icon functions are files of resources/icons."""
    named = re.compile(r"""(?:icon=|IconLabel\(|\.icon\(|tool_button\(|StateView\(|show_icon\()\s*["']([a-z0-9-]+)["']""")
    missing = []
    for path in SCREEN_CODE:
        for name in named.findall(path.read_text("utf-8")):
            if not (asset("resources/icons") / f"{name}.svg").exists():
                missing.append((path.name, name))
    assert missing == []


def test_every_outline_can_be_drawn(dressed: theme.Theme) -> None:
    """All shipped icons leave ink."""
    for file in sorted(asset("resources/icons").glob("*.svg")):
        image = QImage(24, 24, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        icons.paint(painter, image.rect(), file.stem, "#000000")
        painter.end()
        assert _darkest(image) < 128, file.stem


def test_no_colour_and_no_sheet_outside_the_theme() -> None:
    """A colour literal stands in tokens.toml only; the sheet is set on the application only; no sizes in points."""
    literal = re.compile(r"""["']#[0-9A-Fa-f]{3,8}["']|QColor\(\s*\d|setPointSize|setNamedColor""")
    for path in SCREEN_CODE:
        text = path.read_text("utf-8")
        assert not literal.search(text), path
        assert text.count("setStyleSheet(") == (1 if path.name == "theme.py" else 0), path
    assert not re.search(r"#[0-9A-Fa-f]{6}", asset("resources/theme/desk.qss").read_text("utf-8"))


def test_the_sheet_has_a_value_for_every_name(dressed: theme.Theme) -> None:
    """No `$` is left, and Qt reads it without a warning (warnings fail the test)."""
    assert "$" not in dressed.sheet().split("*/", 1)[1]


def test_without_animations_nothing_moves(qapp: QApplication) -> None:
    """Motion is all zero with the setting; a toast still stays its five seconds."""
    quiet = theme.apply(qapp, "light", animations=False)
    assert [quiet.duration(name) for name in ("popup", "toast_in", "highlight_changed_row")] == [0, 0, 0]
    assert quiet.duration("toast_stay") == 5000


def test_high_contrast_has_outlines_and_no_tints(dressed: theme.Theme) -> None:
    """desk.md section 10."""
    dressed.set_values("light", "compact", 1.0, False, high_contrast=True)
    assert dressed.hex("border") == dressed.hex("text_2")
    assert dressed.hex("danger_bg") == dressed.hex("surface")
    dressed.set_values("light", "compact", 1.0, False, high_contrast=False)
    assert dressed.hex("danger_bg") != dressed.hex("surface")


def test_this_pyside_keeps_its_references() -> None:
    """facts/stack.md 1.2: PySide6 6.12.0 aborts a Python 3.11 process after some thousand calls; the pinned one must not."""
    probe = (
        "from PySide6.QtCore import QObject, QCoreApplication\n"
        "app = QCoreApplication([]); o = QObject()\n"
        "for _ in range(50_000): o.setObjectName('x')\n"
        "print('alive')\n"
    )
    done = subprocess.run([sys.executable, "-c", probe], env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "alive"), done.stderr


def _ground(widget: QWidget) -> str:
    image = widget.grab().toImage()
    return image.pixelColor(image.width() - 12, image.height() // 2).name().upper()


def _darkest(image: QImage) -> int:
    return min(
        image.pixelColor(x, y).lightness()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() > 200
    )


def test_qt_knows_the_bundled_family(dressed: theme.Theme) -> None:
    """No system font is needed."""
    assert "Inter" in QFontDatabase.families()
