"""`crm-desktop prove --demo`: the invented company on an embedded server of its own, proved and removed."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from crm_desktop.app import prove_command
from crm_desktop.db.connect import Profile
from crm_desktop.db.embedded import EmbeddedServer
from crm_desktop.demo.company import DEMO, Scale, make_company
from crm_desktop.demo.stage import DATABASE


def run(say: Callable[[str], None], scale: Scale = DEMO) -> bool:
    """Whether everything holds in the company as it is made."""
    with tempfile.TemporaryDirectory(prefix="crm-prove-") as folder:
        embedded = EmbeddedServer(Path(folder) / "postgresql")
        server = embedded.start()
        try:
            place = Profile(server.host, server.port, "postgres", "disable")
            made = make_company(place, server.superuser, server.password, DATABASE, scale, tell=say)
            return prove_command.run(made.profile, server.superuser, server.password, say)
        finally:
            embedded.remove()
