"""A real X server without a screen: Xvfb."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def virtual_display(size: str = "1600x1000x24") -> Iterator[str]:
    """Start Xvfb on a display that it chooses itself and give its name, ":99". Without Xvfb the test is skipped."""
    program = shutil.which("Xvfb")
    if program is None:
        pytest.skip("Xvfb is not installed: the windowed path was NOT tried")
    reading, writing = os.pipe()
    command = [program, "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp", "-noreset"]
    process = subprocess.Popen(command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as said:
            number = said.readline().strip()  # it writes the number when it is ready, and closes the pipe when it dies
        assert number, f"Xvfb ended with {process.wait(10)}"
        yield f":{number}"
    finally:
        process.terminate()
        process.wait(10)
