"""The box of a contest: its secret, and the pseudonyms and receipt codes made with it."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from contest.editions.rules.contest import Contest
from contest.rulebooks.rules.vocabulary import Voting
from core.crypto import KeyRing
from core.database import db
from core.mac import mac
from voting.boxes import store
from voting.boxes.rules.receipt_codes import receipt_code

PSEUDONYM_BYTES = 16
_SEALED_FIELD = "ballot_box.secret"


@dataclass(frozen=True)
class Box:
    """An opened box. `secret` never leaves the process: who has it can tell which
    pseudonym belongs to which account."""

    contest_id: int
    slug: str
    secret: bytes = field(repr=False)

    def pseudonym(self, voter_id: int) -> bytes:
        """The voter in this contest's ledger: 16 bytes, unrelated to any other contest's."""
        message = b"voter" + voter_id.to_bytes(8, "big")
        return mac(self.secret, message)[:PSEUDONYM_BYTES]

    def receipt(self, sequence: int) -> str:
        return receipt_code(self.secret, self.contest_id, sequence)


class Boxes:
    """The boxes this process has opened; a box never changes once it is made."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self._opened: dict[int, Box] = {}

    async def find(self, contest_id: int) -> Box | None:
        """The box of a contest; None while nobody could vote in it yet."""
        if contest_id not in self._opened:
            row = await store.box_row(contest_id)
            if row is None:
                return None
            secret = self._keys.unseal(_SEALED_FIELD, row.secret_sealed)
            self._opened[contest_id] = Box(contest_id, row.slug, bytes.fromhex(secret))
        return self._opened[contest_id]

    async def make(self, contest: Contest, voting: Voting, now: datetime) -> Box:
        """Make the box of a contest whose voting has begun, or find the one made meanwhile.

        The quotas are written down for the database to enforce: the rulebook is fixed by
        now.
        """
        sealed = self._keys.seal(_SEALED_FIELD, secrets.token_hex(32))
        async with db.unit_of_work() as tx:
            await store.add_box(tx, contest.id, contest.slug, voting, sealed, now)
        box = await self.find(contest.id)
        assert box is not None
        return box
