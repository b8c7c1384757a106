"""The history of a document as changes (NBR-08)."""

from datetime import UTC, datetime

import pytest

from crm_desktop.documents.rules.model import HistoryEntry
from crm_desktop.documents.rules.story import Change, acts_of
from crm_desktop.documents.views.document_history import change_text

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LINE = {"position": "6", "code": "LED-9", "name": "Żarówka", "quantity": "5.000000", "unit": "szt.", "price": "12.000000"}
LINE |= {"discount": "0.00", "vat": "23"}


def entry(
    act: str, before: dict[str, str], after: dict[str, str], *lines: tuple[dict[str, str] | None, dict[str, str] | None]
) -> HistoryEntry:
    return HistoryEntry(AT, "Anna", act, before, after, [{"was": was, "is": now} for was, now in lines])


def test_what_was_entered_is_told_in_short() -> None:
    (act,) = acts_of(
        [entry("entered", {}, {"kind": "Faktura", "buyer.name": "Volt", "due_date": "2026-12-08", "gross": "5.00"}, (None, LINE))]
    )
    assert act.changes == (
        Change("kind", "", "Faktura"),
        Change("buyer.name", "", "Volt"),
        Change("lines", "", "1"),
        Change("gross", "", "5.00"),
    )


def test_each_change_says_what_it_was() -> None:
    before = {"buyer.name": "Volt", "due_date": "2026-12-08", "notes": "x", "gross": "73.80"}
    after = {"buyer.name": "Amper", "due_date": "2026-12-08", "gross": "70.73"}
    (act,) = acts_of([entry("changed", before, after, (LINE, LINE | {"price": "11.500000", "position": "5"}), (LINE, None), (None, LINE))])
    assert act.changes == (
        Change("buyer.name", "Volt", "Amper"),
        Change("notes", "x", ""),
        Change("lines.4.price", "12.000000", "11.500000"),
        Change("lines.5", "Żarówka", "", LINE),
        Change("lines.5", "", "Żarówka", LINE),
        Change("gross", "73.80", "70.73"),
    )


def test_the_newest_act_is_first_and_a_save_of_the_same_is_none() -> None:
    same = {"buyer.name": "Volt"}
    issued = same | {"number": "FS/KR/1/11/2026"}
    acts = acts_of([entry("entered", {}, same), entry("changed", same, same), entry("issued", same, issued), entry("returned", same, same)])
    assert [act.act for act in acts] == ["returned", "issued", "entered"]
    assert acts[0].changes == ()
    assert acts[1].changes == (Change("number", "", "FS/KR/1/11/2026"),)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (Change("buyer.name", "Volt", "Amper"), "buyer: Volt → Amper"),
        (Change("notes", "raz\ndwa", ""), "notes: raz dwa → (empty)"),
        (Change("due_date", "2026-12-08", "2026-12-01"), "due date: 08.12.2026 → 01.12.2026"),
        (Change("payment", "cash", "transfer"), "payment: cash → bank transfer"),
        (Change("gross", "1234.50", "-0.50"), "gross: 1 234,50 → −0,50"),
        (Change("number", "", "FS/KR/1/11/2026"), "number: FS/KR/1/11/2026"),
        (Change("lines.5.quantity", "5.000000", "1.500000"), "line 6, quantity: 5 → 1,5"),
        (Change("lines.5.price", "12.000000", "11.505000"), "line 6, price: 12,00 → 11,505"),
        (Change("lines.5.discount", "0.00", "2.50"), "line 6, discount: 0 % → 2,5 %"),
        (Change("lines.5.vat", "23", "zw"), "line 6, VAT: 23 % → zw"),
        (Change("lines.5", "", "Żarówka", LINE), "line 6 added: Żarówka, 5 szt. × 12,00"),
        (Change("lines.5", "Żarówka", "", LINE), "line 6 taken out: Żarówka, 5 szt. × 12,00"),
        (Change("lines", "", "12"), "lines: 12"),
    ],
)
def test_a_change_is_a_sentence(change: Change, text: str) -> None:
    assert change_text(change).replace("\N{NO-BREAK SPACE}", " ") == text
