"""The texts of the program and their translations: gettext with English msgids.

    python packaging/texts.py update            gather texts of code and forms into each language's catalogue
    python packaging/texts.py merge FILE.po …   take translations from other files into the Polish catalogue
    python packaging/texts.py compile           make the .mo files that the program reads
    python packaging/texts.py check             exit 1 and say which texts are missing, untranslated or have other {places}

Catalogues name the file of a text but no line, so that a change of code does not change them; fuzzy matches are never made.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "resources" / "locale"
DOMAIN = "crm_desktop"
LANGUAGES = ("pl",)
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
DATES = re.compile(r'^"(POT-Creation|PO-Revision)-Date:.*$', re.MULTILINE)


def template() -> Catalog:
    """All texts of code and forms, untranslated."""
    found = Catalog(project="crm-desktop", charset="utf-8", fuzzy=False)
    for path, _line, texts, comments, _context in extract_from_dir(
        ROOT / "crm_desktop", [("**.py", "python")], keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    ):
        found.add(texts, locations=[(f"crm_desktop/{path}", 0)], auto_comments=comments)
    for form in sorted((ROOT / "forms").rglob("*.ui")):
        for text in form_texts(form):
            found.add(text, locations=[(form.relative_to(ROOT).as_posix(), 0)])
    return found


def form_texts(form: Path) -> Iterator[str]:
    """What a person reads in a form: its strings that Designer did not mark as not to be translated."""
    for element in ElementTree.parse(form).iter("string"):
        text = element.text or ""
        if element.get("notr") != "true" and re.search(r"[^\W\d_]", text):
            yield text


def catalogue_path(language: str) -> Path:
    """Where the translations into a language are kept."""
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(path: Path, language: str) -> Catalog:
    """A catalogue, empty when there is none yet."""
    if not path.exists():
        return Catalog(locale=language, project="crm-desktop", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str, more: list[Path]) -> None:
    """Bring a catalogue up to date; translations in `more` win over none and over older ones. Obsolete texts go."""
    path = catalogue_path(language)
    catalogue = read(path, language)
    for other in more:
        for message in read(other, language):
            if message.id and translated(message):
                catalogue.delete(message.id)  # adding to a text that is there would keep the old translation
                catalogue.add(message.id, message.string)
    catalogue.update(template(), no_fuzzy_matching=True)
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=120, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    text = buffer.getvalue().decode()
    if not path.exists() or DATES.sub("", path.read_text(encoding="utf-8")) != DATES.sub("", text):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def compile_all() -> None:
    """Write the .mo beside each .po."""
    for language in LANGUAGES:
        path = catalogue_path(language)
        if path.exists():
            with path.with_suffix(".mo").open("wb") as file:
                write_mo(file, read(path, language))


def faults(language: str) -> list[str]:
    """What a person would read wrongly or in the wrong language."""
    found = []
    catalogue = read(catalogue_path(language), language)
    for message in template():
        if not message.id:
            continue
        have = catalogue.get(message.id)
        where = message.locations[0][0]
        if have is None or not translated(have):
            found.append(f"{language}: not translated: {message.id!r} ({where})")
        elif any(places(text) != places(forms(message.id)[-1]) for text in forms(have.string)):
            found.append(f"{language}: other {{places}} than the text: {message.id!r} ({where})")
        elif have.fuzzy:
            found.append(f"{language}: marked as doubtful: {message.id!r} ({where})")
    return found


def translated(message: Message) -> bool:
    """Whether each form of a text has a translation."""
    return all(forms(message.string)) and bool(message.string)


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """The singular and plural forms of a text."""
    return [text] if isinstance(text, str) else list(text or ())


def places(text: str) -> set[str]:
    """The names in braces that a value will fill."""
    return set(re.findall(r"{(\w*)", text))


def main(arguments: list[str]) -> int:
    """See the module's docstring."""
    match arguments:
        case ["update"]:
            for language in LANGUAGES:
                update(language, [])
        case ["merge", *files] if files:
            update("pl", [Path(file) for file in files])
        case ["compile"]:
            compile_all()
        case ["check"]:
            found = [fault for language in LANGUAGES for fault in faults(language)]
            print(*found, sep="\n")
            return 1 if found else 0
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
