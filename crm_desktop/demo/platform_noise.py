"""What Qt says again and again on a screen that is none; everything else that it says is heard."""

import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_NOISE = "This plugin does not support"


def silence() -> None:
    """Leave the noise out, for the rest of this process."""
    qInstallMessageHandler(_say)


def _say(_kind: QtMsgType, _where: QMessageLogContext, text: str) -> None:
    if not text.startswith(_NOISE):
        print(text, file=sys.stderr, flush=True)
