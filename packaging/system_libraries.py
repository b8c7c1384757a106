"""Which Debian packages the program's shared libraries still need on this computer: their names on one line, or nothing.

    python3 packaging/system_libraries.py

Runs before anything is installed, so it uses the standard library alone. Each library is asked for by the name that Qt
loads it by, not by its package: where it came from does not matter.
"""

import ctypes
import shutil

#: For windows that nobody sees: tests, the tour, screenshots.
OFFSCREEN = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
#: For windows on an X display.
ON_SCREEN = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
#: An X display without a screen, for the tests of the windowed path.
PROGRAMS = {"Xvfb": "xvfb"}


def missing_packages() -> list[str]:
    """The packages to install, in the order of the lists above."""
    libraries = {**OFFSCREEN, **ON_SCREEN}
    return [package for name, package in libraries.items() if not _loads(name)] + [
        package for name, package in PROGRAMS.items() if shutil.which(name) is None
    ]


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    print(*missing_packages())
