"""Revealing a result on the big screen card by card: what is shown at each step, and no more.

A plan is made once, when the host begins; a mark that arrives later changes nothing in it. A step
is a number, so going back is subtracting one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from contest.entrants.rules.entrant import Entrant
from contest.rulebooks.rules.rulebook import Rulebook
from core.exact import aligned, shown
from core.i18n import _
from live.boards.rules import PLACES_SHOWN
from scoring.engine.result import (
    ComponentFigure,
    EntrantResult,
    MarkFigure,
    PanelFigure,
    Result,
    RoundFigure,
)


class Order(StrEnum):
    """From the last place up, or award by award (the rulebook's last award first)."""

    FROM_LAST = "from_last"
    BY_AWARD = "by_award"


class Beat(StrEnum):
    """How much of a card is shown: the entrant, then the judges' marks, then the sum."""

    CARD = "card"
    MARKS = "marks"
    TOTAL = "total"


@dataclass(frozen=True)
class JudgeMark:
    """One judge's mark under the judge's number. `value` is "" for an absent or recused
    judge; `dropped` is "", "high" or "low"."""

    judge: int
    status: str
    value: str
    dropped: str


@dataclass(frozen=True)
class Panel:
    """The marks of one criterion, or of whole sheets (`name` empty), and what they come to."""

    name: str
    marks: tuple[JudgeMark, ...]
    value: str


@dataclass(frozen=True)
class Part:
    """One component of the total: its points, its weight in percent, what it adds."""

    name: str
    value: str
    weight: str
    contribution: str


@dataclass(frozen=True)
class Card:
    """Everything that may be shown of one entrant. `heading` is the award for which a card is
    shown."""

    entrant: int
    code: str
    name: str
    township: str
    summary: str
    photo: str | None
    heading: str = ""
    panels: tuple[Panel, ...] = ()
    parts: tuple[Part, ...] = ()
    total: str | None = None
    rank: int | None = None
    awards: tuple[str, ...] = ()


@dataclass(frozen=True)
class RevealPlan:
    """The cards in their order. `provisional` is kept as it was when the plan was made: if the
    result is certified later, what is being shown is still the provisional one."""

    cards: tuple[Card, ...]
    beats: tuple[Beat, ...]
    provisional: bool = True

    @property
    def last_step(self) -> int:
        return len(self.cards) * len(self.beats)


@dataclass(frozen=True)
class RevealState:
    """What the screen may know at one step: the card that is being revealed, cut down to its beat,
    and the cards already revealed in full, best rank first."""

    step: int
    last_step: int
    beat: Beat | None
    spotlight: Card | None
    told: tuple[Card, ...]
    places: int


def reveal_state(plan: RevealPlan, step: int) -> RevealState:
    """The state at `step`, from 0 (nothing shown) to `plan.last_step`."""
    full, beat = divmod(step, len(plan.beats))
    told = plan.cards[:full]
    spotlight, shown = None, None
    if beat:
        shown = plan.beats[beat - 1]
        spotlight = _up_to(plan.cards[full], shown)
    elif full:
        shown, spotlight = plan.beats[-1], plan.cards[full - 1]
    in_order = sorted(told, key=lambda card: (card.rank is None, card.rank or 0, card.code))
    return RevealState(
        step=step,
        last_step=plan.last_step,
        beat=shown,
        spotlight=spotlight,
        told=tuple(replace(card, panels=(), parts=()) for card in in_order),
        places=len(plan.cards),
    )


def card_of(entrant: Entrant) -> Card:
    """The entrant, without anything of a result."""
    return Card(
        entrant=entrant.id,
        code=entrant.code,
        name=entrant.name,
        township=entrant.township,
        summary=entrant.summary,
        photo=entrant.photo,
    )


def single_plan(rulebook: Rulebook, result: Result, entrant: Entrant) -> RevealPlan:
    """One entrant's own marks right after the performance.

    No rank, and of the total only what the judges gave: the rest depends on entrants who
    have not been marked yet.
    """
    found = next((one for one in result.entrants if one.code == entrant.code), None)
    card = card_of(entrant)
    judged = _judged(rulebook, found) if found else []
    if not judged:
        return RevealPlan((card,), (Beat.CARD,))
    card = replace(card, panels=_panels(rulebook, judged), total=shown(judged[0].value))
    return RevealPlan((card,), (Beat.CARD, Beat.MARKS, Beat.TOTAL))


def reveal_plan(
    rulebook: Rulebook, result: Result, entrants: Iterable[Entrant], order: Order
) -> RevealPlan:
    """The whole result, card by card. Entrants without a rank are not shown."""
    people = {one.code: one for one in entrants}
    names = {award.id: award.name for award in rulebook.awards}
    ranked = [one for one in result.entrants if one.rank is not None and one.code in people]
    ranked.sort(key=lambda one: (-(one.rank or 0), one.code))
    if order is Order.FROM_LAST:
        chosen = [("", one) for one in ranked]
    else:
        chosen = [
            (names[award.award], one)
            for award in reversed(result.awards)
            for one in ranked
            if one.entrant in award.winners
        ]
    totals = aligned([one.total for one in result.entrants], PLACES_SHOWN)
    total_of = {one.entrant: text for one, text in zip(result.entrants, totals, strict=True)}
    cards = tuple(
        replace(
            _full_card(rulebook, one, people[one.code], names, heading),
            total=total_of[one.entrant],
        )
        for heading, one in chosen
    )
    has_marks = any(card.panels for card in cards)
    return RevealPlan(cards, (Beat.MARKS if has_marks else Beat.CARD, Beat.TOTAL))


def _up_to(card: Card, beat: Beat) -> Card:
    if beat is Beat.TOTAL:
        return card
    untold = replace(card, parts=(), total=None, rank=None, awards=())
    return untold if beat is Beat.MARKS else replace(untold, panels=())


def _full_card(
    rulebook: Rulebook,
    one: EntrantResult,
    entrant: Entrant,
    award_names: Mapping[str, str],
    heading: str,
) -> Card:
    return replace(
        card_of(entrant),
        heading=heading,
        panels=_panels(rulebook, _judged(rulebook, one)),
        parts=tuple(_part(rulebook, figure) for figure in one.components),
        rank=one.rank,
        awards=tuple(award_names[award] for award in one.awards),
    )


def _part(rulebook: Rulebook, figure: ComponentFigure) -> Part:
    return Part(
        name=rulebook.component(figure.component).name,
        value=shown(figure.value),
        weight=shown(figure.weight),
        contribution=shown(figure.contribution),
    )


def _judged(rulebook: Rulebook, one: EntrantResult) -> list[ComponentFigure]:
    return [
        figure
        for figure in one.components
        if rulebook.component(figure.component).source == "judges"
    ]


def _panels(rulebook: Rulebook, judged: list[ComponentFigure]) -> tuple[Panel, ...]:
    return tuple(
        Panel(_panel_name(rulebook, one, panel), _marks(panel), shown(panel.rounded))
        for figure in judged
        for one in figure.rounds
        if one.counted
        for panel in one.panels
    )


def _panel_name(rulebook: Rulebook, one: RoundFigure, panel: PanelFigure) -> str:
    assert rulebook.judging is not None, "only a rulebook with judges has panels"
    rounds = {item.id: item.name for item in rulebook.judging.rounds}
    criteria = {item.id: item.name for item in rulebook.judging.criteria}
    words = [rounds[one.round]] if len(rounds) > 1 else []
    if panel.criterion:
        words.append(criteria[panel.criterion])
    return " ".join(words) or _("评委打分")


def _marks(panel: PanelFigure) -> tuple[JudgeMark, ...]:
    """In the order of the judges' numbers; ids that are no numbers keep their own order."""
    return tuple(
        JudgeMark(
            judge=int(mark.judge) if mark.judge.isdigit() else place,
            status=mark.status,
            value=_value_text(mark),
            dropped=mark.dropped,
        )
        for place, mark in enumerate(sorted(panel.marks, key=_judge_order), start=1)
    )


def _judge_order(mark: MarkFigure) -> tuple[int, str]:
    return (int(mark.judge) if mark.judge.isdigit() else 0, mark.judge)


def _value_text(mark: MarkFigure) -> str:
    value: Fraction | None = mark.value
    return "" if value is None else shown(value)
