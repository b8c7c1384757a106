"""The fiscal printers of this workstation, served under the workstation's own login: a thread a device, beside the desk or alone.

Runs also while nobody is logged in, and in `crm-desktop worker`. Qt-free. A device is looked at when something is queued for it, after
trouble, and once a minute in between; its lease is renewed each second by a thread of its own while a receipt is at hand.
"""

import logging
import threading
from dataclasses import dataclass
from uuid import UUID

from crm_desktop.app.profiles import Connection, Station
from crm_desktop.app.session import wake_server
from crm_desktop.core.errors import CrmError, NotAllowed, Outdated, WrongPassword
from crm_desktop.db.changes import Listener
from crm_desktop.db.database import Database, log_in
from crm_desktop.fiscal import queries, service
from crm_desktop.fiscal.queries import Device
from crm_desktop.fiscal.tasks import LEASE_SECONDS, RENEW_SECONDS, DeviceService
from crm_desktop.jobs.worker import Worker
from crm_desktop.modules import reactions

log = logging.getLogger("crm_desktop.app.devices")

#: An idle device is looked at so often: what NOTIFY lost on the way is found then.
IDLE_SECONDS = 60.0
#: Between two attempts to log in while the server is away.
AGAIN_SECONDS = 5.0
#: After trouble (another program holds the lease, the printer or the database is away) work that waits is tried again.
TROUBLE_SECONDS = LEASE_SECONDS


class ServedDevice:
    """One device: the worker that prints, and the thread that renews the lease while it does."""

    def __init__(self, database: Database, device: Device) -> None:
        self.device, self._database = device, database
        self._service = DeviceService(database, device, stopping=lambda: self.worker.stopping)
        self._at_work, self._ended = threading.Event(), threading.Event()
        self._again: threading.Timer | None = None
        self._greeted = False
        self.worker = Worker(f"device {device.name}", self._step, IDLE_SECONDS, self._say_goodbye)
        self._renewer = threading.Thread(target=self._renew, name=f"lease {device.name}", daemon=True)

    def start(self) -> None:
        """Begin to serve it."""
        self._renewer.start()
        self.worker.start()

    def stop(self) -> None:
        """Finish the receipt at hand, give the device free."""
        if self._again is not None:
            self._again.cancel()
        self.worker.stop()
        self._ended.set()
        self._at_work.set()
        self._renewer.join(timeout=RENEW_SECONDS + 1)

    def _step(self) -> bool:
        self._at_work.set()
        try:
            self._greet()
            more = self._service.step()
        finally:
            self._at_work.clear()
        if not more and not self.worker.stopping and self._has_work():
            self._again = threading.Timer(TROUBLE_SECONDS, self.worker.wake)
            self._again.daemon = True
            self._again.start()
        return more

    def _greet(self) -> None:
        """At the beginning the desks learn that somebody serves the device again, whatever it said of itself the last time."""
        if not self._greeted and self._service.renew():
            self._tell("starting")  # only a change is told to the desks
            self._tell("ready")
            self._greeted = True

    def _say_goodbye(self) -> None:
        self._tell("closed")
        self._service.give_up()

    def _tell(self, condition: str) -> None:
        try:
            self._database.change(service.tell_condition, self.device.id, self._service.holder, condition, "")
        except CrmError as error:
            log.info("%s: %s could not be told: %s", self.device.name, condition, error)

    def _has_work(self) -> bool:
        try:
            return self._database.read(queries.has_work, self.device.id)
        except CrmError as error:
            log.info("%s: %s", self.device.name, error)
            return True  # not known, so it is tried again soon

    def _renew(self) -> None:
        while not self._ended.is_set():
            self._at_work.wait()
            if self._ended.wait(RENEW_SECONDS):
                return
            if self._at_work.is_set():
                self._service.renew()


@dataclass
class _Login:
    """Where and as whom devices are served."""

    connection: Connection
    station: Station
    secret: str


