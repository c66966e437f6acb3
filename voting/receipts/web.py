"""Receipts: the ballot behind one, its proof, how it stands; and all ballots of a voter."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from accounts.people.rules import Principal
from contest.editions import service as contest_service
from contest.editions.rules.contest import Contest
from contest.entrants.service import names_by_code
from core.i18n import _
from core.problems import Conflict, Invalid, NotFound
from core.runtime import Runtime
from core.web.pages import AnyRequest, page, wants_page
from voting.boxes.service import Boxes
from voting.casting import service as casting
from voting.merkle_log import service as log
from voting.merkle_log.web import asked_size
from voting.receipts import service
from voting.receipts.rules.receipt_file import receipt_document
from voting.receipts.service import OwnBallot
from voting.review.changes import service as changes
from voting.review.changes.rules import Change, Kind


class ReceiptPages(Controller):
    path = "/receipts"

    @get("/")
    async def find(self, request: AnyRequest, runtime: NamedDependency[Runtime]) -> Response[Any]:
        code = request.query_params.get("code", "").strip()
        if not code:
            return page(request, "voting/receipts/receipt_find.html", code="", errors=())
        return Redirect(f"{runtime.settings.root_path}/receipts/{_url_part(code)}", status_code=303)

    @get("/{code:str}")
    async def receipt(
        self,
        request: AnyRequest,
        code: FromPath[str],
        boxes: NamedDependency[Boxes],
        runtime: NamedDependency[Runtime],
    ) -> Response[Any]:
        """The ballot behind a receipt code, its leaf in the ledger and how it stands."""
        try:
            contest, own = await service.find_receipt(boxes, code)
        except (Invalid, NotFound) as problem:
            if not wants_page(request):
                raise
            return page(
                request,
                "voting/receipts/receipt_find.html",
                status=problem.status,
                code=code[:80],
                errors=problem.errors,
            )
        if not wants_page(request):
            return Response(_leaf_document(contest, own))
        sequence = own.row.sequence
        return page(
            request,
            "voting/receipts/receipt.html",
            contest=contest,
            own=own,
            void=await changes.void_of_ballot(contest.id, sequence),
            history=await _history(contest.id, sequence),
            included=await log.inclusion(contest.id, contest.slug, sequence, None),
            public_key=runtime.keys.public_key.hex(),
            names=await names_by_code(contest.id),
            fresh=request.query_params.get("cast") == "1",
            address=f"{runtime.settings.base_url}/receipts/{own.receipt_code}",
        )

    @get("/{code:str}/receipt.json")
    async def receipt_file(
        self,
        code: FromPath[str],
        boxes: NamedDependency[Boxes],
        runtime: NamedDependency[Runtime],
        size: Annotated[
            str | None,
            QueryParameter(name="size", required=False, description="of a head kept elsewhere"),
        ] = None,
    ) -> Response[Any]:
        """The receipt as a file that `shibaiqian verify-receipt` checks offline."""
        contest, own = await service.find_receipt(boxes, code)
        included = await log.inclusion(contest.id, contest.slug, own.row.sequence, asked_size(size))
        if included is None and size is None:
            raise _not_signed_yet()
        if included is None:
            raise NotFound("no_such_head", _("没有签过这个大小的树头，或它还不含这一票"))
        document = receipt_document(
            own.receipt_code, own.row.line, included.head, included.proof, runtime.keys.public_key
        )
        name = f"receipt-{contest.slug}-{own.row.sequence}.json"
        return Response(
            msgspec.json.format(msgspec.json.encode(document), indent=2),
            media_type="application/json",
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "Cache-Control": "private, no-store",
            },
        )


class OwnVotesPages(Controller):
    path = "/c/{slug:str}/my-votes"

    @get("/")
    async def my_votes(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        me: NamedDependency[Principal],
        now: NamedDependency[datetime],
        boxes: NamedDependency[Boxes],
    ) -> Response[Any]:
        contest = await contest_service.public_contest(slug)
        return page(
            request,
            "voting/receipts/my_votes.html",
            contest=contest,
            ballots=await service.own_ballots(boxes, contest, me.account_id),
            quota=await casting.voter_quota(boxes, me.account_id, contest, now),
            names=await names_by_code(contest.id),
        )


def _not_signed_yet() -> Conflict:
    message = _("这一票刚刚写入，签名的树头几秒后才覆盖到它，请稍后再取")
    return Conflict("not_signed_yet", message, retry_after=2)


def _leaf_document(contest: Contest, own: OwnBallot) -> dict[str, Any]:
    return {
        "receipt": own.receipt_code,
        "contest": contest.slug,
        "sequence": own.row.sequence,
        "leaf": own.row.line.decode(),
        "leaf_hash": own.row.leaf_hash.hex(),
        "state": own.row.state or "valid",
    }


async def _history(contest_id: int, sequence: int) -> list[Change]:
    """The approved changes of a ballot that was ever restored, first to last. Empty for all
    other ballots: the page tells the void that keeps one from counting by itself."""
    found = await changes.history_of(contest_id, sequence)
    return found if any(one.kind is Kind.RESTORE for one in found) else []


def _url_part(code: str) -> str:
    """A typed code as part of an address: what is no letter or digit can only be a slip."""
    return "".join(letter for letter in code[:80] if letter.isalnum() or letter == "-") or "-"
