"""Gathering the facts on which the conditions between phases depend."""

from datetime import datetime

from contest.calendar import service as business_calendar
from contest.calendar.rules import UnknownYearError, notice_end
from contest.editions.rules.contest import Contest, Phase
from contest.entrants import store as entrant_store
from contest.entrants.rules.entrant import Entrant
from contest.figures import store as figure_store
from contest.figures.rules.needed import figures_needed
from contest.nominations import store as nomination_store
from contest.notices import store as notice_store
from contest.phases.rules import PhaseFacts
from core.beijing import beijing_day


async def gather(contest: Contest, to: Phase, now: datetime) -> PhaseFacts:
    standing = [e for e in await entrant_store.of_contest(contest.id) if not e.withdrawn]
    return PhaseFacts(
        entrants=len(standing),
        without_code=sum(1 for entrant in standing if not entrant.code),
        nominations_submitted=await nomination_store.submitted_count(contest.id),
        figures_missing=await _missing(contest, standing),
        figures_unverified=await figure_store.waiting_count(contest.id),
        objections_open=await notice_store.open_count(contest.id),
        notice_days_known=to is not Phase.PUBLIC_NOTICE or await _notice_days_known(contest, now),
    )


async def _missing(contest: Contest, standing: list[Entrant]) -> tuple[str, ...]:
    """Names of the figures without which the engine would refuse to score."""
    needed = figures_needed(contest.rulebook)
    if not needed:
        return ()
    known = {(row["entrant"], row["figure_id"]) for row in await figure_store.effective(contest.id)}
    return tuple(
        figure.name
        for figure in needed
        if figure.required and any((entrant.id, figure.id) not in known for entrant in standing)
    )


async def _notice_days_known(contest: Contest, now: datetime) -> bool:
    notice = contest.rulebook.notice
    if notice is None:
        return True
    try:
        notice_end(beijing_day(now), notice.business_days, await business_calendar.worked_days())
    except UnknownYearError:
        return False
    return True
