"""How long until voting opens or closes, and what is going on meanwhile: words for people."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from contest.editions.rules.contest import Contest, Phase
from core.beijing import BEIJING
from core.i18n import _
from voting.casting.rules.eligibility import check_time, next_change

_SECONDS_OF_UNIT = ((86_400, _("天")), (3_600, _("小时")), (60, _("分")), (1, _("秒")))


@dataclass(frozen=True)
class Clock:
    """What the banner counts down to; `to` is None when there is nothing to wait for."""

    words: str
    to: datetime | None = None
    left: str = ""


@dataclass(frozen=True)
class HomeEntry:
    """One contest on the list of contests."""

    slug: str
    title: str
    phase: Phase
    words: str


def home_entry(contest: Contest, now: datetime) -> HomeEntry:
    clock = clock_of(contest, now)
    words = f"{clock.words} {clock.left}".strip()
    return HomeEntry(contest.slug, contest.title, contest.phase, words)


def clock_of(contest: Contest, now: datetime) -> Clock:
    """The next moment that matters in this phase, if its time is fixed."""
    voting = contest.rulebook.voting
    later = _words_of_phase(contest)
    if voting is None or contest.phase not in (Phase.NOMINATION, Phase.REVIEW, Phase.VOTING):
        return Clock(later)
    window = voting.window
    if now < window.opens_at:
        return _until(_("距投票开始还有"), window.opens_at, now)
    if contest.phase is not Phase.VOTING:
        return Clock(later)
    if check_time(voting, contest.phase, now) is None:
        return _until(_("距投票截止还有"), window.closes_at, now)
    opens_again = next_change(window, now)
    if opens_again is None or opens_again == window.closes_at:
        return Clock(_("投票已结束，正在核票"))
    return _until(_("今日投票已停，距下次开始还有"), opens_again, now)


def time_left(left: timedelta) -> str:
    """The two largest units: 3 天 4 小时, 4 小时 12 分, 12 分 5 秒."""
    seconds = max(0, int(left.total_seconds()))
    parts: list[str] = []
    for size, name in _SECONDS_OF_UNIT:
        amount, seconds = divmod(seconds, size)
        if amount or parts or size == 1:
            parts.append(f"{amount} {name}")
    shown = parts[:2]
    if len(shown) == 2 and shown[1].startswith("0 ") and not shown[1].endswith(_("秒")):
        shown.pop()
    return " ".join(shown)


def short_moment(moment: datetime, now: datetime) -> str:
    """19 日 08:00 within the month, 9 月 1 日 08:00 within the year, else the whole date."""
    there, here = moment.astimezone(BEIJING), now.astimezone(BEIJING)
    told = {"y": there.year, "m": there.month, "d": there.day, "t": f"{there:%H:%M}"}
    if (there.year, there.month) == (here.year, here.month):
        return _("%(d)s 日 %(t)s") % told
    if there.year == here.year:
        return _("%(m)s 月 %(d)s 日 %(t)s") % told
    return _("%(y)s 年 %(m)s 月 %(d)s 日 %(t)s") % told


def _until(words: str, moment: datetime, now: datetime) -> Clock:
    return Clock(words, moment, time_left(moment - now))


def _words_of_phase(contest: Contest) -> str:
    return {
        Phase.DRAFT: _("正在筹备"),
        Phase.NOMINATION: _("正在接受报名和推荐"),
        Phase.REVIEW: _("正在审核候选人资格"),
        Phase.VOTING: _("正在投票"),
        Phase.JUDGING: _("正在专家评审"),
        Phase.TALLYING: _("正在计分核定"),
        Phase.PUBLIC_NOTICE: _("结果公示中"),
        Phase.FINAL: _("结果已正式公布"),
    }[contest.phase]
