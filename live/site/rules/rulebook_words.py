"""A rulebook for the public: every rule that decides a result, as Chinese sentences.

The words are made from the parsed rules, not written beside them, so that the rules page cannot
differ from what the engine does.
"""

from dataclasses import dataclass
from fractions import Fraction

from contest.rulebooks.rules.rulebook import Rulebook
from contest.rulebooks.rules.vocabulary import (
    Award,
    Condition,
    Gate,
    Requirement,
    TieKey,
    Total,
    Voting,
)
from core.exact import exact_text
from core.i18n import _
from core.numbers import beijing, money
from live.site.rules.scoring_words import component_words, judging_words, rounding_words


@dataclass(frozen=True)
class Section:
    title: str
    sentences: tuple[str, ...]


def rulebook_words(rulebook: Rulebook) -> tuple[Section, ...]:
    """The sections of the rules page, in the order in which a contest meets them."""
    sections = []
    if rulebook.voting:
        sections.append(Section(_("公众投票"), _voting(rulebook.voting)))
    if rulebook.judging:
        sections.append(Section(_("专家评审"), judging_words(rulebook.judging)))
    sections.append(Section(_("怎样计分"), _scoring(rulebook)))
    sections.append(Section(_("同分怎么办"), tuple(_ties(rulebook))))
    if rulebook.gates:
        sections.append(
            Section(_("参评和获奖门槛"), tuple(_gate(rulebook, one) for one in rulebook.gates))
        )
    if rulebook.awards:
        awards = tuple(_award(rulebook, place) for place in range(len(rulebook.awards)))
        sections.append(Section(_("奖项"), awards))
    sections.append(Section(_("结果公布"), tuple(_publication(rulebook))))
    return tuple(sections)


def ballot_words(voting: Voting) -> str:
    """What one may do, in one line: 每人每天 10 票，每位候选人每天 1 票."""
    parts = []
    if voting.votes_per_day is not None:
        parts.append(_("每人每天 %(n)s 票") % {"n": voting.votes_per_day})
    if voting.votes_per_contest is not None:
        parts.append(_("每人全程 %(n)s 票") % {"n": voting.votes_per_contest})
    if voting.votes_per_entry_per_day is not None:
        parts.append(_("对同一候选人每天最多 %(n)s 票") % {"n": voting.votes_per_entry_per_day})
    wanted = voting.entries_per_ballot
    if wanted.max > 1 and wanted.min == wanted.max:
        parts.append(_("每张选票须选 %(n)s 位") % {"n": wanted.max})
    elif wanted.max > 1:
        parts.append(
            _("每张选票选 %(least)s 至 %(most)s 位") % {"least": wanted.min, "most": wanted.max}
        )
    return "，".join(parts)


def _voting(voting: Voting) -> tuple[str, ...]:
    window = voting.window
    sentences = [
        _("投票时间：%(opens)s 至 %(closes)s（北京时间）。")
        % {"opens": beijing(window.opens_at), "closes": beijing(window.closes_at)}
    ]
    if window.daily_from and window.daily_to:
        sentences.append(
            _("每天 %(start)s 至 %(end)s 可以投票。")
            % {"start": f"{window.daily_from:%H:%M}", "end": f"{window.daily_to:%H:%M}"}
        )
    sentences.append(ballot_words(voting) + "。")
    if voting.votes_per_day is not None:
        sentences.append(_("每天的票数在北京时间零点更新，没有用完的不累计。"))
    display = voting.count_display
    if display.mode == "live":
        sentences.append(_("票数实时公布。"))
    elif display.at is not None:
        sentences.append(_("票数每天 %(at)s 公布一次。") % {"at": f"{display.at:%H:%M}"})
    else:
        sentences.append(_("投票期间不公布票数，结果公布时一并公开。"))
    sentences.append(_("投票以验证过的手机号为准，一人一号；不以网络地址或设备区分投票人。"))
    return tuple(sentences)


def _scoring(rulebook: Rulebook) -> tuple[str, ...]:
    total = rulebook.total
    parts = "、".join(
        _("%(name)s（%(weight)s%%）") % {"name": one.name, "weight": exact_text(one.weight)}
        if total.combine == "weighted"
        else _("%(name)s×%(weight)s") % {"name": one.name, "weight": exact_text(one.weight)}
        for one in rulebook.components
    )
    head = (
        _("综合得分由%(parts)s合成。")
        if total.combine == "weighted"
        else _("总分为%(parts)s之和。")
    )
    sentences = [head % {"parts": parts}]
    for component in rulebook.components:
        sentences.extend(component_words(component))
    return (*sentences, *_total(total))


def _total(total: Total) -> list[str]:
    sentences = []
    if total.rounding:
        sentences.append(_("总分%(rounding)s。") % {"rounding": rounding_words(total.rounding)})
    if total.later_round_first:
        sentences.append(_("进入后一轮的排在未进入的前面。"))
    if total.order == "lowest_first":
        sentences.append(_("总分低的排名在前。"))
    return sentences


