"""What a link to a device can do, whatever carries the bytes."""

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Protocol, Self

from crm_desktop.core.errors import CrmError


class LinkLost(CrmError):
    """The device cannot be reached, or the link broke. What was sent before may still be executed by the device."""


class Link(Protocol):
    """A two-way stream of bytes with one owner. All methods belong to one thread; `close` may be called from any."""

    def send(self, data: bytes) -> None:
        """Hand all of `data` to the line. Raises LinkLost; then an unknown beginning of `data` has left."""

    def receive(self, timeout: float) -> bytes:
        """The bytes that have arrived: at least one, or b"" when `timeout` seconds passed without any. 0 asks without
        waiting. Raises LinkLost when the other side is gone."""

    def close(self) -> None:
        """Let go of the line. May be called again."""


class OpenLink(ABC):
    """A link that `with` closes."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the line."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
