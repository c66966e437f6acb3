"""What other packages ask about the judging: marks for the engine, how far the judging is, and what
keeps a contest from its next phase."""

from dataclasses import dataclass
from datetime import datetime

from contest.editions import service as contests
from contest.editions.rules.contest import Contest, Phase
from contest.entrants.rules.entrant import Entrant
from contest.entrants.service import entrants_of
from contest.phases.rules import Blocker
from core.i18n import _
from scoring.engine.data import Mark
from scoring.judging.panel import service as panels
from scoring.judging.panel.service import Judge, judging_rules
from scoring.judging.running_order.rules import NextAct, Turn, next_act
from scoring.judging.sheets import version_store as store_versions
from scoring.judging.sheets.rules.judge_sheet import EntryStatus, SheetState, content_from_canonical
from scoring.judging.sheets.rules.sheet_marks import marks_of
from scoring.judging.sheets.version_store import SignedVersion
from scoring.judging.snapshot import JudgingSnapshot, read_snapshot


@dataclass(frozen=True)
class JudgingState:
    """How far the judging is: who is being marked, and which judges the host still waits for."""

    round: str
    entrant: Entrant | None
    opened_at: datetime | None
    waiting_for: tuple[Judge, ...]
    turns: tuple[Turn, ...]
    next_act: NextAct


async def panel(contest_id: int) -> list[Judge]:
    """The panel in order of the judges' numbers."""
    return await panels.panel(contest_id)


def state_from(snapshot: JudgingSnapshot) -> JudgingState:
    """How far the judging is, from one snapshot of it."""
    window = snapshot.open_window
    turns = tuple(snapshot.turns())
    if window is None:
        return JudgingState("", None, None, (), turns, next_act(turns))
    entrant = snapshot.entrant_of(window.entrant_id)
    waiting = tuple(snapshot.waiting_for(window.round, entrant))
    return JudgingState(window.round, entrant, window.opened_at, waiting, turns, next_act(turns))


async def signed_sheets(contest_id: int) -> list[SignedVersion]:
    """The version in force of every locked sheet, by judge's number and round."""
    numbers = {judge.seat.id: judge.seat.number for judge in await panels.panel(contest_id)}
    found = await store_versions.newest_versions(contest_id)
    return sorted(found, key=lambda one: (numbers[one.seat_id], one.round))


async def unsigned_judges(contest: Contest) -> list[str]:
    """The names of the judges who have a sheet that is not locked."""
    return _unsigned(await read_snapshot(contest)) if contest.rulebook.judging else []


async def marks(contest_id: int) -> list[Mark]:
    """The marks of all locked sheets as the engine takes them.

    Entrants go by code and judges by two-digit number ("03"). A sheet that is not signed
    gives nothing; an entrant who has withdrawn since gives no mark.
    """
    contest = await contests.contest_by_id(contest_id)
    if contest.rulebook.judging is None:
        return []
    codes = {one.code for one in await entrants_of(contest_id) if not one.withdrawn}
    return [
        mark
        for signed in await signed_sheets(contest_id)
        for mark in marks_of(
            content_from_canonical(signed.content), contest.rulebook.judging, codes
        )
    ]


async def phase_check(contest: Contest, to: Phase, now: datetime) -> list[Blocker]:
    """What in the judging keeps a contest from entering a phase. Called before each change of
    phase."""
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
    snapshot = await read_snapshot(contest)
    found = []
    if snapshot.open_window is not None:
        code = snapshot.entrant_of(snapshot.open_window.entrant_id).code
        found.append(Blocker("scoring_open", _("%(code)s 号的评分还没有关闭") % {"code": code}))
    unsigned = _unsigned(snapshot)
    if unsigned:
        sentence = _("还有评委没有签字锁定评分表：%(names)s")
        found.append(Blocker("sheets_unsigned", sentence % {"names": "、".join(unsigned)}))
    if any(change.approved is None for change in await store_versions.changes(contest.id)):
        found.append(Blocker("change_waiting", _("还有评分表更正申请没有审批")))
    return found + _small_panels(snapshot)


def _unsigned(snapshot: JudgingSnapshot) -> list[str]:
    return list(
        dict.fromkeys(s.judge.name for s in snapshot.sheets() if s.state is not SheetState.LOCKED)
    )


def _small_panels(snapshot: JudgingSnapshot) -> list[Blocker]:
    """Entrants whom so many judges have recused from that no panel is left."""
    found = []
    for one in snapshot.rules.rounds:
        for entrant in snapshot.entrants:
            statuses = [snapshot.entry(judge, one.id, entrant).status for judge in snapshot.judges]
            possible = [s for s in statuses if s in (EntryStatus.DRAFT, EntryStatus.SUBMITTED)]
            if len(possible) < snapshot.rules.minimum_panel:
                sentence = _("%(code)s 号只有 %(n)s 位评委评分，规则要求至少 %(least)s 位") % {
                    "code": entrant.code,
                    "n": len(possible),
                    "least": snapshot.rules.minimum_panel,
                }
                found.append(Blocker("panel_too_small", sentence))
    return found
