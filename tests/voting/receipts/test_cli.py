"""`shibaiqian verify-receipt`: what it says, and by which exit code."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from core.crypto import KeyRing
from tests.support.merkle_log import inclusion, signed_head
from tests.support.voting import START
from voting.ledger.rules.leaves import BallotLeaf
from voting.ledger.rules.merkle import leaf_hash
from voting.receipts.cli import verify_receipt
from voting.receipts.rules.receipt_file import receipt_document

LINES = [
    BallotLeaf("poll", n, bytes([n]) * 16, START.date(), 1, ("001", "007"), START).line()
    for n in range(1, 8)
]
HASHES = [leaf_hash(line) for line in LINES]


@pytest.fixture
def document(keys: KeyRing) -> dict[str, Any]:
    head = signed_head(keys, "poll", HASHES[:6])
    proof = inclusion(HASHES, 3, 6)
    return receipt_document("001G-0000-09F1-0EPB", LINES[2], head, proof, keys.public_key)


def verified(folder: Path, document: Any, *arguments: str) -> Result:
    file = folder / "receipt.json"
    file.write_text(json.dumps(document))
    return CliRunner().invoke(verify_receipt, [str(file), *arguments])


def test_good_receipt_tells_number_entries_and_time(
    keys: KeyRing, tmp_path: Path, document: dict[str, Any]
) -> None:
    heads = [signed_head(keys, "poll", HASHES[:size]).document() for size in (2, 6, 7)]
    kept = tmp_path / "heads.jsonl"
    kept.write_text("".join(json.dumps(one) + "\n" for one in heads))
    done = verified(tmp_path, document, "--key", keys.public_key.hex(), "--head", str(kept))
    assert done.exit_code == 0, done.output
    for said in ("第 3 号", "001、007", "2026-03-02 09:00（北京时间）", "6 行"):
        assert said in done.output
    assert "没有指定" not in done.output
    assert "没有指定公钥" in verified(tmp_path, document).output


def test_what_does_not_hold_is_named(
    keys: KeyRing, tmp_path: Path, document: dict[str, Any]
) -> None:
    other = LINES[3].decode()
    forged = {**document["head"], "root": HASHES[0].hex()}
    cases = (
        ({"leaf": other}, "证明不成立"),
        ({"leaf": document["leaf"].replace("007", "008")}, "证明不成立"),
        ({"leaf": document["leaf"].replace("poll", "pool")}, "不属于同一个评选"),
        ({"proof": document["proof"][1:]}, "证明不成立"),
        ({"head": forged}, "签名不符"),
    )
    for change, said in cases:
        done = verified(tmp_path, {**document, **change})
        assert (done.exit_code, said in done.output) == (1, True), (change, done.output)
    assert verified(tmp_path, document, "--key", "00" * 32).exit_code == 1


def test_head_kept_elsewhere_must_agree(
    keys: KeyRing, tmp_path: Path, document: dict[str, Any]
) -> None:
    kept = tmp_path / "head.json"
    for leaves, said in ((HASHES[:5], "没有大小为 6"), (HASHES[1:7], "与留存的树头矛盾")):
        kept.write_text(json.dumps(signed_head(keys, "poll", leaves).document(), indent=1))
        done = verified(tmp_path, document, "--head", str(kept))
        assert done.exit_code == 1
        assert said.replace("没有大小", "里没有大小") in done.output


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1]", b"\xff", b'{"format": 1}', b"[" * 100_000, b"null"]
)
def test_unreadable_files_are_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "receipt.json"
    file.write_bytes(content)
    assert CliRunner().invoke(verify_receipt, [str(file)]).exit_code == 2


def test_wrong_types_are_refused(tmp_path: Path, document: dict[str, Any]) -> None:
    for name in document:
        wrongs: tuple[Any, ...] = (None, 7, "x", [], {}, ["x"])
        for wrong in wrongs:
            done = verified(tmp_path, {**document, name: wrong})
            allowed = name == "receipt" or (name == "proof" and wrong in ([], {}))
            assert done.exit_code in ((0, 1) if allowed else (2,)), (name, wrong, done.output)
