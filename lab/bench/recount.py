"""`bench recount`: the full verification of a bundle, against plain hashing of its ledger.

`--fast` measures the faster recount, which `shibaiqian verify` takes by the same name. The
bundle is made without a server: a 十佳 by its shipped rulebook's voting, ballots spread
over the fifteen days of its window, a few of them void. Both sides are run in turn, so that
a change of the machine's pace meets both; the median round counts.
"""

import hashlib
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from contest.rulebooks.rules.rulebook import Rulebook, parse_rulebook
from core.beijing import BEIJING
from core.crypto import load_keys
from core.i18n import _
from lab.bench.report import say
from scoring.engine.compute import score
from scoring.engine.data import Entrant, ScoringData
from scoring.engine.result import result_to_json
from scoring.offline.writing import figure_files
from scoring.verification.bundle import FILES, open_bundle, write_bundle
from scoring.verification.certified import vote_counts
from scoring.verification.verifier import verify
from voting.ledger.rules.leaves import BallotLeaf, VoidLeaf
from voting.ledger.rules.recount import recount

CONTEST = "bench"
CODES = tuple(f"{number:03}" for number in range(1, 21))
VOTES_PER_DAY = 10
DAYS = 15
VOIDED = 50
_OPENS = datetime(2026, 9, 1, 8, tzinfo=BEIJING)
_SEED = 2026

RULEBOOK = """
format = 1
id = "bench"
version = "1"
title = "测速"
kind = "other"
effective_on = 2026-06-01
clause = "测速"
[voting]
votes_per_day = 10
votes_per_entry_per_day = 1
entries_per_ballot = { min = 1, max = 1 }
count_display = { mode = "live" }
[voting.window]
opens_at = 2026-09-01T08:00:00+08:00
closes_at = 2026-09-15T18:00:00+08:00
[[components]]
id = "vote"
name = "网络投票"
source = "votes"
weight = 100
normaliser = { kind = "ratio_to_max" }
"""


def measure(ballots: int, rounds: int, *, fast: bool) -> dict[str, object]:
    """The seconds of both sides, their ratio, and by which way the ledger was counted."""
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder) / "bundle.zip"
        lines = write_bench_bundle(bundle, ballots)
        verified: list[float] = []
        hashed: list[float] = []
        for number in range(1, rounds + 1):
            verified.append(_seconds(lambda: _verify(bundle, fast)))
            hashed.append(_seconds(lambda: bare_hashing(lines)))
            say(
                _("第 %(n)s 轮：核对 %(v).2f 秒，裸哈希 %(h).2f 秒")
                % {"n": number, "v": verified[-1], "h": hashed[-1]}
            )
        size = bundle.stat().st_size
    return {
        "way": "fast" if fast else "plain",
        "ratio": statistics.median(v / h for v, h in zip(verified, hashed, strict=True)),
        "ballots": ballots,
        "leaves": len(lines),
        "nodes": len(lines) - 1,
        "verify_seconds": statistics.median(verified),
        "hash_seconds": statistics.median(hashed),
        "verify_rounds": [round(one, 3) for one in verified],
        "hash_rounds": [round(one, 3) for one in hashed],
        "bundle_bytes": size,
    }


def bare_hashing(lines: list[bytes]) -> None:
    """SHA-256 of every leaf, and of as many pairs as a tree over them has inner nodes."""
    sha256 = hashlib.sha256
    for line in lines:
        sha256(b"\x00" + line).digest()
    left, right = bytes(32), bytes(range(32))
    for _pair in pairwise(lines):
        sha256(b"\x01" + left + right).digest()


def write_bench_bundle(target: Path, ballots: int) -> list[bytes]:
    """Write the bundle and return the lines of its ledger."""
    rulebook = parse_rulebook(RULEBOOK)
    assert rulebook.voting is not None
    cast = list(ballot_lines(ballots))
    voids = [void_line(ballots)]
    counted = recount(CONTEST, rulebook.voting, set(CODES), cast, voids)
    data = ScoringData(
        entrants=tuple(Entrant(code, f"候选人{code}", code) for code in CODES),
        votes=tuple(vote_counts(set(CODES), counted.valid, counted.voided)),
    )
    about = {
        "contest": CONTEST,
        "rulebook": rulebook.digest,
        "ledger": {"size": counted.size, "root": counted.root.hex()},
    }
    with tempfile.TemporaryDirectory() as keys:
        files = _files(rulebook, data, cast, voids)
        target.write_bytes(write_bundle(files, about, load_keys(Path(keys))))
    return [*cast, *voids]


def ballot_lines(ballots: int) -> Iterator[bytes]:
    """Ballots in order of time. Voters vote a few times a day, never twice for one entry."""
    chance = random.Random(_SEED)  # noqa: S311 - the same bundle every time, nothing secret
    a_day = -(-ballots // DAYS)
    sequence = 0
    for day in range(DAYS):
        today = min(a_day, ballots - sequence)
        opens = _OPENS + timedelta(days=day)
        for place, (voter, slot, code) in enumerate(_votes_of_a_day(chance, today)):
            sequence += 1
            minute = opens + timedelta(minutes=place * 600 // today)
            yield BallotLeaf(
                CONTEST, sequence, voter, opens.date(), slot, (code,), minute.astimezone(UTC)
            ).line()


def _votes_of_a_day(chance: random.Random, votes: int) -> Iterator[tuple[bytes, int, str]]:
    """Voter, slot and code of each vote; the votes of one voter do not follow each other."""
    used: dict[int, list[str]] = {}
    voters = max(1, votes // 3)
    for _vote in range(votes):
        number = chance.randrange(voters)
        while len(used.get(number, ())) == VOTES_PER_DAY:
            number = voters = voters + 1
        own = used.setdefault(number, [])
        code = chance.choice([one for one in CODES if one not in own])
        own.append(code)
        voter = hashlib.sha256(b"voter %d" % number).digest()[:16]
        yield voter, len(own), code


def void_line(ballots: int) -> bytes:
    """A void of the first ballots, the last leaf of the ledger."""
    voided = tuple(range(1, min(VOIDED, ballots) + 1))
    minute = datetime(2026, 9, 15, 11, tzinfo=UTC)
    return VoidLeaf(CONTEST, ballots + 1, 1, voided, "同一设备", "测速", "甲", "乙", minute).line()


def _files(
    rulebook: Rulebook, data: ScoringData, cast: list[bytes], voids: list[bytes]
) -> dict[str, bytes]:
    files = {
        **dict.fromkeys(FILES, b""),
        **figure_files(data),
        "rulebook.toml": rulebook.source.encode(),
        "ballots.jsonl": b"\n".join([*cast, b""]),
        "voids.jsonl": b"\n".join([*voids, b""]),
    }
    return {**files, "result.json": result_to_json(score(rulebook, data)).encode()}


def _verify(bundle: Path, fast: bool) -> None:
    for _check in verify(open_bundle(bundle), fast=fast):
        pass


def _seconds(act: Callable[[], None]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
