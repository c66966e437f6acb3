"""The verifier on a bundle made without a server, whole and tampered with.

Every tampered bundle here is signed again by its tamperer, so that not the digests but the
recomputation must find the change.
"""

import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from click.testing import CliRunner

from contest.rules.rulebook import parse_rulebook
from core.crypto import KeyRing, load_keys
from scoring.bundle import FILES, Bundle, BundleError, open_bundle, write_bundle
from scoring.cli_verify import verify as verify_command
from scoring.figures_csv import figure_files
from scoring.rules.certified import marks_in_force, signed_line, vote_counts
from scoring.rules.data import Entrant, ScoringData
from scoring.rules.engine import score
from scoring.rules.judge_sheet import (
    Entry,
    EntryStatus,
    SheetContent,
    Signing,
    SigningMethod,
    digest_of,
)
from scoring.rules.result import result_to_json
from scoring.verifier import first_difference, verify
from voting.rules.ledger import BallotLeaf, VoidLeaf
from voting.rules.recount import recount

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


def _ballots() -> list[bytes]:
    choices = ["001", "002", "001", "001"]
    return [
        BallotLeaf("small", n, bytes([n]) * 16, date(2026, 3, 2), 1, (choice,), MINUTE).line()
        for n, choice in enumerate(choices, start=1)
    ]


def _voids() -> list[bytes]:
    return [VoidLeaf("small", 5, 1, (4,), "刷票", "同一设备", "甲", "乙", MINUTE).line()]


def _sheet(keys: KeyRing, seat: int, marks: dict[str, str], version: int = 1) -> bytes:
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


def _files(keys: KeyRing) -> dict[str, bytes]:
    sheets = [
        _sheet(keys, 1, {"001": "8.5", "002": "9"}),
        _sheet(keys, 2, {"001": "7", "002": "0"}),
        _sheet(keys, 2, {"001": "7", "002": "6"}, version=2),
    ]
    counted = recount("small", RULEBOOK.voting, set(CODES), _ballots(), _voids())  # type: ignore[arg-type]
    data = ScoringData(
        entrants=tuple(Entrant(code, f"选手{code}", code) for code in CODES),
        marks=tuple(marks_in_force("small", RULEBOOK, set(CODES), sheets, keys.public_key)),
        votes=tuple(vote_counts(set(CODES), counted.valid, counted.voided)),
    )
    return {
        **figure_files(data),
        "rulebook.toml": RULEBOOK.source.encode(),
        "ballots.jsonl": b"\n".join(_ballots()) + b"\n",
        "voids.jsonl": b"\n".join(_voids()) + b"\n",
        "sheets.jsonl": b"\n".join(sheets) + b"\n",
        "result.json": result_to_json(score(RULEBOOK, data)).encode(),
    }


def _about() -> dict[str, object]:
    counted = recount("small", RULEBOOK.voting, set(CODES), _ballots(), _voids())  # type: ignore[arg-type]
    return {
        "contest": "small",
        "rulebook": RULEBOOK.digest,
        "ledger": {"size": counted.size, "root": counted.root.hex()},
    }


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return load_keys(tmp_path_factory.mktemp("keys"))


def _opened(files: dict[str, bytes], keys: KeyRing) -> Bundle:
    return open_bundle(io.BytesIO(write_bundle(files, _about(), keys)))


def test_verify_accepts_the_whole_and_counts(keys: KeyRing) -> None:
    steps = list(verify(_opened(_files(keys), keys)))
    root = _about()["ledger"]["root"]  # type: ignore[index]
    assert [step.detail for step in steps] == [
        RULEBOOK.digest,
        "2 人",
        f"5，{root}",
        "3 份",
        "2 人的每一步算式相符",
    ]


TAMPERINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "a ballot for another": ("ballots.jsonl", lambda b: b.replace(b'["002"]', b'["001"]')),
    "a ballot taken out": ("ballots.jsonl", lambda b: b.split(b"\n", 1)[1]),
    "a ballot more": ("ballots.jsonl", lambda b: b + b.split(b"\n")[0] + b"\n"),
    "a ballot out of time": ("ballots.jsonl", lambda b: b.replace(b"T01:30Z", b"T17:30Z")),
    "a void taken out": ("voids.jsonl", lambda b: b""),
    "a void by one person": ("voids.jsonl", lambda b: b.replace("乙".encode(), "甲".encode())),
    "a void of another ballot": ("voids.jsonl", lambda b: b.replace(b"[4]", b"[2]")),
    "a mark raised": ("sheets.jsonl", lambda b: b.replace(b"8.5", b"9.5")),
    "a version taken out": ("sheets.jsonl", lambda b: b"\n".join(b.split(b"\n")[:2]) + b"\n"),
    "a count raised": ("votes.csv", lambda b: b.replace(b"001,2,1", b"001,3,1")),
    "a mark raised in the table": ("marks.csv", lambda b: b.replace(b"8.5", b"9.5")),
    "another rulebook": ("rulebook.toml", lambda b: b.replace(b"weight = 30", b"weight = 3e1")),
    "a figure of the result": ("result.json", lambda b: b.replace(b'"rank":1', b'"rank":2')),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_verify_finds_what_digests_cannot(keys: KeyRing, name: str) -> None:
    file, tamper = TAMPERINGS[name]
    files = _files(keys)
    changed = tamper(files[file])
    assert changed != files[file]
    bundle = _opened({**files, file: changed}, keys)
    with pytest.raises(BundleError):
        list(verify(bundle))


def test_verify_names_the_first_figure_that_differs(keys: KeyRing) -> None:
    files = _files(keys)
    plain = json.loads(files["result.json"])
    plain["entrants"][0]["components"][0]["contribution"] = "29.99"
    changed = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    with pytest.raises(BundleError) as refused:
        list(verify(_opened({**files, "result.json": changed.encode()}, keys)))
    assert refused.value.file == "result.json"
    assert refused.value.message.startswith("entrants[0].components[0].contribution 写的是 29.99")


def test_first_difference_of_equal_values_is_empty() -> None:
    assert first_difference({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}) == ""


def test_verify_command_exit_codes(keys: KeyRing, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("bundles")
    good, bad = folder / "good.zip", folder / "bad.zip"
    good.write_bytes(write_bundle(_files(keys), _about(), keys))
    bad.write_bytes(good.read_bytes()[:-100])
    run = CliRunner().invoke
    assert run(verify_command, [str(good), "--key", keys.public_key.hex()]).exit_code == 0
    assert run(verify_command, [str(good), "--key", "00" * 32]).exit_code == 1
    assert run(verify_command, [str(bad)]).exit_code == 1
    assert run(verify_command, [str(folder / "none.zip")]).exit_code == 2
    assert set(FILES) == set(_files(keys))
