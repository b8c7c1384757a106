"""The one command: `crm-desktop [desktop | upgrade | prove | backup | restore | worker | demo | emulator]`."""

import argparse
import getpass
import importlib
import logging
import logging.handlers
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crm_desktop import __version__

if TYPE_CHECKING:
    from crm_desktop.db.connect import Profile

PASSWORD_VARIABLE = "CRM_DESKTOP_ADMIN_PASSWORD"
NEW_VARIABLE = "CRM_DESKTOP_NEW_PASSWORD"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; gives the exit code."""
    parser = argparse.ArgumentParser(prog="crm-desktop", description="The sales desk of a trading company, on PostgreSQL.")
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--log", default=os.environ.get("CRM_DESKTOP_LOG", "WARNING"), help="how much is logged: WARNING, INFO, DEBUG")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("desktop", help="the program (default)")
    upgrade = commands.add_parser("upgrade", help="bring a database to this program's schema")
    _ask_where(upgrade)
    prove = commands.add_parser("prove", help="say of every invariant whether the data keep it, and which rows do not")
    _ask_where(prove, required=False)
    prove.add_argument("--demo", action="store_true", help="of the invented company, made for this")
    backup = commands.add_parser("backup", help="save a database as one file")
    backup.add_argument("file", type=Path)
    _ask_where(backup)
    restore = commands.add_parser("restore", help="make a new database from such a file, and prove it")
    restore.add_argument("file", type=Path)
    _ask_where(restore, required=False)
    restore.add_argument("--rehearse", action="store_true", help="on a server of its own that is gone again afterwards")
    restore.add_argument("--enter-as", default="", metavar="LOGIN", help=f"who gets a new password, from {NEW_VARIABLE} or typed")
    worker = commands.add_parser("worker", help="serve this workstation's devices without a window, until SIGTERM")
    worker.add_argument("--connection", default="", help="host:port/database of a known connection (default: the last one used)")
    demo = commands.add_parser("demo", help="an invented company with a printer and a worker")
    demo.add_argument("--tour", action="store_true", help="drive the windows through the main job and write demo-output/")
    commands.add_parser("emulator", help="an emulated POSNET printer", add_help=False)
    given = list(sys.argv[1:] if arguments is None else arguments)
    known, rest = parser.parse_known_args(given)
    if rest and known.command not in ("emulator", "demo"):
        parser.error(f"unknown: {' '.join(rest)}")
    _log(known.log)
    match known.command:
        case "upgrade":
            return _upgrade(known)
        case "prove":
            if not known.demo and not known.database:
                prove.error("give --database, or --demo")
            return _prove(known)
        case "backup":
            return _backup(known)
        case "restore":
            if not known.rehearse and not known.database:
                restore.error("give --database, or --rehearse")
            return _restore(known)
        case "worker":
            from crm_desktop.app import worker_process

            return worker_process.run(known.connection)
        case "demo":
            invented = importlib.import_module("crm_desktop.demo.__main__")  # only a demo needs it
            return int(invented.main([*(["--tour"] if known.tour else []), *rest]))
        case "emulator":
            from crm_desktop.fiscal.drivers.posnet.emulator.__main__ import main as emulator

            return int(emulator(rest) or 0)
        case _:
            from crm_desktop.app import desktop

            return desktop.run([sys.argv[0], *rest])


def _ask_where(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """Which database, and as whom: an administrator of its server."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5432)
    parser.add_argument("--database", required=required, default="")
    parser.add_argument("--tls", default="prefer", help="libpq's sslmode")
    parser.add_argument("--admin", default="postgres", help=f"login of a server administrator; password from {PASSWORD_VARIABLE} or typed")
    parser.add_argument("--role-prefix", default="", help="only where the database was copied under another name: its first name")


def _place(known: argparse.Namespace) -> "tuple[Profile, str]":
    """The database that was named, and the administrator's password."""
    from crm_desktop.core.i18n import _
    from crm_desktop.db.connect import Profile

    profile = Profile(known.host, known.port, known.database, known.tls, role_prefix=known.role_prefix)
    return profile, os.environ.get(PASSWORD_VARIABLE) or getpass.getpass(_("Password of {login}: ").format(login=known.admin))


def _prove(known: argparse.Namespace) -> int:
    from crm_desktop.app import prove_command, upgrade_command

    upgrade_command.speak()
    if known.demo:
        return 0 if importlib.import_module("crm_desktop.demo.proving").run(_tell) else 1  # only a demo needs it
    profile, password = _place(known)
    try:
        return 0 if prove_command.run(profile, known.admin, password, _tell) else 1
    except prove_command.Unprovable as error:
        print(f"crm-desktop prove: {error}", file=sys.stderr)
        return 1


def _backup(known: argparse.Namespace) -> int:
    from crm_desktop.app import backup_command, upgrade_command

    upgrade_command.speak()
    profile, password = _place(known)
    try:
        backup_command.save(profile, known.admin, password, known.file, _tell)
    except backup_command.Failed as error:
        print(f"crm-desktop backup: {error}", file=sys.stderr)
        return 1
    return 0


def _restore(known: argparse.Namespace) -> int:
    from dataclasses import replace

    from crm_desktop.app import backup_command, upgrade_command
    from crm_desktop.core.i18n import _

    upgrade_command.speak()
    try:
        if known.rehearse:
            return 0 if backup_command.rehearse(known.file, _tell) else 1
        profile, password = _place(known)
        entering = None
        if known.enter_as:
            asked = _("New password of {login}: ").format(login=known.enter_as)
            entering = (known.enter_as, os.environ.get(NEW_VARIABLE) or getpass.getpass(asked))
        server = replace(profile, database="postgres")
        sound = backup_command.restore(server, known.admin, password, known.file, profile.database, _tell, entering)
    except backup_command.Failed as error:
        print(f"crm-desktop restore: {error}", file=sys.stderr)
        return 1
    return 0 if sound else 1


def _tell(line: str) -> None:
    """At once, also into a file or a pipe: a large base takes minutes."""
    print(line, flush=True)


def _upgrade(known: argparse.Namespace) -> int:
    from crm_desktop.app import upgrade_command

    upgrade_command.speak()
    profile, password = _place(known)
    done, sentence = upgrade_command.run(profile, known.admin, password)
    print(sentence if done else f"crm-desktop upgrade: {sentence}", file=sys.stdout if done else sys.stderr)
    return 0 if done else 1


def _log(level: str) -> None:
    """To the terminal, and into a file beside the connections that is kept small."""
    from crm_desktop.app.profiles import folder

    handlers: list[logging.Handler] = [logging.StreamHandler()]
    try:
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        handlers.append(
            logging.handlers.RotatingFileHandler(
                folder() / "crm-desktop.log", maxBytes=2_000_000, backupCount=3, encoding="utf-8", delay=True
            )
        )
        handlers[-1].setLevel(logging.INFO)
    except OSError as error:
        print(f"crm-desktop: no log file: {error}", file=sys.stderr)
    handlers[0].setLevel(level.upper())
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s", handlers=handlers)


if __name__ == "__main__":
    sys.exit(main())
