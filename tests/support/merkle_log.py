"""A contest's log in memory, honest or lying, with nothing but the pure rules."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import httpx

from core.crypto import KeyRing
from voting.ledger.rules.merkle import (
    Span,
    complete_nodes,
    consistency_spans,
    inclusion_spans,
    span_hash,
)
from voting.ledger.rules.merkle import tree_hash as root_of
from voting.merkle_log.rules.tree_head import SignedHead, TreeHead

SIGNED_AT = datetime(2026, 3, 2, 1, 0, 3, 250_000, UTC)


def proof_over(leaves: Sequence[bytes], spans: list[Span]) -> list[bytes]:
    """The hash over each span of these leaf hashes."""
    return [
        span_hash(
            span,
            {
                (level, index): root_of(leaves[index << level : index + 1 << level])
                for level, index in complete_nodes(span)
            },
        )
        for span in spans
    ]


def signed_head(keys: KeyRing, contest: str, leaves: Sequence[bytes]) -> SignedHead:
    head = TreeHead(contest, len(leaves), root_of(leaves), SIGNED_AT)
    return SignedHead(contest, head.size, head.root, SIGNED_AT, keys.sign(head.message()))


def inclusion(leaves: Sequence[bytes], sequence: int, size: int) -> list[bytes]:
    return proof_over(leaves[:size], inclusion_spans(sequence - 1, size))


class LogServer:
    """Answers as the server does. What it signed stays in `heads`; a liar changes `leaves`."""

    def __init__(self, keys: KeyRing, contest: str = "poll") -> None:
        self.keys = keys
        self.contest = contest
        self.leaves: list[bytes] = []
        self.heads: list[SignedHead] = []
        self.away = False

    def grow(self, *leaves: bytes) -> SignedHead:
        self.leaves += leaves
        self.heads.append(signed_head(self.keys, self.contest, self.leaves))
        return self.heads[-1]

    def client(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.away:
            raise httpx.ConnectError("away", request=request)
        what = request.url.path.rsplit("/", 1)[-1]
        asked = {name: int(value) for name, value in request.url.params.items()}
        document: Any
        if what == "key":
            document = {"public_key": self.keys.public_key.hex()}
        elif what == "head":
            if not self.heads:
                return httpx.Response(404, json={"code": "no_head_yet", "title": "还没有"})
            document = self.heads[-1].document()
        elif what == "heads":
            after = [one for one in self.heads if one.size > asked["after"]]
            document = {"heads": [one.document() for one in after[: asked["limit"]]]}
        else:
            spans = consistency_spans(asked["first"], asked["second"])
            proof = proof_over(self.leaves[: asked["second"]], spans)
            document = {"proof": [one.hex() for one in proof]}
        return httpx.Response(200, json=document)
