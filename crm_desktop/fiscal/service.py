"""Changing devices and receipts. Each journal state is one change, committed before its act."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import bindparam, insert, update

from crm_desktop.core.errors import Conflict
from crm_desktop.db.transaction import Transaction
from crm_desktop.fiscal.queries import Device
from crm_desktop.fiscal.rules.events import ReceiptNotPrinted, ReceiptPrinted
from crm_desktop.fiscal.rules.model import Numbers
from crm_desktop.fiscal.tables import device

_FIELDS = ("workstation_id", "name", "driver", "address", "rates", "active")
_NEW = insert(device).values({name: bindparam(name) for name in ("id", "branch_id", *_FIELDS)}).returning(device.c.version)
_CHANGED = (
    update(device)
    .where(device.c.id == bindparam("key"), device.c.version == bindparam("known"))
    .values({name: bindparam(name) for name in _FIELDS})
    .returning(device.c.version)
)


def save_device(tx: Transaction, changed: Device) -> int:
    """Store a printer's card; gives its version. Raises Refused (name taken), Conflict, NotAllowed."""
    values = {name: getattr(changed, name) for name in _FIELDS}
    if changed.version == 0:
        return tx.ask(_NEW, {**values, "id": changed.id, "branch_id": changed.branch_id}).one()
    version = tx.ask(_CHANGED, {**values, "key": changed.id, "known": changed.version}).maybe()
    if version is None:
        raise Conflict("fiscal.device", changed.id)
    return version


def hold_lease(tx: Transaction, device_id: UUID, holder: UUID) -> datetime | None:
    """Take or renew a device for 3 s; None while another program holds it."""
    return tx.call("hold_lease", device_id, holder).one()


def release_lease(tx: Transaction, device_id: UUID, holder: UUID) -> None:
    """Give the device free at once, at an orderly end."""
    tx.call("release_lease", device_id, holder)


def tell_condition(tx: Transaction, device_id: UUID, holder: UUID, condition: str, message: str) -> None:
    """Let the desks know what the device says of itself; `message` is an English msgid."""
    tx.call("tell_condition", device_id, holder, condition, message)


def claim_receipt(tx: Transaction, device_id: UUID, holder: UUID) -> tuple[int, UUID, dict[str, Any], int] | None:
    """The next receipt of a device as (job, receipt, content, attempt): one that was begun comes before those that wait."""
    row: tuple[int, UUID, dict[str, Any], int] = tx.call("claim_receipt", device_id, holder).one()
    return None if row[1] is None else row


def take_tokens(tx: Transaction, device_id: UUID, holder: UUID, needed: int) -> int:
    """The first of `needed` protocol tokens, durably taken."""
    first: int = tx.call("take_tokens", device_id, holder, needed).one()
    return first


def write_journal(tx: Transaction, device_id: UUID, holder: UUID, receipt_id: UUID, attempt: int, state: str, data: dict[str, Any]) -> None:
    """Make a journal state durable. Raises Refused when the lease is lost, or for 'committing' with less than 1 s of it."""
    tx.call("write_journal", device_id, holder, receipt_id, attempt, state, Jsonb(data))


def record_printed(
    tx: Transaction,
    device_id: UUID,
    holder: UUID,
    job_id: int,
    receipt_id: UUID,
    numbers: Numbers,
    evidence: dict[str, Any],
) -> None:
    """The device proved the print; the slice above issues the document in this transaction (ReceiptPrinted)."""
    tx.call(
        "record_printed",
        device_id,
        holder,
        job_id,
        receipt_id,
        numbers.unique,
        numbers.daily_report,
        numbers.receipt,
        numbers.document,
        datetime.fromisoformat(numbers.device_time),
        Jsonb(evidence),
    )
    tx.record(ReceiptPrinted(receipt_id))


def record_not_printed(
    tx: Transaction, device_id: UUID, holder: UUID, job_id: int, receipt_id: UUID, cause: str, evidence: dict[str, Any]
) -> None:
    """The device proved that nothing was printed, and trying again would not help: back to the operator with the cause."""
    tx.call("record_not_printed", device_id, holder, job_id, receipt_id, cause, Jsonb(evidence))
    tx.record(ReceiptNotPrinted(receipt_id))


def record_try_again(
    tx: Transaction, device_id: UUID, holder: UUID, job_id: int, receipt_id: UUID, cause: str, evidence: dict[str, Any]
) -> None:
    """Proven not printed; the same receipt is sent anew, first in its queue."""
    tx.call("record_try_again", device_id, holder, job_id, receipt_id, cause, Jsonb(evidence))


def record_needs_person(
    tx: Transaction, device_id: UUID, holder: UUID, job_id: int, receipt_id: UUID, cause: str, evidence: dict[str, Any]
) -> None:
    """The device cannot prove either way: the document stays frozen, the device closed, until a person decides."""
    tx.call("record_needs_person", device_id, holder, job_id, receipt_id, cause, Jsonb(evidence))


def decide_receipt(tx: Transaction, receipt_id: UUID, printed: bool, numbers: Numbers | None, reason: str) -> None:
    """A person's decision on the evidence; `numbers` as they stand on the paper when it was printed."""
    when = datetime.fromisoformat(numbers.device_time) if numbers else None
    tx.call(
        "decide_receipt",
        receipt_id,
        printed,
        numbers.unique if numbers else None,
        numbers.daily_report if numbers else None,
        numbers.receipt if numbers else None,
        when,
        reason,
    )
    tx.record(ReceiptPrinted(receipt_id) if printed else ReceiptNotPrinted(receipt_id))


def withdraw_receipt(tx: Transaction, receipt_id: UUID) -> None:
    """Take back a receipt that still waits; its document is a draft again. Raises Refused once it was begun."""
    tx.call("withdraw_receipt", receipt_id)
    tx.record(ReceiptNotPrinted(receipt_id))
