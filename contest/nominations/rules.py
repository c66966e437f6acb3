"""Nominations: their life, who may be put forward, and what is still missing."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.i18n import _

LEAST_AGE = 16
ADULT_AGE = 18
GREATEST_AGE = 120
LEAST_REPORT = 50
"""A case report shorter than this, in characters, says nothing that could be reviewed."""

PLATFORMS = ("抖音", "快手", "微信视频号", "小红书", "哔哩哔哩", "淘宝直播", "其他")


class NominationStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PASSED = "passed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


STATUS_NAMES = {
    NominationStatus.DRAFT: _("草稿"),
    NominationStatus.SUBMITTED: _("待审核"),
    NominationStatus.RETURNED: _("退回补正"),
    NominationStatus.PASSED: _("审核通过"),
    NominationStatus.REJECTED: _("不予通过"),
    NominationStatus.WITHDRAWN: _("已撤回"),
}

EDITABLE = frozenset({NominationStatus.DRAFT, NominationStatus.RETURNED})
WITHDRAWABLE = EDITABLE | {NominationStatus.SUBMITTED}

FIELD_NAMES = {
    "name": _("姓名"),
    "born_on": _("出生日期"),
    "phone": _("手机号码"),
    "platform": _("平台"),
    "account": _("平台账号"),
    "summary": _("一句话介绍"),
    "case_report": _("案例报告"),
    "photo": _("照片"),
    "consent": _("本人同意"),
    "guardian_name": _("监护人姓名"),
    "guardian_phone": _("监护人手机号码"),
    "guardian_consent": _("监护人同意"),
}


@dataclass(frozen=True)
class Candidate:
    """What a nomination says of the candidate; "" and None where not filled in yet."""

    name: str = ""
    born_on: date | None = None
    phone: str = ""
    platform: str = ""
    account: str = ""
    summary: str = ""
    case_report: str = ""
    photo: str | None = None
    first_time: bool = False
    guardian_name: str = ""
    guardian_phone: str = ""
    guardian_consent: bool = False
    consent: bool = False


@dataclass(frozen=True)
class Gap:
    """One thing that a nomination lacks: the field's name in the form, and a sentence."""

    field: str
    message: str


@dataclass(frozen=True)
class Review:
    """One reading by the bureau: `decision` is passed, returned or rejected."""

    decision: str
    gaps: tuple[Gap, ...]
    reason: str
    at: datetime
    reviewer: str


@dataclass(frozen=True)
class Nomination:
    """A candidate put forward by one committee for one contest."""

    id: int
    contest_id: int
    nominator: str
    status: NominationStatus
    candidate: Candidate
    saved_at: datetime
    submitted_at: datetime | None
    withdrawn_reason: str


def age_on(born_on: date, day: date) -> int:
    """Completed years of age on `day`; one born on 29 February turns older on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def gaps(candidate: Candidate, today: date) -> list[Gap]:
    """Everything that keeps the nomination from being submitted; empty when complete."""
    found = [
        Gap(field, _("请填写%(label)s") % {"label": FIELD_NAMES[field]})
        for field in ("name", "born_on", "phone", "platform", "account", "summary")
        if not getattr(candidate, field)
    ]
    if len(candidate.case_report) < LEAST_REPORT:
        found.append(
            Gap(
                "case_report",
                _("案例报告至少 %(least)s 个字，现在有 %(length)s 个")
                % {"least": LEAST_REPORT, "length": len(candidate.case_report)},
            )
        )
    if candidate.photo is None:
        found.append(Gap("photo", _("请上传照片")))
    if not candidate.consent:
        found.append(Gap("consent", _("需要候选人本人同意公开姓名、照片和案例报告")))
    return found + _age_gaps(candidate, today)


def _age_gaps(candidate: Candidate, today: date) -> list[Gap]:
    if candidate.born_on is None:
        return []
    if candidate.born_on > today:
        return [Gap("born_on", _("出生日期不能晚于今天"))]
    age = age_on(candidate.born_on, today)
    if age > GREATEST_AGE:
        return [Gap("born_on", _("按出生日期已有 %(age)s 岁，请核对") % {"age": age})]
    if age < LEAST_AGE:
        return [Gap("born_on", _("候选人须年满 %(age)s 周岁") % {"age": LEAST_AGE})]
    if age >= ADULT_AGE:
        return []
    found = [
        Gap(field, _("候选人未满 18 周岁，请填写%(label)s") % {"label": FIELD_NAMES[field]})
        for field in ("guardian_name", "guardian_phone")
        if not getattr(candidate, field)
    ]
    if not candidate.guardian_consent:
        found.append(Gap("guardian_consent", _("候选人未满 18 周岁，需要监护人同意")))
    return found
