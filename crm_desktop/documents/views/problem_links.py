"""What the fields of a document are called in the links of its problems."""

from crm_desktop.core.i18n import N_, _

_NAMES = {
    "buyer.name": N_("buyer"),
    "buyer.nip": N_("NIP"),
    "issue_date": N_("issue date"),
    "sale_date": N_("sale date"),
    "due_date": N_("due date"),
    "payment": N_("payment"),
    "kind": N_("kind"),
    "lines": N_("lines"),
    "notes": N_("notes"),
}
_CELLS = {
    "code": N_("code"),
    "name": N_("name"),
    "quantity": N_("quantity"),
    "unit": N_("unit"),
    "price": N_("price"),
    "discount": N_("discount"),
    "vat": N_("VAT"),
}


def name_of(path: str) -> str:
    """What a problem's field is called in its link: "line 6, price"."""
    head, _dot, rest = path.partition(".")
    place, _dot, word = rest.partition(".")
    if head == "lines" and place.isdigit():
        number = int(place) + 1
        return (
            _("line {number}, {field}").format(number=number, field=_(_CELLS[word]))
            if word in _CELLS
            else _("line {number}").format(number=number)
        )
    if head == "entry":
        return _("entry line")
    if head == "paste":
        return _("understood")
    return _(_NAMES.get(path, N_("buyer") if head == "buyer" else N_("document")))
