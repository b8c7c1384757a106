"""The printed documents, 40 columns (order of protocol 3.16, which the regulation on cash registers fixes)."""

import hashlib
import textwrap
from typing import Any

from crm_desktop.fiscal.drivers.posnet.emulator.arithmetic import EXEMPT, INACTIVE, amount, money, percent, tax
from crm_desktop.fiscal.drivers.posnet.emulator.sale import Sale
from crm_desktop.fiscal.drivers.posnet.emulator.store import Memory

WIDTH = 40
LETTERS = "ABCDEFG"
HEADER = ("SKLEP PRZYKŁADOWY", "ul. Próbna 1, 00-001 Warszawa")
SELLER_NIP = "1234563218"
KINDS = {0: "Gotówka", 2: "Karta", 3: "Czek", 4: "Bon", 5: "Kredyt", 6: "Inna", 7: "Voucher", 8: "Przelew"}


def row(left: str, right: str = "") -> list[str]:
    """Left and right on one line, or on two where they do not fit."""
    if len(left) + len(right) + 1 <= WIDTH:
        return [left + right.rjust(WIDTH - len(left))] if right else [left]
    lines = textwrap.wrap(left, WIDTH) or [""]
    return [*lines, right.rjust(WIDTH)] if right else lines


def _head(memory: Memory, title: str) -> list[str]:
    top = [line.center(WIDTH).rstrip() for line in HEADER]
    return [*top, *row(f"NIP {SELLER_NIP}", f"nr:{memory.headers + 1}"), title.center(WIDTH).rstrip()]


def sale_line(line: dict[str, Any]) -> list[str]:
    """Name, quantity × price and value, and the discount below."""
    letter = LETTERS[line["letter"]]
    sign = -1 if line["storno"] else 1
    count = f"{amount(line['quantity'])}{line['unit']} x{money(line['price'])}"
    lines = row(("STORNO " if line["storno"] else "") + line["name"])
    lines += row("", f"{count} {money(sign * line['value'])}{letter}")
    if line["discount"]:
        name = "OPUST" if line["discount"] > 0 else "NARZUT"
        lines += row(f"{name} {line['label']}".rstrip(), money(-sign * line["discount"]))
        lines += row("", f"{money(sign * (line['value'] - line['discount']))}{letter}")
    return lines


def receipt(memory: Memory, sale: Sale, number: int, paid: int, change: int, footer: dict[str, str], time: str) -> list[str]:
    """A completed receipt."""
    lines = _head(memory, "PARAGON FISKALNY")
    for line in sale.lines:
        lines += sale_line(line)
    lines.append("-" * WIDTH)
    for reduction in sale.reductions:
        lines += row(f"{'OPUST' if reduction['amount'] < 0 else 'NARZUT'} {reduction['label']}", money(reduction["amount"]))
    off = sum(line["discount"] for line in sale.lines if line["discount"] > 0 and not line["storno"])
    off -= sum(reduction["amount"] for reduction in sale.reductions if reduction["amount"] < 0)
    if off:
        lines += row("OPUSTY ŁĄCZNIE", money(off))
    lines += _rates(memory, sale.totals)
    lines += row("SUMA PLN", money(sale.fiscal))
    lines += _packs(sale)
    lines += _payments(sale, paid, change)
    lines.append("")
    lines += row(f"{number:05} #{footer.get('till', '')} {footer.get('cashier', '')}".rstrip(), time.replace("T", " "))
    if sale.nip:
        lines += row("NIP NABYWCY:", sale.nip)
    digest = hashlib.sha1("\n".join(lines).encode(), usedforsecurity=False).hexdigest().upper()
    lines += [digest, f"{{PL}} {memory.unique}".center(WIDTH).rstrip()]
    if footer.get("system"):
        lines += row("Nr sys.", footer["system"])
    return lines


def _rates(memory: Memory, totals: list[int]) -> list[str]:
    lines, taxes = [], 0
    for index, gross in enumerate(totals):
        if gross:
            taxed = "SPRZEDAŻ ZWOLNIONA" if memory.rates[index] == EXEMPT else f"SPRZEDAŻ OPODATKOWANA {LETTERS[index]}"
            lines += row(taxed, money(gross))
    for index, gross in enumerate(totals):
        rate = memory.rates[index]
        if gross and rate not in (EXEMPT, INACTIVE):
            taxes += tax(gross, rate)
            lines += row(f"PTU {LETTERS[index]} {percent(rate)}%", money(tax(gross, rate)))
    return [*lines, *row("SUMA PTU", money(taxes))]


def _packs(sale: Sale) -> list[str]:
    lines: list[str] = []
    for returned, title in ((False, "OPAKOWANIA ZWROTNE WYDANIA"), (True, "OPAKOWANIA ZWROTNE PRZYJĘCIA")):
        packs = [pack for pack in sale.packs if pack["returned"] is returned]
        if packs:
            lines.append(title)
        for pack in packs:
            name = pack["text"] or f"opakowanie {pack['number']}".rstrip()
            lines += row(f"{name} {pack['quantity']} x{money(pack['price'])}", money(pack["value"]))
    if sale.packs:
        lines += row("DO ZAPŁATY", money(sale.due))
    return lines


def _payments(sale: Sale, paid: int, change: int) -> list[str]:
    lines = ["ROZLICZENIE PŁATNOŚCI"]
    for payment in sale.payments or [{"type": 0, "name": "", "amount": paid, "change": False}]:
        if not payment["change"]:
            lines += row(f"{KINDS[payment['type']]} {payment['name']}".rstrip(), money(payment["amount"]))
    return [*lines, *row("RESZTA", money(change))] if change else lines


def cancelled(memory: Memory, sale: Sale, number: int, time: str) -> list[str]:
    """A cancelled receipt."""
    lines = _head(memory, "PARAGON FISKALNY")
    for line in sale.lines:
        lines += sale_line(line)
    lines += ["TRANSAKCJA ANULOWANA".center(WIDTH).rstrip(), *row(f"{number:05}", time.replace("T", " "))]
    return [*lines, f"{{PL}} {memory.unique}".center(WIDTH).rstrip()]


def daily(memory: Memory, number: int, time: str) -> list[str]:
    """A daily report: net and tax from the daily gross sums."""
    lines = _head(memory, "RAPORT FISKALNY DOBOWY")
    lines += row("Nr raportu", f"{number:04}")
    for index, gross in enumerate(memory.day_totals):
        rate = memory.rates[index]
        if rate == INACTIVE:
            continue
        shown = "ZW" if rate == EXEMPT else f"{percent(rate)}%"
        lines += row(f"SPRZEDAŻ {LETTERS[index]} {shown}", money(gross))
        lines += row(f"  NETTO {money(gross - tax(gross, rate))}", f"PTU {money(tax(gross, rate))}")
    lines += row("Liczba paragonów", str(memory.day_receipts))
    lines += row("Anulowane", f"{memory.day_cancelled}  {money(memory.day_cancelled_value)}")
    return [*lines, *row("", time.replace("T", " ")), f"{{PL}} {memory.unique}".center(WIDTH).rstrip()]


def non_fiscal(memory: Memory, title: str, body: list[str], time: str) -> list[str]:
    """A non-fiscal print: marked at top and bottom, no logo."""
    mark = "N I E F I S K A L N Y".center(WIDTH).rstrip()
    return [*_head(memory, title), mark, *body, mark, *row("", time.replace("T", " "))]
