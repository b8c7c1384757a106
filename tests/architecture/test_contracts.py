"""ARC-01: who may import whom. The contracts stand in pyproject.toml; what wildcards cannot say stands here."""

import ast
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from tests.support.house import PACKAGE, ROOT, SLICES, python_files


def test_the_import_contracts_hold() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("crm_desktop", cache_dir=None)


def test_a_service_writes_only_its_own_tables(graph: grimp.ImportGraph) -> None:
    """Queries may join tables of lower slices; a service reaches another slice through that slice's service."""
    wrong = [
        f"{module} imports {found}"
        for module in graph.modules
        if _floor(module) in {"service", "tasks"}
        for found in graph.find_modules_directly_imported_by(module)
        if _floor(found) == "tables" and _slice(found) != _slice(module)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_rule_about_tables_can_fail() -> None:
    graph = grimp.ImportGraph()
    graph.add_import(importer="crm_desktop.documents.service", imported="crm_desktop.parties.tables")
    with pytest.raises(AssertionError, match="documents.service imports crm_desktop.parties.tables"):
        test_a_service_writes_only_its_own_tables(graph)


def test_each_package_says_what_it_is_for_and_holds_no_code() -> None:
    for name in sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()):
        tree = ast.parse((PACKAGE / name / "__init__.py").read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), f"crm_desktop/{name}/__init__.py does not say what the package is for"
        assert len(tree.body) == 1, f"crm_desktop/{name}/__init__.py holds code"


@pytest.mark.parametrize("name", SLICES)
def test_a_slice_is_listed(name: str) -> None:
    """ARC-01: the one tuple of slices names each folder of a slice, with the manifest's own name."""
    from crm_desktop.modules import MODULES

    assert name in {module.name for module in MODULES}


def test_the_slices_stand_in_modules_as_in_the_contracts() -> None:
    from crm_desktop.modules import MODULES

    assert [module.name for module in MODULES] == list(SLICES)


#: Where a binary float is no money: points on paper, and seconds that a device is given.
MEASURES = {"core/pdf.py", "documents/rules/printout.py", "fiscal/rules/assumptions.py"}


def test_rules_have_no_clock_no_chance_and_no_binary_float() -> None:
    """Time comes from the transaction, chance does not exist, and money is Decimal."""
    wrong = []
    for path in python_files("crm_desktop"):
        parts = path.relative_to(PACKAGE).parts
        if parts[0] != "core" and "rules" not in parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found = _impure(node)
            if found and not ("float" in found and path.relative_to(PACKAGE).as_posix() in MEASURES):
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}: {found}")  # type: ignore[attr-defined]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("code", ["0.5", "float(x)", "date.today()", "datetime.now(zone)", "time.time()", "uuid4()", "random.random()"])
def test_the_rule_about_rules_can_fail(code: str) -> None:
    assert any(_impure(node) for node in ast.walk(ast.parse(code)))


CLOCKS = {"now", "today", "utcnow", "time", "monotonic", "uuid4", "uuid7", "uuid1", "random", "randint", "choice", "urandom"}
MODULES_OF_CHANCE = {"datetime", "date", "time", "uuid", "random", "secrets", "os", "dt"}


def _impure(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        return f"a binary float, {node.value}"
    if not isinstance(node, ast.Call):
        return ""
    called = node.func
    if isinstance(called, ast.Name) and called.id in {"float", "uuid4", "uuid7", "uuid1"}:
        return f"{called.id}()"
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        owner, name = called.value.id, called.attr
        return f"{owner}.{name}()" if owner in MODULES_OF_CHANCE and name in CLOCKS else ""
    return ""


def _slice(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def _floor(module: str) -> str:
    parts = module.split(".")
    return parts[2] if len(parts) > 2 and parts[1] in SLICES else ""


def test_the_house_is_where_the_tests_look() -> None:
    assert (Path(PACKAGE) / "core").is_dir()
    assert len(python_files("crm_desktop")) > 50
