"""The invoice and the confirmation of a receipt on paper: art. 106e of the VAT act for the kinds that we issue.

Texts are in the print's own language, whatever the desk speaks; numbers and dates are written as everywhere in Poland.
"""

from collections.abc import Callable, Sequence

from babel import Locale
from reportlab.platypus import Flowable, Paragraph

from crm_desktop.catalogue.rules.model import VatRate
from crm_desktop.core import pdf
from crm_desktop.core.i18n import N_, NBSP, catalogue, day, decimal, moment, money, price
from crm_desktop.core.identifiers import iban_shown
from crm_desktop.core.words import amount_in_words
from crm_desktop.documents.rules.model import (
    Delivery,
    Document,
    Line,
    LineAmounts,
    Method,
    PaymentForm,
    State,
)

Say = Callable[[str], str]

PAYMENTS = {
    PaymentForm.CASH: N_("Cash"),
    PaymentForm.CARD: N_("Card"),
    PaymentForm.TRANSFER: N_("Bank transfer"),
}
_REVERSE_CHARGE = ("oo", "np II")  # facts 2: P_18; the buyer settles the tax (art. 106e(1)(18))
_LABEL, _VALUE, _SMALL = pdf.style(7, pdf.MEDIUM, pdf.QUIET, gap=1), pdf.style(9, pdf.MEDIUM), pdf.style(8)


def invoice_pdf(document: Document, language: str, rates: Sequence[VatRate] = (), ksef_link: str = "") -> bytes:
    """The print of a stored document in Polish ("pl") or English ("en"), as the bytes of a PDF file.

    Sums are the stored ones; nothing is computed here. `rates`: the name of a rate without tax is its legal basis
    ("zw" → "art. 43 ust. 1 pkt 37", art. 106e(1)(19)). `ksef_link`: the text of QR code KOD I; printed with the KSeF
    number, and only where there is one. A draft, and a document that waits for its receipt, has a watermark and no number.
    The same document gives the same bytes.
    """
    say = catalogue(language).gettext
    name = document.draft.kind.name_en if language == "en" else document.draft.kind.name
    title = f"{name} {document.number}".strip()
    sheet = pdf.Sheet(
        title=title,
        page=lambda number, pages: say(N_("Page {page} of {pages}")).format(page=number, pages=pages),
        author=document.seller.name,
        subject=document.draft.buyer.name,
        language=language,
        head=f"{title}  ·  {document.seller.name}",
        foot=f"{title}  ·  {document.seller.name}  ·  {say(N_('VAT ID'))} {document.seller.nip}",
        watermark="" if document.state is State.ISSUED else say(N_("DRAFT")),
    )
    return pdf.build(
        sheet,
        [
            *_heading(document, name, say),
            *_parties(document, say, language),
            _lines(document, say),
            pdf.gap(5),
            pdf.together(_sums(document, say, language)),
            *_remarks(document, say, rates),
            pdf.together(_closing(document, say, ksef_link)),
        ],
    )


def _heading(document: Document, name: str, say: Say) -> list[Flowable]:
    """Who, what and which number (art. 106e(1)(1), (2), (6)); when and how it is paid."""
    draft, seller = document.draft, document.seller
    left = [pdf.text(seller.name, pdf.style(13, pdf.SEMIBOLD))]
    if seller.branch:
        left.append(pdf.text(seller.branch, pdf.style(8, color=pdf.QUIET)))
    number = document.number or say(N_("no number yet"))
    right = [
        pdf.text(name, pdf.style(20, pdf.SEMIBOLD, right=True)),
        pdf.text(number, pdf.style(12, pdf.MEDIUM, pdf.ACCENT if document.number else pdf.QUIET, right=True)),
    ]
    if draft.kind.fiscal and not draft.kind.buyer_required:
        words = say(N_("Not a fiscal receipt: a confirmation of the receipt that the fiscal printer issued"))
        right.append(pdf.text(words, pdf.style(7.5, color=pdf.QUIET, right=True)))
    elif document.delivery in (Delivery.WAITING, Delivery.REFUSED):
        # Facts 2.10: before it has its number, a domestic business gets a confirmation, not the invoice.
        words = say(N_("Confirmation of a transaction: the invoice has no KSeF number yet"))
        right.append(pdf.text(words, pdf.style(7.5, color=pdf.QUIET, right=True)))
    dates = [
        (say(N_("Issue date")), day(draft.issue_date)),
        (say(N_("Sale date")), day(draft.sale_date)),
        (say(N_("Payment")), say(PAYMENTS[draft.payment])),
        (say(N_("Due date")), day(draft.due_date)),
    ]
    strip = [[pdf.text(label, _LABEL), pdf.text(value, _VALUE)] for label, value in dates]
    return [
        pdf.side_by_side([left, right], [pdf.WIDTH * 0.5] * 2),
        pdf.gap(6),
        pdf.side_by_side(strip, [pdf.WIDTH / 4] * 4, rule=True),
        pdf.gap(5),
    ]


