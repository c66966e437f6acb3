"""What the entries of the audit log are called on screens."""

from core.i18n import _

ACTIONS = {
    "account.created": _("设立账号"),
    "account.disabled": _("停用账号"),
    "account.enabled": _("重新启用账号"),
    "account.enrolled": _("完成登记"),
    "account.enrolment_link_made": _("发出登记链接"),
    "account.erased": _("本人删除个人信息"),
    "account.identity_erased": _("本人删除身份证号码"),
    "account.identity_set": _("本人登记身份证号码"),
    "account.locked": _("连续输错，账号锁定"),
    "account.reset": _("要求重新登记"),
    "account.roles_changed": _("更改角色"),
    "account.sign_in_failed": _("登录失败"),
    "account.unlocked": _("解除锁定"),
    "board.frozen": _("冻结榜单"),
    "board.unfrozen": _("解除榜单冻结"),
    "calendar.year_recorded": _("登记全年放假安排"),
    "contest.advanced": _("进入下一阶段"),
    "contest.approval_recorded": _("登记批准文号"),
    "contest.created": _("创建评选"),
    "contest.deadline_set": _("设定推荐截止时间"),
    "contest.rulebook_revised": _("修订规则"),
    "entrant.photo_set": _("更换候选人照片"),
    "entrant.withdrawn": _("候选人退出"),
    "entrants.codes_assigned": _("编排候选人编号"),
    "entrants.imported": _("导入候选人"),
    "entry.recused": _("评委回避一位选手"),
    "entry.submitted": _("评委提交一位选手的评分"),
    "entry.taken_back": _("评委撤回一位选手的评分"),
    "figures.refused": _("平台数据核验不通过"),
    "figures.uploaded": _("上传平台数据"),
    "figures.verified": _("平台数据核验通过"),
    "fraud.case_dismissed": _("刷票案件不予处理"),
    "fraud.case_proposed": _("由刷票案件提议作废选票"),
    "fraud.cases_opened": _("发现刷票线索，立案"),
    "judge.absent": _("登记评委缺席"),
    "judge.signed_in": _("评委在平板上登录"),
    "nomination.begun": _("开始填写推荐"),
    "nomination.passed": _("推荐审核通过"),
    "nomination.rejected": _("推荐不予通过"),
    "nomination.returned": _("推荐退回补正"),
    "nomination.saved": _("保存推荐"),
    "nomination.submitted": _("提交推荐"),
    "nomination.withdrawn": _("撤回推荐"),
    "notice.posted": _("发布公告"),
    "objection.answered": _("答复异议"),
    "objection.filed": _("收到异议"),
    "panel.appointed": _("聘请评委"),
    "panel.conflicts_declared": _("评委申报利害关系"),
    "panel.dismissed": _("解聘评委"),
    "phone.signed_in": _("用手机号登录"),
    "wechat.linked": _("微信与手机号绑定"),
    "wechat.signed_in": _("用微信登录"),
    "restoration.approved": _("批准恢复选票"),
    "restoration.proposed": _("提议恢复选票"),
    "restoration.rejected": _("不批准恢复选票"),
    "result.certified": _("核定结果"),
    "result.proposed": _("提请核定结果"),
    "running_order.set": _("编排出场顺序"),
    "scoring.closed": _("关闭一位选手的评分"),
    "scoring.opened": _("开放一位选手的评分"),
    "scoring.reopened": _("重新开放一位选手的评分"),
    "sheet.change_approved": _("批准更正评分表"),
    "sheet.change_proposed": _("提出更正评分表"),
    "sheet.change_refused": _("不批准更正评分表"),
    "sheet.signed": _("评委签署评分表"),
    "sheet.unsigned_lock_proposed": _("提出代为锁定评分表"),
    "show.blank": _("大屏只显示标题"),
    "show.board": _("大屏显示榜单"),
    "show.card": _("大屏显示一位选手"),
    "show.reveal_begun": _("大屏开始揭晓"),
    "show.stepped": _("大屏揭晓前进或后退"),
    "signals.purged": _("到期删除投票信号"),
    "staff.signed_in": _("工作账号登录"),
    "void.approved": _("批准作废选票"),
    "void.proposed": _("提议作废选票"),
    "void.rejected": _("不批准作废选票"),
}
SUBJECTS = {
    "account": _("账号"),
    "contest": _("评选"),
    "entrant": _("候选人"),
    "holiday_year": _("年份"),
    "nomination": _("推荐"),
    "objection": _("异议"),
}


def action_name(action: str) -> str:
    """An action that an older version recorded is shown as it was written."""
    return ACTIONS.get(action, action)


def subject_name(subject_type: str) -> str:
    return SUBJECTS.get(subject_type, subject_type)


def actions_named(words: str) -> list[str]:
    """The actions whose name contains `words`."""
    return [action for action, name in ACTIONS.items() if words in name]
