"""The process that takes the pictures of one order: each shot by itself, so that one that fails does not hide the others."""

import json
import logging
import sys
import traceback
from dataclasses import replace
from pathlib import Path

from crm_desktop.app.profiles import Memory, Operator
from crm_desktop.demo.platform_noise import silence
from crm_desktop.demo.screens import shots
from crm_desktop.demo.screens.studio import Studio, the_order
from crm_desktop.ui import application

log = logging.getLogger("crm_desktop.demo.screens")


def main(order_file: Path, report_file: Path) -> int:
    """Take every picture of the order; the report has their names and what is wrong with them."""
    silence()
    order = the_order(order_file)
    memory = Memory()
    app = application.make(["crm-desktop"], language=order.language, scale=int(order.text_size) / 100, animations=False)
    app.setQuitOnLastWindowClosed(False)
    connection = memory.known.connections[0]
    profile = replace(connection.profile, name="biuro" if order.language == "pl" else "office")
    operators = (*connection.operators, Operator(order.administrator, "Ewa Zaleska"))
    known = replace(memory.known, connections=(replace(connection, profile=profile, operators=operators),), text_size=order.text_size)
    memory.keep(known)
    studio = Studio(app, memory, order)
    for shot in shots.SHOTS:
        if order.fast and not shot.fast:
            continue
        if order.only and not any(part in name for part in order.only for name in shot.pictures):
            continue
        try:
            shot.take(studio)
        except Exception as fault:  # whatever goes wrong in one window, the others are wanted
            log.error("%s", traceback.format_exc())
            studio.taken.faults.append(f"{shot.pictures[0]} ({order.language}): {type(fault).__name__}: {fault}")
            studio.close_dialogs()
    studio.end()
    report = {"pictures": studio.taken.pictures, "faults": studio.taken.faults}
    report_file.write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
