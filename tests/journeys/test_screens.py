"""`make screens`: the windows as pictures, and nothing in them that a machine finds at fault. Here a dozen of them, Polish and light."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from crm_desktop.demo.screens.__main__ import QUICK
from crm_desktop.demo.screens.shots import SHOTS

ROOT = Path(__file__).resolve().parents[2]
WANTED = sorted(name for shot in SHOTS if shot.fast for name in shot.pictures)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("screens")
    command = [sys.executable, "-m", "crm_desktop.demo.screens", "--fast", "--output", str(folder / "pictures")]
    told = {**os.environ, "PYTHONPATH": str(ROOT), "CRM_DESKTOP_CONFIG": str(folder / "config"), "QT_QPA_PLATFORM": "offscreen"}
    run = subprocess.run(command, cwd=folder, env=told, capture_output=True, text=True, timeout=240, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return folder / "pictures"


def test_every_window_of_the_dozen_has_its_picture(pictures: Path) -> None:
    assert len(WANTED) >= 12
    assert sorted(file.name for file in pictures.glob("*.png")) == sorted(f"{name}-pl-light.png" for name in WANTED)
    assert (pictures / "faults.txt").read_text(encoding="utf-8") == ""


def test_each_picture_shows_something(pictures: Path) -> None:
    """As large as was ordered, and not of one colour."""
    for name in WANTED:
        image = QImage(str(pictures / f"{name}-pl-light.png"))
        assert image.size() == QSize(QUICK[0].width, QUICK[0].height), name
        seen = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 3)}
        assert len(seen) > 30, name
