"""After each fault: is everything that was acknowledged there, once, and nothing else?

The rows of the ledger are compared one by one with what the clients know. The load is paused
meanwhile, so each ballot sent has its answer.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from bench.poll import SLUG
from core.engines import Endpoints
from fault.intents import QUOTA, Intent
from voting.head_archive import HeadArchive
from voting.rules.merkle import tree_hash
from voting.rules.receipt_file import NotAReceiptFileError, ReceiptFault, check, read_receipt_file
from voting.watch import Alarm, Watcher

_SAMPLE = 6
_SIGNED_WITHIN = 20
_SHOWN_WITHIN = 15


@dataclass
class Findings:
    """Everything that should be nought."""

    lost: int = 0
    extra: int = 0
    gaps: int = 0
    overshoots: int = 0
    wrong_boards: int = 0
    bad_proofs: int = 0
    held_up: int = 0
    sentences: list[str] = field(default_factory=list)

    def add(self, name: str, sentence: str, count: int = 1) -> None:
        setattr(self, name, getattr(self, name) + count)
        if len(self.sentences) < 50:
            self.sentences.append(f"{name}: {sentence}")

    @property
    def clean(self) -> bool:
        return not self.sentences


class Auditor:
    """`findings` grow over the run; `stored` is the number of ballots at the last audit."""

    def __init__(self, endpoints: Endpoints, url: str, folder: Path, chance: random.Random) -> None:
        self.findings = Findings()
        self.stored = 0
        self._database_url = endpoints.database_url
        self._client = httpx.Client(base_url=url, timeout=30, trust_env=False)
        self._archive = HeadArchive(folder / "heads", SLUG)
        self._watcher = Watcher(self._client, f"{url}/c/{SLUG}", self._archive)
        self._chance = chance
        self._audited = 0
        self._pseudonyms: dict[int, bytes] = {}

    def look(self, sent: Sequence[Intent]) -> None:
        """Everything stored since the last look, and all that can be asked of the whole."""
        asyncio.run(self._compare(sent[self._audited :], self.stored))
        self._audited = len(sent)
        self._check_proofs([one for one in sent if one.sequence])

    def look_at_all(self, sent: Sequence[Intent]) -> None:
        """Once more from the first ballot on: nothing stored early may be gone since."""
        self.stored = 0
        asyncio.run(self._compare(sent, 0))
        asyncio.run(self._check_root())

    async def _compare(self, sent: Sequence[Intent], after: int) -> None:
        connection = await asyncpg.connect(self._database_url)
        try:
            contest = await connection.fetchval("SELECT contest FROM ledger_head")
            rows = await connection.fetch(
                "SELECT sequence, voter, key_digest, code FROM ballot"
                " JOIN entrant ON entrant.id = entries[1]"
                " WHERE contest_id = $1 AND sequence > $2 ORDER BY sequence",
                contest,
                max(after, 1),  # the first is the one that made the box
            )
            self._check_rows(rows, {one.digest(contest): one for one in sent})
            self.stored = max([self.stored, 1, *(row["sequence"] for row in rows[-1:])])
            await self._check_whole(connection, contest)
            counted = await connection.fetch(
                "SELECT code, count(*) AS votes FROM ballot JOIN entrant ON entrant.id = entries[1]"
                " WHERE contest_id = $1 GROUP BY code",
                contest,
            )
        finally:
            await connection.close()
        self._check_board({row["code"]: row["votes"] for row in counted})

    def _check_rows(self, rows: Sequence[Any], sent: dict[bytes, Intent]) -> None:
        found: set[bytes] = set()
        for row in rows:
            intent = sent.get(row["key_digest"])
            if intent is None or row["key_digest"] in found or not intent.sequence:
                self.findings.add("extra", f"row {row['sequence']} of {intent}")
                continue
            found.add(row["key_digest"])
            told = (intent.sequence, intent.entry, self._pseudonyms.get(intent.voter, row["voter"]))
            if told != (row["sequence"], row["code"], row["voter"]):
                self.findings.add("lost", f"row {row['sequence']} differs from {intent}")
            self._pseudonyms[intent.voter] = row["voter"]
        for digest, intent in sent.items():
            if intent.sequence and digest not in found:
                self.findings.add("lost", f"acknowledged, not stored: {intent}")

    async def _check_whole(self, connection: asyncpg.Connection, contest: int) -> None:
        ballots, last, head = await connection.fetchrow(
            "SELECT count(*), max(sequence), (SELECT size FROM ledger_head WHERE contest = $1)"
            " FROM ballot WHERE contest_id = $1",
            contest,
        )
        if not ballots == last == head:
            self.findings.add("gaps", f"{ballots} rows, last {last}, head {head}")
        for grouped, most in (("voter, day", QUOTA), ("voter, day, entries", 1)):
            over = await connection.fetchval(
                f"SELECT count(*) FROM (SELECT FROM ballot WHERE contest_id = $1"  # noqa: S608
                f" GROUP BY {grouped} HAVING count(*) > $2) AS over",
                contest,
                most,
            )
            if over:
                self.findings.add("overshoots", f"{over} times more than {most} by {grouped}", over)

    def _check_board(self, counted: dict[str, int]) -> None:
        """The board is published every second: it has some to catch up."""
        deadline = time.monotonic() + _SHOWN_WITHIN
        while True:
            answer = self._client.get(f"/c/{SLUG}/board.json")
            shown = {row["code"]: row["valid"] for row in answer.json()["rows"] if row["valid"]}
            if shown == counted:
                return
            if time.monotonic() > deadline:
                self.findings.add("wrong_boards", f"shows {shown}, counted {counted}")
                return
            time.sleep(0.2)

    def _check_proofs(self, acknowledged: Sequence[Intent]) -> None:
        try:
            self._watcher.look(lambda _done, _all: None)
        except Alarm as alarm:
            self.findings.add("bad_proofs", str(alarm.evidence))
        newest = acknowledged[-1:]
        some = self._chance.sample(acknowledged, min(_SAMPLE, len(acknowledged)))
        for intent in (*newest, *some):
            self._check_receipt(intent)

    def _check_receipt(self, intent: Intent) -> None:
        deadline = time.monotonic() + _SIGNED_WITHIN
        answer = self._client.get(f"/receipts/{intent.receipt}/receipt.json")
        while answer.status_code in (409, 503) and time.monotonic() < deadline:  # not signed yet
            time.sleep(0.3)
            answer = self._client.get(f"/receipts/{intent.receipt}/receipt.json")
        try:
            file = read_receipt_file(answer.content)
            check(file, self._archive.public_key, None)
            same = (file.sequence, file.entries) == (intent.sequence, (intent.entry,))
        except (NotAReceiptFileError, ReceiptFault) as error:
            self.findings.add("bad_proofs", f"{intent}: {error!r} {answer.text[:200]}")
        else:
            if not same:
                self.findings.add("bad_proofs", f"{intent} has the receipt of another ballot")

    async def _check_root(self) -> None:
        """The newest signed root, against one computed from every leaf in the table."""
        head = self._archive.newest
        if head is None:
            self.findings.add("bad_proofs", "no head was ever signed")
            return
        connection = await asyncpg.connect(self._database_url)
        try:
            leaves = await connection.fetch(
                "SELECT leaf_hash FROM ballot WHERE sequence <= $1 ORDER BY sequence", head.size
            )
        finally:
            await connection.close()
        if tree_hash(row["leaf_hash"] for row in leaves) != head.root:
            self.findings.add("bad_proofs", f"the root over {head.size} leaves is another")
