"""A problem that one workstation meets and another shows: stored as msgid and values, told in the reader's language."""

import json

from crm_desktop.core.i18n import _, tell
from crm_desktop.core.problem import Problem


def packed(problem: Problem) -> str:
    """The problem as text for a column."""
    return json.dumps({"message": problem.message, "values": {key: str(value) for key, value in problem.values.items()}})


def unpacked(text: str) -> str:
    """The sentence in the language in use. Text that a person typed (a reason) comes back as it is."""
    if not text.startswith("{"):
        return _(text)
    stored = json.loads(text)
    return tell(Problem("stored", "", stored["message"], stored.get("values", {})))
