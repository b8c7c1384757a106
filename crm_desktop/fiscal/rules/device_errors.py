"""What a POSNET error code means to a person, and what may be done about it (protocol 3.13)."""

from enum import StrEnum

from crm_desktop.core.i18n import N_
from crm_desktop.core.problem import Problem


class Fault(StrEnum):
    """DATA our content is wrong; STATE wrong moment; OPERATOR somebody at the device must act; LATER try again soon;
    DEVICE the device is broken or in an unknown state."""

    DATA = "D"
    STATE = "S"
    OPERATOR = "O"
    LATER = "L"
    DEVICE = "F"


D, S, O, L, F = Fault.DATA, Fault.STATE, Fault.OPERATOR, Fault.LATER, Fault.DEVICE  # noqa: E741  (letters of the table)

FRAME_TEXT = N_("The printer did not understand a command ({detail}).")
# For the log.
FRAME_DETAILS = {
    1: "unknown command",
    2: "required field missing",
    3: "field conversion",
    4: "bad token",
    5: "bad check sum",
    6: "bad structure",
    10: "field length",
    11: "receive buffer full",
    12: "not allowed as immediate",
    13: "token not found",
    14: "input queue full",
    15: "no check sum",
}

# First code, last code, class, text.
RANGES: tuple[tuple[int, int, Fault, str], ...] = (
    (30, 30, O, N_("The printing was stopped at the printer.")),
    (40, 40, S, N_("The printer does not allow this on this connection.")),
    (41, 41, L, N_("The printer is busy with another connection.")),
    (50, 56, F, N_("The printer reports an internal failure.")),
    (323, 323, O, N_("This is blocked in the printer's configuration.")),
    (382, 382, S, N_("The printer refuses a second empty daily report.")),
    (383, 383, O, N_("The daily report of a past day is missing. Make it first.")),
    (384, 384, D, N_("The printer has no such fiscal record.")),
    (387, 388, O, N_("The printer's memory is full. Call the service.")),
    (460, 462, O, N_("The printer's clock is wrong or not synchronised.")),
    (484, 484, O, N_("The printer's subscription has ended, it blocks sales.")),
    (488, 488, O, N_("The printer's subscription has ended, it blocks sales.")),
    (499, 499, S, N_("The printer is set to another protocol on this connection.")),
    (502, 502, D, N_("The printer's cash counter would overflow.")),
    (503, 503, D, N_("The printer holds less cash than was taken out; it set its counter to 0.")),
    (752, 752, S, N_("The printer is set to another protocol on this connection.")),
    (1000, 1007, F, N_("The printer's fiscal memory is faulty. Call the service.")),
    (1028, 1041, F, N_("The printer's fiscal memory is faulty. Call the service.")),
    (1950, 1959, D, N_("An amount is larger than the printer allows.")),
    (1961, 1961, D, N_("The change is larger than the printer allows.")),
    (1962, 1962, D, N_("A payment of value 0 is not allowed.")),
    (1980, 1985, D, N_("The printer refuses this discount.")),
    (1990, 1991, S, N_("The printer does not allow a discount or a cancelled line now.")),
    (1992, 1992, S, N_("The receipt has no line.")),
    (2000, 2000, D, N_("The VAT letter is not active in the printer.")),
    (2001, 2001, D, N_("The number of packagings must be a whole number.")),
    (2002, 2002, O, N_("The printer has no header. Call the service.")),
    (2004, 2004, O, N_("The printer has no active VAT rates.")),
    (2005, 2005, S, N_("No receipt is open on the printer.")),
    (2006, 2006, D, N_("The printer refuses the price.")),
    (2007, 2007, D, N_("The printer refuses the quantity.")),
    (2008, 2009, D, N_("The printer refuses the value of the line.")),
    (2010, 2010, O, N_("The printer's daily totals are nearly full. Make the daily report first.")),
    (2020, 2026, D, N_("The printer refuses the clock setting.")),
    (2028, 2028, S, N_("The printer has these VAT rates already.")),
    (2033, 2034, S, N_("The printer is in another fiscal mode.")),
    (2035, 2035, S, N_("Make the daily report first: the printer's totals are not zero.")),
    (2036, 2036, O, N_("The printer is in read-only mode. Call the service.")),
    (2038, 2038, S, N_("An unfinished receipt is open on the printer.")),
    (2039, 2039, S, N_("The printer's totals are zero.")),
    (2041, 2041, D, N_("The receipt's value is 0.")),
    (2042, 2050, D, N_("The printer refuses the range of the report.")),
    (2052, 2052, D, N_("The receipt has more lines than the printer can hold.")),
    (2054, 2054, D, N_("The payments do not cover the amount due.")),
    (2055, 2058, D, N_("The printer refuses a line of text.")),
    (2060, 2060, S, N_("The printer is in another step of the receipt.")),
    (2062, 2062, S, N_("A part of another document is already printed.")),
    (2063, 2063, D, N_("The printer refuses a parameter.")),
    (2064, 2064, S, N_("The printer is in another step of the receipt.")),
    (2066, 2066, S, N_("The printer is in another step of the receipt.")),
    (2094, 2094, S, N_("The receipt has its change already.")),
    (2096, 2096, D, N_("A NIP must have exactly 10 digits.")),
    (2101, 2101, O, N_("The printer's goods base is full. Call the service.")),
    (2102, 2103, D, N_("The VAT letter does not fit the printer's goods base.")),
    (2104, 2105, D, N_("The printer refuses the goods name.")),
    (
        2106,
        2106,
        D,
        N_("The printer blocks this goods name because its VAT rate was lower before. Change the printed name."),
    ),
    (2501, 2509, D, N_("The printer refuses a non-fiscal print.")),
    (2600, 2601, D, N_("The printer refuses this discount.")),
    (2701, 2703, D, N_("The printer refuses a parameter.")),
    (2704, 2704, O, N_("The printer's battery is low.")),
    (2705, 2705, D, N_("The printer does not know this kind of payment.")),
    (2706, 2706, O, N_("The printer has no power supply.")),
    (2801, 2801, D, N_("The printer computes the discount otherwise.")),
    (2802, 2802, D, N_("The printer computes the line's value otherwise.")),
    (2803, 2803, D, N_("The printer computes the deposit otherwise.")),
    (2804, 2804, D, N_("The printer computes the payment otherwise.")),
    (2805, 2805, D, N_("The printer computes the total otherwise.")),
    (2806, 2807, D, N_("The printer computes the deposits otherwise.")),
    (2808, 2809, D, N_("The printer computes payments or change otherwise.")),
    (2810, 2810, D, N_("A document of packagings must not have value 0.")),
    (2851, 2853, D, N_("The line to be cancelled is not on the receipt.")),
    (2900, 2930, O, N_("The printer's protected memory is full or not ready. Call the service.")),
    (3080, 3085, O, N_("The printer waits for a change of VAT rates.")),
    (3432, 3472, O, N_("The printer reports trouble with its network.")),
    (3733, 3733, O, N_("The printer blocks sales until its certificates are exchanged. Call the service.")),
    (3735, 3735, O, N_("The printer blocks sales until its certificates are exchanged. Call the service.")),
    (3901, 3915, O, N_("The printer reports trouble with the central repository.")),
)
UNKNOWN_TEXT = N_("Unknown printer error {code}.")


