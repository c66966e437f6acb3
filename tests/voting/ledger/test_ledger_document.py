"""The worked example of docs/ledger.md is what the code gives, value by value."""

import re
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.paths import ROOT
from tests.support.merkle_log import proof_over
from voting.ledger.rules.merkle import consistency_spans, inclusion_spans, leaf_hash, tree_hash
from voting.merkle_log.rules.tree_head import TreeHead

EXAMPLE = (ROOT / "docs" / "ledger.md").read_text().partition("## Worked example")[2]
LINES = [line.encode() for line in re.findall(r"^    (\{.*\})$", EXAMPLE, re.MULTILINE)]
VALUES = dict(re.findall(r"^\| (.+?) \| `([0-9a-f]+)` \|$", EXAMPLE, re.MULTILINE))
HASHES = [leaf_hash(line) for line in LINES]


def test_hashes_and_roots_are_those_of_the_page() -> None:
    assert [VALUES[f"leaf {n}"] for n in (1, 2, 3, 4)] == [one.hex() for one in HASHES]
    assert [VALUES[f"root of {n}"] for n in (2, 3, 4)] == [
        tree_hash(HASHES[:n]).hex() for n in (2, 3, 4)
    ]


def test_proofs_are_those_of_the_page() -> None:
    assert "| inclusion of 2 in 3 | leaf 1, leaf 3 |" in EXAMPLE
    assert proof_over(HASHES, inclusion_spans(1, 3)) == [HASHES[0], HASHES[2]]
    assert "| consistency of 2 and 3 | leaf 3 |" in EXAMPLE
    assert proof_over(HASHES, consistency_spans(2, 3)) == [HASHES[2]]


def test_signature_is_that_of_the_page() -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    assert f"public `{key.public_key().public_bytes_raw().hex()}`" in EXAMPLE
    moment = datetime(2026, 3, 2, 1, 5, 3, 250_000, UTC)
    head = TreeHead("top-ten-2026", 3, tree_hash(HASHES[:3]), moment)
    name = "signature of the head of 3, at 2026-03-02T01:05:03.250Z"
    assert key.sign(head.message()).hex() == VALUES[name]
