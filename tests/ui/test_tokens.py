"""The colours: every pair in use passes WCAG 2.2 AA (desk.md sections 2 and 10), in both modes."""

import tomllib
from itertools import product
from typing import Any

import pytest

from crm_desktop.core.assets import asset
from crm_desktop.ui.delegates import READABLE_ON_SELECTION

TOKENS: dict[str, Any] = tomllib.loads(asset("resources/theme/tokens.toml").read_text("utf-8"))
MODES = ("light", "dark")
STATES = ("success", "warning", "danger", "info", "neutral", "violet")
GROUNDS = ("canvas", "surface", "raised", "sunken", "hover", "stripe", "current")


def luminance(color: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def pairs() -> list[tuple[str, str, float]]:
    """Foreground, ground, least contrast."""
    found = [(text, ground, 4.5) for text, ground in product(("text", "text_2", "text_3"), GROUNDS)]
    found += [(text, ground, 4.5) for text, ground in product(("text", "text_2"), ("select", "select_idle", "pressed"))]
    found += [(state, f"{state}_bg", 4.5) for state in STATES]
    found += [("text", f"{state}_bg", 4.5) for state in STATES]
    found += [("text_2", "warning_bg", 4.5)]  # the strip's sentence
    found += [(tone, ground, 4.5) for tone, ground in product(("danger", "success", "warning", "accent"), ("surface", "raised", "canvas"))]
    found += [(token, "select", 4.5) for token in READABLE_ON_SELECTION]
    found += [(state, "select", 3.0) for state in STATES]  # icons in a selected row
    found += [("on_accent", "accent_fill", 4.5), ("on_accent", "accent_hover", 4.5)]
    found += [("accent", ground, 3.0) for ground in (*GROUNDS, "select")]  # the ring
    found += [("border_field", ground, 3.0) for ground in ("surface", "raised", "sunken", "canvas", "current")]
    found += [("danger", "danger_bg", 3.0), ("warning", "warning_bg", 3.0)]  # outlines of fields
    return found


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("fore", "ground", "least"), sorted(pairs()))
def test_contrast(mode: str, fore: str, ground: str, least: float) -> None:
    """AA: 4.5 for text, 3 for outlines and the ring."""
    colors = TOKENS[mode]
    assert contrast(colors[fore], colors[ground]) >= least, f"{fore} on {ground} in {mode}"


def test_both_modes_have_the_same_tokens() -> None:
    """A token that one mode lacks would end as a KeyError on somebody's desk."""
    assert TOKENS["light"].keys() == TOKENS["dark"].keys()


def test_every_state_has_its_ground() -> None:
    """Pills take the token and its `_bg`."""
    assert {state for state in TOKENS["light"] if f"{state}_bg" in TOKENS["light"]} == set(STATES)


def test_nothing_is_smaller_than_it_may_be() -> None:
    """No text under 11 px; click targets of at least 24, on the till 56 (desk.md section 10)."""
    assert min(TOKENS["text"][role] for role in ("caption", "body", "title")) >= 11
    for density in TOKENS["density"].values():
        assert density["control"] >= 24
    assert TOKENS["density"]["till"]["control"] >= 56
