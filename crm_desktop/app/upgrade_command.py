"""`crm-desktop upgrade`: a database is brought to this program's schema. Qt-free; what it says is in this computer's language."""

import logging

from crm_desktop import __version__
from crm_desktop.app.profiles import Memory
from crm_desktop.core import i18n
from crm_desktop.core.errors import Busy, CrmError, Offline, Outdated, WrongPassword
from crm_desktop.core.i18n import _
from crm_desktop.db.connect import Profile
from crm_desktop.db.upgrade import upgrade
from crm_desktop.modules import parts

log = logging.getLogger("crm_desktop.app.upgrade")


def speak() -> None:
    """Speak the language that was chosen on this computer."""
    i18n.use(Memory().known.language)


def run(profile: Profile, admin: str, password: str) -> tuple[bool, str]:
    """Upgrade; gives whether it was done, and the sentence that says so or why not."""
    try:
        upgrade(profile, admin, password, parts())
    except CrmError as error:
        log.info("the upgrade of %s ended: %s", profile.database, error)
        return False, sentence(error, profile, admin)
    done = _("{database} is at the schema of crm-desktop {version}.")
    return True, done.format(database=profile.database, version=__version__)


def sentence(error: CrmError, profile: Profile, admin: str) -> str:
    """What happened, what is safe, and what to do now."""
    if isinstance(error, Outdated):
        text = _(
            "The database {database} has schema {schema}, newer than this program {client} knows; nothing was changed and everybody"
            " can work on. Install the newer program and upgrade with that one."
        )
        more = " " + _("It lies at {place}.").format(place=error.installer) if error.installer else ""
        return text.format(database=profile.database, schema=error.schema, client=error.client) + more
    if isinstance(error, WrongPassword):
        text = _("The server does not accept the login {admin} with this password; nothing was changed. Check both and start it again.")
        return text.format(admin=admin)
    if isinstance(error, Offline):
        text = _("The server {server} does not answer. An upgrade is done whole or not at all: check the address, then start it again.")
        return text.format(server=f"{profile.host}:{profile.port}")
    if isinstance(error, Busy):
        text = _("The tables of {database} were in use all the time; nothing was changed. Start it again when fewer people work.")
        return text.format(database=profile.database)
    return str(error)
