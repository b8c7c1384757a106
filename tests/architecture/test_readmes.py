"""What is written for people is true: examples run, the tables of a slice's README say what its manifest and its sql/ say."""

import doctest
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_desktop.core import i18n
from crm_desktop.modules import MODULES
from tests.support.house import PACKAGE, ROOT, SLICES, files, python_files

READMES = files("crm_desktop", ".md")
SECTIONS = ["Rules", "States, and who moves them", "Guarded functions", "Permissions"]
#: A block of an interactive session, to its closing fence.
_SESSION = re.compile(r"^```pycon\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_GRANT = re.compile(r"grant execute on function (?P<names>[^;]*?) to (?P<groups>@[^;]+);", re.DOTALL)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Examples are read in the language of the msgids."""
    before = i18n.language()
    i18n.use("en")
    yield
    i18n.use(before)


def _run(test: doctest.DocTest) -> None:
    said: list[str] = []
    outcome = doctest.DocTestRunner(verbose=False, optionflags=doctest.REPORT_NDIFF).run(test, out=said.append)
    assert outcome.failed == 0, "".join(said)


def _sessions(text: str) -> str:
    """The sessions of a page; every other line is blank, so that a failure names the right one."""
    kept = ["" for _ in text.splitlines()]
    for found in _SESSION.finditer(text):
        first = text.count("\n", 0, found.start(1))
        for place, line in enumerate(found[1].splitlines(), first):
            kept[place] = line
    return "\n".join(kept)


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.parent.name)
def test_the_examples_of_a_readme_run(path: Path) -> None:
    """One session a page: what an example made is there for the next one."""
    text = path.read_text(encoding="utf-8")
    assert text.count(">>>") == _sessions(text).count(">>>"), "an example outside a pycon block would not be run"
    _run(doctest.DocTestParser().get_doctest(_sessions(text), {}, path.parent.name, str(path), 0))


@pytest.mark.parametrize("slice_", SLICES)
def test_each_slice_has_its_specification(slice_: str) -> None:
    """What it is for and refuses, its rules with examples that run, states, guarded functions, permissions."""
    text = _readme(slice_)
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert [heading for heading in headings if heading in SECTIONS] == SECTIONS
    assert "**refuses**" in text
    assert len(doctest.DocTestParser().get_examples(_sessions(text))) >= 5


def test_a_wrong_example_would_be_seen() -> None:
    page = "```pycon\n>>> 1 + 1\n3\n```\n"
    with pytest.raises(AssertionError, match="- 3"):
        _run(doctest.DocTestParser().get_doctest(_sessions(page), {}, "page", "page", 0))


def _modules_with_examples() -> list[str]:
    found = [path for path in python_files("crm_desktop") if ">>> " in path.read_text(encoding="utf-8")]
    return [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in found]


@pytest.mark.parametrize("name", _modules_with_examples())
def test_the_examples_of_a_docstring_run(name: str) -> None:
    module = importlib.import_module(name)
    tests = [test for test in doctest.DocTestFinder(exclude_empty=True).find(module, name) if test.examples]
    examples = sum(len(test.examples) for test in tests)
    assert examples == len(re.findall(r"^\s*>>> ", inspect.getsource(module), re.MULTILINE)), "an example where doctest does not look"
    for test in tests:
        _run(test)


def test_many_modules_have_examples() -> None:
    assert len(_modules_with_examples()) > 15


# The tables of a slice's README ---------------------------------------------------------------------------------------


def _readme(slice_: str) -> str:
    return (PACKAGE / slice_ / "README.md").read_text(encoding="utf-8")


def _table(slice_: str, heading: str) -> list[list[str]]:
    """The rows of the table under a heading, without its head."""
    section = _readme(slice_).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip().strip("|").split(" | ") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def _granted(slice_: str) -> dict[str, set[str]]:
    """Function of `code` -> the groups that may call it, as the slice's sql/ grants it."""
    found: dict[str, set[str]] = {}
    for path in sorted((PACKAGE / slice_ / "sql").glob("*.sql")):
        for grant in _GRANT.finditer(path.read_text(encoding="utf-8")):
            groups = set(re.findall(r"@(\w+)@", grant["groups"])) - {"owner"}
            for name in re.findall(r"code\.(\w+)", grant["names"]) if groups else []:
                found.setdefault(name, set()).update(groups)
    return found


