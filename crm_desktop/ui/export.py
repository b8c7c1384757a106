"""A list as a file for another program: XLSX or CSV, page after page from the server, whole or not at all.

The file is written beside its place under another name and takes its name when it is whole; given up, nothing of it stays.
"""

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QStandardPaths, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from crm_desktop.core.errors import Busy, NotAllowed, Offline
from crm_desktop.core.i18n import N_, _, ngettext
from crm_desktop.core.spreadsheet import CsvFile, Writer, XlsxFile
from crm_desktop.db.paging import PageRequest, Source
from crm_desktop.ui import clock, work
from crm_desktop.ui.delegates import Kind, text_of
from crm_desktop.ui.listing import Column
from crm_desktop.ui.sheet_columns import sheet_columns, sheet_row, sheet_words
from crm_desktop.ui.walk import Walk

XLSX, CSV = "Excel (*.xlsx)", "CSV (*.csv)"
_NOT_WRITTEN = N_("The file cannot be written: {reason}. Choose another place, or close it in the program that has it open.")
_OF_THE_DISK = {
    errno.ENOENT: N_("there is no such folder"),
    errno.EACCES: N_("access is denied"),
    errno.EPERM: N_("access is denied"),
    errno.EROFS: N_("access is denied"),
    errno.ENOSPC: N_("the disk is full"),
}
_REASONS = {Offline: N_("there is no connection to the server"), Busy: N_("the server is busy"), NotAllowed: N_("you have no right to it")}


def ask_place(parent: QWidget, title: str) -> Path | None:
    """Where to: the person chooses a file, its ending says the format; None where she does not."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    name = "".join(sign if sign.isalnum() or sign in " -." else "-" for sign in title)
    first = str(Path(folder) / f"{name} {clock.today().isoformat()}.xlsx")
    chosen, kind = QFileDialog.getSaveFileName(parent, _("Export"), first, f"{XLSX};;{CSV}")
    if not chosen:
        return None
    path = Path(chosen)
    if path.suffix.lower() in (".xlsx", ".csv"):
        return path
    return path.with_name(path.name + (".csv" if kind == CSV else ".xlsx"))


class Export(QObject):
    """One export. `start` begins it; one of `ended`, `failed` and (after `cancel`) nothing ends it."""

    advanced = Signal(int)
    ended = Signal(int)
    failed = Signal(object)  # the error; `why` makes a sentence of it

    def __init__(
        self, parent: QObject, path: Path, title: str, columns: tuple[Column, ...], source: Source[Any], request: PageRequest
    ) -> None:
        """columns: those that are exported, in their order."""
        super().__init__(parent)
        self.path, self._half = path, path.with_name(f".{path.name}.part")
        self._title, self._sheet, self._values, self._words = title, sheet_columns(columns), sheet_row(columns), sheet_words()
        self._file: Writer | None = None
        self._walk = Walk(self, source, request, lambda rows: self._writer().write(map(self._values, rows)), self._finish, self._give_up)
        self._walk.advanced.connect(self.advanced)
        self._walk.ended.connect(self.ended)
        self._walk.failed.connect(self.failed)

    def start(self) -> None:
        """Begin."""
        self._walk.start()

    def cancel(self) -> bool:
        """Give up: the unfinished file is removed, an older one of that name stays as it was. False where it is too late."""
        return self._walk.cancel()

    def _writer(self) -> Writer:
        """Begun on the worker thread, with the first rows."""
        if self._file is None:
            csv = self.path.suffix.lower() == ".csv"
            self._file = CsvFile(self._half, self._sheet, self._words) if csv else XlsxFile(self._half, self._title, self._sheet)
        return self._file

    def _finish(self) -> None:
        self._writer().finish()
        os.replace(self._half, self.path)

    def _give_up(self) -> None:
        with suppress(OSError):
            if self._file is not None:
                self._file.abandon()
        with suppress(OSError):
            self._half.unlink(missing_ok=True)


class ExportWork(QObject):
    """An export in the list of background work: how far it is, cancel, once more, and the file at the end. Outlives its window."""

    def __init__(
        self, path: Path, title: str, columns: tuple[Column, ...], source: Source[Any], request: PageRequest, total: int | None
    ) -> None:
        """total: how many rows there are, as far as it is known."""
        super().__init__()
        self.path, self._what, self._total = path, (title, columns, source, request), total
        self._export: Export | None = None
        told = _("Export to {file}").format(file=path.name)
        self.work = work.follow(told, cancel=self._cancel, again=self._start, icon="file-export")
        self.setParent(self.work)
        self._start()

    def _start(self) -> None:
        self._drop()
        self._export = made = Export(self, self.path, *self._what)
        made.advanced.connect(self._advanced)
        made.ended.connect(self._ended)
        made.failed.connect(self._failed)
        made.start()

    def _cancel(self) -> bool:
        return self._export is not None and self._export.cancel()

    def _advanced(self, done: int) -> None:
        total = self._total
        told = _("{done} of {total}").format(done=_figure(done), total=_figure(total)) if total else _figure(done)
        self.work.advance(done, total, told)

    def _ended(self, count: int) -> None:
        self._drop()
        rows = ngettext("{count} row", "{count} rows", count).format(count=_figure(count))
        path = self.path
        self.work.end(work.Told(rows, _("Open"), lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))))

    def _failed(self, error: Exception) -> None:
        self._drop()
        self.work.fail(why(error) or _("The program made a mistake here. Nothing was left behind; the report says more."))

    def _drop(self) -> None:
        if self._export is not None:
            self._export.deleteLater()
            self._export = None


def _figure(count: int) -> str:
    return text_of(count, Kind.NUMBER)


def why(error: Exception) -> str:
    """What went wrong, for the person; "" where it is no trouble of hers but a fault of the program."""
    if isinstance(error, OSError):
        known = _OF_THE_DISK.get(error.errno or 0)
        return _(_NOT_WRITTEN).format(reason=_(known) if known else error.strerror or str(error))
    for kind, reason in _REASONS.items():
        if isinstance(error, kind):
            return _("The export ended: {reason}. Nothing was left behind.").format(reason=_(reason))
    return ""
