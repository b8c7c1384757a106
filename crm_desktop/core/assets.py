"""Where forms, resources and migrations lie: beside the package in a checkout, inside it in a wheel or a bundle."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def asset(name: str) -> Path:
    """The path of `forms/…`, `resources/…` or `migrations/…`.

    Raises FileNotFoundError when neither place has it: a broken installation, not a person's mistake.
    """
    for root in (_PACKAGE / "_assets", _PACKAGE.parent):
        if (root / name).exists():
            return root / name
    raise FileNotFoundError(name)