@pytest.mark.parametrize("slice_", SLICES)
def test_the_readme_lists_the_guarded_functions(slice_: str) -> None:
    """ARC-06: the one list of doors through which an employee or a workstation changes what no grant lets her touch."""
    said: dict[str, set[str]] = {}
    for row in _table(slice_, "Guarded functions"):
        for name in re.findall(r"`code\.(\w+)", row[0]):
            assert name not in said, f"{name} stands there twice"
            said[name] = set(row[1].split(", "))
    assert said == _granted(slice_)


@pytest.mark.parametrize("slice_", SLICES)
def test_the_readme_lists_the_permissions(slice_: str) -> None:
    (module,) = (module for module in MODULES if module.name == slice_)
    said = [re.findall(r"`([\w.]+)`", row[0]) for row in _table(slice_, "Permissions")]
    assert said == [[permission.name] for permission in module.permissions]


@pytest.mark.parametrize("slice_", SLICES)
def test_what_a_readme_names_is_there(slice_: str) -> None:
    """`code.some_function`, `<slice>/rules/some.py`, `slice.table`: a name that went is a lie."""
    sql = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.glob("*/sql/*.sql"))
    functions = set(re.findall(r"create or replace function code\.(\w+)", sql))
    text = _readme(slice_)
    assert set(re.findall(r"`code\.(\w+)", text)) - functions == set()
    paths = re.findall(r"`([\w/]+\.(?:py|sql|toml))`", text)
    assert [name for name in paths if not any((root / name).exists() for root in (ROOT, PACKAGE, PACKAGE / slice_))] == []


# The kit's README -----------------------------------------------------------------------------------------------------


def _kit_names() -> Iterator[tuple[str, str | None]]:
    """The first cells of the tables of ui/README.md: `module.name(arguments)`."""
    for line in (PACKAGE / "ui" / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| `"):
            for found in re.finditer(r"`([\w.]+)(?:\(([^`]*)\))?`", line.split(" | ")[0]):
                yield found[1], found[2]


def _kit(name: str) -> object:
    """`widgets.parts.button` of crm_desktop.ui. Raises AttributeError, ModuleNotFoundError."""
    parts = name.split(".")
    size = next(size for size in range(len(parts) - 1, 0, -1) if _is_module(PACKAGE / "ui" / Path(*parts[:size])))
    found: object = importlib.import_module(f"crm_desktop.ui.{'.'.join(parts[:size])}")
    for part in parts[size:]:
        found = getattr(found, part)
    return found


def _is_module(path: Path) -> bool:
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


@pytest.mark.parametrize(("name", "arguments"), sorted(set(_kit_names()), key=str))
def test_the_kit_has_what_its_readme_names(name: str, arguments: str | None) -> None:
    found = _kit(name)
    if arguments is None:
        return
    assert callable(found)
    known = set(inspect.signature(found).parameters)
    assert {argument.strip() for argument in arguments.split(",") if argument.strip()} <= known


def test_the_rule_about_the_kits_names_can_fail() -> None:
    with pytest.raises(AttributeError):
        _kit("tasks.wait_for_ever")
    with pytest.raises(AssertionError):
        test_the_kit_has_what_its_readme_names("tasks.wait", "minutes")


def test_the_readme_names_most_of_the_kit() -> None:
    assert len(set(_kit_names())) > 100


def test_what_the_readme_of_the_tests_names_is_there() -> None:
    text = (ROOT / "tests" / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(tests/[\w/]+(?:\.\w+)?/?)`", text))
    assert len(named) > 20
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
    support = {path.relative_to(ROOT).as_posix() for path in python_files("tests/support")}
    assert sorted(support - named) == [], "a module of tests/support that the README does not name"
