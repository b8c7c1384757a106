"""What the papers leave open about POSNET devices, each one constant: a session with real hardware changes data here.

Source: protocol specification POT-I-DEV-37 and the comparison of clients; the comment says why it is an assumption.
"""

# The specification shows refusals without TAB before '#', a maker's model sends it: read both; the emulator emits TAB.
ERROR_REPLY_TAB = True
# The specification prints the number of a failed `rpt` as er13 in its example and as ?13 in its grammar: both are read.
RPT_ERROR_TAGS = ("?", "er")
# Not shown whether the reply to "!sdev" carries the '!': both are read.
ASYNC_REPLY_HAS_BANG = False
# Example of another command only: the emulator puts the token directly after the mnemonic; it is read anywhere.
TOKEN_AFTER_MNEMONIC = True
# Nothing is said about the reply store over a power cut: treated as lost, so the counters must be able to decide.
RPT_SURVIVES_POWER = False
RPT_STORE = 32
# Whether an open receipt survives a power cut is not stated: the emulator plays both, recovery bears both.
OPEN_RECEIPT_AFTER_POWER_LOSS = ("kept", "cancelled")
# Whether cancelling an empty receipt takes a number is not stated: only the counter of completed receipts is judged.
JUDGE_CANCELLED_COUNTER = False
# Meaning of strns.fe: the receipt counts as closed by `trend`, also when the footer stays open.
COMMIT_AT = "trend"
# One program on TCP; a second is refused.
TCP_CLIENTS = 1
# Code page 1 must be ISO 8859-2 because its table glyphs lie where that page has control characters; 2 is Mazovia.
CODE_PAGES = {0: "cp1250", 1: "iso8859_2"}
# Whether ftrcfg sn holds for one document or longer is not stated: it is sent before each receipt.
SYSTEM_NUMBER_PER_DOCUMENT = True
# The number of the error of `prncancel` with nothing open is not in the specification: any refusal is taken for it.
IDLE_CANCEL_ERRORS_ACCEPTED = True
# "Rounded" in the papers: a tie goes up (core.rounding.r2; positive amounts only occur here).
TIE_GOES_UP = True
# "Not subject to VAT" has no letter of its own; the accountant decides, refused until then.
NOT_SUBJECT_LETTER: str | None = None
# Seconds, from one client's experience; the specification gives none.
TIMEOUT_STATUS, TIMEOUT_ACTION, TIMEOUT_PRINTING, POLL_EVERY, WAIT_AT_MOST = 5.0, 15.0, 30.0, 2.0, 3600.0
