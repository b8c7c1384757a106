"""`start_to_login`, `login_to_desk`: a fresh process each time, off-screen, with a warm disk and compiled modules."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from crm_desktop.app.profiles import Connection, Known, Memory, Operator
from crm_desktop.demo.company import PASSWORD, SELLER
from tests.benchmarks.figures import Figure, median
from tests.benchmarks.shop import Shop
from tests.support.house import ROOT

ROUNDS = 7
LIMIT = 1.5


def figures(shop: Shop) -> list[Figure]:
    """The first start warms the disk and is not counted."""
    with tempfile.TemporaryDirectory() as folder:
        seller = next(employee for employee in shop.demo.staff.employees if employee.login == SELLER)
        connection = Connection(shop.demo.profile, operators=(Operator(SELLER, seller.name, seller.branches[0]),))
        Memory(Path(folder)).keep(Known((connection,)))
        taken = [start(Path(folder)) for _ in range(ROUNDS + 1)][1:]
    login, desk = median([each[0] for each in taken]), median([each[1] for each in taken])
    return [
        Figure("start_to_login", login, "s", f"< {LIMIT} s", login < LIMIT),
        Figure("login_to_desk", desk, "s", f"< {LIMIT} s", desk < LIMIT),
    ]


def start(folder: Path) -> tuple[float, float]:
    """Seconds from the start of the process to the painted login window, and from Enter in it to the painted desk."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"QT_QPA_PLATFORM": "offscreen", "CRM_DESKTOP_CONFIG": str(folder)}
    began = time.time()
    command = [sys.executable, "-m", "tests.benchmarks.fresh_program", PASSWORD]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    if run.returncode:
        raise RuntimeError(f"the program ended with {run.returncode}: {run.stderr}")
    moments = {(line["what"], line["window"]): line["at"] for line in map(json.loads, run.stdout.splitlines())}
    entered = moments["entered", ""]
    return next(at for (what, _), at in moments.items() if what == "painted") - began, moments["painted", "main_window"] - entered
