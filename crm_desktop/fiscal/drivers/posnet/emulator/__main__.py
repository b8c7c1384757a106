"""python -m crm_desktop.fiscal.drivers.posnet.emulator --port 0 --state DIR --paper DIR [--port-file FILE]"""

import argparse
import signal
import sys
import threading
from pathlib import Path

from crm_desktop.fiscal.drivers.posnet.emulator.emulated import EmulatedPosnet


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; the exit code."""
    parser = argparse.ArgumentParser(prog="emulated-posnet", description="An emulated POSNET fiscal printer on TCP.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=6666, help="0: a free one")
    parser.add_argument("--state", type=Path, required=True, help="folder of the device's memory")
    parser.add_argument("--paper", type=Path, help="folder for printed documents")
    parser.add_argument("--port-file", type=Path, help="the port in use is written here")
    parser.add_argument("--print-seconds", type=float, default=0.0, help="time that one document takes")
    parser.add_argument("--takeover-after", type=float, help="seconds of silence after which another client may come in")
    parser.add_argument("--keep-open", action="store_true", help="an open receipt survives a power cut")
    given = parser.parse_args(arguments)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ended.set())
    printer = EmulatedPosnet(
        given.state,
        paper=given.paper,
        print_seconds=given.print_seconds,
        keep_open=given.keep_open,
        takeover_after=given.takeover_after,
    )
    with printer:
        address = printer.start(given.port, given.host)
        if given.port_file:
            unfinished = given.port_file.with_suffix(".part")
            unfinished.write_text(address.rpartition(":")[2] + "\n")
            unfinished.replace(given.port_file)
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
        ended.wait()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
