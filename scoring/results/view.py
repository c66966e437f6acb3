"""A result as its page shows it: words and exact figures, nothing left to the template."""

from collections.abc import Mapping
from dataclasses import dataclass

from contest.rulebooks.rules.rulebook import Rulebook
from core.exact import aligned, shown
from core.i18n import _
from scoring.announcement.content import rank_words
from scoring.engine.explain import Step, entrant_steps
from scoring.engine.result import AwardResult, EntrantResult, PassedOver, Result


@dataclass(frozen=True)
class Part:
    """A component's name and its value, as the total takes it."""

    name: str
    value: str


@dataclass(frozen=True)
class EntrantView:
    code: str
    name: str
    rank_words: str
    total: str
    parts: tuple[Part, ...]
    steps: tuple[Step, ...]
    unranked: str


@dataclass(frozen=True)
class Reason:
    """Why someone placed before a winner has not got the award."""

    code: str
    name: str
    reason: str


@dataclass(frozen=True)
class AwardView:
    name: str
    quota: int
    amount_fen: int
    benefits: tuple[str, ...]
    winners: tuple[EntrantView, ...]
    undecided: tuple[EntrantView, ...]
    passed_over: tuple[Reason, ...]
    vacant: int


@dataclass(frozen=True)
class ResultView:
    entrants: tuple[EntrantView, ...]
    awards: tuple[AwardView, ...]


def view_of(rulebook: Rulebook, result: Result) -> ResultView:
    """Everything the result page lists, in the order of the result."""
    totals = aligned([one.total for one in result.entrants])
    views = {
        one.entrant: _entrant(rulebook, one, total)
        for one, total in zip(result.entrants, totals, strict=True)
    }
    awards = {one.id: one for one in rulebook.awards}
    return ResultView(
        entrants=tuple(views.values()),
        awards=tuple(
            AwardView(
                name=awards[one.award].name,
                quota=one.quota,
                amount_fen=one.amount_fen,
                benefits=awards[one.award].benefits,
                winners=tuple(views[winner] for winner in one.winners),
                undecided=tuple(views[waiting] for waiting in one.undecided),
                passed_over=_reasons(rulebook, one, views),
                vacant=one.vacant,
            )
            for one in result.awards
        ),
    )


def _entrant(rulebook: Rulebook, one: EntrantResult, total: str) -> EntrantView:
    return EntrantView(
        code=one.code,
        name=one.name,
        rank_words=rank_words(one),
        total=total,
        parts=tuple(
            Part(rulebook.component(figure.component).name, shown(figure.value))
            for figure in one.components
        ),
        steps=entrant_steps(rulebook, one),
        unranked=_unranked_words(one.unranked),
    )


def _unranked_words(code: str) -> str:
    return {
        "": "",
        "withdrawn": _("已退出评选，不参加排名"),
        "disqualified": _("已取消资格，不参加排名"),
    }.get(code, _("没有达到规则规定的条件，不参加排名"))


def _reasons(
    rulebook: Rulebook, award: AwardResult, views: Mapping[str, EntrantView]
) -> tuple[Reason, ...]:
    return tuple(
        Reason(views[one.entrant].code, views[one.entrant].name, _reason_words(rulebook, one))
        for one in award.passed_over
    )


def _reason_words(rulebook: Rulebook, one: PassedOver) -> str:
    kind, _colon, which = one.reason.partition(":")
    if kind == "gate":
        name = next(gate.name for gate in rulebook.gates if gate.id == which)
        return _("没有达到「%(name)s」") % {"name": name}
    if kind == "holds":
        name = next(award.name for award in rulebook.awards if award.id == which)
        return _("已获「%(name)s」，不重复得奖") % {"name": name}
    return _("不符合这个奖项的条件")
