"""The Merkle log over HTTP: signed heads, proofs and the key, for programs.

    GET /c/{slug}/ledger/head                         the newest signed head
    GET /c/{slug}/ledger/heads?after=&limit=          heads by size, oldest first
    GET /c/{slug}/ledger/heads/{size}                 the head over so many leaves
    GET /c/{slug}/ledger/inclusion?sequence=&size=    or leaf_hash= instead of sequence=
    GET /c/{slug}/ledger/consistency?first=&second=
    GET /c/{slug}/ledger/key                          the key that signs

What a size names never changes, so such answers may be kept for ever; what is newest must
be asked for again and carries an ETag. `docs/ledger.md` says what the answers mean.
"""

import hashlib
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import msgspec
from litestar import Controller, MediaType, Response, get
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, QueryParameter

from contest.editions import service as contest_service
from contest.editions.rules.contest import Contest
from core.i18n import _
from core.problems import FieldError, Invalid, NotFound
from core.runtime import Runtime
from core.web.pages import AnyRequest
from voting.merkle_log import service as log
from voting.merkle_log.rules.query import (
    QueryError,
    consistency_query,
    heads_query,
    inclusion_query,
    size_of,
)
from voting.merkle_log.rules.tree_head import SignedHead

FOR_EVER = "public, max-age=31536000, immutable"
_REVALIDATE = "public, no-cache"
_Query = TypeVar("_Query")


class HeadDocument(msgspec.Struct):
    """A signed tree head; `signature` covers the canonical JSON of the other fields."""

    contest: str
    format: str
    root: str
    signature: str
    signed_at: str
    size: int


class HeadList(msgspec.Struct):
    """Heads from the smallest on; there may be more after the last one."""

    heads: list[HeadDocument]


class InclusionDocument(msgspec.Struct):
    """The sibling hashes from leaf `sequence` up to the root over `size` leaves."""

    contest: str
    leaf_hash: str
    proof: list[str]
    sequence: int
    size: int


class ConsistencyDocument(msgspec.Struct):
    """That the tree over `first` leaves is the beginning of the one over `second`."""

    contest: str
    first: int
    proof: list[str]
    second: int


class KeyDocument(msgspec.Struct):
    """The Ed25519 key (32 raw bytes, hex) that signs heads, sheets and bundles."""

    algorithm: str
    contest: str
    public_key: str


def _described(name: str, description: str) -> Any:
    return QueryParameter(name=name, required=False, description=description)


def _answers(document: type[msgspec.Struct]) -> dict[int, ResponseSpec]:
    return {200: ResponseSpec(document, description=(document.__doc__ or "").strip())}


After = Annotated[str | None, _described("after", "heads larger than this size; 0 by default")]
Limit = Annotated[str | None, _described("limit", "how many at most, 1 to 1000")]
Sequence = Annotated[str | None, _described("sequence", "the leaf's number, from 1")]
LeafHash = Annotated[str | None, _described("leaf_hash", "or its hash, 64 hex digits")]
Size = Annotated[str | None, _described("size", "leaves in the tree; the newest head's if absent")]
First = Annotated[str | None, _described("first", "leaves in the older tree, from 1")]
Second = Annotated[str | None, _described("second", "in the newer; the newest head's if absent")]


