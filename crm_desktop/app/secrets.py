"""The secret of this workstation's own login: in the system's keyring, or in a private file where there is none.

A headless worker has no desktop session and therefore no keyring. It then keeps the secret in `secrets.json` beside the
connections, readable by its owner only (0600), and the log says so once. The operator's password is never kept anywhere.
"""

import json
import logging
import os
import stat
from pathlib import Path
from typing import Any

from crm_desktop.app.profiles import Connection, folder, write_private

log = logging.getLogger("crm_desktop.app")

SERVICE = "crm-desktop"
FILE = "secrets.json"
#: "file" keeps secrets in the file even where a keyring is (a service account, a test).
WHERE_VARIABLE = "CRM_DESKTOP_SECRETS"


class Secrets:
    """Secrets by name ("host:port/database ws_code")."""

    def __init__(self, place: Path | None = None) -> None:
        self.file = (place or folder()) / FILE
        self._ring = _keyring()
        if self._ring is None:
            log.info("there is no keyring here; secrets are kept in %s", self.file)

    @property
    def in_keyring(self) -> bool:
        """Whether the system's keyring keeps them."""
        return self._ring is not None

    def keep(self, name: str, secret: str) -> None:
        """Keep a secret. Raises OSError where the file cannot be written."""
        if self._ring is not None and self._put(name, secret):
            return
        write_private(self.file, json.dumps({**self._read(), name: secret}, indent=1))

    def find(self, name: str) -> str | None:
        """The secret, or None. Raises PermissionError when others may read the file: then it is a secret no more."""
        if self._ring is not None:
            try:
                found = self._ring.get_password(SERVICE, name)
            except Exception as error:  # a keyring has as many errors as it has makers; the file is asked instead
                log.warning("the keyring did not answer: %s", error)
                found = None
            if found is not None:
                return str(found)
        return self._read().get(name)

    def forget(self, name: str) -> None:
        """Throw a secret away; nothing happens where there is none."""
        if self._ring is not None:
            try:
                self._ring.delete_password(SERVICE, name)
            except Exception as error:  # not there, or the keyring is closed
                log.info("the keyring has nothing to forget: %s", error)
        kept = self._read()
        if kept.pop(name, None) is not None:
            write_private(self.file, json.dumps(kept, indent=1))

    def _put(self, name: str, secret: str) -> bool:
        assert self._ring is not None
        try:
            self._ring.set_password(SERVICE, name, secret)
        except Exception as error:  # closed by the person, or no service behind it
            log.warning("the keyring did not take the secret, it goes to the file: %s", error)
            return False
        return True

    def _read(self) -> dict[str, str]:
        if not self.file.exists():
            return {}
        if os.name == "posix" and stat.S_IMODE(self.file.stat().st_mode) & 0o077:
            raise PermissionError(f"{self.file} may be read by others: install this workstation anew, its secret is no secret")
        kept: dict[str, str] = json.loads(self.file.read_text(encoding="utf-8"))
        return kept


def _keyring() -> Any:
    """The system's keyring, None where none works."""
    if os.environ.get(WHERE_VARIABLE) == "file":
        return None
    import keyring
    from keyring.backends import fail, null

    found = keyring.get_keyring()
    return None if isinstance(found, (fail.Keyring, null.Keyring)) or found.priority <= 0 else found


def secret_name(connection: Connection, code: str) -> str:
    """Under which name the secret of a workstation is kept."""
    return f"{connection.key} ws_{code}"
