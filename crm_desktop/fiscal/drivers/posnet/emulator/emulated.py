"""The emulated printer as one object."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from crm_desktop.fiscal.drivers.posnet.emulator.direct import DirectLink, VirtualClock
from crm_desktop.fiscal.drivers.posnet.emulator.engine import Engine
from crm_desktop.fiscal.drivers.posnet.emulator.faults import Faults
from crm_desktop.fiscal.drivers.posnet.emulator.machine import Machine
from crm_desktop.fiscal.drivers.posnet.emulator.server import Printing, TcpServer, Terminal
from crm_desktop.fiscal.drivers.posnet.emulator.store import Document, Memory, Store


class EmulatedPosnet:
    """A printer whose durable memory lies in `state`.

    paper: folder for the printed documents as text files ("00001-receipt.txt"); print_seconds: time that a document
    takes when started as a server; keep_open: whether an open receipt survives a power cut; memory: what a new device
    begins with; takeover_after: see server.TcpServer; now: the device's clock (local time).
    """

    def __init__(
        self,
        state: Path,
        *,
        paper: Path | None = None,
        print_seconds: float = 0.0,
        keep_open: bool = False,
        error_tab: bool = True,
        takeover_after: float | None = None,
        memory: Memory | None = None,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        self._paper, self._print_seconds, self._takeover = paper, print_seconds, takeover_after
        if paper is not None:
            paper.mkdir(parents=True, exist_ok=True)
        self.store = Store(state, memory)
        self.faults = Faults()
        self.machine = Machine(self.store, now, keep_open, printed=self._put_on_paper)
        self.engine = Engine(self.machine, self.faults, error_tab)
        self._printing: Printing | None = None
        self._tcp: TcpServer | None = None
        self._terminal: Terminal | None = None

    def start(self, port: int = 0, host: str = "127.0.0.1") -> str:
        """Listen on TCP; the address to open, "tcp://127.0.0.1:…"."""
        self._start_printing()
        self._tcp = TcpServer(self.engine, host, port, self._takeover)
        self._tcp.start()
        return f"tcp://{host}:{self._tcp.port}"

    def start_serial(self) -> str:
        """Listen on a pseudo-terminal; the address to open, "serial:///dev/pts/…"."""
        self._start_printing()
        self._terminal = Terminal(self.engine)
        return f"serial://{self._terminal.path}"

    def stop(self) -> None:
        """Close the line and the memory; the object is spent."""
        for part in (self._tcp, self._terminal, self._printing):
            if part:
                part.stop()
        if self._printing:
            self._printing.join()
        self.store.close()

    def direct(self, clock: VirtualClock | None = None) -> DirectLink:
        """A link without threads, for tests; not together with `start`."""
        return DirectLink(self.engine, clock or VirtualClock())

    def ledger(self, after: int = 0) -> list[Document]:
        """Every document printed with a number above `after`, oldest first."""
        with self.engine.lock:
            return self.store.ledger(after)

    def receipts(self, after: int = 0) -> list[Document]:
        """The completed receipts among them."""
        return [document for document in self.ledger(after) if document.kind == "receipt"]

    def load_paper(self) -> None:
        """A new roll; a blocked print goes on."""
        self._change(lambda: setattr(self.faults, "paper_left", None))

    def press_key(self) -> None:
        """Somebody pressed the key that was waited for."""
        self._change(lambda: setattr(self.faults, "key_wait", False))

    def power_cut(self) -> None:
        """Off and on: only what is durable stays."""
        self.engine.power_cut()

    def sell_at_keyboard(self, amount: int) -> None:
        """A receipt of another program, in grosze at letter A."""
        self._change(lambda: self.machine.sell_at_keyboard(amount))

    def daily_report(self) -> None:
        """A daily report made at the device."""
        self._change(self.machine.report_at_keyboard)

    def memory_reset(self) -> None:
        """A RAM reset: the reset counter grows, the last receipt's figures and an open receipt are gone."""

        def reset() -> None:
            self.store.memory.resets += 1
            self.store.memory.last, self.store.memory.open_sale = {}, None
            self.store.save()
            self.engine.power_cut()

        self._change(reset)

    def set_memory(self, **values: object) -> None:
        """Change durable values (rates, unique, daily_numbers …)."""
        unknown = values.keys() - asdict(self.store.memory).keys()
        if unknown:
            raise ValueError(f"no such memory: {sorted(unknown)}")

        def change() -> None:
            for name, value in values.items():
                setattr(self.store.memory, name, value)
            self.store.save()

        self._change(change)

    def _change(self, act: Callable[[], None]) -> None:
        with self.engine.wake:
            act()
            self.engine.wake.notify_all()

    def _start_printing(self) -> None:
        if self._printing is None:
            self._printing = Printing(self.engine, lambda lines: self._print_seconds if lines else 0.0)
            self._printing.start()

    def _put_on_paper(self, document: Document) -> None:
        if self._paper is not None:
            place = self._paper / f"{document.no:05}-{document.kind}.txt"
            unfinished = place.with_suffix(".part")
            unfinished.write_text(document.text, encoding="utf-8")
            unfinished.replace(place)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
