"""Links to devices: bytes over a serial line, TCP or memory, and conversations that are driven over them.

Knows no device and no business: a wire protocol stands in the `drivers/` floor of its slice.
"""