def _ties(rulebook: Rulebook) -> list[str]:
    if not rulebook.ties:
        return [_("总分相同的名次并列。")]
    order = _("总分相同时，依次比较：")
    steps = [_tie(rulebook, key) for key in rulebook.ties]
    if rulebook.ties[-1].key == "draw":
        return [order + "；".join(steps) + "。"]
    return [order + "；".join(steps) + "。", _("比较后仍相同的，名次并列。")]


def _tie(rulebook: Rulebook, tie: TieKey) -> str:
    names = _names(rulebook)
    words = {
        "component": _("%(name)s得分"),
        "criterion": _("评分项“%(name)s”得分"),
        "round": _("“%(round)s”得分"),
        "metric": "%(name)s",
        "votes": _("有效票数"),
        "untrimmed_mean": _("不去最高最低分的评委平均分"),
        "count_of_marks": _("%(within)s得到 %(mark)s 分的评委人数"),
        "unrounded_total": _("未取整的总分") if tie.rounding is None else _("总分多保留几位小数"),
        "draw": _("公开抽签"),
    }[tie.key]
    told = words % {
        "name": names.get(tie.id, tie.id),
        "round": names.get(tie.round, tie.round),
        "mark": _mark_words(tie),
        "within": _("“%(name)s”中") % {"name": names.get(tie.id, tie.id)} if tie.id else "",
    }
    if tie.key == "draw":
        return told
    return told + (_("（高者在前）") if tie.order == "highest_first" else _("（低者在前）"))


def _mark_words(tie: TieKey) -> str:
    if tie.at_least is not None:
        return _("%(mark)s 及以上") % {"mark": exact_text(tie.at_least)}
    return exact_text(tie.mark) if tie.mark is not None else ""


def _gate(rulebook: Rulebook, gate: Gate) -> str:
    told = {"name": gate.name, "conditions": _requirement(rulebook, gate.requirement)}
    if gate.on == "entrant":
        return _("%(name)s：%(conditions)s；达不到的不参加计分。") % told
    awards = {award.id: award.name for award in rulebook.awards}
    named = "、".join(awards.get(one, one) for one in gate.awards)
    return _("%(name)s：%(conditions)s；达不到的照常排名，但不能获得%(awards)s。") % {
        **told,
        "awards": named,
    }


def _requirement(rulebook: Rulebook, requirement: Requirement) -> str:
    joint = _("，或者") if requirement.join == "any" else _("，并且")
    return joint.join(_condition(rulebook, one) for one in requirement.conditions)


def _condition(rulebook: Rulebook, condition: Condition) -> str:
    fixed = {"votes": _("有效票数"), "total": _("总分"), "rank": _("名次")}
    attributes = {"first_time": _("首次参赛"), "geo_tag": _("带同江地理标签")}
    name = fixed.get(condition.figure) or (
        attributes.get(condition.id) or _names(rulebook).get(condition.id, condition.id)
    )
    if condition.equals == "是":
        return name
    if condition.equals:
        return _("%(name)s为“%(value)s”") % {"name": name, "value": condition.equals}
    bounds = (
        (_("不低于 %(value)s"), condition.at_least),
        (_("高于 %(value)s"), condition.more_than),
        (_("不超过 %(value)s"), condition.at_most),
    )
    told = [words % {"value": _figure(v)} for words, v in bounds if v is not None]
    return name + "、".join(told)


def _figure(value: Fraction) -> str:
    return f"{int(value):,}" if value.denominator == 1 else exact_text(value)


def _award(rulebook: Rulebook, place: int) -> str:
    award: Award = rulebook.awards[place]
    told = [_("%(name)s %(quota)s 名") % {"name": award.name, "quota": award.quota}]
    if award.amount_fen:
        told.append(_("每名奖金 %(amount)s（含税）") % {"amount": money(award.amount_fen)})
    told.extend(award.benefits)
    if award.requirement.conditions:
        conditions = _requirement(rulebook, award.requirement)
        told.append(_("条件：%(conditions)s") % {"conditions": conditions})
    if award.exclusive and place > 0:
        told.append(_("已获前面奖项的不再获得"))
    edge = {
        "all": _("末位并列时全部入选"),
        "undecided": _("末位并列时公开抽签决定"),
    }[award.shared_at_edge]
    return "，".join([*told, edge]) + "。"


def _publication(rulebook: Rulebook) -> list[str]:
    sentences = []
    if rulebook.requires.approval_document:
        sentences.append(_("本次评选属于评比表彰，结果公布须有批准文件文号。"))
    if rulebook.notice:
        sentences.append(
            _("结果公示 %(days)s 个工作日，公示期内可以实名提出书面异议，并得到书面答复。")
            % {"days": rulebook.notice.business_days}
        )
    sentences.append(_("结果连同每一步计算公开，任何人都可以重新计算核对。"))
    return sentences


def _names(rulebook: Rulebook) -> dict[str, str]:
    named = {one.id: one.name for one in rulebook.components}
    for component in rulebook.components:
        named |= {one.id: one.name for one in component.metrics}
    if rulebook.judging:
        named |= {one.id: one.name for one in rulebook.judging.criteria}
        named |= {one.id: one.name for one in rulebook.judging.rounds}
    return named
