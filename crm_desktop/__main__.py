"""The one command: `crm-desktop [desktop | upgrade | worker | demo | emulator]`."""

import argparse
import getpass
import importlib
import logging
import logging.handlers
import os
import sys
from collections.abc import Sequence

from crm_desktop import __version__

PASSWORD_VARIABLE = "CRM_DESKTOP_ADMIN_PASSWORD"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; gives the exit code."""
    parser = argparse.ArgumentParser(prog="crm-desktop", description="The sales desk of a trading company, on PostgreSQL.")
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--log", default=os.environ.get("CRM_DESKTOP_LOG", "WARNING"), help="how much is logged: WARNING, INFO, DEBUG")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("desktop", help="the program (default)")
    upgrade = commands.add_parser("upgrade", help="bring a database to this program's schema")
    upgrade.add_argument("--host", default="127.0.0.1")
    upgrade.add_argument("--port", type=int, default=5432)
    upgrade.add_argument("--database", required=True)
    upgrade.add_argument("--tls", default="prefer", help="libpq's sslmode")
    upgrade.add_argument("--admin", default="postgres", help=f"login of a server administrator; password from {PASSWORD_VARIABLE} or typed")
    upgrade.add_argument("--role-prefix", default="", help="only where the database was copied under another name: its first name")
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


def _upgrade(known: argparse.Namespace) -> int:
    from crm_desktop.app import upgrade_command
    from crm_desktop.core.i18n import _
    from crm_desktop.db.connect import Profile

    upgrade_command.speak()
    profile = Profile(known.host, known.port, known.database, known.tls, role_prefix=known.role_prefix)
    password = os.environ.get(PASSWORD_VARIABLE) or getpass.getpass(_("Password of {login}: ").format(login=known.admin))
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
