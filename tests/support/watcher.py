"""A desk in a process of its own that has a record open and then does nothing: to be stopped and killed.

`python -m tests.support.watcher '<order as JSON>'` says `open` once the record is shown as open.
"""

import json
import sys
import threading
from uuid import UUID

from crm_desktop.db.changes import Listener
from crm_desktop.db.connect import Profile
from crm_desktop.db.presence import Presence
from tests.support import office


def main(order: dict[str, str]) -> None:
    """Open the record, say so, and wait for the end of stdin."""
    profile = Profile(order["host"], int(order["port"]), order["database"], "disable", role_prefix=office.TEMPLATE)
    desk = office.Office(profile).enter(order["login"])
    shown = threading.Event()
    presence = Presence(lambda _key, _seen: None)
    presence.open(UUID(order["record"]))
    told = lambda table, _ids: shown.set() if table == "presence" else None  # noqa: E731  - its own notice comes back to it
    listener = Listener(desk.listening_connection, told, guest=presence)
    listener.start()
    shown.wait(20)
    print("open", flush=True)
    sys.stdin.read()
    listener.stop()
    desk.close()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
