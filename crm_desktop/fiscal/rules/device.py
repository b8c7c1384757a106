"""Problems of a printer's card, each at its field."""

from collections.abc import Mapping

from crm_desktop.core.i18n import N_
from crm_desktop.core.problem import Problem
from crm_desktop.core.text import SHORT, check_name

#: The letters under which a fiscal printer keeps VAT rates.
LETTERS = "ABCDEFG"
#: Letter → rate of a printer that nobody has looked at yet: the usual programming in Poland.
USUAL_RATES = {"A": "23", "B": "8", "C": "5", "D": "0 KR", "E": "zw"}


def check_device(name: str, has_workstation: bool, rates: Mapping[str, str]) -> list[Problem]:
    """A name, the workstation that it hangs on, and at least one letter with a rate; no rate under two letters.

    The address is judged where it is understood (devices/opening.py).
    """
    problems = check_name(name, "name", SHORT)
    if not name.strip():
        problems.append(Problem("name_missing", "name", N_("The name is missing.")))
    if not has_workstation:
        problems.append(Problem("workstation_missing", "workstation_id", N_("Choose the workstation that the printer hangs on.")))
    used = [rate for rate in rates.values() if rate]
    if not used:
        problems.append(Problem("rates_missing", "rates", N_("Give at least one letter its VAT rate, as the printer is programmed.")))
    twice = sorted({rate for rate in used if used.count(rate) > 1})
    if twice:
        message = N_("The rate {rate} stands under two letters.")
        problems.append(Problem("rates_twice", "rates", message, {"rate": twice[0]}))
    return problems