def _parties(document: Document, say: Say, language: str) -> list[Flowable]:
    """Names, addresses and numbers of both sides (art. 106e(1)(3)–(5)). A consumer of a receipt may stay unnamed."""
    seller, buyer = document.seller, document.draft.buyer
    blocks = [
        _party(
            say(N_("Seller")),
            seller.name,
            [seller.street, f"{seller.post_code} {seller.city}".strip(), _labelled(say(N_("VAT ID")), seller.nip)],
        )
    ]
    if buyer.name or buyer.nip:
        country = "" if buyer.country == "PL" else Locale(language).territories.get(buyer.country, buyer.country)
        places = [buyer.street, f"{buyer.post_code} {buyer.city}".strip(), country]
        numbers = [_labelled(say(N_("VAT ID")), buyer.nip), _labelled(say(N_("EU VAT")), buyer.eu_vat)]
        blocks.append(_party(say(N_("Buyer")), buyer.name, places + numbers))
    else:
        blocks.append([])
    return [pdf.side_by_side(blocks, [pdf.WIDTH / 2] * 2, rule=True), pdf.gap(6)]


def _party(label: str, name: str, rows: list[str]) -> list[Flowable]:
    lines = [pdf.text(row, _SMALL) for row in rows if row]
    return [pdf.text(label, _LABEL), pdf.text(name, pdf.style(9.5, pdf.SEMIBOLD, gap=1)), *lines]


def _labelled(label: str, value: str) -> str:
    return f"{label}: {value}" if value else ""


def _lines(document: Document, say: Say) -> Flowable:
    """Art. 106e(1)(7)–(12); for gross prices (7)–(8): unit price and value with tax instead."""
    draft = document.draft
    from_net = draft.kind.method is Method.NET
    discounts = any(amounts.discount for amounts in document.totals.lines)
    columns = [
        pdf.Column(say(N_("No.")), 24, right=True),
        pdf.Column(say(N_("Goods or service"))),
        pdf.Column(say(N_("Quantity")), 38, right=True),
        pdf.Column(say(N_("Unit")), 32),
        pdf.Column(say(N_("Net price") if from_net else N_("Gross price")), 44, right=True),
        *([pdf.Column(say(N_("Discount")), 42, right=True)] if discounts else []),
        *([pdf.Column(say(N_("Net value")), 48, right=True)] if from_net else []),
        pdf.Column(say(N_("VAT")), 32, right=True),
        pdf.Column(say(N_("Gross value")), 48, right=True),
    ]
    rows = []
    for number, (line, amounts) in enumerate(zip(draft.lines, document.totals.lines, strict=True), start=1):
        cells: list[pdf.Cell] = [str(number), _name(line), decimal(line.quantity), line.unit, price(line.price)]
        if discounts:
            cells.append(_discount(line, amounts))
        if from_net:
            cells.append(money(amounts.net))
        rows.append([*cells, _rate(line.vat), money(amounts.gross)])
    return pdf.table(columns, rows)


def _name(line: Line) -> Flowable:
    code = f'<br/><font size="6.5" color="#4F5763">{pdf.marked(line.code)}</font>' if line.code else ""
    return Paragraph(pdf.marked(line.name) + code, _SMALL)


def _discount(line: Line, amounts: LineAmounts) -> pdf.Cell:
    """The amount (art. 106e(1)(10)), and the per cent that it comes from."""
    if not amounts.discount:
        return ""
    percent = f"{decimal(line.discount)}{NBSP}%"
    return [pdf.Figures(money(amounts.discount)), pdf.Figures(percent, 6.5, color=pdf.QUIET)]


def _rate(code: str) -> str:
    return f"{code}{NBSP}%" if code.isdigit() else code


