"""An emulated POSNET printer, written from the protocol paper alone: it shares no parser, arithmetic or table with the
driver, so that a common mistake cannot hide. Strict: it refuses everything that the papers forbid, with their numbers.

`emulated.EmulatedPosnet` is the object for programs and tests; `python -m` on this package runs it as a process.
"""
