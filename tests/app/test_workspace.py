"""How a desk is kept: as text, and never a broken one."""

import pytest

from crm_desktop.app.workspace import Workspace


def test_it_comes_back_as_it_was() -> None:
    """GOL-23."""
    kept = Workspace(("documents.documents", "parties.parties"), "PD94bWw=", True, {"parties.parties": "{}"})
    assert Workspace.from_text(kept.to_text()) == kept


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 99}', '{"version": 1}', '{"version": 1, "docks": 5}'])
def test_what_cannot_be_read_is_an_empty_desk(text: str) -> None:
    assert Workspace.from_text(text) == Workspace()