def _sums(document: Document, say: Say, language: str) -> list[Flowable]:
    """Net and tax by rate, the amount due (art. 106e(1)(13)–(15)), and how to pay it."""
    totals = document.totals
    columns = [
        pdf.Column(say(N_("VAT rate"))),
        pdf.Column(say(N_("Net")), 66, right=True),
        pdf.Column(say(N_("VAT")), 60, right=True),
        pdf.Column(say(N_("Gross")), 66, right=True),
    ]
    rows: list[list[pdf.Cell]] = [[_rate(row.vat), money(row.net), money(row.tax), money(row.gross)] for row in totals.rates]
    whole = [pdf.Figures(money(amount), font=pdf.SEMIBOLD) for amount in (totals.net, totals.tax, totals.gross)]
    rows.append([pdf.text(say(N_("Total")), pdf.style(8, pdf.SEMIBOLD)), *whole])
    right = 264.0
    currency = document.draft.currency
    due = [
        pdf.text(say(N_("Amount due")), pdf.style(8, pdf.MEDIUM, pdf.QUIET, right=True)),
        pdf.text(f"{money(totals.gross)}{NBSP}{currency}", pdf.style(18, pdf.SEMIBOLD, right=True)),
    ]
    words = [
        pdf.text(say(N_("In words")), _LABEL),
        pdf.text(amount_in_words(totals.gross, language, currency), pdf.style(8.5, gap=6)),
    ]
    left = [*words, *_payment(document, say)]
    return [pdf.side_by_side([left, [pdf.table(columns, rows, width=right), pdf.gap(3), *due]], [pdf.WIDTH - right, right])]


def _payment(document: Document, say: Say) -> list[Flowable]:
    draft, seller = document.draft, document.seller
    if draft.payment is not PaymentForm.TRANSFER or not seller.iban:
        return []
    rows = [
        pdf.text(say(N_("Account number")), _LABEL),
        pdf.text(iban_shown(seller.iban).replace(" ", NBSP), pdf.style(9, pdf.MEDIUM, gap=4)),
    ]
    if document.number:
        rows += [pdf.text(say(N_("Transfer title")), _LABEL), pdf.text(document.number, pdf.style(9, pdf.MEDIUM, gap=4))]
    return rows


def _remarks(document: Document, say: Say, rates: Sequence[VatRate]) -> list[Flowable]:
    """Annotations, only those that hold (art. 106e(1)(18)–(19)), and the notes."""
    used = {row.vat for row in document.totals.rates}
    rows: list[str] = []
    for rate in rates:
        if rate.code in used and rate.percent is None and rate.name and rate.holds_on(document.draft.sale_date):
            rows.append(f"{rate.code}: {rate.name}")
    if used & set(_REVERSE_CHARGE):
        rows.append(say(N_("Reverse charge")))
    story: list[Flowable] = [pdf.text(row, _SMALL) for row in rows]
    if document.draft.notes.strip():
        story += [pdf.gap(2), pdf.text(say(N_("Notes")), _LABEL), pdf.text(document.draft.notes.strip(), _SMALL)]
    return [pdf.gap(4), *story] if story else []


def _closing(document: Document, say: Say, ksef_link: str) -> list[Flowable]:
    """The receipt's and KSeF's own numbers, where they exist; who issued and who received."""
    story: list[Flowable] = [pdf.gap(5)]
    facts = [
        (say(N_("Fiscal receipt number")), document.receipt_number),
        (say(N_("Printer's unique number")), document.device_number),
        (say(N_("Printed")), moment(document.printed_at) if document.printed_at else ""),
    ]
    shown = [[pdf.text(label, _LABEL), pdf.text(value, _VALUE)] for label, value in facts if value]
    if shown:
        story += [pdf.side_by_side(shown, [pdf.WIDTH / 3] * len(shown), rule=True), pdf.gap(4)]
    if document.ksef_number:
        number = [pdf.text(say(N_("KSeF number")), _LABEL), pdf.text(document.ksef_number, _VALUE)]
        if ksef_link:
            hint = say(N_("Scan the code to check the invoice in KSeF."))
            number.append(pdf.text(hint, pdf.style(7.5, color=pdf.QUIET)))
            story.append(pdf.side_by_side([[pdf.qr_code(ksef_link)], number], [84, pdf.WIDTH - 84], rule=True))
        else:
            story.append(pdf.side_by_side([number], [pdf.WIDTH], rule=True))
        story.append(pdf.gap(4))
    issued = [pdf.text(say(N_("Issued by")), _LABEL), pdf.text(document.issued_by or " ", _VALUE)]
    received = [pdf.text(say(N_("Received by")), _LABEL)] if document.draft.kind.buyer_required else []
    return [*story, pdf.gap(4), pdf.side_by_side([issued, received], [pdf.WIDTH / 2] * 2, rule=True)]
