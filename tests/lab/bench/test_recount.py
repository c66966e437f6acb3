"""The bundle that is measured is a good one: what it holds is what a real vote gives."""

from collections import Counter
from pathlib import Path

import msgspec

from lab.bench.recount import CODES, VOTES_PER_DAY, ballot_lines, write_bench_bundle
from scoring.verification.bundle import open_bundle
from scoring.verification.verifier import verify


def test_bench_bundle_is_accepted_by_the_verifier(tmp_path: Path) -> None:
    lines = write_bench_bundle(tmp_path / "bundle.zip", 500)
    steps = list(verify(open_bundle(tmp_path / "bundle.zip")))
    assert len(lines) == 501
    assert steps[2].detail.startswith("501，")


def test_voters_come_back_within_their_quota() -> None:
    ballots = [msgspec.json.decode(line) for line in ballot_lines(3000)]
    per_day = Counter((one["voter"], one["day"]) for one in ballots)
    per_entry = Counter((one["voter"], one["day"], *one["entries"]) for one in ballots)
    assert 2 <= max(per_day.values()) <= VOTES_PER_DAY
    assert set(per_entry.values()) == {1}
    assert {code for one in ballots for code in one["entries"]} == set(CODES)
