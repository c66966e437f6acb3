"""What the banner of a contest says of its counts, its hours and its result."""

from datetime import datetime

from contest.editions.rules.contest import Contest, Phase
from core.beijing import BEIJING
from core.i18n import _
from live.boards.rules import Snapshot
from live.site.rules.contest_clock import short_moment


def counts_words(contest: Contest, snapshot: Snapshot | None, now: datetime) -> str:
    """Why no counts are shown, or when they come next."""
    voting = contest.rulebook.voting
    if voting is None or contest.phase not in (Phase.VOTING, Phase.JUDGING, Phase.TALLYING):
        return ""
    if snapshot and snapshot.next_counts_at:
        return _("票数每天公布一次，下次 %(at)s") % {
            "at": short_moment(snapshot.next_counts_at, now)
        }
    if voting.count_display.mode == "hidden":
        return _("投票期间不公布票数，结果公布时一并公开")
    return ""


def window_words(contest: Contest) -> str:
    if contest.opens_at is None or contest.closes_at is None:
        return ""
    opens, closes = (one.astimezone(BEIJING) for one in (contest.opens_at, contest.closes_at))
    return _("投票时间：%(opens)s 至 %(closes)s") % {
        "opens": f"{opens:%Y-%m-%d %H:%M}",
        "closes": f"{closes:%Y-%m-%d %H:%M}",
    }


def result_words(contest: Contest) -> str:
    if contest.phase is Phase.FINAL:
        return _("结果已经正式公布。")
    if contest.phase is Phase.PUBLIC_NOTICE and contest.notice_ends_on:
        return _("结果公示至 %(day)s，期间可以实名提出异议。") % {
            "day": contest.notice_ends_on.isoformat()
        }
    return _("结果公示中。") if contest.phase is Phase.PUBLIC_NOTICE else ""