def fault_of(code: int) -> Fault:
    """The class of a command error; unknown codes count as a fault of the device and are not tried again."""
    return next((kind for first, last, kind, _text in RANGES if first <= code <= last), Fault.DEVICE)


def device_problem(code: int, field: str = "") -> Problem:
    """What to tell a person about command error `code`; the code stays in Problem.code ("posnet_2106")."""
    text = next((text for first, last, _kind, text in RANGES if first <= code <= last), UNKNOWN_TEXT)
    return Problem(f"posnet_{code}", field, text, {"code": code})


def frame_problem(code: int, command: str, field: str) -> Problem:
    """A frame that the device could not accept: a fault of this program or noise on the line."""
    detail = " ".join(part for part in (str(code), command, field) if part)
    return Problem(f"posnet_frame_{code}", "", FRAME_TEXT, {"detail": detail})


MECHANISM = {
    1: ("cover_open", N_("The printer's cover or lever is open.")),
    2: ("mechanism", N_("The printer cannot reach its printing mechanism. Call the service.")),
    3: ("cover_open", N_("The printer's cover or lever is open.")),
    5: ("no_paper", N_("The printer is out of paper. Put in a new roll, then it goes on by itself.")),
    6: ("temperature", N_("The printing mechanism is too hot or badly supplied. It goes on after a while.")),
    7: ("power", N_("The printer's power supply fails.")),
    8: ("cutter", N_("The paper cutter is jammed.")),
    9: ("power", N_("The printer's power supply fails.")),
    10: ("cover_open", N_("The printer's cover or lever is open.")),
}
DISPLAY = {
    1: ("in_menu", N_("Somebody is in the printer's menu. Leave it to go on.")),
    2: ("key_wait", N_("The printer waits for a key.")),
    3: ("user_wait", N_("The printer shows an error and waits for a key.")),
}
BUSY_ELSEWHERE = N_("The printer is busy with another connection.")


def waiting_problem(mechanism: int, display: int, held_elsewhere: bool = False) -> Problem | None:
    """Why a device that still works on a command does not go on (`sprn.pr`, `sdev.ds`); None: it is just printing."""
    if mechanism:
        name, text = MECHANISM.get(mechanism, ("mechanism", MECHANISM[2][1]))
        return Problem(f"fiscal_{name}", "", text)
    if display:
        name, text = DISPLAY.get(display, DISPLAY[3])
        return Problem(f"fiscal_{name}", "", text)
    return Problem("fiscal_busy_elsewhere", "", BUSY_ELSEWHERE) if held_elsewhere else None
