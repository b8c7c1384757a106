"""The durable layer: what survives a power cut. One SQLite file; each change of it is one transaction."""

import json
import sqlite3
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

RECEIPT, CANCELLED, DAILY, NON_FISCAL = 0, 1, 4, 5


@dataclass
class Memory:
    """Fiscal memory, protected memory's counters and settings. Amounts in grosze, rates in hundredths of a per cent."""

    unique: str = "ZBF 2601000017"
    model: str = "POSNET EMU"
    fiscal: bool = True
    rates: list[int] = field(default_factory=lambda: [2300, 800, 500, 0, 10_000, 10_100, 10_100])
    daily_numbers: bool = True
    discount_type: int = 0
    resets: int = 0
    rate_changes: int = 1
    reports: int = 0
    completed: int = 0
    cancelled: int = 0
    last_number: int = 0
    headers: int = 0
    documents: int = 0
    last_documents: dict[str, int] = field(default_factory=dict)
    day_totals: list[int] = field(default_factory=lambda: [0] * 7)
    day_receipts: int = 0
    day_cancelled: int = 0
    day_cancelled_value: int = 0
    day_non_fiscal: int = 0
    first_sale: str = ""
    last_sale: str = ""
    first_sale_day: str = ""
    cash: int = 0
    goods: dict[str, list[int]] = field(default_factory=dict)
    records: list[dict[str, Any]] = field(default_factory=list)
    last: dict[str, Any] = field(default_factory=dict)
    open_sale: dict[str, Any] | None = None


@dataclass(frozen=True)
class Document:
    """One printed document. kind: "receipt", "cancelled", "daily" or "non-fiscal"; number: receipt number of the day;
    figures in grosze; text: the paper, 40 columns."""

    no: int
    kind: str
    text: str
    number: int = 0
    system_number: str = ""
    cashier: str = ""
    till: str = ""
    nip: str = ""
    lines: list[dict[str, Any]] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    payments: list[dict[str, Any]] = field(default_factory=list)
    packs: list[dict[str, Any]] = field(default_factory=list)
    paid: int = 0
    change: int = 0
    report: int = 0
    time: str = ""


class Store:
    """Opens or makes `folder`/posnet.sqlite."""

    def __init__(self, folder: Path, fresh: Memory | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        # The engine's lock lets one thread in at a time.
        self._file = sqlite3.connect(folder / "posnet.sqlite", check_same_thread=False, isolation_level=None)
        self._file.execute("pragma journal_mode = wal")
        self._file.execute("pragma synchronous = normal")
        self._file.execute("create table if not exists memory (id integer primary key, body text not null)")
        self._file.execute("create table if not exists document (no integer primary key, body text not null)")
        row = self._file.execute("select body from memory where id = 1").fetchone()
        self.memory = Memory(**json.loads(row[0])) if row else fresh or Memory()
        if not row:
            self.save()

    def save(self, document: Document | None = None) -> None:
        """Write the memory, and a document with it, in one transaction."""
        self._file.execute("begin")
        self._file.execute("insert or replace into memory values (1, ?)", (json.dumps(asdict(self.memory)),))
        if document is not None:
            self._file.execute("insert into document values (?, ?)", (document.no, json.dumps(asdict(document))))
        self._file.execute("commit")

    def ledger(self, after: int = 0) -> list[Document]:
        """The documents with numbers above `after`, oldest first."""
        rows = self._file.execute("select body from document where no > ? order by no", (after,)).fetchall()
        return [Document(**json.loads(body)) for (body,) in rows]

    def close(self) -> None:
        """Close the file."""
        self._file.close()
