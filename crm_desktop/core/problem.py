"""What a person can mend, as a value."""

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """An error stops issuing; a warning is shown and may be ignored."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with what was typed, said so that it can be mended at the field.

    code: stable name of the rule, for tests and for the log ("quantity_zero").
    field: where to jump to: "" for the whole record, else a dotted path ("buyer.nip", "lines.3.quantity";
        line indexes count from 0).
    message: an English msgid (mark it with `N_`) with `{name}` places that `values` fills; `core.i18n.tell` turns it
        into the sentence in the operator's language.
    """

    code: str
    field: str
    message: str
    values: dict[str, Any] = dataclasses.field(default_factory=dict, hash=False)
    severity: Severity = Severity.ERROR

    @property
    def stops(self) -> bool:
        """Whether the document may not be issued while this stands."""
        return self.severity is Severity.ERROR


def errors_of(problems: list[Problem]) -> list[Problem]:
    """Only those problems that stop the act."""
    return [problem for problem in problems if problem.stops]
