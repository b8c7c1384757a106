"""The QApplication: theme, Qt's own texts in the operator's language, and the road for bugs."""

import logging
import sys
import traceback
from collections.abc import Sequence
from types import TracebackType

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from crm_desktop import __version__
from crm_desktop.core import i18n
from crm_desktop.ui import tasks, theme

log = logging.getLogger("crm_desktop.ui")

_translator: QTranslator | None = None


def make(
    argv: Sequence[str], *, language: str = "pl", mode: str = "light", density: str = "compact", scale: float = 1.0, animations: bool = True
) -> QApplication:
    """The one application object, dressed and speaking. A second call gives the same one, dressed anew.

    RuntimeError when a core application without windows runs already.
    """
    app = QApplication.instance()
    if app is None:
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
        app = QApplication(list(argv))
    if not isinstance(app, QApplication):
        raise RuntimeError("a QCoreApplication without windows runs already")
    app.setApplicationName("crm-desktop")
    app.setApplicationDisplayName("CRM Desktop")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("crm-desktop")
    set_language(app, language)
    theme.apply(app, mode, density, scale, animations)
    sys.excepthook = to_crash_road
    return app


def set_language(app: QApplication, language: str) -> None:
    """Speak "pl" or "en" from now on; windows that are open are made anew by their owner."""
    global _translator
    i18n.use(language)
    QLocale.setDefault(QLocale(QLocale.Language.Polish, QLocale.Country.Poland))  # amounts and dates are Polish in both languages
    if _translator is not None:
        app.removeTranslator(_translator)
        _translator = None
    if language != "en":
        translator = QTranslator(app)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if not translator.load(f"qtbase_{language}", folder):
            raise FileNotFoundError(f"qtbase_{language}.qm in {folder}")
        app.installTranslator(translator)
        _translator = translator


def to_crash_road(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What nobody caught: into the log and to the crash road. Ctrl+C in the terminal ends the program as usual."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    text = "".join(traceback.format_exception(kind, error, trace))
    log.error("unhandled: %s", text)
    tasks.roads().crash.emit(error, text)
