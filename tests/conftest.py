"""What every test has: an off-screen Qt, unexpected logs that fail, servers, markers by fixture and folder."""

import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.support import postgres
from tests.support.display import virtual_display

HERE = Path(__file__).parent
#: Folder -> marker.
BY_FOLDER = {"journeys": "journey", "soak": "soak"}
#: Fixture -> marker; a test has a fixture also when another fixture asks for it.
BY_FIXTURE = {"server": "database", "qapp": "desktop"}
SERVERS = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """The controller of the run chooses where the servers are; workers inherit it."""
    if not hasattr(config, "workerinput"):
        config.stash[SERVERS] = postgres.choose_folder()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers of the run."""
    folder = config.stash.get(SERVERS, None)
    if folder is not None:
        postgres.remove(folder)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests of the database run on every version that CRM_TEST_PG names; windows and journeys on the first one only."""
    if "server" not in metafunc.fixturenames:
        return
    wanted = postgres.versions()
    if "qapp" in metafunc.fixturenames or _folder(Path(metafunc.module.__file__)) in BY_FOLDER:
        wanted = wanted[:1]
    metafunc.parametrize("server", wanted, ids=[f"pg{version}" for version in wanted], indirect=True, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Set the markers; leave the long tests of `tests/soak` out unless they were asked for."""
    for item in items:
        if marker := BY_FOLDER.get(_folder(item.path)):
            item.add_marker(marker)
        for fixture, marker in BY_FIXTURE.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(marker)
    if "soak" in config.option.markexpr or any("soak" in argument for argument in config.args):
        return
    soak = [item for item in items if item.get_closest_marker("soak")]
    if soak:
        config.hook.pytest_deselected(items=soak)
        items[:] = [item for item in items if not item.get_closest_marker("soak")]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly which PostgreSQL the tests did not run on."""
    for version in postgres.versions():
        if reason := postgres.missing(version):
            terminalreporter.section("a PostgreSQL is missing", red=True)
            terminalreporter.line(f"{reason} The database tests did NOT run on it.")


@pytest.fixture(autouse=True)
def logfail(request: pytest.FixtureRequest) -> Iterator[None]:
    """A log at WARNING or above that no `@pytest.mark.logs("regular expression", …)` expects fails the test.

    What is expected must come, too.
    """
    expected: list[str] = [pattern for marker in request.node.iter_markers("logs") for pattern in marker.args]
    seen: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(f"{record.levelname} {record.name}: {record.getMessage()}")

    handler = Handler(logging.WARNING)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
    unexpected = [line for line in seen if not any(re.search(pattern, line) for pattern in expected)]
    assert not unexpected, "unexpected log:\n" + "\n".join(unexpected)
    silent = [pattern for pattern in expected if not any(re.search(pattern, line) for line in seen)]
    assert not silent, f"expected in the log, but it was not there: {silent}"


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> postgres.TestServer:
    """A running PostgreSQL (superuser), shared by the whole run. The test runs once for each version of CRM_TEST_PG."""
    version = getattr(request, "param", postgres.versions()[0])
    if reason := postgres.missing(version):
        pytest.skip(reason)
    return postgres.start(version)


@pytest.fixture
def fresh_database(server: postgres.TestServer) -> Iterator[str]:
    """The name of a database of its own, cloned from the template, dropped afterwards."""
    name = server.clone()
    yield name
    server.drop(name)


@pytest.fixture
def free_port() -> int:
    """A TCP port of this computer that nobody listens on."""
    return postgres.free_port()


@pytest.fixture(scope="session")
def x_display() -> Iterator[str]:
    """The name of a real X display (Xvfb) for programs that a test starts: DISPLAY for their environment."""
    with virtual_display() as name:
        yield name


def _folder(path: Path) -> str:
    """The folder of a test directly below tests/."""
    parts = path.relative_to(HERE).parts if path.is_relative_to(HERE) else ("",)
    return parts[0]
