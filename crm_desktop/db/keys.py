"""Primary keys made by the client: UUID version 7 (RFC 9562 section 5.7), so that new rows lie together in an index."""

import os
import time
from uuid import UUID


def new_id() -> UUID:
    """A UUID version 7: 48 bits of Unix milliseconds, 74 random bits.

    >>> new_id().version
    7
    """
    stamp = (time.time_ns() // 1_000_000) & ((1 << 48) - 1)
    noise = int.from_bytes(os.urandom(10), "big")
    value = (stamp << 80) | (0x7 << 76) | (((noise >> 62) & 0xFFF) << 64) | (0b10 << 62) | (noise & ((1 << 62) - 1))
    return UUID(int=value)
