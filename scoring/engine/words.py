"""Chinese for the codes that the pure engine returns."""

from contest.rulebooks.rules.rulebook import Rulebook
from core.i18n import _
from scoring.engine.result import Problem


def fault_sentence(code: str, words: tuple[str, ...]) -> str:
    """What is wrong with a row of data; `words` as `data_check` gives them."""
    if code in ("out_of_range", "off_step", "no_value", "value_without_score"):
        return _mark_sentence(code, words)
    one = {"word": words[0] if words else ""}
    return {
        "no_entrants": _("没有参赛者"),
        "repeated": _("与第 %(word)s 行重复"),
        "unknown_status": _("不认识的状态“%(word)s”"),
        "unknown_entrant": _("entrants.csv 里没有“%(word)s”"),
        "unknown_round": _("规则里没有轮次“%(word)s”"),
        "unknown_criterion": _("规则里没有评分标准“%(word)s”"),
        "unknown_metric": _("规则里没有平台数据“%(word)s”"),
        "unknown_component": _("规则里没有给分的得分项“%(word)s”"),
        "below_zero": _("票数不能为负"),
        "below_one": _("抽签名次从 1 开始"),
    }[code] % one


def _mark_sentence(code: str, words: tuple[str, ...]) -> str:
    name, low, high, step = words
    told = {"name": name, "low": low, "high": high, "step": step}
    return {
        "out_of_range": _("%(name)s 的分应在 %(low)s 到 %(high)s 之间"),
        "off_step": _("%(name)s 的分应从 %(low)s 起按 %(step)s 分一档"),
        "no_value": _("%(name)s 已评却没有分；未评请写 absent（缺席）或 recused（回避）"),
        "value_without_score": _("%(name)s 缺席或回避时不能有分"),
    }[code] % told


def problem_sentence(problem: Problem, name: str) -> str:
    """What keeps an entrant from having a result yet."""
    told = {
        "name": name,
        "round": problem.round,
        "criterion": problem.criterion,
        "judge": problem.judge,
        "detail": problem.detail,
    }
    return {
        "missing_mark": _(
            "%(name)s：轮次 %(round)s 缺评委 %(judge)s 的 %(criterion)s 分；缺席、回避须写明"
        ),
        "partial_sheet": _(
            "%(name)s：轮次 %(round)s 评委 %(judge)s 的评分表不完整，或一部分有分、一部分没有"
        ),
        "panel_too_small": _("%(name)s：轮次 %(round)s 只有 %(detail)s 位评委的分，人数不足"),
        "unequal_panel": _(
            "%(name)s：轮次 %(round)s 只有 %(detail)s 位评委的分，比别人少，求和不公"
        ),
        "no_marks": _("%(name)s：没有评委的分"),
        "missing_points": _("%(name)s：缺 %(detail)s 的给分"),
        "missing_metric": _("%(name)s：缺平台数据 %(detail)s"),
        "below_zero": _("%(name)s：%(detail)s 为负，不能这样折算"),
    }[problem.code] % told


def unranked_words(rulebook: Rulebook, reason: str) -> str:
    """Why an entrant has no rank: a status, `gate:<id>`, or a problem's code; "" for none."""
    kind, _colon, which = reason.partition(":")
    if kind == "gate":
        return _("没有达到「%(name)s」，不参加排名") % {"name": _gate_name(rulebook, which)}
    return {
        "": "",
        "withdrawn": _("已退出评选，不参加排名"),
        "disqualified": _("已取消资格，不参加排名"),
        "missing_mark": _("评委的分没有给全，暂不能出分"),
        "partial_sheet": _("有评委的评分表不完整，暂不能出分"),
        "panel_too_small": _("评分的评委人数不足，暂不能出分"),
        "unequal_panel": _("评分的评委比别人少，暂不能出分"),
        "no_marks": _("没有评委的分，暂不能出分"),
        "missing_points": _("缺给分，暂不能出分"),
        "missing_metric": _("缺平台数据，暂不能出分"),
        "below_zero": _("有一项为负，不能折算，暂不能出分"),
    }[reason]


def passed_over_words(rulebook: Rulebook, reason: str) -> str:
    """Why an award went past an entrant: `gate:<id>`, `holds:<award>` or `predicate`."""
    kind, _colon, which = reason.partition(":")
    if kind == "gate":
        return _("没有达到「%(name)s」") % {"name": _gate_name(rulebook, which)}
    if kind == "holds":
        name = next(award.name for award in rulebook.awards if award.id == which)
        return _("已获「%(name)s」，不重复得奖") % {"name": name}
    return {"predicate": _("不符合这个奖项的条件")}[kind]


def _gate_name(rulebook: Rulebook, which: str) -> str:
    return next(gate.name for gate in rulebook.gates if gate.id == which)


def status_words(status: str) -> str:
    return {"scored": _("已评"), "absent": _("缺席"), "recused": _("回避")}[status]
