"""The manifest of a slice: one frozen value, listed in crm_desktop/modules.py. Qt-free."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Scope(StrEnum):
    """Whose value a setting has. A narrower scope overrides a wider one."""

    COMPANY = "company"
    BRANCH = "branch"
    EMPLOYEE = "employee"
    WORKSTATION = "workstation"


@dataclass(frozen=True)
class Permission:
    """A right that a role can hold. `name` is `<slice>.<act>`, the same word as the service function; `title` a msgid."""

    name: str
    title: str


@dataclass(frozen=True)
class Setting:
    """A declared setting: key `<slice>.<word>`, Python type, default, the widest scope it may be set at, title (msgid)."""

    key: str
    type: type
    default: Any
    scope: Scope
    title: str


@dataclass(frozen=True)
class Invariant:
    """What holds on any base. `name` is `<slice>.<word>`: `code.prove_<slice>_<word>` in the slice's sql/invariants.sql gives the rows that
    break it; `title` (msgid) is the sentence that is then untrue."""

    name: str
    title: str


@dataclass(frozen=True)
class Module:
    """What a slice brings.

    metadata: the SQLAlchemy MetaData of its tables (its PostgreSQL schema is the slice's name), or None.
    messages: constraint name -> English msgid for people.
    reacts: event type -> function (tx, event), run in the same transaction.
    """

    name: str
    title: str
    metadata: Any = None
    messages: Mapping[str, str] = field(default_factory=dict)
    permissions: tuple[Permission, ...] = ()
    settings: tuple[Setting, ...] = ()
    invariants: tuple[Invariant, ...] = ()
    reacts: Mapping[type, Callable[..., None]] = field(default_factory=dict)
