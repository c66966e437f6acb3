"""Receipts: the ballots of a voter, and the ballot that a receipt code names."""

from dataclasses import dataclass

from contest.editions.rules.contest import Contest
from core.i18n import _
from core.problems import FieldError, Invalid, NotFound
from voting.boxes.rules.receipt_codes import NotAReceiptError, is_genuine, read_receipt
from voting.boxes.service import Boxes
from voting.ledger import rows as ledger_rows
from voting.ledger.rows import LedgerRow


@dataclass(frozen=True, slots=True)
class OwnBallot:
    """A ballot together with its receipt code, as its voter sees it."""

    receipt_code: str
    row: LedgerRow


async def own_ballots(boxes: Boxes, contest: Contest, voter_id: int) -> list[OwnBallot]:
    """The voter's ballots in this contest, newest first."""
    box = await boxes.find(contest.id)
    if box is None:
        return []
    rows = await ledger_rows.ballots_of(contest, box.pseudonym(voter_id))
    return [OwnBallot(box.receipt(row.sequence), row) for row in rows]


async def find_receipt(boxes: Boxes, code: str) -> tuple[Contest, OwnBallot]:
    """The ballot that a receipt code names.

    Raises Invalid for what is mistyped, NotFound for a code that was never given.
    """
    try:
        receipt = read_receipt(code)
    except NotAReceiptError as error:
        message = _("回执号应当是 16 位字母和数字；请核对是否抄错")
        raise Invalid("not_a_receipt", message, errors=[FieldError("code", message)]) from error
    box = await boxes.find(receipt.contest_id)
    if box is None or not is_genuine(receipt, box.secret):
        raise _no_receipt()
    found = await ledger_rows.ballot(receipt.contest_id, receipt.sequence)
    if found is None:
        raise _no_receipt()
    contest, row = found
    return contest, OwnBallot(box.receipt(receipt.sequence), row)


def _no_receipt() -> NotFound:
    message = _("没有发出过这张回执")
    return NotFound("no_such_receipt", message, errors=[FieldError("code", message)])
