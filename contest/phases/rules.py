"""Which phase follows which, each condition before one with its sentence, and the next deadline.

A contest never goes back to an earlier phase. A phase that the rulebook has no part for (a contest
without a vote, or without judges) is passed over; the public notice never is.
"""

from dataclasses import dataclass
from datetime import date, datetime

from contest.editions.rules.contest import Contest, Phase
from core.beijing import beijing_day
from core.i18n import _
from core.numbers import beijing

PHASE_NAMES = {
    Phase.DRAFT: _("筹备"),
    Phase.NOMINATION: _("报名推荐"),
    Phase.REVIEW: _("资格审核"),
    Phase.VOTING: _("公众投票"),
    Phase.JUDGING: _("专家评审"),
    Phase.TALLYING: _("计分核定"),
    Phase.PUBLIC_NOTICE: _("结果公示"),
    Phase.FINAL: _("正式公布"),
}

DANGEROUS = frozenset({Phase.VOTING, Phase.TALLYING, Phase.PUBLIC_NOTICE, Phase.FINAL})
"""Phases whose start the public sees at once or that end something for good: the page asks for
confirmation."""


@dataclass(frozen=True)
class Blocker:
    """One reason why a contest may not go on yet: a code for programs, a sentence."""

    code: str
    message: str


@dataclass(frozen=True)
class PhaseFacts:
    """What the conditions look at, counted at one moment.

    `entrants` are those who have not withdrawn, `without_code` the ones among them without
    a candidate code. `figures_missing` names the figures that some entrant lacks in
    verified form. `notice_days_known` is False when a holiday arrangement is lacking.
    """

    entrants: int = 0
    without_code: int = 0
    nominations_submitted: int = 0
    figures_missing: tuple[str, ...] = ()
    figures_unverified: int = 0
    objections_open: int = 0
    notice_days_known: bool = True


def phases_of(contest: Contest) -> tuple[Phase, ...]:
    """The phases that this contest goes through, in order."""
    passed_over = set()
    if contest.rulebook.voting is None:
        passed_over.add(Phase.VOTING)
    if contest.rulebook.judging is None:
        passed_over.add(Phase.JUDGING)
    return tuple(phase for phase in Phase if phase not in passed_over)


def next_phase(contest: Contest) -> Phase | None:
    """The phase after the present one; None at the end."""
    phases = phases_of(contest)
    following = phases.index(contest.phase) + 1
    return phases[following] if following < len(phases) else None


def blockers(contest: Contest, to: Phase, facts: PhaseFacts, now: datetime) -> list[Blocker]:
    """Everything that keeps the contest from entering `to` now; empty when nothing does."""
    if to is not next_phase(contest):
        return [
            Blocker(
                "not_next",
                _("现在是%(now)s阶段，不能直接进入%(to)s阶段")
                % {"now": PHASE_NAMES[contest.phase], "to": PHASE_NAMES[to]},
            )
        ]
    found = [*_leaving(contest, facts, now)]
    if to is Phase.VOTING:
        found += _entering_voting(contest, now)
    if to is Phase.PUBLIC_NOTICE:
        found += _entering_notice(contest, facts)
    return found


def _leaving(contest: Contest, facts: PhaseFacts, now: datetime) -> list[Blocker]:
    match contest.phase:
        case Phase.NOMINATION:
            return _leaving_nomination(contest, facts, now)
        case Phase.REVIEW:
            return _leaving_review(contest, facts)
        case Phase.VOTING:
            return _leaving_voting(contest, now)
        case Phase.TALLYING:
            return _leaving_tallying(facts)
        case Phase.PUBLIC_NOTICE:
            return _leaving_notice(contest, facts, now)
        case _:
            return []


def _leaving_nomination(contest: Contest, facts: PhaseFacts, now: datetime) -> list[Blocker]:
    found = []
    closes_at = contest.nomination_closes_at
    if closes_at is not None and now < closes_at:
        sentence = _("推荐到 %(at)s 截止，之前不能进入下一阶段")
        found.append(Blocker("nomination_open", sentence % {"at": beijing(closes_at)}))
    if not (facts.nominations_submitted or facts.entrants):
        found.append(Blocker("nobody_nominated", _("还没有收到任何推荐")))
    return found


