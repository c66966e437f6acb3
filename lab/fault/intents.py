"""The ballots that the clients of a fault run send, each with a key of its own."""

from collections.abc import Iterator
from dataclasses import dataclass

from lab.bench.poll import ENTRANTS
from voting.casting.service import key_digest

QUOTA = 10
"""Votes a day in the shipped ten-spokespersons contest; one of them for an entry."""

_MODEST, _GREEDY = 3, QUOTA + 4
_ONE_IN = 4


@dataclass(slots=True)
class Intent:
    """One ballot of voter `voter` (as `lab.bench.poll` numbers them) and what became of it.

    `sequence` and `receipt` are those of the receipt, `refusal` the code of a final refusal;
    while all are unset it has been sent and not been answered.
    """

    voter: int
    entry: str
    key: str
    sequence: int = 0
    receipt: str = ""
    refusal: str = ""

    def digest(self, contest_id: int) -> bytes:
        return key_digest(contest_id, self.key)


def intents(voters: int) -> Iterator[Intent]:
    """Without end. One voter in four wants more than the quota grants, and one entry twice;
    clients take them one after another, so that a voter's ballots arrive at once."""
    number = 0
    while True:
        for voter in range(voters):
            greedy = voter % _ONE_IN == 0
            for place in range(_GREEDY if greedy else _MODEST):
                entry = (voter + place % (QUOTA + 2)) % ENTRANTS + 1
                number += 1
                yield Intent(voter, f"{entry:03d}", f"fault-{number:010d}")
