"""`export_xlsx`: the whole list of documents as XLSX, by a desk of the seller whose window stays alive.

In a process of its own, so that what it grows by is its own. The list has as many rows as the demo base shows her; the walk begins anew
whenever it has ended, until 100 000 rows are written, and each page is asked from the server (`Again`). Timed is the way from the order
to the whole file. The gap is the longest time in which Qt's loop did not come round.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from crm_desktop.db.connect import Profile
from crm_desktop.db.database import log_in
from crm_desktop.db.paging import By, Group, Key, Page, PageRequest, Sort, Sums
from crm_desktop.demo.company import PASSWORD, SELLER
from crm_desktop.documents import queries
from crm_desktop.documents.views.document_browser import DOCUMENT_LIST
from crm_desktop.modules import reactions
from crm_desktop.ui import tasks
from crm_desktop.ui.export import Export
from tests.benchmarks.figures import Figure
from tests.benchmarks.shop import Shop
from tests.support.house import ROOT

ROWS = 100_000
_BEAT_MS = 2
_PATIENCE_SECONDS = 300


class Again:
    """The list of documents, from its first row again when it has ended, until so many rows were given."""

    def __init__(self, rows: int) -> None:
        self._left = rows
        self.found: set[Any] = set()

    def page(self, tx: Any, request: PageRequest) -> Page[Any]:
        """The next rows. A key of None is the place before the first row."""
        page = queries.DOCUMENTS.page(tx, request)
        rows, keys = page.rows[: self._left], page.keys[: self._left]
        self._left -= len(rows)
        self.found |= {row.id for row in rows}
        last: Any = keys[-1:] if page.more else (None,)
        return Page(rows, (*keys[:-1], *last), self._left > 0)

    def sums(self, tx: Any, request: PageRequest) -> Sums:
        """How many there will be."""
        return Sums(ROWS)

    def marks(self, tx: Any, request: PageRequest, step: int) -> list[Key]:
        """Nobody drags here."""
        return []

    def groups(self, tx: Any, request: PageRequest, key: str, by: By) -> tuple[list[Group], bool]:
        """Nobody groups here."""
        return [], False


def figures(shop: Shop) -> list[Figure]:
    """Time, growth and the longest gap of the window's loop."""
    profile = shop.demo.profile
    order = {"host": profile.host, "port": profile.port, "database": profile.database, "prefix": profile.role_prefix}
    made = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.export_xlsx", json.dumps(order)], cwd=ROOT, check=True, capture_output=True, text=True
    )
    found = json.loads(made.stdout.splitlines()[-1])
    note = f"100 000 rows, {found['rows']} different"
    return [
        Figure("export_xlsx", found["seconds"], "s", f"< 20 s ({note})", found["seconds"] < 20),
        Figure("export_xlsx_growth", found["growth"], "MB", "< 150 MB", found["growth"] < 150),
        Figure("export_xlsx_gui_gap", found["gap"], "ms", "window's loop waits < 100 ms", found["gap"] < 100),
    ]


def measure(profile: Profile, rows: int = ROWS) -> dict[str, float]:
    """Export in this process."""
    application = QApplication.instance() or QApplication([])
    database = log_in(profile, SELLER, PASSWORD, reactions())
    tasks.use(database)
    source, owner = Again(rows), QObject()
    gaps, heights, ended = [0.0], [0], list[float]()
    last = [time.perf_counter()]

    def beat() -> None:
        now = time.perf_counter()
        gaps.append(now - last[0])
        heights.append(_resident())
        last[0] = now

    pulse = QTimer(owner, interval=_BEAT_MS)
    pulse.timeout.connect(beat)
    try:
        database.read(queries.DOCUMENTS.page, PageRequest(sort=(Sort("issue_date", True),)))
        with tempfile.TemporaryDirectory() as folder:
            before, began = _resident(), time.perf_counter()
            request = PageRequest(sort=DOCUMENT_LIST.default_sort)
            export = Export(owner, Path(folder) / "documents.xlsx", "Documents", DOCUMENT_LIST.columns, source, request)
            export.ended.connect(lambda _count: ended.append(time.perf_counter() - began))
            export.ended.connect(application.quit)
            export.failed.connect(application.quit)
            QTimer.singleShot(_PATIENCE_SECONDS * 1000, owner, application.quit)
            last[0] = began
            pulse.start()
            export.start()
            application.exec()
    finally:
        tasks.wait()
        tasks.use(None)
        database.close()
    return {
        "seconds": round(ended[0], 2),
        "growth": round((max(heights) - before) / 1_000_000, 1),
        "gap": round(max(gaps) * 1000, 1),
        "rows": len(source.found),
    }


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    print(json.dumps(measure(Profile(given["host"], given["port"], given["database"], "disable", role_prefix=given["prefix"]))))
