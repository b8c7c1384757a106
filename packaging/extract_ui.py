"""A Babel extractor for Qt Designer forms: the msgids of forms/*.ui, with the line and the widget they belong to.

In the mapping file of Babel:   [extractors] ui = extract_ui:extract_ui     [ui: forms/**.ui]     (packaging/ on sys.path)
What it finds is what crm_desktop/ui/forms.py translates: every <string> with a text that is not marked notr="true".
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, BinaryIO
from xml.parsers.expat import ParserCreate

Found = tuple[int, str, str, list[str]]


def extract_ui(file: BinaryIO, keywords: Collection[str], comment_tags: Collection[str], options: Mapping[str, Any]) -> Iterator[Found]:
    """Yields (line, function, msgid, comments), as Babel wants it. A form that is no XML raises ExpatError."""
    found: list[Found] = []
    names: list[str] = []
    text: list[str] = []
    state: dict[str, Any] = {"line": 0, "comment": "", "inside": False}
    parser = ParserCreate()

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag in ("widget", "action"):
            names.append(attributes.get("name", ""))
        if tag == "string":
            state.update(line=parser.CurrentLineNumber, comment=attributes.get("comment", ""), inside=attributes.get("notr") != "true")
            text.clear()

    def end(tag: str) -> None:
        if tag in ("widget", "action"):
            names.pop()
        if tag == "string":
            msgid = "".join(text)
            if state["inside"] and msgid:
                comments = [each for each in (state["comment"], names[-1] if names else "") if each]
                found.append((state["line"], "gettext", msgid, comments))
            state["inside"] = False

    def characters(data: str) -> None:
        if state["inside"]:
            text.append(data)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters
    parser.ParseFile(file)
    yield from found
