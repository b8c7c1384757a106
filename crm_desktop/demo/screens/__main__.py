"""`python -m crm_desktop.demo.screens`: the scene, then one process for each language and size; pictures and faults in screens-output/.

Exit code 1 when a check found something, or a window did not show what it should.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crm_desktop.db.rows import to_json
from crm_desktop.demo.company import ADMINISTRATOR, SMALL
from crm_desktop.demo.screens.scene import NOW, Scene, clear_desks, set_scene
from crm_desktop.demo.screens.studio import Look, Order
from crm_desktop.demo.stage import Stage, staged

OUTPUT = Path("screens-output")
#: A process that takes longer hangs.
SECONDS = 600.0


@dataclass(frozen=True)
class Round:
    """One process: language, logical size, how many device pixels a logical one has, text size, themes."""

    name: str
    language: str
    width: int = 1600
    height: int = 1000
    ratio: float = 1.0
    text_size: str = "100"
    looks: tuple[Look, ...] = (Look("light", "light"), Look("dark", "dark"))


ROUNDS = (
    Round("pl", "pl"),
    Round("en", "en"),
    Round("pl-150", "pl", 1280, 720, 1.5, looks=(Look("light", "light-150"),)),
    Round("pl-130", "pl", text_size="130", looks=(Look("light", "light-130"),)),
)
#: What the test takes: a dozen windows in one language and one theme.
QUICK = (Round("pl", "pl", looks=(Look("light", "light"),)),)


def main(arguments: Sequence[str]) -> int:
    """Take the pictures; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m crm_desktop.demo.screens")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    parser.add_argument("--only", nargs="*", default=[], metavar="PART", help="windows whose names have one of these parts")
    parser.add_argument("--rounds", nargs="*", default=[], metavar="ROUND", help=", ".join(each.name for each in ROUNDS))
    parser.add_argument("--fast", action="store_true", help="a dozen windows, Polish and light")
    known = parser.parse_args(arguments)
    rounds = QUICK if known.fast else [each for each in ROUNDS if not known.rounds or each.name in known.rounds]
    known.output.mkdir(parents=True, exist_ok=True)
    if not known.only and not known.rounds:
        for old in known.output.glob("*.png"):
            old.unlink()
    began = time.monotonic()
    taken, faults = 0, []
    with staged(SMALL, _tell, today=NOW.date()) as stage:
        scene = set_scene(stage)
        for each in rounds:
            clear_desks(stage)
            report = _take(stage, scene, each, known.output.resolve(), tuple(known.only), known.fast)
            taken += len(report["pictures"])
            faults += report["faults"]
    (known.output / "faults.txt").write_text("".join(f"{fault}\n" for fault in faults), encoding="utf-8")
    for fault in faults:
        _tell(fault)
    _tell(f"{taken} pictures in {known.output}/, {len(faults)} faults, {time.monotonic() - began:.0f} s")
    return 1 if faults or not taken else 0


def _take(stage: Stage, scene: Scene, each: Round, output: Path, only: tuple[str, ...], fast: bool) -> dict[str, list[str]]:
    """One process with a screen of its own."""
    environment = stage.computer(f"screens-{each.name}", stage.seller, None, each.language)
    order = Order(
        each.language,
        each.width,
        each.height,
        each.text_size,
        each.looks,
        str(output),
        stage.demo.profile,
        stage.superuser,
        stage.seller.login,
        ADMINISTRATOR,
        stage.demo.staff.printers[stage.demo.staff.branches[0].id].id,
        scene,
        only,
        fast,
    )
    folder = stage.folder / f"screens-{each.name}"
    (folder / "order.json").write_text(json.dumps(to_json(order)), encoding="utf-8")
    environment |= {"QT_QPA_PLATFORM": f"offscreen:configfile={_screen(folder, each)}", "QT_SCALE_FACTOR": str(each.ratio)}
    command = [sys.executable, "-m", "crm_desktop.demo.screens.taking", str(folder / "order.json"), str(folder / "report.json")]
    run = subprocess.run(command, env=environment, timeout=SECONDS, check=False)
    if not (folder / "report.json").exists():
        return {"pictures": [], "faults": [f"{each.name}: the process ended with {run.returncode}"]}
    report: dict[str, list[str]] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return report


def _screen(folder: Path, each: Round) -> Path:
    """A screen as large as the pictures: popups and new windows keep to it."""
    file = folder / "screen.json"
    width, height = round(each.width * each.ratio), round(each.height * each.ratio)
    screen = {"name": "screen", "x": 0, "y": 0, "width": width, "height": height, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    file.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
    return file


def _tell(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONPATH", os.getcwd())
    sys.exit(main(sys.argv[1:]))