class AttachedDevices:
    """All devices of one workstation. Safe from any thread; `start` and `stop` wait for the database and for threads."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._login: _Login | None = None
        self._database: Database | None = None
        self._devices: dict[UUID, ServedDevice] = {}
        self._listener: Listener | None = None
        self._retry: threading.Timer | None = None
        self._alone = True

    def start(self, connection: Connection, station: Station, secret: str, *, listen: bool) -> None:
        """Log in as the workstation and serve its devices; while the server is away this is tried again every 5 s.

        listen: nobody is logged in, so the queue must be heard under this login.
        """
        with self._lock:
            self.stop()
            self._login, self._alone = _Login(connection, station, secret), listen
            self._begin()

    def stop(self) -> None:
        """Finish what is at hand, give all devices free, log out."""
        with self._lock:
            self._login = None
            if self._retry is not None:
                self._retry.cancel()
                self._retry = None
            self._stop_listening()
            for served in self._devices.values():
                served.stop()
            self._devices = {}
            if self._database is not None:
                self._database.close()
                self._database = None

    def wake(self, queue: str) -> None:
        """Something waits in a queue; "" in any."""
        for id, served in list(self._devices.items()):
            if queue in ("", f"device:{id}"):
                served.worker.wake()

    def served(self) -> frozenset[UUID]:
        """The devices that are served now."""
        return frozenset(self._devices)

    def station(self) -> UUID | None:
        """The workstation that is logged in."""
        return self._login.station.id if self._login is not None else None

    def refresh(self) -> None:
        """The cards of the devices changed: serve them as they are now."""
        with self._lock:
            if self._database is None or self._login is None:
                return
            try:
                wanted = {device.id: device for device in self._database.read(queries.list_attached, self._login.station.id)}
            except CrmError as error:
                log.info("the devices could not be read: %s", error)
                return
            for id, served in list(self._devices.items()):
                if wanted.get(id) != served.device:
                    served.stop()
                    del self._devices[id]
            for id, device in wanted.items():
                if id not in self._devices:
                    self._devices[id] = ServedDevice(self._database, device)
                    self._devices[id].start()
                    log.info("%s is served at %s", device.name, device.address)

    def hear_by_itself(self, alone: bool) -> None:
        """Whether this login listens itself, or the desk's listener wakes the devices. Does not wait."""
        self._alone = alone
        threading.Thread(target=self._follow, name="devices listen", daemon=True).start()

    def _follow(self) -> None:
        with self._lock:
            if self._alone and self._database is not None and self._listener is None:
                self._start_listening(self._database)
            elif not self._alone:
                self._stop_listening()

    def _begin(self) -> None:
        login = self._login
        if login is None:
            return
        try:
            wake_server(login.connection)
            self._database = log_in(login.connection.profile, f"ws_{login.station.code}", login.secret, reactions())
        except (WrongPassword, NotAllowed, Outdated) as error:
            # A person must do something: the workstation was removed, or the program is too old. Asking again changes nothing.
            log.error("workstation %s may not log in, its devices are not served: %s", login.station.code, error)
            return
        except CrmError as error:
            log.info("workstation %s could not log in, again in %.0f s: %s", login.station.code, AGAIN_SECONDS, error)
            self._retry = threading.Timer(AGAIN_SECONDS, self._try_again)
            self._retry.daemon = True
            self._retry.start()
            return
        self.refresh()
        if self._alone:
            self._start_listening(self._database)

    def _try_again(self) -> None:
        with self._lock:
            if self._database is None:
                self._begin()

    def _start_listening(self, database: Database) -> None:
        self._listener = Listener(database.listening_connection, changed=self.note_changed, work=self.wake)
        self._listener.start()

    def _stop_listening(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.stop()

    def note_changed(self, table: str, _ids: frozenset[UUID] | None) -> None:
        """Called by whoever listens: cards may have changed, and after a lost connection anything. Does not wait."""
        if table in ("", "fiscal.device"):
            threading.Thread(target=self.refresh, name="devices refresh", daemon=True).start()
        if table == "":
            self.wake("")
