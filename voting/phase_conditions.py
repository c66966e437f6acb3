"""What the vote still needs before a contest may go on, for `contest.phases.conditions`."""

from datetime import datetime

from contest.editions.rules.contest import Contest, Phase
from contest.phases.rules import Blocker
from core.i18n import _
from voting.ledger import rows as ledger_rows
from voting.review.changes import service as changes


async def check(contest: Contest, to: Phase, now: datetime) -> list[Blocker]:
    """A whole ledger when voting ends; nothing left undecided when results are made."""
    if contest.rulebook.voting is None:
        return []
    if contest.phase is Phase.VOTING:
        return await _whole_ledger(contest, now)
    if to in (Phase.TALLYING, Phase.PUBLIC_NOTICE):
        return [*await _open_voids(contest), *await _open_restorations(contest)]
    if to is Phase.FINAL:
        return await _open_restorations(contest)
    return []


async def _whole_ledger(contest: Contest, now: datetime) -> list[Blocker]:
    """Counting every leaf is for the end: before it the contest's own rule holds it back."""
    over = contest.closes_at is not None and now >= contest.closes_at
    if over and not await ledger_rows.is_complete(contest.id):
        return [Blocker("ledger_incomplete", _("投票账本的序号有缺，请联系技术人员核对"))]
    return []


async def _open_voids(contest: Contest) -> list[Blocker]:
    waiting = sum(one.approved is None for one in await changes.voids(contest.id))
    if not waiting:
        return []
    return [Blocker("voids_undecided", _("还有 %(n)s 批作废提议没有决定") % {"n": waiting})]


async def _open_restorations(contest: Contest) -> list[Blocker]:
    waiting = sum(one.approved is None for one in await changes.restorations(contest.id))
    if not waiting:
        return []
    told = _("还有 %(n)s 次恢复提议没有决定") % {"n": waiting}
    return [Blocker("restorations_undecided", told)]
