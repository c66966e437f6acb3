"""Comparing the ledger's rows with what the clients were told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from lab.fault.intents import QUOTA, Intent

_MOST_SENTENCES = 50


@dataclass
class Findings:
    """Counts that must all be zero, with sentences that say what was found."""

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
        if len(self.sentences) < _MOST_SENTENCES:
            self.sentences.append(f"{name}: {sentence}")


def compare_rows(
    rows: Sequence[Mapping[str, Any]],
    sent: Mapping[bytes, Intent],
    pseudonyms: dict[int, bytes],
    findings: Findings,
) -> None:
    """Rows (`sequence`, `voter`, `key_digest`, `code`) against intents by their key's digest.

    Every row must belong to one intent that was acknowledged with this very row, and every
    acknowledged intent to one row. A ballot that is stored although its voter was told that
    it does not count is one too many. `pseudonyms` are the voters' known so far.
    """
    found: set[bytes] = set()
    for row in rows:
        intent = sent.get(row["key_digest"])
        if intent is None or row["key_digest"] in found or not intent.sequence:
            findings.add("extra", f"row {row['sequence']} of {intent}")
            continue
        found.add(row["key_digest"])
        told = (intent.sequence, intent.entry, pseudonyms.get(intent.voter, row["voter"]))
        if told != (row["sequence"], row["code"], row["voter"]):
            findings.add("lost", f"row {row['sequence']} differs from {intent}")
        pseudonyms[intent.voter] = row["voter"]
    for digest, intent in sent.items():
        if intent.sequence and digest not in found:
            findings.add("lost", f"acknowledged, not stored: {intent}")


async def check_whole(connection: asyncpg.Connection, contest: int, findings: Findings) -> None:
    """Sequence numbers without a gap, and no voter above a quota, counted from the ballots."""
    ballots, last, head = await connection.fetchrow(
        "SELECT count(*), max(sequence), (SELECT size FROM ledger_head WHERE contest = $1)"
        " FROM ballot WHERE contest_id = $1",
        contest,
    )
    if not ballots == last == head:
        findings.add("gaps", f"{ballots} rows, last {last}, head {head}")
    for grouped, most in (("voter, day", QUOTA), ("voter, day, entries", 1)):
        over = await connection.fetchval(
            f"SELECT count(*) FROM (SELECT FROM ballot WHERE contest_id = $1"  # noqa: S608
            f" GROUP BY {grouped} HAVING count(*) > $2) AS over",
            contest,
            most,
        )
        if over:
            findings.add("overshoots", f"{over} times more than {most} by {grouped}", over)
