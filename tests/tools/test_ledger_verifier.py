"""The small verifier against the large one: they agree on whole ledgers and on changed ones.

Every changed bundle is signed again by its changer, so that the recount must find it.
"""

import csv
import io
import json
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contest.rulebooks.rules.rulebook import parse_rulebook
from core.crypto import KeyRing, load_keys
from core.paths import ROOT
from lab.bench.recount import CODES, CONTEST, RULEBOOK, ballot_lines, void_line, write_bench_bundle
from scoring.verification.bundle import BundleError, open_bundle, write_bundle
from scoring.verification.cli import verify as verify_command
from scoring.verification.verifier import verify
from tests.support.bundles import CODES as SMALL_CODES
from tests.support.bundles import RULEBOOK as SMALL_RULEBOOK
from tests.support.bundles import about, ballots, bundle_files, voids
from tests.support.merkle_log import inclusion, signed_head
from tests.voting.ledger.rules.test_merkle import INPUTS, ROOTS
from tools import ledger_verifier
from voting.ledger.rules.leaves import RestoreLeaf, VoidLeaf
from voting.ledger.rules.merkle import leaf_hash
from voting.ledger.rules.recount import recount
from voting.receipts.rules.receipt_file import (
    ReceiptFault,
    check,
    read_receipt_file,
    receipt_document,
)

SCRIPT = ROOT / "tools" / "ledger_verifier.py"
BALLOTS = 300
LINES = [*ballot_lines(BALLOTS), void_line(BALLOTS)]
HASHES = [leaf_hash(line) for line in LINES]


