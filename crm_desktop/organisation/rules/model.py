"""What the organisation consists of, as its windows edit it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class Company:
    """The company itself. `ksef_from`: the first day on which KSeF applies to it; None: not yet."""

    name: str = ""
    nip: str = ""
    street: str = ""
    post_code: str = ""
    city: str = ""
    iban: str = ""
    ksef_from: date | None = None
    version: int = 0


@dataclass(frozen=True)
class Branch:
    """A branch. Nothing is issued with a date up to and including `closed_until`."""

    id: UUID
    code: str = ""
    name: str = ""
    street: str = ""
    post_code: str = ""
    city: str = ""
    closed_until: date | None = None
    active: bool = True
    version: int = 0


@dataclass(frozen=True)
class Employee:
    """An employee with her login, roles and branches."""

    id: UUID
    login: str = ""
    name: str = ""
    roles: tuple[UUID, ...] = ()
    branches: tuple[UUID, ...] = ()
    active: bool = True
    version: int = 0


@dataclass(frozen=True)
class Role:
    """A role and the names of the permissions it gives."""

    id: UUID
    name: str = ""
    permissions: tuple[str, ...] = ()
    version: int = 0


@dataclass(frozen=True)
class Workstation:
    """A workstation; its devices are served under its own login."""

    id: UUID
    code: str = ""
    name: str = ""
    branch_id: UUID | None = None
    active: bool = True
    version: int = 0


@dataclass(frozen=True)
class NumberSeries:
    """A number series of a branch: `pattern` with {number}, {year}, {month}, {branch}; `restart` none, year or month."""

    id: UUID
    code: str = ""
    branch_id: UUID | None = None
    pattern: str = ""
    restart: str = "year"
    legal: bool = True
    version: int = 0


@dataclass(frozen=True)
class Session:
    """A connection of a person or a workstation. state: as PostgreSQL names it; since: when it came into it; open_since: when its
    transaction began. blocked_by: the sessions whose locks it waits for. statement: the last one, without its values."""

    pid: int
    began: datetime
    who: str
    login: str
    is_employee: bool
    mine: bool
    program: str
    address: str
    state: str
    since: datetime
    open_since: datetime | None
    waits: bool
    blocked_by: tuple[int, ...]
    statement: str
