"""Reading devices and receipts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, or_, select, text

from crm_desktop.db.paging import Field, Measure, Paging, Sort
from crm_desktop.db.transaction import Answer, NotFound, Transaction
from crm_desktop.fiscal.rules.messages import unpacked
from crm_desktop.fiscal.rules.rates import RateTable
from crm_desktop.fiscal.tables import device, journal, lease, receipt, receipt_print
from crm_desktop.organisation.tables import branch, workstation

#: An idle device counts as served so long after its station looked at it (app/attached_devices.py does each minute).
SERVED_SECONDS = 75
#: Of what failed nobody reads more.
_MOST = 20


@dataclass(frozen=True)
class Device:
    """A fiscal printer's card. `address`: tcp://host:port or serial:///dev/…; `rates`: letter → catalogue rate."""

    id: UUID
    branch_id: UUID
    workstation_id: UUID
    name: str
    driver: str
    address: str
    rates: dict[str, str]
    active: bool
    version: int


@dataclass(frozen=True)
class DeviceRow:
    """A device to choose from: who serves it now, and what it says of itself ("" for nothing wrong)."""

    id: UUID
    name: str
    served: bool
    condition: str
    message: str


@dataclass(frozen=True)
class ReceiptRow:
    """How a receipt stands. state: waiting, printing, printed, not_printed, needs_person. The numbers are 0/"" until printed."""

    id: UUID
    device_id: UUID
    device_name: str
    holder_id: UUID
    label: str
    state: str
    message: str
    sealed_at: datetime
    receipt_number: int
    device_number: str
    printed_at: datetime | None
    condition: str
    condition_message: str


_DEVICE = (
    device.c.id,
    device.c.branch_id,
    device.c.workstation_id,
    device.c.name,
    device.c.driver,
    device.c.address,
    device.c.rates,
    device.c.active,
    device.c.version,
)
# A station that serves a device looks at it once a minute and says "closed" when it ends; a station that died is noticed then.
_served = func.coalesce((lease.c.until > func.now() - text(f"interval '{SERVED_SECONDS} s'")) & (lease.c.condition != "closed"), False)
_DEVICES = select(*_DEVICE).order_by(device.c.name)
_OF_WORKSTATION = select(*_DEVICE).where(device.c.workstation_id == bindparam("key"), device.c.active).order_by(device.c.name)
_CHOICES = (
    select(
        device.c.id,
        device.c.name,
        _served,
        func.coalesce(lease.c.condition, ""),
        func.coalesce(lease.c.message, ""),
    )
    .outerjoin(lease, lease.c.device_id == device.c.id)
    .where(device.c.active, device.c.branch_id == bindparam("branch"))
    .order_by(device.c.name)
)
_RATES = select(device.c.rates).where(device.c.id == bindparam("key"))
_RECEIPT = (
    select(
        receipt.c.id,
        receipt.c.device_id,
        device.c.name,
        receipt.c.holder_id,
        receipt.c.label,
        receipt.c.state,
        receipt.c.message,
        receipt.c.sealed_at,
        func.coalesce(receipt_print.c.receipt_number, 0),
        func.coalesce(receipt_print.c.device_number, ""),
        receipt_print.c.printed_at,
        func.coalesce(lease.c.condition, ""),
        func.coalesce(lease.c.message, ""),
    )
    .join(device, device.c.id == receipt.c.device_id)
    .outerjoin(receipt_print, receipt_print.c.receipt_id == receipt.c.id)
    .outerjoin(lease, lease.c.device_id == receipt.c.device_id)
)
_ONE_RECEIPT = _RECEIPT.where(receipt.c.id == bindparam("key"))
_LATEST = _RECEIPT.order_by(receipt.c.number.desc()).limit(bindparam("most"))
_WORK = (
    select(receipt.c.id)
    .where(receipt.c.device_id == bindparam("key"), or_(receipt.c.state == "waiting", receipt.c.state == "printing"))
    .limit(1)
)
_JOURNAL = (
    select(journal.c.state, journal.c.data)
    .where(journal.c.receipt_id == bindparam("key"), journal.c.attempt == bindparam("attempt"))
    .order_by(journal.c.id)
)
_EVIDENCE = (
    select(receipt.c.content, journal.c.data)
    .outerjoin(journal, journal.c.receipt_id == receipt.c.id)
    .where(receipt.c.id == bindparam("key"))
    .order_by(journal.c.id.desc())
    .limit(1)
)


def list_devices(tx: Transaction, branch_id: UUID) -> list[DeviceRow]:
    """The printers of a branch that a receipt may be sent to."""
    return tx.ask(_CHOICES, {"branch": branch_id}, _choice).all()


def list_all_devices(tx: Transaction) -> list[Device]:
    """The cards of all printers of her branches."""
    return tx.ask(_DEVICES, into=Device).all()


def list_attached(tx: Transaction, workstation_id: UUID) -> list[Device]:
    """The printers that a workstation serves."""
    return tx.ask(_OF_WORKSTATION, {"key": workstation_id}, Device).all()


