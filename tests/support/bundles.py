"""A small certified contest as a bundle, made without a server."""

from datetime import UTC, date, datetime
from fractions import Fraction

from contest.rulebooks.rules.rulebook import parse_rulebook
from core.crypto import KeyRing
from scoring.engine.compute import score
from scoring.engine.data import Entrant, ScoringData
from scoring.engine.result import result_to_json
from scoring.judging.sheets.rules.judge_sheet import (
    Entry,
    EntryStatus,
    SheetContent,
    Signing,
    SigningMethod,
    digest_of,
)
from scoring.offline.writing import figure_files
from scoring.verification.certified import marks_in_force, signed_line, vote_counts
from voting.ledger.rules.leaves import BallotLeaf, VoidLeaf
from voting.ledger.rules.recount import recount

RULEBOOK = parse_rulebook(
    """
format = 1
id = "small"
version = "1"
title = "小评选"
kind = "other"
effective_on = 2026-03-01
clause = "（五）9"

[voting]
votes_per_day = 2
votes_per_entry_per_day = 1
entries_per_ballot = { min = 1, max = 1 }
count_display = { mode = "live" }

[voting.window]
opens_at = 2026-03-02T08:00:00+08:00
closes_at = 2026-03-05T18:00:00+08:00

[judging]
aggregate_over = "sheet"
aggregate = { method = "mean" }
missing_marks = "refuse"

[[judging.criteria]]
id = "all"
name = "总体"
min = 0
max = 10
step = 0.5

[[components]]
id = "vote"
name = "投票"
source = "votes"
weight = 30
normaliser = { kind = "ratio_to_max" }
rounding = { decimals = 2 }

[[components]]
id = "expert"
name = "专家"
source = "judges"
weight = 70

[total]
combine = "weighted"
rounding = { decimals = 2 }
"""
)
CODES = ("001", "002")
MINUTE = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def ballots() -> list[bytes]:
    choices = ["001", "002", "001", "001"]
    return [
        BallotLeaf("small", n, bytes([n]) * 16, date(2026, 3, 2), 1, (choice,), MINUTE).line()
        for n, choice in enumerate(choices, start=1)
    ]


def voids() -> list[bytes]:
    return [VoidLeaf("small", 5, 1, (4,), "刷票", "同一设备", "甲", "乙", MINUTE).line()]


def signed_sheet(keys: KeyRing, seat: int, marks: dict[str, str], version: int = 1) -> bytes:
    content = SheetContent(
        contest="small",
        rulebook_digest=RULEBOOK.digest,
        round=RULEBOOK.judging.rounds[0].id if RULEBOOK.judging else "",
        seat=seat,
        judge=f"评委{seat}",
        entries=tuple(
            Entry(code, EntryStatus.SUBMITTED, {"all": Fraction(mark)})
            for code, mark in marks.items()
        ),
    ).canonical()
    signing = Signing(digest_of(content), version, SigningMethod.PIN, f"评委{seat}", MINUTE, "")
    return signed_line(content, signing, keys.sign(signing.message()))


def bundle_files(keys: KeyRing, others: list[bytes] | None = None) -> dict[str, bytes]:
    """The files of the bundle, all of them as the server writes them; `others` are its voids
    and restorations, `voids()` unless told."""
    others = voids() if others is None else others
    sheets = [
        signed_sheet(keys, 1, {"001": "8.5", "002": "9"}),
        signed_sheet(keys, 2, {"001": "7", "002": "0"}),
        signed_sheet(keys, 2, {"001": "7", "002": "6"}, version=2),
    ]
    counted = recount("small", RULEBOOK.voting, set(CODES), ballots(), others)  # type: ignore[arg-type]
    data = ScoringData(
        entrants=tuple(Entrant(code, f"选手{code}", code) for code in CODES),
        marks=tuple(marks_in_force("small", RULEBOOK, set(CODES), sheets, keys.public_key)),
        votes=tuple(vote_counts(set(CODES), counted.valid, counted.voided)),
    )
    return {
        **figure_files(data),
        "rulebook.toml": RULEBOOK.source.encode(),
        "ballots.jsonl": b"\n".join(ballots()) + b"\n",
        "voids.jsonl": b"\n".join(others) + b"\n",
        "sheets.jsonl": b"\n".join(sheets) + b"\n",
        "result.json": result_to_json(score(RULEBOOK, data)).encode(),
    }


def about(others: list[bytes] | None = None) -> dict[str, object]:
    """What the manifest says of them."""
    others = voids() if others is None else others
    counted = recount("small", RULEBOOK.voting, set(CODES), ballots(), others)  # type: ignore[arg-type]
    return {
        "contest": "small",
        "rulebook": RULEBOOK.digest,
        "ledger": {"size": counted.size, "root": counted.root.hex()},
    }
