"""What the ledger must know of a contest at the moment of being written to."""

from typing import Any

from contest.editions.rules.contest import Phase


async def hold_phase(tx: Any, contest_id: int) -> Phase:
    """Read the phase, and keep it from changing until `tx` ends.

    So nothing is written to the ledger that the phase does not allow, and once the phase has
    moved on nothing late can follow. A batch of ballots holds it in the same question that
    locks the ledger (`open_batch` in `voting.schema`).
    """
    return Phase(await tx.fetchval("SELECT phase FROM contest WHERE id = $1 FOR SHARE", contest_id))
