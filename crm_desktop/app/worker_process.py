"""`crm-desktop worker`: this workstation's devices without a window, until SIGTERM or SIGINT. Qt-free."""

import logging
import signal
import threading
from types import FrameType

from crm_desktop.app.attached_devices import AttachedDevices
from crm_desktop.app.profiles import Memory
from crm_desktop.app.secrets import Secrets, secret_name

log = logging.getLogger("crm_desktop.app.worker")


def run(key: str = "") -> int:
    """Serve until told to stop; gives 0, or 2 where this computer is no workstation of the connection (`host:port/database`)."""
    memory = Memory()
    connection = memory.known.find(key) if key else next(iter(memory.known.connections), None)
    if connection is None or connection.station is None:
        log.error("this computer is installed as no workstation (%s); do it in Workstations of the program", memory.file)
        return 2
    secret = Secrets(memory.folder).find(secret_name(connection, connection.station.code))
    if secret is None:
        log.error("the secret of workstation %s is not in the keyring and not in the file", connection.station.code)
        return 2
    ended = threading.Event()

    def end(number: int, _frame: FrameType | None) -> None:
        log.info("ending on signal %s", number)
        ended.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    devices = AttachedDevices()
    devices.start(connection, connection.station, secret, listen=True)
    ended.wait()
    devices.stop()
    return 0
