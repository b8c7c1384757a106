"""Habits of the house that a reader relies on: names, sizes, forms beside views, keys, no leftovers."""

import ast
import re
from pathlib import Path

import pytest

from tests.support.house import PACKAGE, ROOT, SLICES, files, python_files

OURS = ("crm_desktop", "tests", "packaging", "migrations")
LONGEST_FILE = 600
#: Words that say nothing about what is in a file.
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "base", "misc", "stuff", "tools", "lib"}
LEFTOVERS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
#: On a Polish keyboard AltGr is Ctrl+Alt and makes ą ć ę ł ń ó ś ź ż: such a key would take a letter from the operator.
ALT_GR = re.compile(r"(ctrl\+alt|alt\+ctrl)\+\S+", re.IGNORECASE)
THIS = Path(__file__)


def sources(*endings: str) -> list[Path]:
    return [path for folder in OURS for path in files(folder, *endings)]


def test_no_file_has_a_name_that_says_nothing() -> None:
    wrong = [path for path in sources(".py", ".sql", ".sh") if path.stem in EMPTY_NAMES or path.parent.name in EMPTY_NAMES]
    assert not wrong


def test_no_file_is_longer_than_600_lines() -> None:
    """A revision of the database is written once and never worked in, so it may be long."""
    ours = [path for path in sources(".py", ".sql", ".sh") if path.parent.name != "versions"]
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in ours}
    assert not {str(path.relative_to(ROOT)): length for path, length in lengths.items() if length > LONGEST_FILE}


def test_nothing_is_left_for_later() -> None:
    wrong = _lines(LEFTOVERS, [path for path in sources(".py", ".sql", ".sh", ".ui") if path != THIS])
    assert not wrong, "\n".join(wrong)


def test_no_key_is_on_ctrl_alt() -> None:
    """GOL-22: nothing on Ctrl+Alt, in code or in forms."""
    wrong = _lines(ALT_GR, [*files("forms", ".ui"), *files("resources", ".toml", ".json")])
    for path in python_files("crm_desktop"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.expr) and _takes_a_letter(node):
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}: {ast.unparse(node)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "code", ['"Ctrl+Alt+S"', "Qt.CTRL | Qt.ALT | Qt.Key_S", "Qt.Modifier.CTRL | Qt.Modifier.ALT | Qt.Key.Key_S", "'alt+ctrl+shift+p'"]
)
def test_the_rule_about_keys_can_fail(code: str) -> None:
    assert _takes_a_letter(ast.parse(code, mode="eval").body)


def test_asking_for_the_modifiers_alone_is_no_key() -> None:
    assert not _takes_a_letter(ast.parse("Qt.ControlModifier | Qt.AltModifier", mode="eval").body)


def test_each_form_has_its_view() -> None:
    """forms/documents/invoice_editor.ui belongs to documents/views/invoice_editor.py; the shell's forms to ui/ and app/."""
    for form in files("forms", ".ui"):
        folder, stem = form.parent.relative_to(ROOT / "forms").as_posix(), form.stem
        home = PACKAGE / folder / "views" if folder in SLICES else PACKAGE / folder
        assert (home / f"{stem}.py").exists(), f"forms/{folder}/{stem}.ui has no view {home.relative_to(ROOT)}/{stem}.py"


def test_no_test_sleeps() -> None:
    """A test waits for a condition; a sleep is too short on a slow computer and too long on each other one."""
    wrong = []
    for path in python_files("tests"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _sleeps(node):
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}: {ast.unparse(node)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("code", ["time.sleep(1)", "sleep(1)", "QTest.qWait(100)", "qtbot.wait(100)"])
def test_the_rule_about_sleeping_can_fail(code: str) -> None:
    node = ast.parse(code, mode="eval").body
    assert isinstance(node, ast.Call)
    assert _sleeps(node)


def test_only_one_place_prints() -> None:
    """What the program has to say goes to the log or to a window; a command line's own answer is the exception."""
    may = {"__main__.py"}
    wrong = []
    for path in python_files("crm_desktop"):
        if path.name in may or "demo" in path.relative_to(PACKAGE).parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not wrong, "\n".join(wrong)


def _takes_a_letter(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and ALT_GR.fullmatch(node.value) is not None
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.BitOr | ast.Add):
        return False
    names = {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
    pressed = {name.removesuffix("Modifier").upper() for name in names}
    return bool({"CTRL", "CONTROL"} & pressed and {"ALT"} & pressed) and any(name.startswith("Key_") for name in names)


def _sleeps(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Name):
        return call.func.id == "sleep"
    if not isinstance(call.func, ast.Attribute):
        return False
    owner = call.func.value.id if isinstance(call.func.value, ast.Name) else ""
    return call.func.attr == "qWait" or (owner, call.func.attr) in {("time", "sleep"), ("qtbot", "wait"), ("asyncio", "sleep")}


def _lines(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
