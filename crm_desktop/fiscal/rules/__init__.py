"""Pure rules of fiscal receipts: what may be sent, and what the device's counters prove afterwards."""
