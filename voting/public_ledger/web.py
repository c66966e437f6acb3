"""The public ledger: its rows on a page, its files, and the voids."""

import csv
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from io import StringIO
from typing import Any

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from accounts.people.rules import Role
from contest.editions import service as contest_service
from contest.editions.rules.contest import Contest
from core.files.cells import safe_cell
from core.i18n import _
from core.problems import Conflict, NotFound
from core.runtime import Runtime
from core.web.openapi import asks
from core.web.pages import AnyRequest, page
from voting.ledger import rows as ledger_rows
from voting.ledger.rows import LedgerRow
from voting.ledger.rules.leaves import BallotLeaf
from voting.merkle_log import service as log
from voting.public_ledger.rules import opens_after_voting, rows_open, rows_open_to_staff
from voting.review.changes import service as changes

BoardFrozen = Callable[[int], Awaitable[bool]]
"""Whether the public board of a contest id stands frozen. `app.py` provides it, since boards are
the subject of a higher package."""

PAGE_ROWS = 50
_ROW_NUMBER = re.compile(r"[0-9]{1,9}")
_CSV_HEAD = (
    "sequence",
    "kind",
    "minute",
    "day",
    "voter",
    "slot",
    "entries",
    "ballots",
    "rule",
    "reason",
    "proposed_by",
    "approved_by",
    "leaf_hash",
)


class LedgerPages(Controller):
    path = "/c/{slug:str}"

    @get("/ledger", operation_class=asks("from"))
    async def ledger(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        board_frozen: NamedDependency[BoardFrozen],
        runtime: NamedDependency[Runtime],
    ) -> Response[Any]:
        """Query: `from`, the row to begin with; the newest if absent. Goes back from there."""
        contest = await _contest(slug)
        assert contest.rulebook.voting is not None
        size = await ledger_rows.size(contest.id)
        frozen = await board_frozen(contest.id)
        is_open = _is_open(request, contest, frozen=frozen)
        voids = [one for one in await changes.voids(contest.id) if one.approved is not False]
        asked = request.query_params.get("from", "").strip()
        last = min(max(int(asked), 1), size) if _ROW_NUMBER.fullmatch(asked) else size
        rows = await ledger_rows.rows_between(contest, max(1, last - PAGE_ROWS + 1), last)
        return page(
            request,
            "voting/public_ledger/ledger.html",
            contest=contest,
            size=size,
            rows=rows[::-1],
            page_rows=PAGE_ROWS,
            asked=asked,
            head=await log.newest_head(contest.id, contest.slug),
            public_key=runtime.keys.public_key.hex(),
            opens_after_voting=opens_after_voting(contest.rulebook.voting, board_frozen=frozen),
            open=is_open,
            voids=voids,
            # only what the rows themselves tell by now
            numbers=await changes.numbers_of([one for one in voids if one.approved and is_open]),
            restorations=await changes.restorations(contest.id),
        )

    @get("/ledger.jsonl")
    async def lines(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        board_frozen: NamedDependency[BoardFrozen],
    ) -> Stream:
        """Every leaf in order, byte for byte as hashed, one a line (docs/ledger.md)."""
        contest = await _open_contest(request, slug, board_frozen)

        async def content() -> AsyncIterator[bytes]:
            async for row in ledger_rows.export_rows(contest):
                yield row.line + b"\n"

        return _file(content(), "application/jsonl", f"{slug}-ledger.jsonl")

    @get("/ledger.csv")
    async def table(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        board_frozen: NamedDependency[BoardFrozen],
    ) -> Stream:
        """The same rows as a table, for a spreadsheet."""
        contest = await _open_contest(request, slug, board_frozen)

        async def content() -> AsyncIterator[bytes]:
            yield b"\xef\xbb\xbf" + _csv_line(_CSV_HEAD)
            async for row in ledger_rows.export_rows(contest):
                yield _csv_line(_cells(row))

        return _file(content(), "text/csv", f"{slug}-ledger.csv")


async def _contest(slug: str) -> Contest:
    """A public contest with a vote. Raises NotFound."""
    contest = await contest_service.public_contest(slug)
    if contest.rulebook.voting is None:
        raise NotFound("no_voting", _("本次评选不设公众投票"))
    return contest


def _is_open(request: AnyRequest, contest: Contest, *, frozen: bool) -> bool:
    assert contest.rulebook.voting is not None
    if request.user is not None and request.user.has(Role.ORGANISER, Role.AUDITOR):
        return rows_open_to_staff(contest.phase)
    return rows_open(contest.rulebook.voting, contest.phase, board_frozen=frozen)


async def _open_contest(request: AnyRequest, slug: str, board_frozen: BoardFrozen) -> Contest:
    contest = await _contest(slug)
    if not _is_open(request, contest, frozen=await board_frozen(contest.id)):
        raise Conflict(
            "ledger_not_open", _("账本的明细在计票保密期结束后公开，现在只公开每行的摘要值")
        )
    return contest


def _file(content: AsyncIterator[bytes], media_type: str, name: str) -> Stream:
    return Stream(
        content,
        media_type=media_type,
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _cells(row: LedgerRow) -> tuple[object, ...]:
    leaf = row.leaf
    minute = leaf.minute.strftime("%Y-%m-%dT%H:%MZ")
    own: tuple[object, ...]
    if isinstance(leaf, BallotLeaf):
        entries = " ".join(leaf.entries)
        own = (leaf.day, leaf.voter.hex(), leaf.slot, entries, "", "", "", "", "")
    else:
        ballots = " ".join(map(str, leaf.ballots))
        people = (leaf.proposed_by, leaf.approved_by)
        own = (
            "",
            "",
            "",
            "",
            ballots,
            safe_cell(leaf.rule),
            safe_cell(leaf.reason),
            *map(safe_cell, people),
        )
    return (leaf.sequence, row.kind, minute, *own, row.leaf_hash.hex())


def _csv_line(cells: tuple[object, ...]) -> bytes:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()
