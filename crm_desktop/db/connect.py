"""Where the server is and how a login reaches it. One `Profile` a company database; the password is never kept here."""

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import tuple_row

from crm_desktop.db.errors import translated

#: The schema that this client was written for; an older database must be upgraded first (ARC-04).
SCHEMA_VERSION = 3

#: The client gives up a connect attempt after this many seconds.
CONNECT_SECONDS = 5

#: A peer gone silent is noticed by both sides within 15 s, so that a number it holds delays others by at most 20 s.
_KEEPALIVE = {
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


@dataclass(frozen=True)
class Profile:
    """How to reach one database. `tls` is a libpq sslmode; `role_prefix` is only given where it is not the database's name."""

    host: str = "127.0.0.1"
    port: int = 5432
    database: str = "crm"
    tls: str = "prefer"
    name: str = ""
    role_prefix: str = ""

    def role(self, login: str) -> str:
        """The PostgreSQL login role of an employee's or workstation's login."""
        return f"{self.role_prefix or self.database}_{login}"


def connect(profile: Profile, role: str, password: str, *, application: str = "crm-desktop") -> psycopg.Connection[Any]:
    """An autocommit connection of `role`.

    Raises WrongPassword or Offline.
    """
    try:
        return psycopg.connect(**parameters(profile, role, password, application), autocommit=True, row_factory=tuple_row)
    except psycopg.Error as error:
        raise translated(error) from error


def parameters(profile: Profile, role: str, password: str, application: str) -> dict[str, Any]:
    """The libpq parameters of a connection."""
    return {
        "host": profile.host,
        "port": profile.port,
        "dbname": profile.database,
        "user": role,
        "password": password,
        "sslmode": profile.tls,
        "connect_timeout": CONNECT_SECONDS,
        "application_name": application,
        "client_encoding": "UTF8",
        **_KEEPALIVE,
    }
