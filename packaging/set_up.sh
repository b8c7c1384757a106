#!/usr/bin/env bash
# Set up what a fresh Debian 12 lacks: system libraries, then .venv from the hashed lock. Run by make; changes nothing twice.
set -euo pipefail
cd "$(dirname "$0")/.."

python=""
for candidate in python3.11 python3.12 python3; do
  if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))'; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  echo "Python 3.11 or 3.12 is needed and was not found; nothing was changed." >&2
  exit 1
fi

missing=$("$python" - <<'PY'
import ctypes
wanted = {
    "libEGL.so.1": "libegl1", "libGL.so.1": "libgl1", "libdbus-1.so.3": "libdbus-1-3", "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0", "libxkbcommon.so.0": "libxkbcommon0", "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libxcb-cursor.so.0": "libxcb-cursor0", "libxcb-icccm.so.4": "libxcb-icccm4", "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-image.so.0": "libxcb-image0", "libxcb-render-util.so.0": "libxcb-render-util0", "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1", "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
import shutil
for name, package in wanted.items():
    try:
        ctypes.CDLL(name)
    except OSError:
        print(package)
if not shutil.which("Xvfb"):
    print("xvfb")
PY
)
if [ -n "$missing" ]; then
  packages=$(echo $missing)
  if [ "$(id -u)" = 0 ]; then sudo=""; elif sudo -n true 2>/dev/null; then sudo="sudo"; else
    echo "System libraries are missing. Run this once, then make again: sudo apt-get install --no-install-recommends $packages" >&2
    exit 1
  fi
  $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $packages >/dev/null
fi

[ -x .venv/bin/python ] || "$python" -m venv .venv
if ! .venv/bin/python -c 'import uv' 2>/dev/null; then
  # uv itself comes from the lock, with its hashes; then it installs the rest.
  awk '/^uv==/ {on=1} on {print} on && !/\\$/ {exit}' requirements.lock > .venv/uv.lock
  .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r .venv/uv.lock
fi
UV_COMPILE_BYTECODE=1 VIRTUAL_ENV=.venv .venv/bin/python -m uv pip sync -q --require-hashes requirements.lock
