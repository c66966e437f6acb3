"""A result as its page shows it: words and exact figures. The template computes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from contest.rulebooks.rules.rulebook import Rulebook
from core.exact import aligned, shown
from scoring.announcement.content import rank_words
from scoring.engine.explain import WorkingLine, working_lines
from scoring.engine.result import AwardResult, EntrantResult, Result
from scoring.engine.words import passed_over_words, unranked_words


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
    steps: tuple[WorkingLine, ...]
    unranked: str


@dataclass(frozen=True)
class Reason:
    """Why an entrant with a better place than a winner did not get the award."""

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
        steps=working_lines(rulebook, one),
        unranked=unranked_words(rulebook, one.unranked),
    )


def _reasons(
    rulebook: Rulebook, award: AwardResult, views: Mapping[str, EntrantView]
) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            code=views[one.entrant].code,
            name=views[one.entrant].name,
            reason=passed_over_words(rulebook, one.reason),
        )
        for one in award.passed_over
    )
