"""Why a vote is not accepted: one code for programs and one sentence for people each."""

from dataclasses import dataclass
from enum import StrEnum

from core.i18n import _


class Reason(StrEnum):
    NO_VOTING = "no_voting"
    NOT_OPEN_YET = "not_open_yet"
    OUTSIDE_HOURS = "outside_hours"
    CLOSED = "closed"
    QUOTA_USED = "quota_used"
    QUOTA_SHORT = "quota_short"
    ALREADY_VOTED = "already_voted_for_entry"
    UNKNOWN_ENTRY = "unknown_entry"
    WITHDRAWN_ENTRY = "withdrawn_entry"
    REPEATED_ENTRY = "repeated_entry"
    WRONG_NUMBER = "wrong_number_of_entries"
    TOO_FAST = "too_fast"
    CHALLENGE_NEEDED = "challenge_needed"
    KEY_MALFORMED = "key_malformed"
    KEY_FOREIGN = "key_foreign"
    KEY_REUSED = "key_reused"


SENTENCES = {
    Reason.NO_VOTING: _("本次评选不设公众投票"),
    Reason.NOT_OPEN_YET: _("投票还没有开始，%(opens)s 开始"),
    Reason.OUTSIDE_HOURS: _("每日 %(start)s 至 %(end)s 可以投票，现在不在这段时间内"),
    Reason.CLOSED: _("投票已经结束"),
    Reason.QUOTA_USED: _("今日的 %(quota)s 票已经用完；投票期间每天零点重新计算"),
    Reason.QUOTA_SHORT: _("今日还剩 %(left)s 票，不够填这张选票上的 %(wanted)s 位"),
    Reason.ALREADY_VOTED: _("今天已经投过 %(codes)s 号，每日每位最多 %(quota)s 票"),
    Reason.UNKNOWN_ENTRY: _("没有这个编号的候选人：%(codes)s"),
    Reason.WITHDRAWN_ENTRY: _("%(codes)s 号已经退出评选，不能再投"),
    Reason.REPEATED_ENTRY: _("同一张选票上 %(codes)s 号选了不止一次"),
    Reason.WRONG_NUMBER: _("每张选票须选 %(wanted)s 位，现在选了 %(chosen)s 位"),
    Reason.TOO_FAST: _("操作太快，请 %(seconds)s 秒后再试；同一张选票不会计两次"),
    Reason.CHALLENGE_NEEDED: _("请先完成验证，再投这一票"),
    Reason.KEY_MALFORMED: _("请求的防重复标记不合格式，请刷新页面后再投"),
    Reason.KEY_FOREIGN: _("请求的防重复标记不属于您，这一票没有计入，请刷新页面后再投"),
    Reason.KEY_REUSED: _("同一个防重复标记已经投过另一张选票，请刷新页面后再投"),
}
_CONTEST_QUOTA_USED = _("本次评选的 %(quota)s 票已经用完")
_CONTEST_QUOTA_SHORT = _("本次评选还剩 %(left)s 票，不够填这张选票上的 %(wanted)s 位")


@dataclass(frozen=True)
class Refused:
    """A vote that does not count; nothing was written. `retry_after` is in seconds."""

    reason: Reason
    message: str
    retry_after: int | None = None


def refused(reason: Reason, *, retry_after: int | None = None, **words: object) -> Refused:
    return Refused(reason, SENTENCES[reason] % words, retry_after)


def contest_quota_refused(*, quota: int, left: int, wanted: int) -> Refused:
    """The quota over the whole contest: used up, or too little left for this ballot."""
    if left <= 0:
        return Refused(Reason.QUOTA_USED, _CONTEST_QUOTA_USED % {"quota": quota})
    words = {"left": left, "wanted": wanted}
    return Refused(Reason.QUOTA_SHORT, _CONTEST_QUOTA_SHORT % words)
