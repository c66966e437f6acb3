"""From a signed sheet to rows of marks: the server and the verifier read sheets alike."""

from collections.abc import Collection

from contest.rulebooks.rules.vocabulary import Judging
from scoring.engine.data import ABSENT, RECUSED, SCORED, Mark
from scoring.judging.sheets.rules.judge_sheet import Entry, EntryStatus, SheetContent

_STATUS = {
    EntryStatus.SUBMITTED: SCORED,
    EntryStatus.RECUSED: RECUSED,
    EntryStatus.ABSENT: ABSENT,
}


def judge_id(seat: int) -> str:
    """How the engine and the bundle name a judge: the seat's number in two digits."""
    return f"{seat:02d}"


def marks_of(content: SheetContent, judging: Judging, codes: Collection[str]) -> list[Mark]:
    """The sheet's marks for the entrants in `codes` (who has withdrawn is left out).

    Each settled entrant has one row a criterion; recused and absent rows have no value.
    """
    return [
        Mark(
            judge=judge_id(content.seat),
            entrant=entry.code,
            round=content.round,
            criterion=criterion.id,
            value=entry.marks.get(criterion.id),
            status=_STATUS[entry.status],
        )
        for entry in content.entries
        if entry.code in codes and _is_settled(entry)
        for criterion in judging.criteria
    ]


def _is_settled(entry: Entry) -> bool:
    return entry.status in _STATUS