def _leaving_review(contest: Contest, facts: PhaseFacts) -> list[Blocker]:
    found = []
    if facts.nominations_submitted:
        found.append(
            Blocker(
                "review_unfinished",
                _("还有 %(n)s 份推荐没有审核") % {"n": facts.nominations_submitted},
            )
        )
    if facts.without_code:
        found.append(
            Blocker("codes_missing", _("还有 %(n)s 位候选人没有编号") % {"n": facts.without_code})
        )
    voting = contest.rulebook.voting
    least = voting.entries_per_ballot.min if voting else 1
    if facts.entrants < least:
        found.append(
            Blocker(
                "too_few_entrants",
                _("审核通过的候选人只有 %(n)s 位，至少要有 %(least)s 位")
                % {"n": facts.entrants, "least": least},
            )
        )
    return found


def _entering_voting(contest: Contest, now: datetime) -> list[Blocker]:
    if contest.closes_at is not None and now >= contest.closes_at:
        return [
            Blocker(
                "window_over",
                _("规则规定的投票截止时间 %(at)s 已经过去") % {"at": beijing(contest.closes_at)},
            )
        ]
    return []


def _leaving_voting(contest: Contest, now: datetime) -> list[Blocker]:
    if contest.closes_at is not None and now < contest.closes_at:
        return [
            Blocker(
                "window_open",
                _("投票到 %(at)s 截止，之前不能进入下一阶段") % {"at": beijing(contest.closes_at)},
            )
        ]
    return []


def _leaving_tallying(facts: PhaseFacts) -> list[Blocker]:
    found = []
    if facts.figures_unverified:
        found.append(
            Blocker(
                "figures_unverified",
                _("还有 %(n)s 份数据文件没有经第二人核验") % {"n": facts.figures_unverified},
            )
        )
    found.extend(
        Blocker("figures_missing", _("「%(name)s」还有候选人没有核验过的数据") % {"name": name})
        for name in facts.figures_missing
    )
    return found


def _entering_notice(contest: Contest, facts: PhaseFacts) -> list[Blocker]:
    found = []
    if contest.rulebook.requires.approval_document and not contest.approval_document:
        found.append(
            Blocker("approval_missing", _("还没有登记批准文号；没有批准文号不能公布评选结果"))
        )
    if not facts.notice_days_known:
        found.append(
            Blocker("holidays_unknown", _("公示期所在年份的放假安排还没有录入，算不出公示截止日"))
        )
    return found


def _leaving_notice(contest: Contest, facts: PhaseFacts, now: datetime) -> list[Blocker]:
    found = []
    ends_on = contest.notice_ends_on
    if ends_on is not None and beijing_day(now) <= ends_on:
        found.append(
            Blocker("notice_running", _("公示到 %(day)s 结束") % {"day": ends_on.isoformat()})
        )
    if facts.objections_open:
        found.append(
            Blocker(
                "objections_open", _("还有 %(n)s 件异议没有书面答复") % {"n": facts.objections_open}
            )
        )
    return found


@dataclass(frozen=True)
class Deadline:
    """The next thing with a date in a contest's life: what, and when or on which day."""

    what: str
    at: datetime | date


def next_deadline(contest: Contest, now: datetime) -> Deadline | None:
    """What the organiser should look out for next; None when no date is set."""
    match contest.phase:
        case Phase.NOMINATION if contest.nomination_closes_at is not None:
            return Deadline(_("推荐截止"), contest.nomination_closes_at)
        case Phase.DRAFT | Phase.NOMINATION | Phase.REVIEW if contest.opens_at is not None:
            return Deadline(_("投票开始"), contest.opens_at)
        case Phase.VOTING if contest.opens_at is not None and contest.closes_at is not None:
            if now < contest.opens_at:
                return Deadline(_("投票开始"), contest.opens_at)
            return Deadline(_("投票截止"), contest.closes_at)
        case Phase.PUBLIC_NOTICE if contest.notice_ends_on is not None:
            return Deadline(_("公示截止"), contest.notice_ends_on)
        case _:
            return None
