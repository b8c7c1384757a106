"""The whole tour: the stage, two stations as processes with logins of their own, and the comparison of what was seen.

Writes `demo-output/`: numbered pictures, invoice.pdf, receipt.txt as the printer's paper shows it, tour.json. Exit code 0 only when each
step showed what it should, and screen, PDF and paper agree to the grosz.
"""

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import pypdfium2

from crm_desktop.app.profiles import Operator, Station
from crm_desktop.catalogue.queries import find_items, get_item
from crm_desktop.catalogue.rules.model import ItemKind
from crm_desktop.core.i18n import NBSP, money
from crm_desktop.db.transaction import Transaction
from crm_desktop.demo.company import PASSWORD, SMALL
from crm_desktop.demo.stage import Stage, staged
from crm_desktop.demo.tour.seller import SCANNED_LINES, TYPED_LINES
from crm_desktop.parties.queries import find_parties
from crm_desktop.parties.rules.model import PartyKind

OUTPUT = Path("demo-output")
#: A station that has not ended by then hangs.
STATION_SECONDS = 180.0


class TourFailed(Exception):
    """A step did not show what it should, or two papers disagree."""


def run(tell: Callable[[str], None] = print) -> int:
    """Make the tour; gives the exit code."""
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir()
    report: dict[str, Any] = {"steps": []}
    began = time.monotonic()
    try:
        with staged(SMALL, tell) as stage:
            _play(stage, report, tell)
    except TourFailed as failed:
        report["failed"] = str(failed)
        tell(f"FAILED: {failed}")
    report["seconds"] = round(time.monotonic() - began, 1)
    (OUTPUT / "tour.json").write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    if "failed" not in report:
        tell(f"the tour is over: {len(report['steps'])} steps in {report['seconds']} s, see {OUTPUT}/")
    return 1 if "failed" in report else 0


def _play(stage: Stage, report: dict[str, Any], tell: Callable[[str], None]) -> None:
    sellers, printers = stage.stations()
    cashier = _Station(stage, "cashier", stage.cashier, printers, {}, report, tell)
    seller = _Station(stage, "seller", stage.seller, sellers, _papers(stage), report, tell)
    try:
        cashier.start()
        seller.start()
        seller.finish()
        cashier.finish()
    finally:
        seller.end()
        cashier.end()
    found = seller.found
    report.update(
        {key: found[key] for key in ("invoice_number", "net", "tax", "gross", "receipt_document", "receipt_gross", "fiscal_number",
                                     "fiscal_device")})  # fmt: skip
    _compare(stage, found)


def _papers(stage: Stage) -> dict[str, Any]:
    """What the seller finds on her desk: a buyer to type, codes to type and to scan."""
    desk = stage.demo.enter(stage.seller.login)
    try:
        return desk.read(_papers_of)
    finally:
        desk.close()


def _papers_of(tx: Transaction) -> dict[str, Any]:
    buyer = next(p for p in find_parties(tx, "", 60) if p.kind is PartyKind.COMPANY and p.nip and p.address.city)
    goods = [choice for choice in find_items(tx, "", 200) if choice.kind is ItemKind.GOODS and choice.vat in ("23", "8", "5")]
    scanned = (get_item(tx, choice.id).units[0].barcode for choice in goods[TYPED_LINES:])
    return {
        "buyer": buyer.nip,
        "codes": [choice.code for choice in goods[:TYPED_LINES]],
        "barcodes": list(islice(filter(None, scanned), SCANNED_LINES)),
        "pdf": str((OUTPUT / "invoice.pdf").resolve()),
    }


class _Station:
    """A station's process, and what it told."""

    def __init__(
        self,
        stage: Stage,
        role: str,
        operator: Operator,
        station: Station,
        papers: dict[str, Any],
        report: dict[str, Any],
        tell: Callable[[str], None],
    ) -> None:
        self.role, self._report, self._tell = role, report, tell
        self.found: dict[str, Any] = {}
        self.fault = ""
        self._environment = stage.computer(role, operator, station)
        self._file = stage.folder / f"{role}.json"
        self._file.write_text(
            json.dumps({"role": role, "password": PASSWORD, "pictures": str(OUTPUT.resolve()), **papers}), encoding="utf-8"
        )
        self._process: subprocess.Popen[str] | None = None
        self._reader = threading.Thread(target=self._read, name=role)

    def start(self) -> None:
        """Switch the computer on."""
        command = [sys.executable, "-m", "crm_desktop.demo.tour.station", str(self._file)]
        self._process = subprocess.Popen(command, env=self._environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._reader.start()

    def finish(self) -> None:
        """Wait for its last word. Raises TourFailed when a step did not show what it should."""
        assert self._process is not None and self._process.stdin is not None
        self._process.stdin.close()
        try:
            code = self._process.wait(timeout=STATION_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._reader.join()
        if code != 0 or self.fault:
            raise TourFailed(f"{self.role}: {self.fault or f'exit code {code}'}")

    def end(self) -> None:
        """Switch it off, whatever it does."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _read(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        for line in self._process.stdout:
            message = json.loads(line)
            if "error" in message:
                self.fault = message["error"]
            elif "found" in message:
                self.found = message["found"]
            else:
                message["station"] = self.role
                self._report["steps"].append(message)
                self._tell(f"{self.role}: {message['name']} ({message['seconds']} s): {message['seen']}")


def _compare(stage: Stage, found: dict[str, Any]) -> None:
    """What the screen said must stand in the PDF and on the paper: each line, and the sums to the grosz."""
    sums = [_written(found[what]) for what in ("net", "tax", "gross")]
    _says("the PDF", _text_of(OUTPUT / "invoice.pdf"), [found["invoice_number"], *sums, *_lines(found["lines"])])
    papers = sorted(stage.paper.glob("*.txt"))
    if len(papers) != 1:
        raise TourFailed(f"{len(papers)} documents came out of the printer, one was sent")
    paper = papers[0].read_text(encoding="utf-8")
    (OUTPUT / "receipt.txt").write_text(paper, encoding="utf-8")
    number = [f"nr:{found['fiscal_number']}", found["fiscal_device"]]
    _says("the paper", paper, [*number, f"SUMA PLN{_written(found['receipt_gross'])}", *_lines(found["receipt_lines"])])


def _lines(shown: list[tuple[str, str]]) -> list[str]:
    return [text for name, gross in shown for text in (name, _written(gross))]


def _says(where: str, text: str, wanted: list[str]) -> None:
    plain = _plain(text)
    for each in wanted:
        if _plain(each) not in plain:
            raise TourFailed(f"{where} does not say {each}")


def _plain(text: str) -> str:
    """Without spaces of any kind: a PDF's reader and a printer set them as they like."""
    return "".join(text.replace(NBSP, " ").split())


def _written(amount: str) -> str:
    return money(Decimal(amount))


def _text_of(pdf: Path) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
