"""Locking the phase of a contest while the ledger is written to."""

from typing import Any

from contest.editions.rules.contest import Phase


async def lock_phase(tx: Any, contest_id: int) -> Phase:
    """Read the phase, and keep it from changing until `tx` ends. So nothing is written to the
    ledger that the phase does not allow. A batch of ballots locks the phase in the same statement
    that locks the ledger.
    """
    return Phase(await tx.fetchval("SELECT phase FROM contest WHERE id = $1 FOR SHARE", contest_id))
