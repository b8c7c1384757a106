"""What a printer says about itself, the same for all makes."""

from dataclasses import dataclass

from crm_desktop.core.problem import Problem


@dataclass(frozen=True)
class Identity:
    """unique: the true unique number of the device; model and version as it names itself."""

    unique: str
    model: str
    version: str


@dataclass(frozen=True)
class DeviceState:
    """ready: idle and able to print. problem: what keeps it (paper, cover, key, menu), None when nothing does.

    paper_low: the roll nears its end; receipt_open: a transaction is open; fiscal: fiscalised (else training mode);
    read_only: sales are over for good.
    """

    ready: bool
    problem: Problem | None
    paper_low: bool
    receipt_open: bool
    fiscal: bool
    read_only: bool
