"""What is wrong with a letter before it is sent."""

from crm_desktop.core.i18n import N_
from crm_desktop.core.problem import Problem
from crm_desktop.messages.rules.model import LONGEST, Letter


def check(letter: Letter) -> list[Problem]:
    """All at once; the database says the same to any other writer."""
    problems = []
    if not letter.to and not letter.branches and not letter.to_all:
        problems.append(Problem("message_to_nobody", "to", N_("Choose whom the message is for.")))
    if not letter.text.strip():
        problems.append(Problem("message_text_there", "text", N_("Write something.")))
    if len(letter.text.strip()) > LONGEST:
        too_long = N_("A message has at most {most} characters; this one has {count}.")
        problems.append(Problem("message_text_short", "text", too_long, {"most": LONGEST, "count": len(letter.text.strip())}))
    return problems


def beginning(text: str, most: int = 80) -> str:
    """The first line, for lists and toasts; a longer one ends with dots.

    >>> beginning("Zadzwoń do Volta.\\nChodzi o fakturę."), beginning("Bardzo długa wiadomość", 10)
    ('Zadzwoń do Volta.', 'Bardzo…')
    """
    first = text.strip().partition("\n")[0].strip()
    if len(first) <= most:
        return first
    cut = first[: most - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,.;:–-") + "…"
