"""The result of a contest at this moment: the certified one, or until there is one, a provisional
one."""

from dataclasses import dataclass, replace
from fractions import Fraction

from contest.editions.rules.contest import Contest
from contest.entrants.rules.entrant import Entrant
from contest.entrants.service import entrants_of
from contest.figures.service import effective_values
from contest.rulebooks.rules.vocabulary import Judging
from scoring.engine.compute import score
from scoring.engine.data import Mark, ScoringData, VoteCount
from scoring.engine.result import Result
from scoring.judging import service as judging
from scoring.judging.sheets.rules.judge_sheet import Entry, SheetContent
from scoring.judging.sheets.rules.sheet_marks import marks_of
from scoring.judging.snapshot import JudgingSnapshot, read_snapshot
from scoring.results import store as store_certification
from scoring.results.evidence import scored_entrant, scored_figures
from scoring.results.stored_result import result_from_json
from voting.casting import service as voting


@dataclass(frozen=True)
class CurrentResult:
    """A result, and whether two people have certified it."""

    result: Result
    certified: bool


async def current_result(contest: Contest) -> CurrentResult:
    """The certified result in force; until there is one, the provisional result.

    What happens after the second person's approval changes nothing here: the public sees what was
    certified until the next version is certified.
    """
    certified = await store_certification.newest(contest.id)
    if certified is not None:
        return CurrentResult(result_from_json(certified.result), certified=True)
    return CurrentResult(await provisional_result(contest), certified=False)


async def provisional_result(contest: Contest) -> Result:
    """What the engine computes from the votes and signed sheets that there are. An entrant who
    lacks a figure has no rank yet."""
    return score(contest.rulebook, await data_now(contest))


async def result_of_entrant(contest: Contest, code: str) -> Result:
    """As `provisional_result`, from this entrant's submitted marks alone, signed or not.

    A round counts once every judge has settled it: no mark is shown while another judge may still
    give one.
    """
    data = await _votes_and_figures(contest)
    rules = contest.rulebook.judging
    if rules is None:
        return score(contest.rulebook, data)
    marks = _submitted(await read_snapshot(contest), rules, code)
    return score(contest.rulebook, replace(data, marks=tuple(marks)))


def _submitted(snapshot: JudgingSnapshot, rules: Judging, code: str) -> list[Mark]:
    found = []
    entrants = [one for one in snapshot.entrants if one.code == code]
    for sheet in snapshot.sheets():
        if any(snapshot.waiting_for(sheet.round, one) for one in entrants):
            continue
        entries = [
            Entry(one.entrant.code, one.status, one.marks)
            for one in sheet.entries
            if one.entrant.code == code
        ]
        seat = sheet.judge.seat.number
        content = SheetContent(snapshot.contest.slug, "", sheet.round, seat, "", tuple(entries))
        found += marks_of(content, rules, {code})
    return found


async def data_now(contest: Contest) -> ScoringData:
    """The votes, signed sheets and verified figures that there are."""
    data = await _votes_and_figures(contest)
    return replace(data, marks=tuple(await judging.marks(contest.id)))


async def _votes_and_figures(contest: Contest) -> ScoringData:
    entrants: list[Entrant] = [one for one in await entrants_of(contest.id) if one.code]
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
