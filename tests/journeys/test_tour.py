"""The main job as a newcomer sees it: `crm-desktop demo --tour`, off-screen and on a real X server.

SAL-01, SAL-07, SAL-09, GOL-22, GOL-23, FIS-08: an operator enters and issues an invoice by keyboard; a receipt comes out of a printer
that hangs on another workstation; screen, PDF and paper agree to the grosz.
"""

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _tour(folder: Path, **environment: str) -> dict[str, object]:
    command = [sys.executable, "-m", "crm_desktop", "demo", "--tour"]
    told = {**os.environ, "PYTHONPATH": str(ROOT), "CRM_DESKTOP_CONFIG": str(folder / "config"), **environment}
    run = subprocess.run(command, cwd=folder, env=told, capture_output=True, text=True, timeout=240, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    report = json.loads((folder / "demo-output/tour.json").read_text(encoding="utf-8"))
    assert isinstance(report, dict)
    return report


def _shows_everything(folder: Path, report: dict[str, object]) -> None:
    steps = report["steps"]
    assert isinstance(steps, list)
    assert len(steps) >= 14
    for step in steps:
        assert (folder / "demo-output" / step["picture"]).stat().st_size > 5_000
        assert step["seen"]
    assert str(report["invoice_number"]).startswith("FS/")
    assert Decimal(str(report["net"])) + Decimal(str(report["tax"])) == Decimal(str(report["gross"])) > 0
    assert str(report["fiscal_number"]).isdigit()
    assert (folder / "demo-output/invoice.pdf").read_bytes().startswith(b"%PDF")
    assert "PARAGON FISKALNY" in (folder / "demo-output/receipt.txt").read_text(encoding="utf-8")


def test_the_tour_off_screen(tmp_path: Path) -> None:
    _shows_everything(tmp_path, _tour(tmp_path, QT_QPA_PLATFORM="offscreen"))


def test_the_tour_on_a_real_x_server(tmp_path: Path, x_display: str) -> None:
    _shows_everything(tmp_path, _tour(tmp_path, QT_QPA_PLATFORM="xcb", DISPLAY=x_display))


def test_the_demo_opens_its_desk(tmp_path: Path, x_display: str) -> None:
    """`make demo` with a screen: server, company, printer and worker are up, and the desk's process runs until it is closed."""
    command = [sys.executable, "-m", "crm_desktop", "--log", "INFO", "demo", "--small"]
    told = {**os.environ, "PYTHONPATH": str(ROOT), "CRM_DESKTOP_CONFIG": str(tmp_path / "config"), "QT_QPA_PLATFORM": "xcb",
            "DISPLAY": x_display, "PYTHONUNBUFFERED": "1", "CRM_DESKTOP_LOG": "INFO"}  # fmt: skip
    demo = subprocess.Popen(command, cwd=tmp_path, env=told, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert demo.stdout is not None
    heard = []
    try:
        for line in demo.stdout:
            heard.append(line)
            if "login_window is shown" in line:
                break
        else:
            pytest.fail("".join(heard))
    finally:
        demo.terminate()
        demo.wait(timeout=30)
        demo.stdout.close()
