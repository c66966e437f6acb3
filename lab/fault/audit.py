"""Checking after each fault that all acknowledged ballots are stored once, and nothing else.

The rows of the ledger are compared one by one with what the clients know. The load is paused
meanwhile, so each ballot sent has its answer.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import httpx

from core.engines.embedded import Endpoints
from lab.bench.poll import SLUG
from lab.fault.intents import Intent
from lab.fault.ledger_check import Findings, check_whole, compare_rows
from voting.ledger.rules.merkle import tree_hash
from voting.merkle_log.head_archive import HeadArchive
from voting.merkle_log.watch import Alarm, Watcher
from voting.receipts.rules.receipt_file import (
    NotAReceiptFileError,
    ReceiptFault,
    check,
    read_receipt_file,
)

_SAMPLE = 6
_SIGNED_WITHIN = 20
_SHOWN_WITHIN = 15


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
        """Check everything stored since the last time, and what can be checked of the whole."""
        asyncio.run(self._compare(sent[self._audited :], self.stored))
        self._audited = len(sent)
        self._check_proofs([one for one in sent if one.sequence])

    def look_at_all(self, sent: Sequence[Intent]) -> None:
        """Check all ballots from the first on: none that was stored early may have disappeared."""
        self.stored = 0
        asyncio.run(self._compare(sent, 0))
        asyncio.run(self._check_root())

    def close(self) -> None:
        self._client.close()

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
            wanted = {one.digest(contest): one for one in sent}
            compare_rows(rows, wanted, self._pseudonyms, self.findings)
            self.stored = max([self.stored, 1, *(row["sequence"] for row in rows[-1:])])
            await check_whole(connection, contest, self.findings)
            counted = await connection.fetch(
                "SELECT code, count(*) AS votes FROM ballot JOIN entrant ON entrant.id = entries[1]"
                " WHERE contest_id = $1 GROUP BY code",
                contest,
            )
        finally:
            await connection.close()
        self._check_board({row["code"]: row["votes"] for row in counted})

    def _check_board(self, counted: dict[str, int]) -> None:
        """The board is published every second, so it may lag behind for a while."""
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
