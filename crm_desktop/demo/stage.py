"""What stands behind a demo: the embedded server, the company, an emulated printer, and the stations as their computers remember them."""

import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from crm_desktop.app.profiles import FOLDER_VARIABLE, Connection, Known, Memory, Operator, Place, Station
from crm_desktop.app.secrets import WHERE_VARIABLE, Secrets
from crm_desktop.db.connect import Profile
from crm_desktop.db.embedded import EmbeddedServer
from crm_desktop.demo.company import ADMINISTRATOR, PASSWORD, SELLER, Demo, Scale, make_company
from crm_desktop.fiscal import service as fiscal

log = logging.getLogger("crm_desktop.demo")
DATABASE = "beskid"
_PORT_SECONDS = 15.0


@dataclass(frozen=True)
class Stage:
    """All of it, running. The seller's branch is the first one; its printer hangs on the branch's second workstation.

    superuser: the login and password with which rows are put past the guards.
    """

    demo: Demo
    folder: Path
    printer_address: str
    paper: Path
    superuser: tuple[str, str]

    @property
    def seller(self) -> Operator:
        """Who enters documents."""
        return self._operator(SELLER)

    @property
    def cashier(self) -> Operator:
        """Who sits where the printer stands."""
        branch = self.demo.staff.branches[0].id
        found = next(e for e in self.demo.staff.employees if branch in e.branches and len(e.branches) == 1 and e.login != SELLER)
        return self._operator(found.login)

    def _operator(self, login: str) -> Operator:
        who = next(e for e in self.demo.staff.employees if e.login == login)
        places = tuple(Place(b.id, b.name) for b in self.demo.staff.branches if b.id in who.branches)
        return Operator(who.login, who.name, places[0].id, places)

    def computer(self, name: str, operator: Operator, station: Station | None, language: str = "pl") -> dict[str, str]:
        """The environment of a station's processes: what its computer remembers lies in a folder of its own."""
        place = self.folder / name
        place.mkdir(exist_ok=True)
        connection = Connection(self.demo.profile, self.demo.staff.company.name, "1", operators=(operator,), station=station)
        Memory(place).keep(Known(connections=(connection,), language=language))
        environment = {**os.environ, FOLDER_VARIABLE: str(place), WHERE_VARIABLE: "file"}
        if station is not None:
            os.environ[WHERE_VARIABLE] = "file"
            Secrets(place).keep(f"{connection.key} ws_{station.code}", PASSWORD)
        return environment

    def stations(self) -> tuple[Station, Station]:
        """The seller's workstation and the printer's."""
        branch = self.demo.staff.branches[0].id
        here = [Station(w.id, w.code) for w in self.demo.staff.workstations if w.branch_id == branch]
        return here[0], here[1]


@contextmanager
def staged(scale: Scale, tell: Callable[[str], None], print_seconds: float = 0.0, today: date | None = None) -> Iterator[Stage]:
    """Everything up; all of it is gone again at the end. today: the company's sales end the day before it (default: the real day)."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="crm-demo-")))
        tell("starting the embedded PostgreSQL")
        embedded = EmbeddedServer(folder / "postgresql")
        server = embedded.start()
        stack.callback(embedded.remove)
        place = Profile(server.host, server.port, "postgres", "disable")
        demo = make_company(place, server.superuser, server.password, DATABASE, scale, tell=tell, today=today)
        tell("starting the emulated printer")
        address = _printer(stack, folder, print_seconds)
        branch = demo.staff.branches[0].id
        boss = demo.enter(ADMINISTRATOR)
        try:
            boss.change(fiscal.save_device, replace(demo.staff.printers[branch], address=address, version=1))
        finally:
            boss.close()
        yield Stage(demo, folder, address, folder / "paper", (server.superuser, server.password))


def _printer(stack: ExitStack, folder: Path, print_seconds: float) -> str:
    """The emulator as a process of its own; gives its address."""
    paper, told = folder / "paper", folder / "printer-port"
    paper.mkdir()
    command = [sys.executable, "-m", "crm_desktop.fiscal.drivers.posnet.emulator", "--port", "0", "--state", str(folder / "printer"),
               "--paper", str(paper), "--port-file", str(told), "--print-seconds", str(print_seconds)]  # fmt: skip
    process = subprocess.Popen(command)
    stack.callback(ended, process)
    deadline = time.monotonic() + _PORT_SECONDS
    while not (told.exists() and told.read_text()):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the emulated printer does not start")
        threading.Event().wait(0.02)
    return f"tcp://127.0.0.1:{told.read_text().strip()}"


def ended(process: subprocess.Popen[bytes]) -> None:
    """End a process that still runs, and wait for it."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