@dataclass
class Case:
    folder: Path
    keys: KeyRing

    def run(self, *arguments: str) -> tuple[int, str]:
        """The script as a stranger runs it: a bare interpreter that sees nothing of ours."""
        done = subprocess.run(
            [sys.executable, "-I", str(SCRIPT), *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def write(self, name: str, content: bytes) -> str:
        (self.folder / name).write_bytes(content)
        return name

    def ledger(self, lines: list[bytes]) -> list[str]:
        ledger = self.write("ledger.jsonl", b"".join(line + b"\n" for line in lines))
        return [ledger, self.write("rulebook.toml", RULEBOOK.encode())]


@pytest.fixture
def case(tmp_path: Path, keys: KeyRing) -> Case:
    return Case(tmp_path, keys)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return load_keys(tmp_path_factory.mktemp("keys"))


def test_small_verifier_is_small_and_stands_alone() -> None:
    source = SCRIPT.read_text()
    assert len(source.splitlines()) < 200
    modules = {
        line.split()[1] for line in source.splitlines() if line.startswith(("import ", "from "))
    }
    assert modules <= sys.stdlib_module_names


def test_its_tree_gives_the_published_roots() -> None:
    hashes = [ledger_verifier.node(bytes.fromhex(one)) for one in INPUTS]
    found = ledger_verifier.roots(hashes, set(range(1, 9)))
    assert [found[size].hex() for size in range(1, 9)] == ROOTS


def test_its_signatures_are_those_of_rfc_8032() -> None:
    chance = random.Random(8032)
    for length in (0, 1, 100):
        key = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        public, message = key.public_key().public_bytes_raw(), chance.randbytes(length)
        signature = key.sign(message)
        ledger_verifier.signed(public, message, signature)
        for place in (0, 31, 32, 62):
            wrong = bytearray(signature)
            wrong[place] ^= 1
            with pytest.raises(ValueError, match=r"wrong|point"):
                ledger_verifier.signed(public, message, bytes(wrong))
        with pytest.raises(ValueError, match="wrong"):
            ledger_verifier.signed(public, message + b"x", signature)


def test_both_count_the_same(case: Case) -> None:
    code, said = case.run(*case.ledger(LINES))
    assert code == 0, said
    voting = parse_rulebook(RULEBOOK).voting
    assert voting is not None
    ours = recount(CONTEST, voting, set(CODES), LINES[:-1], LINES[-1:])
    assert json.loads(said) == {
        "root": ours.root.hex(),
        "size": ours.size,
        "valid": dict(ours.valid),
        "void": dict(ours.voided),
    }


def test_it_compares_the_votes_with_the_table(case: Case) -> None:
    voting = parse_rulebook(RULEBOOK).voting
    assert voting is not None
    ours = recount(CONTEST, voting, set(CODES), LINES[:-1], LINES[-1:])
    rows = [f"{code},{ours.valid[code]},{ours.voided[code]}" for code in CODES]
    table = "\n".join(["entrant,votes,voided", *rows, ""])
    one_more = table.replace(rows[0], f"001,{ours.valid['001'] + 1},{ours.voided['001']}")
    without = table.replace(rows[0] + "\n", "")
    for content, code in ((table, 0), (one_more, 1), (without, 1)):
        votes = case.write("votes.csv", content.encode())
        assert case.run(*case.ledger(LINES), "--votes", votes)[0] == code


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "ballot taken out": lambda b: b.split(b"\n", 1)[1],
    "ballot more": lambda b: b + b.split(b"\n")[0] + b"\n",
    "ballot for another": lambda b: b.replace(b'["001"]', b'["002"]', 1),
    "out of time": lambda b: b.replace(b"T00:00Z", b"T17:00Z", 1),
    "another slot": lambda b: b.replace(b'"slot":2', b'"slot":3', 1),
    "another voter": lambda b: b.replace(b'"voter":"', b'"voter":"0', 1),
    "a space": lambda b: b.replace(b'"v":1', b'"v": 1', 1),
    "same entry twice": lambda b: b.replace(b'["001"]', b'["001","001"]', 1),
}


@pytest.mark.parametrize("change", [None, *CHANGES])
def test_both_judge_a_bundle_alike(case: Case, change: str | None) -> None:
    path = case.folder / "bundle.zip"
    write_bench_bundle(path, BALLOTS)
    whole = open_bundle(path)
    files = dict(whole.files)
    if change:
        files["ballots.jsonl"] = CHANGES[change](files["ballots.jsonl"])
        assert files["ballots.jsonl"] != whole.files["ballots.jsonl"]
    about = {name: whole.manifest[name] for name in ("contest", "rulebook", "ledger")}
    path.write_bytes(write_bundle(files, about, case.keys))
    try:
        list(verify(open_bundle(io.BytesIO(path.read_bytes()))))
        accepted = True
    except BundleError:
        accepted = False
    code, said = case.run("bundle.zip", "--key", case.keys.public_key.hex())
    assert ((code == 0), accepted) == (change is None, change is None), said


MINUTE = datetime(2026, 3, 2, 1, 40, tzinfo=UTC)
RESTORED = RestoreLeaf("small", 6, 1, (4,), "第十条", "查明", "甲", "乙", MINUTE)
AGAIN = VoidLeaf("small", 7, 2, (1,), "刷票", "同一设备", "乙", "丙", MINUTE)

RESTORATIONS: dict[str, tuple[list[VoidLeaf], str]] = {
    "restored": ([RESTORED], ""),
    "restored, and another voided": ([RESTORED, AGAIN], ""),
    "restored, voided again, restored": (
        [RESTORED, replace(AGAIN, ballots=(4,)), replace(RESTORED, sequence=8, batch=2)],
        "",
    ),
    "never voided": ([replace(RESTORED, ballots=(1,))], "6 names 1"),
    "voided by another batch": ([replace(RESTORED, batch=2)], "6 names 4"),
    "restored twice": ([RESTORED, replace(RESTORED, sequence=7)], "7 names 4"),
    "named twice": ([replace(RESTORED, ballots=(4, 4))], "6 names 4"),
    "by one person": ([replace(RESTORED, approved_by="甲")], "6 is by one person"),
}


@pytest.mark.parametrize("name", RESTORATIONS)
def test_both_judge_restorations_alike(case: Case, name: str) -> None:
    leaves, wrong = RESTORATIONS[name]
    right = not wrong
    others = [*voids(), *(leaf.line() for leaf in leaves)]
    # what is wrong is signed too, so it is the leaf that both must name
    files = bundle_files(case.keys, others if right else voids())
    files["voids.jsonl"] = b"".join(line + b"\n" for line in others)
    said = about(others) if right else about(voids())
    path = case.folder / "bundle.zip"
    path.write_bytes(write_bundle(files, said, case.keys))
    run = CliRunner().invoke(verify_command, [str(path), "--key", case.keys.public_key.hex()])
    code, answer = case.run("bundle.zip", "--key", case.keys.public_key.hex())
    assert (run.exit_code == 0, code == 0) == (right, right), (run.output, answer)
    if wrong:
        assert wrong in answer
        assert ("两个人" if "person" in wrong else "恢复的第") in run.output
    else:
        voting = SMALL_RULEBOOK.voting
        assert voting is not None
        ours = recount("small", voting, set(SMALL_CODES), ballots(), others)
        told = json.loads(answer)
        assert (told["valid"], told["void"]) == (dict(ours.valid), dict(ours.voided))
        rows = csv.DictReader(io.StringIO(files["votes.csv"].decode()))
        assert {row["entrant"]: int(row["votes"]) for row in rows} == told["valid"]


def test_both_judge_heads_and_receipts_alike(case: Case) -> None:
    heads = [signed_head(case.keys, CONTEST, HASHES[:size]) for size in (1, 17, 256, 301)]
    proof = inclusion(HASHES, 200, 256)
    document = receipt_document("CODE", LINES[199], heads[2], proof, case.keys.public_key)
    kept = b"".join(json.dumps(one.document()).encode() + b"\n" for one in heads)
    arguments = [*case.ledger(LINES), "--key", case.keys.public_key.hex()]
    arguments += ["--heads", case.write("heads.jsonl", kept), "--receipt", "receipt.json"]

    def judged(receipt: dict[str, object]) -> tuple[bool, bool]:
        content = json.dumps(receipt).encode()
        case.write("receipt.json", content)
        try:
            check(read_receipt_file(content), case.keys.public_key, heads)
            ours = True
        except (ReceiptFault, ValueError):
            ours = False
        return ours, case.run(*arguments)[0] == 0

    assert judged(document) == (True, True)
    turned = [proof[0][::-1].hex(), *(one.hex() for one in proof[1:])]
    forged = {**heads[2].document(), "root": HASHES[0].hex()}
    other = LINES[198].decode()
    for wrong in ({"proof": turned}, {"proof": turned[1:]}, {"head": forged}, {"leaf": other}):
        assert judged({**document, **wrong}) == (False, False)


def test_it_finds_a_head_of_another_ledger(case: Case) -> None:
    changed = [leaf_hash(b"x"), *HASHES[1:]]
    head = json.dumps(signed_head(case.keys, CONTEST, changed[:256]).document()).encode()
    heads = ["--heads", case.write("heads.jsonl", head + b"\n")]
    arguments = [*case.ledger(LINES), "--key", case.keys.public_key.hex(), *heads]
    code, said = case.run(*arguments)
    assert (code, "a foreign head" in said) == (1, True)
