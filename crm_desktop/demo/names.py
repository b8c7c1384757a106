"""Words that invented people, firms, streets and places are made of (resources/demo/names.toml)."""

import tomllib

from crm_desktop.core.assets import asset

_WORDS = tomllib.loads(asset("resources/demo/names.toml").read_text(encoding="utf-8"))

WOMEN: tuple[str, ...] = tuple(_WORDS["women"])
MEN: tuple[str, ...] = tuple(_WORDS["men"])
#: Surnames that do not change between men and women, and those whose -ski becomes -ska.
PLAIN_SURNAMES: tuple[str, ...] = tuple(_WORDS["plain_surnames"])
BENDING_SURNAMES: tuple[str, ...] = tuple(_WORDS["bending_surnames"])
FIRM_WORDS: tuple[str, ...] = tuple(_WORDS["firm_words"])
FIRM_TRADES: tuple[str, ...] = tuple(_WORDS["firm_trades"])
LEGAL_FORMS: tuple[str, ...] = tuple(_WORDS["legal_forms"])
PARTY_GROUPS: tuple[str, ...] = tuple(_WORDS["party_groups"])
STREETS: tuple[str, ...] = tuple(_WORDS["streets"])
#: Town and the first two digits of its post codes.
TOWNS: tuple[tuple[str, str], ...] = tuple((town[0], town[1]) for town in _WORDS["towns"])
#: The codes of branches, in the order of TOWNS.
BRANCH_CODES: tuple[str, ...] = tuple(town[2] for town in _WORDS["towns"] if len(town) == 3)
