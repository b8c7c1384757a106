"""The one map of keys, put together from what is declared: the window's acts, the slices' actions, the keys of widgets. Qt-free.

It is read on the screen (F1) and printed by the house's PDF engine.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from crm_desktop.app import desks
from crm_desktop.app.commands import WINDOW
from crm_desktop.core import i18n, pdf
from crm_desktop.core.i18n import N_, _
from crm_desktop.ui.desk import Action, KeySet
from crm_desktop.ui.key_sets import KIT

#: More alternatives than these are a range: Ctrl+1 … Ctrl+9.
MOST_KEYS = 3


@dataclass(frozen=True)
class Act:
    """What keys do, as a msgid, and the keys in Qt's notation."""

    title: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """Where keys act: msgids of its titles; several docks that have the same keys are one section."""

    titles: tuple[str, ...]
    acts: tuple[Act, ...]
    contexts: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The titles in the language in use."""
        return ", ".join(map(_, self.titles))


def key_map(may: Callable[[str], bool], first: str = "") -> list[Section]:
    """Every key that she has. first: the context that stands on top: where she is now."""
    actions = desks.actions(may)
    docks = [Section((dock.title,), _acts(actions, dock.id), (dock.id,)) for dock in desks.docks(may).values()]
    sets = [_of_set(each) for each in (*desks.key_sets(), *KIT)]
    everywhere = Section((N_("Everywhere"),), _together(WINDOW), ("desk",))
    found = merged([section for section in (everywhere, *docks, *sets) if section.acts])
    return sorted(found, key=lambda section: first not in section.contexts)


def merged(sections: Sequence[Section]) -> list[Section]:
    """Sections with the same keys under one heading, at the place of the first."""
    kept: dict[tuple[Act, ...], Section] = {}
    for section in sections:
        known = kept.get(section.acts)
        if known is not None:
            section = replace(known, titles=known.titles + section.titles, contexts=known.contexts + section.contexts)
        kept[section.acts] = section
    return list(kept.values())


def shown_keys(keys: Sequence[str]) -> tuple[str, ...]:
    """Alternatives as they are read; many as a range.

    >>> shown_keys(("F10", "Ctrl+Return")), shown_keys(tuple(f"Ctrl+{place}" for place in range(1, 10)))
    (('F10', 'Ctrl+Return'), ('Ctrl+1', '…', 'Ctrl+9'))
    """
    return tuple(keys) if len(keys) <= MOST_KEYS else (keys[0], "…", keys[-1])


def keys_pdf(sections: Sequence[Section], shown: Callable[[str], str]) -> bytes:
    """The map on paper, in the language in use. shown: a key as people read it."""
    title = _("Keys")
    columns = (pdf.Column(_("What")), pdf.Column(_("Keys"), 150))
    story = [pdf.text(title, pdf.style(16, pdf.SEMIBOLD, gap=8))]
    for section in sections:
        rows = [(_(act.title), "   ".join(key if key == "…" else shown(key) for key in shown_keys(act.keys))) for act in section.acts]
        block = [pdf.text(section.title, pdf.style(10, pdf.SEMIBOLD, gap=3)), pdf.table(columns, rows), pdf.gap(5)]
        story.append(pdf.together(block))
    page = _("Page {page} of {pages}")
    sheet = pdf.Sheet(title, lambda at, of: page.format(page=at, pages=of), language=i18n.language(), head=title)
    return pdf.build(sheet, story)


def _acts(actions: Iterable[Action], context: str) -> tuple[Act, ...]:
    return _together([action for action in actions if action.context == context])


def _together(actions: Iterable[Action]) -> tuple[Act, ...]:
    """One line for acts of one name: the nine tabs."""
    kept: dict[str, tuple[str, ...]] = {}
    for action in actions:
        if action.keys:
            kept[action.title] = kept.get(action.title, ()) + action.keys
    return tuple(Act(title, keys) for title, keys in kept.items())


def _of_set(each: KeySet) -> Section:
    return Section((each.title,), tuple(Act(title, keys) for title, keys in each.keys), (each.context,))
