"""How a contest stands by its rulebook at this moment: a result that is not yet certified."""

from dataclasses import dataclass, replace
from fractions import Fraction

from contest.editions import service as contests
from contest.editions.rules.contest import Contest, Entrant
from contest.figures.service import effective_values
from contest.rulebooks.rules.vocabulary import Judging
from scoring.engine.data import Mark, ScoringData, VoteCount
from scoring.engine.engine import score
from scoring.engine.result import Result, result_from_json
from scoring.judging import service as judging
from scoring.judging.rules.judge_sheet import Entry, SheetContent
from scoring.judging.rules.sheet_marks import marks_of
from scoring.judging.snapshot import JudgingBook, read_book
from scoring.results import store as store_certification
from scoring.results.evidence import scored_entrant, scored_figures
from voting.casting import service as voting


@dataclass(frozen=True)
class Standing:
    """A result, and whether two people have certified it."""

    result: Result
    certified: bool


async def result_to_tell(contest: Contest) -> Standing:
    """The certified result in force; until there is one, the result as it stands now.

    What happens after the second person's approval changes nothing here: the public is told
    what was certified until the next version is.
    """
    certified = await store_certification.newest(contest.id)
    if certified is not None:
        return Standing(result_from_json(certified.result), certified=True)
    return Standing(await provisional_result(contest), certified=False)


async def provisional_result(contest: Contest) -> Result:
    """What the engine makes of the votes and signed sheets that are in; who lacks a figure
    has no rank yet."""
    return score(contest.rulebook, await data_now(contest))


async def result_of_entrant(contest: Contest, code: str) -> Result:
    """As `provisional_result`, from this entrant's submitted marks alone, signed or not.

    A round counts once every judge has settled it: no mark is told while a colleague may
    still be giving one.
    """
    data = await _votes_and_figures(contest)
    rules = contest.rulebook.judging
    if rules is None:
        return score(contest.rulebook, data)
    marks = _submitted(await read_book(contest), rules, code)
    return score(contest.rulebook, replace(data, marks=tuple(marks)))


def _submitted(book: JudgingBook, rules: Judging, code: str) -> list[Mark]:
    found = []
    entrants = [one for one in book.entrants if one.code == code]
    for sheet in book.sheets():
        if any(book.waiting_for(sheet.round, one) for one in entrants):
            continue
        entries = [
            Entry(one.entrant.code, one.status, one.marks)
            for one in sheet.entries
            if one.entrant.code == code
        ]
        seat = sheet.judge.seat.number
        content = SheetContent(book.contest.slug, "", sheet.round, seat, "", tuple(entries))
        found += marks_of(content, rules, {code})
    return found


async def data_now(contest: Contest) -> ScoringData:
    """The votes, signed sheets and verified figures that are in."""
    data = await _votes_and_figures(contest)
    return replace(data, marks=tuple(await judging.marks(contest.id)))


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
