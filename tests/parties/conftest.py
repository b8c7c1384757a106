"""The desktop program as a fixture."""

from tests.support.rig import rig

__all__ = ["rig"]