def ask_rate_table(tx: Transaction, device_id: UUID) -> Answer[RateTable]:
    """Letter → rate of a device, asked together with other questions."""
    return tx.ask(_RATES, {"key": device_id}, RateTable.from_json)


def has_work(tx: Transaction, device_id: UUID) -> bool:
    """Whether a receipt waits at the device or was begun and not ended."""
    return tx.ask(_WORK, {"key": device_id}).maybe() is not None


def get_receipt(tx: Transaction, receipt_id: UUID) -> ReceiptRow:
    """How a receipt stands. Raises NotFound."""
    return tx.ask(_ONE_RECEIPT, {"key": receipt_id}, _receipt).one()


def list_receipts(tx: Transaction, most: int = 100) -> list[ReceiptRow]:
    """The latest receipts of her branches, newest first."""
    return tx.ask(_LATEST, {"most": most}, _receipt).all()


def list_journal(tx: Transaction, receipt_id: UUID, attempt: int) -> list[tuple[str, dict[str, Any]]]:
    """The journal of one attempt in order: state and data."""
    return tx.ask(_JOURNAL, {"key": receipt_id, "attempt": attempt}).all()


def get_evidence(tx: Transaction, receipt_id: UUID) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """What was sent, and what the device counted at the last look: for the person who decides."""
    return tx.ask(_EVIDENCE, {"key": receipt_id}).one()


def _receipt(*columns: Any) -> ReceiptRow:
    row = ReceiptRow(*columns)
    return replace(row, message=unpacked(row.message), condition_message=unpacked(row.condition_message))


def _choice(*columns: Any) -> DeviceRow:
    row = DeviceRow(*columns)
    return replace(row, message=unpacked(row.message))


def get_device(tx: Transaction, device_id: UUID) -> Device:
    """A printer's card. Raises NotFound."""
    found = next((each for each in list_all_devices(tx) if each.id == device_id), None)
    if found is None:
        raise NotFound("no such record")
    return found


def list_conditions(tx: Transaction) -> list[DeviceRow]:
    """How the printers of all her branches are."""
    return tx.ask(_CONDITIONS, into=_choice).all()


def count_open(tx: Transaction) -> dict[UUID, int]:
    """How many receipts wait or are being printed, by device."""
    return dict(tx.ask(_OPEN).all())


def list_undecided(tx: Transaction) -> list[ReceiptRow]:
    """The receipts of her branches that wait for a person's decision, the oldest first."""
    return tx.ask(_UNDECIDED, into=_receipt).all()


def ask_receipts(tx: Transaction, condition: ColumnElement[bool], parameters: Mapping[str, Any]) -> Answer[ReceiptRow]:
    """Receipts that a slice above asks for by a condition of its own (on `receipt` and its own tables), the newest first."""
    return tx.ask(_RECEIPT.where(condition).order_by(receipt.c.number.desc()).limit(_MOST), parameters, _receipt)


@dataclass(frozen=True)
class PrinterRow:
    """A printer in the list of its cards."""

    id: UUID
    name: str
    branch: str
    workstation: str
    address: str
    active: bool


_CONDITIONS = (
    select(device.c.id, device.c.name, _served, func.coalesce(lease.c.condition, ""), func.coalesce(lease.c.message, ""))
    .outerjoin(lease, lease.c.device_id == device.c.id)
    .where(device.c.active)
    .order_by(device.c.name)
)
_OPEN = (
    select(receipt.c.device_id, func.count())
    .where(or_(receipt.c.state == "waiting", receipt.c.state == "printing", receipt.c.state == "needs_person"))
    .group_by(receipt.c.device_id)
)
_UNDECIDED = _RECEIPT.where(receipt.c.state == "needs_person").order_by(receipt.c.number)

RECEIPTS = Paging(
    _RECEIPT,
    _receipt,
    id=receipt.c.id,
    fields={
        "label": Field(receipt.c.label),
        "device_name": Field(device.c.name),
        "state": Field(receipt.c.state),
        "sealed_at": Field(receipt.c.sealed_at, measure=Measure.DAY),
        "receipt_number": Field(func.coalesce(receipt_print.c.receipt_number, 0)),
        "device_number": Field(func.coalesce(receipt_print.c.device_number, "")),
    },
    default=(Sort("sealed_at", descending=True),),
)
"""The list of receipts of her branches."""

PRINTERS = Paging(
    select(device.c.id, device.c.name, branch.c.code, workstation.c.name, device.c.address, device.c.active)
    .join(branch, branch.c.id == device.c.branch_id)
    .join(workstation, workstation.c.id == device.c.workstation_id),
    PrinterRow,
    id=device.c.id,
    fields={
        "name": Field(device.c.name),
        "branch": Field(branch.c.code),
        "workstation": Field(workstation.c.name),
        "address": Field(device.c.address),
        "active": Field(device.c.active),
    },
    default=(Sort("name"),),
)
"""The list of printers of her branches."""
