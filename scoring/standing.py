"""How a contest stands by its rulebook at this moment: a result that is not yet certified."""

from dataclasses import replace
from fractions import Fraction

from contest import service as contests
from contest.figures import effective_values
from contest.rules.contest import Contest, Entrant
from contest.rules.vocabulary import Judging
from scoring import service as judging
from scoring.evidence import scored_entrant, scored_figures
from scoring.judging_book import JudgingBook, read_book
from scoring.rules.data import Mark, ScoringData, VoteCount
from scoring.rules.engine import score
from scoring.rules.judge_sheet import Entry, SheetContent
from scoring.rules.result import Result
from scoring.rules.sheet_marks import marks_of
from voting import service as voting


async def provisional_result(contest: Contest) -> Result:
    """What the engine makes of the votes and signed sheets that are in; who lacks a figure
    has no rank yet."""
    data = await _votes_and_figures(contest)
    return score(contest.rulebook, replace(data, marks=tuple(await judging.marks(contest.id))))


async def result_of_entrant(contest: Contest, code: str) -> Result:
    """As `provisional_result`, from this entrant's submitted marks alone, signed or not."""
    data = await _votes_and_figures(contest)
    rules = contest.rulebook.judging
    if rules is None:
        return score(contest.rulebook, data)
    marks = _submitted(await read_book(contest), rules, code)
    return score(contest.rulebook, replace(data, marks=tuple(marks)))


def _submitted(book: JudgingBook, rules: Judging, code: str) -> list[Mark]:
    found = []
    for sheet in book.sheets():
        entries = [
            Entry(one.entrant.code, one.status, one.marks)
            for one in sheet.entries
            if one.entrant.code == code
        ]
        seat = sheet.judge.seat.number
        content = SheetContent(book.contest.slug, "", sheet.round, seat, "", tuple(entries))
        found += marks_of(content, rules, {code})
    return found


async def _votes_and_figures(contest: Contest) -> ScoringData:
    entrants: list[Entrant] = [one for one in await contests.entrants(contest.id) if one.code]
    counts = await voting.tally(contest.id)
    codes = {one.id: one.code for one in entrants}
    values: dict[tuple[int, str], Fraction] = {
        place: Fraction(value) for place, value in (await effective_values(contest.id)).items()
    }
    return ScoringData(
        entrants=tuple(scored_entrant(one) for one in entrants),
        votes=tuple(
            VoteCount(codes[entrant_id], count.valid, count.void)
            for entrant_id, count in counts.items()
            if entrant_id in codes
        ),
        **scored_figures(contest, codes, values),
    )
