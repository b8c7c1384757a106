"""A base is sound: what journeys and long tests end with."""

from typing import Any

import psycopg

from crm_desktop.app.prove_command import proofs
from crm_desktop.db.proof import Broken


def broken(connection: psycopg.Connection[Any], *but: str) -> dict[str, tuple[Broken, ...]]:
    """Every invariant that does not hold, with its rows, except `but`; empty for a sound base. As owner or superuser."""
    return {proof.invariant: proof.rows for proof in proofs(connection) if proof.broken and proof.invariant not in but}
