"""A shot: code that takes one or more pictures."""

from collections.abc import Callable
from dataclasses import dataclass

from crm_desktop.demo.screens.studio import Studio


@dataclass(frozen=True)
class Shot:
    """take: opens the window and takes the pictures of these names. fast: among the dozen that the tests take."""

    take: Callable[[Studio], object]
    pictures: tuple[str, ...]
    fast: bool = False
