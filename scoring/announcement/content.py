"""What an announcement of a result says, whatever it is printed on.

Every figure is the rulebook's own (rounded where it says so), never shortened for display.
"""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from contest.rulebooks.rules.rulebook import Rulebook
from core.exact import aligned
from core.i18n import _
from core.numbers import money
from scoring.engine.result import AwardResult, EntrantResult, Result
from scoring.engine.words import unranked_words


@dataclass(frozen=True)
class Publication:
    """What an announcement says besides the figures.

    `approval_document` is empty where none is needed; the notice dates are None where the rulebook
    asks for no public notice.
    """

    issuer: str
    approval_document: str
    certified_at: datetime
    certified_by: tuple[str, ...]
    notice_from: date | None
    notice_until: date | None
    enquiry_hotline: str
    oversight_hotline: str
    bundle_digest: str
    result_address: str


@dataclass(frozen=True)
class Table:
    """A titled table. Columns whose heading is in `figures` are set right-aligned."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: frozenset[str]
    note: str = ""


@dataclass(frozen=True)
class Announcement:
    title: str
    paragraphs: tuple[str, ...]
    tables: tuple[Table, ...]
    facts: tuple[tuple[str, str], ...]


def announce(rulebook: Rulebook, result: Result, publication: Publication) -> Announcement:
    """The announcement of a certified result."""
    return Announcement(
        title=_("关于%(title)s结果的公告") % {"title": rulebook.title},
        paragraphs=_paragraphs(rulebook, publication),
        tables=(_award_table(result, rulebook), _ranking_table(result, rulebook)),
        facts=_facts(rulebook, publication),
    )


def _paragraphs(rulebook: Rulebook, publication: Publication) -> tuple[str, ...]:
    said = [
        _(
            "依据政策条款「%(clause)s」和公布的评选规则，%(title)s已完成计分与核验，现将结果公布如下。"
        )
        % {"clause": rulebook.clause, "title": rulebook.title}
    ]
    if publication.notice_from and publication.notice_until:
        said.append(
            _(
                "公示期自 %(first)s 起至 %(last)s 止。对结果有异议的，请在公示期内以书面形式"
                "实名提出，并留下联系方式；我们将书面答复。"
            )
            % {"first": publication.notice_from, "last": publication.notice_until}
        )
    return tuple(said)


def _award_table(result: Result, rulebook: Rulebook) -> Table:
    by_id = {one.entrant: one for one in result.entrants}
    names = {award.id: award for award in rulebook.awards}
    rows: list[tuple[str, ...]] = []
    for award in result.awards:
        rule = names[award.award]
        rows += [_winner_row(rule.name, award, by_id[winner]) for winner in award.winners]
        rows += [
            (rule.name, "", by_id[one].code, by_id[one].name, _("待抽签确定"))
            for one in award.undecided
        ]
        rows += [(rule.name, "", "", _("空缺"), "")] * award.vacant
    benefits = "；".join(
        f"{one.name}：{'、'.join(one.benefits)}" for one in rulebook.awards if one.benefits
    )
    return Table(
        title=_("获奖名单"),
        headings=(_("奖项"), _("名次"), _("编号"), _("姓名"), _("奖金（税前）")),
        rows=tuple(rows),
        figures=frozenset({_("名次"), _("奖金（税前）")}),
        note=benefits,
    )


def _winner_row(name: str, award: AwardResult, winner: EntrantResult) -> tuple[str, ...]:
    return (name, rank_words(winner), winner.code, winner.name, money(award.amount_fen))


def _ranking_table(result: Result, rulebook: Rulebook) -> Table:
    components = [(one.id, one.name) for one in rulebook.components]
    headings = (_("名次"), _("编号"), _("姓名"), *(name for _id, name in components), _("总分"))
    figures = [
        aligned([_component_value(one, component) for one in result.entrants])
        for component, _name in components
    ]
    totals = aligned([one.total for one in result.entrants])
    rows = [
        (rank_words(one), one.code, one.name, *values)
        for one, *values in zip(result.entrants, *figures, totals, strict=True)
    ]
    return Table(
        title=_("全部名次与得分"),
        headings=headings,
        rows=tuple(rows),
        figures=frozenset({_("名次"), *(name for _id, name in components), _("总分")}),
        note="".join(
            [_("名次后有「并列」的，按规则的并列办法仍不能区分。"), *_unranked(result, rulebook)]
        ),
    )


def _unranked(result: Result, rulebook: Rulebook) -> str:
    """A sentence for each entrant who is in the table without a rank."""
    return "".join(
        _("%(code)s 号：%(reason)s。")
        % {"code": one.code, "reason": unranked_words(rulebook, one.unranked)}
        for one in result.entrants
        if one.unranked
    )


def _component_value(entrant: EntrantResult, component: str) -> Fraction | None:
    return next((one.value for one in entrant.components if one.component == component), None)


def rank_words(entrant: EntrantResult) -> str:
    if entrant.rank is None:
        return "—"
    return _("%(rank)s 并列") % {"rank": entrant.rank} if entrant.shared else str(entrant.rank)


def _facts(rulebook: Rulebook, publication: Publication) -> tuple[tuple[str, str], ...]:
    facts = (
        (_("发布单位"), publication.issuer),
        (_("批准文号"), publication.approval_document),
        (_("核定时间"), publication.certified_at.strftime("%Y-%m-%d %H:%M")),
        (_("核定人"), "、".join(publication.certified_by)),
        (_("评选规则"), f"{rulebook.id} {rulebook.version}"),
        (_("规则摘要"), rulebook.digest),
        (_("结果包摘要"), publication.bundle_digest),
        (_("逐步算式与结果包"), publication.result_address),
        (_("咨询电话"), publication.enquiry_hotline),
        (_("监督电话"), publication.oversight_hotline),
    )
    return tuple((name, value) for name, value in facts if value)
