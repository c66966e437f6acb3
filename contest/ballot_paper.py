"""What the ballot box must know of a contest at the moment of committing ballots."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from contest.rules.contest import Phase


@dataclass(frozen=True)
class BallotPaper:
    """The phase, and of the codes asked about those that exist: (entrant id, withdrawn)."""

    phase: Phase
    candidates: dict[str, tuple[int, bool]]


async def hold_ballot_paper(tx: Any, contest_id: int, codes: Collection[str]) -> BallotPaper:
    """Read the phase and candidates, and keep the phase from changing until `tx` ends.

    So a ballot is committed only while the contest still takes votes, and once the phase
    has moved on no late ballot can follow.
    """
    rows = await tx.fetch(
        "SELECT phase, code, entrant.id, withdrawn_at IS NOT NULL AS withdrawn"
        " FROM contest LEFT JOIN entrant ON contest = contest.id AND code = ANY($2::text[])"
        " WHERE contest.id = $1 FOR SHARE OF contest",
        contest_id,
        list(codes),
    )
    return BallotPaper(
        Phase(rows[0]["phase"]),
        {row["code"]: (row["id"], row["withdrawn"]) for row in rows if row["code"] is not None},
    )
