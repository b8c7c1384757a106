"""Where the house stands and what belongs to it: for the tests of its architecture."""

import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "crm_desktop"


@cache
def project() -> dict[str, object]:
    """pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _slices() -> tuple[str, ...]:
    tool = project()["tool"]
    assert isinstance(tool, dict)
    floors = next(contract for contract in tool["importlinter"]["contracts"] if contract["name"].startswith("Every slice"))
    return tuple(name.removeprefix("crm_desktop.") for name in floors["containers"])


#: The slices, bottom to top, as the contract about their floors lists them.
SLICES = _slices()


def files(folder: str, *endings: str) -> list[Path]:
    """Files of ours below a folder of the project with one of these endings, in order; caches are not ours."""
    return sorted(
        path for path in (ROOT / folder).rglob("*") if path.suffix in endings and "__pycache__" not in path.parts and path.is_file()
    )


def python_files(folder: str) -> list[Path]:
    """Python files of ours below a folder of the project."""
    return files(folder, ".py")
