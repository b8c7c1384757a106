"""Test vectors of the requirements, where they are at hand."""

from collections.abc import Callable
from pathlib import Path

import pytest

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "data" / "test-vectors"


@pytest.fixture
def vector() -> Callable[[str], str]:
    """The text of a file of test vectors; skips loudly where it is absent (the examples copied into the tests run)."""

    def read(name: str) -> str:
        path = VECTORS / name
        if not path.exists():
            pytest.skip(f"SHARED VECTORS ABSENT: {path}; only the examples copied into this file were tried")
        return path.read_text(encoding="utf-8")

    return read