class LogDocuments(Controller):
    path = "/c/{slug:str}/ledger"

    @get("/head", responses=_answers(HeadDocument))
    async def newest(self, request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
        """The newest signed tree head, with an ETag."""
        return _document(request, (await _newest(await _contest(slug))).document())

    @get("/heads", responses=_answers(HeadList))
    async def heads(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        after: After = None,
        limit: Limit = None,
    ) -> Response[Any]:
        """Signed heads by size. A full page never changes again."""
        query = _asked(lambda: heads_query(after, limit))
        contest = await _contest(slug)
        heads = await log.heads_after(contest.id, contest.slug, query.after, query.limit)
        document = {"heads": [one.document() for one in heads]}
        return _document(request, document, for_ever=len(heads) == query.limit)

    @get("/heads/{size:str}", responses=_answers(HeadDocument))
    async def head(
        self, request: AnyRequest, slug: FromPath[str], size: FromPath[str]
    ) -> Response[Any]:
        """The head that was signed over exactly so many leaves."""
        wanted = asked_size(size)
        assert wanted is not None
        contest = await _contest(slug)
        head = await log.head_of_size(contest.id, contest.slug, wanted)
        if head is None:
            raise NotFound("no_such_head", _("没有签过这个大小的树头"))
        return _document(request, head.document(), for_ever=True)

    @get("/inclusion", responses=_answers(InclusionDocument))
    async def inclusion(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        sequence: Sequence = None,
        leaf_hash: LeafHash = None,
        size: Size = None,
    ) -> Response[Any]:
        """That a leaf stands in the tree of a size, by its number or by its hash."""
        query = _asked(lambda: inclusion_query(sequence, leaf_hash, size))
        contest = await _contest(slug)
        covered = await _covered(contest, query.size)
        place = query.sequence
        if query.leaf_hash is not None:
            place = await log.sequence_of_leaf(contest.id, query.leaf_hash)
        if place is None or place > covered:
            raise NotFound("no_such_leaf", _("这个大小的账本里没有这一行"))
        proof = await log.inclusion_proof(contest.id, place, covered)
        document = {
            "contest": contest.slug,
            "leaf_hash": (await log.leaf_hash(contest.id, place)).hex(),
            "proof": [one.hex() for one in proof],
            "sequence": place,
            "size": covered,
        }
        return _document(request, document, for_ever=query.size is not None)

    @get("/consistency", responses=_answers(ConsistencyDocument))
    async def consistency(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        first: First = None,
        second: Second = None,
    ) -> Response[Any]:
        """That the tree of one size is the beginning of the tree of another."""
        query = _asked(lambda: consistency_query(first, second))
        contest = await _contest(slug)
        covered = await _covered(contest, query.second)
        if query.first > covered:
            raise NotFound("no_such_size", _("账本还没有这么大的树头"))
        proof = await log.consistency_proof(contest.id, query.first, covered)
        document = {
            "contest": contest.slug,
            "first": query.first,
            "proof": [one.hex() for one in proof],
            "second": covered,
        }
        return _document(request, document, for_ever=query.second is not None)

    @get("/key", responses=_answers(KeyDocument))
    async def key(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        runtime: NamedDependency[Runtime],
    ) -> Response[Any]:
        """The public key that the heads of this ledger are signed with."""
        contest = await _contest(slug)
        document = {
            "algorithm": "Ed25519",
            "contest": contest.slug,
            "public_key": runtime.keys.public_key.hex(),
        }
        return _document(request, document)


async def _contest(slug: str) -> Contest:
    """A public contest with a vote. Raises NotFound."""
    contest = await contest_service.public_contest(slug)
    if contest.rulebook.voting is None:
        raise NotFound("no_voting", _("本次评选不设公众投票"))
    return contest


async def _newest(contest: Contest) -> SignedHead:
    head = await log.newest_head(contest.id, contest.slug)
    if head is None:
        raise NotFound("no_head_yet", _("账本还没有签名的树头；第一张选票写入几秒后就会有"))
    return head


async def _covered(contest: Contest, size: int | None) -> int:
    """The size asked for, which a signed head must reach. Raises NotFound."""
    newest = await _newest(contest)
    if size is not None and size > newest.size:
        raise NotFound("no_such_size", _("账本还没有这么大的树头"))
    return size or newest.size


def asked_size(size: str | None) -> int | None:
    """A size as it stands in an address; None when there is none. Raises Invalid."""
    return None if size is None else _asked(lambda: size_of(size))


def _asked(read: Callable[[], _Query]) -> _Query:
    """A query as asked. Raises Invalid with everything that is wrong with it."""
    try:
        return read()
    except QueryError as error:
        errors = [FieldError(name, message) for name, message in error.errors.items()]
        raise Invalid("bad_query", _("地址里的参数不对"), errors=errors) from error


def _document(
    request: AnyRequest, document: dict[str, Any], *, for_ever: bool = False
) -> Response[Any]:
    body = msgspec.json.encode(document)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": FOR_EVER if for_ever else _REVALIDATE}
    if etag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers)
    return Response(body, media_type=MediaType.JSON, headers=headers)
