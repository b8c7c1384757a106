#!/usr/bin/env bash
# Make a fresh checkout ready: system libraries, then .venv from the hashed lock, then the Polish texts.
# `make` calls it when the lock, the project file, the texts or this file are newer than .setup-stamp.
# Before the first change it looks whether it can finish; if not, it says the one command to run, and stops.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'set-up: %s\n' "$*" >&2; }

find_python() {
  local candidate
  for candidate in python3.11 python3.12 python3; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' >/dev/null 2>&1; then
      echo "$candidate"
      return
    fi
  done
}

python=$(find_python)
if [ -z "$python" ]; then
  say "Python 3.11 or 3.12 is needed and neither is on the PATH. On Debian 12: apt-get install python3 python3-venv"
  exit 1
fi
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
  say "$python has no venv. On Debian 12: apt-get install python3-venv"
  exit 1
fi

packages=$("$python" packaging/system_libraries.py)
if [ -n "$packages" ]; then
  install="apt-get update && apt-get install -y --no-install-recommends $packages"
  if ! command -v apt-get >/dev/null; then
    say "system libraries are missing; on Debian these packages bring them: $packages"
    exit 1
  elif [ "$(id -u)" = 0 ]; then
    as_root=(env)
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
  else
    become_root="su -c"
    if command -v sudo >/dev/null; then become_root="sudo sh -c"; fi
    say "system libraries are missing, and only root can install them; nothing was changed. Run this, then make again:"
    printf '%s\n' "$become_root '$install'" >&2
    exit 1
  fi
  say "installing $packages"
  "${as_root[@]}" DEBIAN_FRONTEND=noninteractive sh -c "$install" >&2
fi

venv=.venv/bin/python
if ! "$venv" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' >/dev/null 2>&1; then
  say "making .venv with $($python --version)"
  "$python" -m venv --clear .venv
fi

# uv comes from the lock like everything else, with its hashes, by pip; then it installs the rest, ten times faster.
export UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1 VIRTUAL_ENV=$PWD/.venv
if ! "$venv" -c 'import uv' >/dev/null 2>&1; then
  "$venv" -m pip --version >/dev/null 2>&1 || "$venv" -m ensurepip >/dev/null
  awk '/^uv==/ { on = 1 } on { print } on && !/\\$/ { exit }' requirements.lock > .venv/uv.lock
  "$venv" -m pip install --quiet --disable-pip-version-check --no-input --no-deps --require-hashes -r .venv/uv.lock
fi
# What pip was told of this network (another index, the certificates of a company's proxy) means uv too. The hashes hold
# wherever the files come from.
told_pip() { "$venv" -m pip config list 2>/dev/null | sed -n "s/^global\\.$1='\\(.*\\)'\$/\\1/p" || true; }
index=${UV_DEFAULT_INDEX:-${PIP_INDEX_URL:-$(told_pip index-url)}}
certificates=${SSL_CERT_FILE:-${PIP_CERT:-$(told_pip cert)}}
if [ -n "$index" ]; then export UV_DEFAULT_INDEX=$index; fi
if [ -n "$certificates" ]; then export SSL_CERT_FILE=$certificates; fi
say "installing what requirements.lock names"
"$venv" -m uv pip sync --quiet --require-hashes requirements.lock

# The checkout itself is importable from everywhere, without building it.
pwd > "$("$venv" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/crm_desktop_checkout.pth"

"$venv" packaging/texts.py compile
touch .setup-stamp
