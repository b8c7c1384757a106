"""One station of the tour: the desktop program itself, in a process of its own, with a hand that follows a script.

Told by a JSON file: who sits here, what she knows (the papers on her desk), where the pictures go. Tells each step as a line of JSON.
"""

import json
import select
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from crm_desktop.app.desktop import Desktop
from crm_desktop.app.profiles import Memory
from crm_desktop.app.secrets import Secrets
from crm_desktop.demo.platform_noise import silence
from crm_desktop.demo.tour import cashier, seller
from crm_desktop.demo.tour.hand import Hand, Script
from crm_desktop.ui import application


@dataclass(frozen=True)
class Papers:
    """What lies on the desk: her password, the buyer to look for, codes to type and to scan, where the pictures and the PDF go."""

    role: str
    password: str
    pictures: str
    buyer: str = ""
    codes: tuple[str, ...] = ()
    barcodes: tuple[str, ...] = ()
    pdf: str = ""

    def others_gone(self) -> bool:
        """Whether the tour closed our standard input: the colleague is done."""
        readable, _, _ = select.select([sys.stdin], [], [], 0)
        return bool(readable)


SCRIPTS: dict[str, Callable[[Desktop, Any, dict[str, Any]], Script]] = {"seller": seller.script, "cashier": cashier.script}


def main(arguments: list[str]) -> int:
    """`station PAPERS.json`: exit code 0 when each step showed what it should."""
    data = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    papers = Papers(**{**data, "codes": tuple(data.get("codes", ())), "barcodes": tuple(data.get("barcodes", ()))})
    silence()
    memory = Memory()
    app = application.make(["crm-desktop"], language=memory.known.language, mode="light", animations=False)
    app.setQuitOnLastWindowClosed(False)
    desktop = Desktop(app, memory, Secrets(memory.folder))
    found: dict[str, Any] = {}
    outcome: list[BaseException | None] = []

    def window() -> QWidget:
        assert desktop.window is not None
        return desktop.window

    def done(error: BaseException | None) -> None:
        outcome.append(error)
        _say({"error": str(error) or repr(error)} if error else {"found": found})
        desktop.quit()

    hand = Hand(SCRIPTS[papers.role](desktop, papers, found), Path(papers.pictures), f"{papers.role}-", window, _say, done)
    desktop.window_shown.connect(lambda shown: shown.resize(1600, 1000) if shown.objectName() == "main_window" else None)
    desktop.start()
    hand.start()
    app.exec()
    return 0 if outcome == [None] else 1


def _say(message: dict[str, Any]) -> None:
    print(json.dumps(message, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
