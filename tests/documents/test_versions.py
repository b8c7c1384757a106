"""Two people at one draft (ARC-02)."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from crm_desktop.documents.rules.model import Draft, Line, PaymentForm
from crm_desktop.documents.rules.versions import CONTENT, merged, parts
from tests.support.desk_in_memory import INVOICE, RECEIPT
from tests.support.drafts import draft


def line(number: int, quantity: int = 1) -> Line:
    return Line(UUID(int=number), UUID(int=50), f"K{number}", "Kabel", Decimal(quantity), "m", Decimal("4.43"), "23")


BASE: Draft = replace(draft(), kind=INVOICE, lines=(line(1), line(2)), version=1)


def taken(base: Draft, mine: Draft, theirs: Draft) -> dict[str, object]:
    """As the dialog does it where nothing clashes: the value of whoever changed it."""
    return {path: own if other == was else other for path, (was, own, other) in parts(base, mine, theirs).items()}


def test_what_each_changed_stands_in_the_merged_draft() -> None:
    mine = replace(BASE, lines=(line(1, 7), line(2), line(3)))
    theirs = replace(BASE, payment=PaymentForm.CARD, lines=(line(1), line(4)), version=2)
    draft = merged(mine, theirs, taken(BASE, mine, theirs))
    assert draft.payment is PaymentForm.CARD
    assert [f"{each.code} × {each.quantity}" for each in draft.lines] == ["K1 × 7", "K4 × 1", "K3 × 1"]
    assert draft.version == 2


def test_a_line_that_both_changed_is_one_clash() -> None:
    mine, theirs = replace(BASE, lines=(line(1, 7), line(2))), replace(BASE, lines=(line(1, 9), line(2)), version=2)
    clashes = [path for path, (was, own, other) in parts(BASE, mine, theirs).items() if len({was, own, other}) == 3]
    assert clashes == [f"lines.{UUID(int=1)}"]


def test_prices_of_two_bases_do_not_mix() -> None:
    """Somebody made it a receipt: gross prices; then all lines are hers or mine."""
    mine, theirs = replace(BASE, lines=(line(1, 7), line(2))), replace(BASE, kind=RECEIPT, lines=(line(1, 9),), version=2)
    found = parts(BASE, mine, theirs)
    assert CONTENT in found
    assert not [path for path in found if path.startswith("lines.")]
    values = {path: other for path, (_was, _own, other) in found.items()}
    assert merged(mine, theirs, values) == theirs


def test_many_lines_are_decided_once() -> None:
    mine, theirs = replace(BASE, lines=()), replace(BASE, lines=tuple(line(number) for number in range(10, 30)), version=2)
    found = parts(BASE, mine, theirs)
    draft = merged(mine, theirs, {path: own for path, (_was, own, _other) in found.items()})
    assert draft == replace(mine, version=2)
