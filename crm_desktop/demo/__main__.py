"""`crm-desktop demo`: the invented company on an embedded server, an emulated printer, a worker, and the desk; `--tour` drives it."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Sequence

from crm_desktop.demo.company import DEMO, PASSWORD, SMALL
from crm_desktop.demo.stage import ended, staged
from crm_desktop.demo.tour import tour

#: A printer that prints in no time would hide the queue.
PRINT_SECONDS = 1.0


def main(arguments: Sequence[str]) -> int:
    """Run the demo until its desk is closed, or the tour; gives the exit code."""
    parser = argparse.ArgumentParser(prog="crm-desktop demo")
    parser.add_argument("--tour", action="store_true")
    parser.add_argument("--small", action="store_true", help="a small company, ready in seconds")
    known = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server, the printer and the worker end with it
    return tour.run() if known.tour else _desk(small=known.small)


def _desk(small: bool) -> int:
    with staged(SMALL if small else DEMO, _tell, PRINT_SECONDS) as stage:
        here, there = stage.stations()
        program = [sys.executable, "-m", "crm_desktop"]
        worker = subprocess.Popen([*program, "worker"], env=stage.computer("worker", stage.cashier, there))
        try:
            _tell(f"log in as {stage.seller.login}, password: {PASSWORD}")
            desk = subprocess.Popen(program, env=stage.computer("desk", stage.seller, here))
            try:
                return desk.wait()
            finally:
                ended(desk)
        finally:
            ended(worker)


def _tell(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    # A worker and a desk are processes of their own: they find the package from wherever the demo was started.
    os.environ.setdefault("PYTHONPATH", os.getcwd())
    sys.exit(main(sys.argv[1:]))
