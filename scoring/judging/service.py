"""What other packages ask about the judging: marks for the engine, the state of the room,
and what stops a contest from moving on."""

from dataclasses import dataclass
from datetime import datetime

from contest.editions import service as contests
from contest.editions.rules.contest import Contest, Entrant, Phase
from contest.editions.rules.phases import Blocker
from core.i18n import _
from scoring.engine.data import Mark
from scoring.judging.panel import service as panels
from scoring.judging.panel.service import Judge, judging_rules
from scoring.judging.rules.judge_sheet import EntryStatus, SheetState, content_from_canonical
from scoring.judging.rules.run_of_show import Step, Turn, next_step
from scoring.judging.rules.sheet_marks import marks_of
from scoring.judging.sheets import version_store as store_versions
from scoring.judging.sheets.version_store import SignedVersion
from scoring.judging.snapshot import JudgingBook, read_book


@dataclass(frozen=True)
class JudgingState:
    """The room at one moment: who is being marked, and whom the host still waits for."""

    round: str
    entrant: Entrant | None
    opened_at: datetime | None
    waiting_for: tuple[Judge, ...]
    turns: tuple[Turn, ...]
    next_step: Step


async def panel(contest_id: int) -> list[Judge]:
    """The panel in order of the judges' numbers."""
    return await panels.panel(contest_id)


def state_from(book: JudgingBook) -> JudgingState:
    """Where the judging stands."""
    window = book.open_window
    turns = tuple(book.turns())
    if window is None:
        return JudgingState("", None, None, (), turns, next_step(turns))
    entrant = book.entrant_of(window.entrant_id)
    waiting = tuple(book.waiting_for(window.round, entrant))
    return JudgingState(window.round, entrant, window.opened_at, waiting, turns, next_step(turns))


async def signed_sheets(contest_id: int) -> list[SignedVersion]:
    """The version in force of every locked sheet, by judge's number and round."""
    numbers = {judge.seat.id: judge.seat.number for judge in await panels.panel(contest_id)}
    found = await store_versions.newest_versions(contest_id)
    return sorted(found, key=lambda one: (numbers[one.seat_id], one.round))


async def unsigned_judges(contest: Contest) -> list[str]:
    """The names of the judges who have a sheet that is not locked."""
    return _unsigned(await read_book(contest)) if contest.rulebook.judging else []


async def marks(contest_id: int) -> list[Mark]:
    """The marks of all locked sheets as the engine takes them.

    Entrants go by code and judges by two-digit number ("03"). A sheet that is not signed
    gives nothing; an entrant who has withdrawn since gives no mark.
    """
    contest = await contests.contest_by_id(contest_id)
    if contest.rulebook.judging is None:
        return []
    codes = {one.code for one in await contests.entrants(contest_id) if not one.withdrawn}
    return [
        mark
        for signed in await signed_sheets(contest_id)
        for mark in marks_of(
            content_from_canonical(signed.content), contest.rulebook.judging, codes
        )
    ]


async def phase_check(contest: Contest, to: Phase, now: datetime) -> list[Blocker]:
    """What the judging keeps a contest from entering; asked by the phase gate."""
    del now  # nothing here waits for an hour
    if contest.rulebook.judging is None:
        return []
    if to is Phase.JUDGING:
        return await _before_judging(contest)
    if to is Phase.TALLYING:
        return await _before_tallying(contest)
    return []


async def _before_judging(contest: Contest) -> list[Blocker]:
    seated, least = len(await panels.panel(contest.id)), judging_rules(contest).minimum_panel
    if seated >= least:
        return []
    sentence = _("评委只有 %(seated)s 位，至少要有 %(least)s 位")
    return [Blocker("panel_too_small", sentence % {"seated": seated, "least": least})]


async def _before_tallying(contest: Contest) -> list[Blocker]:
    book = await read_book(contest)
    found = []
    if book.open_window is not None:
        code = book.entrant_of(book.open_window.entrant_id).code
        found.append(Blocker("scoring_open", _("%(code)s 号的评分还没有关闭") % {"code": code}))
    unsigned = _unsigned(book)
    if unsigned:
        sentence = _("还有评委没有签字锁定评分表：%(names)s")
        found.append(Blocker("sheets_unsigned", sentence % {"names": "、".join(unsigned)}))
    if any(change.approved is None for change in await store_versions.changes(contest.id)):
        found.append(Blocker("change_waiting", _("还有评分表更正申请没有审批")))
    return found + _small_panels(book)


def _unsigned(book: JudgingBook) -> list[str]:
    return list(
        dict.fromkeys(s.judge.name for s in book.sheets() if s.state is not SheetState.LOCKED)
    )


def _small_panels(book: JudgingBook) -> list[Blocker]:
    """Entrants whom so many judges have recused from that no panel is left."""
    found = []
    for one in book.rules.rounds:
        for entrant in book.entrants:
            statuses = [book.entry(judge, one.id, entrant).status for judge in book.judges]
            possible = [s for s in statuses if s in (EntryStatus.DRAFT, EntryStatus.SUBMITTED)]
            if len(possible) < book.rules.minimum_panel:
                sentence = _("%(code)s 号只有 %(n)s 位评委评分，规则要求至少 %(least)s 位") % {
                    "code": entrant.code,
                    "n": len(possible),
                    "least": book.rules.minimum_panel,
                }
                found.append(Blocker("panel_too_small", sentence))
    return found
