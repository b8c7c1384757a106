"""Fiscal printers: receipts queued in the database, printed exactly once by the workstation that owns the device.

Refuses to guess: what a device did is read from the device or decided by a person, never assumed.
"""
