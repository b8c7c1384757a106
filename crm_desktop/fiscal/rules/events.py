"""What fiscal printing tells slices above, in the transaction that records it."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class ReceiptPrinted:
    """The device (or a person, on the evidence) confirmed the print of the holder's receipt."""

    receipt_id: UUID


@dataclass(frozen=True)
class ReceiptNotPrinted:
    """It is proven that nothing was printed; the holder may be changed again."""

    receipt_id: UUID
