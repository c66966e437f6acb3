"""Gates and awards: who may have what, in the order of the rulebook."""

from dataclasses import dataclass, replace
from fractions import Fraction

from contest.rulebooks.rules.rulebook import Rulebook
from contest.rulebooks.rules.vocabulary import Award, Condition, Gate, Requirement
from scoring.engine.data import Entrant, ScoringData
from scoring.engine.result import AwardResult, EntrantResult, GateFigure, PassedOver

_ZERO = Fraction(0)
_YES = frozenset({"是", "yes", "true", "1"})
_NO = frozenset({"否", "no", "false", "0", ""})


class AwardInput:
    """What conditions may ask about an entrant, before and after scoring."""

    def __init__(self, data: ScoringData) -> None:
        self._entrants = {one.id: one for one in data.entrants}
        self._votes = {one.entrant: Fraction(one.valid) for one in data.votes}
        self._metrics = {(one.entrant, one.metric): one.value for one in data.metrics}

    def meets(
        self, requirement: Requirement, entrant: str, scored: EntrantResult | None = None
    ) -> bool:
        """Whether the entrant meets it; `scored` is needed for component, total and rank."""
        held = [self._holds(one, entrant, scored) for one in requirement.conditions]
        return any(held) if requirement.join == "any" else all(held)

    def _holds(self, condition: Condition, entrant: str, scored: EntrantResult | None) -> bool:
        if condition.figure == "attribute":
            return same_word(self._entrants[entrant].attribute(condition.id), condition.equals)
        value = self._figure(condition, entrant, scored)
        return value is not None and (
            (condition.at_least is None or value >= condition.at_least)
            and (condition.more_than is None or value > condition.more_than)
            and (condition.at_most is None or value <= condition.at_most)
        )

    def _figure(
        self, condition: Condition, entrant: str, scored: EntrantResult | None
    ) -> Fraction | None:
        if condition.figure == "metric":
            return self._metrics.get((entrant, condition.id))
        if condition.figure == "votes":
            return self._votes.get(entrant, _ZERO)
        if scored is None:
            return None
        if condition.figure == "component":
            return next(p.value for p in scored.components if p.component == condition.id)
        if condition.figure == "rank":
            return None if scored.rank is None else Fraction(scored.rank)
        return scored.total


def same_word(given: str, wanted: str) -> bool:
    """Whether two words mean the same: 是, yes, true and 1 do; so do 否, no, false, 0 and ""."""
    left, right = given.strip().lower(), wanted.strip().lower()
    return left == right or any(left in words and right in words for words in (_YES, _NO))


def entrant_gates(
    rulebook: Rulebook, given: AwardInput, entrant: Entrant
) -> tuple[GateFigure, ...]:
    return tuple(
        GateFigure(gate.id, given.meets(gate.requirement, entrant.id))
        for gate in rulebook.gates
        if gate.on == "entrant"
    )


def give_awards(
    rulebook: Rulebook, given: AwardInput, ranked: tuple[EntrantResult, ...]
) -> tuple[tuple[EntrantResult, ...], tuple[AwardResult, ...]]:
    """The entrants, who come in order of rank, with their awards and the gates on awards added; and
    each award with its winners."""
    gates = [gate for gate in rulebook.gates if gate.on == "award"]
    failed = {
        one.entrant: [g.id for g in gates if not given.meets(g.requirement, one.entrant, one)]
        for one in ranked
    }
    held: dict[str, list[str]] = {one.entrant: [] for one in ranked}
    open_cases: set[str] = set()
    results = []
    for award in rulebook.awards:
        barred = [gate.id for gate in gates if award.id in gate.awards]
        able = _able(award, barred, given, ranked, failed, held)
        result = _give(award, able, open_cases)
        results.append(result)
        open_cases.update(result.undecided)
        for winner in result.winners:
            held[winner].append(award.id)
    return tuple(
        replace(
            one,
            gates=one.gates + _award_gates(gates, failed[one.entrant]),
            awards=tuple(held[one.entrant]),
        )
        for one in ranked
    ), tuple(results)


def _award_gates(gates: list[Gate], failed: list[str]) -> tuple[GateFigure, ...]:
    return tuple(GateFigure(gate.id, gate.id not in failed) for gate in gates)


@dataclass(frozen=True)
class _Able:
    """The entrants of one rank who may have an award, and those who may not."""

    able: tuple[str, ...]
    passed: tuple[PassedOver, ...]


def _able(
    award: Award,
    barred: list[str],
    given: AwardInput,
    ranked: tuple[EntrantResult, ...],
    failed: dict[str, list[str]],
    held: dict[str, list[str]],
) -> list[_Able]:
    found = []
    for group in _by_rank(ranked):
        reasons = {
            one.entrant: _reason_against(award, barred, given, one, failed, held) for one in group
        }
        passed = tuple(PassedOver(key, reason) for key, reason in reasons.items() if reason)
        found.append(_Able(tuple(key for key, reason in reasons.items() if not reason), passed))
    return found


def _give(award: Award, groups: list[_Able], open_cases: set[str]) -> AwardResult:
    """One award. `open_cases` are entrants who may still win an earlier award by a draw: until it
    is drawn, it is open whether they or the next in line get this one."""
    winners: list[str] = []
    undecided: tuple[str, ...] = ()
    passed: list[PassedOver] = []
    for group in groups:
        left = award.quota - len(winners)
        if left <= 0:
            break
        passed += group.passed
        over = len(group.able) > left and award.shared_at_edge == "undecided"
        if over or (award.exclusive and open_cases.intersection(group.able)):
            undecided = group.able
            break
        winners += group.able
    vacant = 0 if undecided else max(award.quota - len(winners), 0)
    return AwardResult(
        award.id, award.quota, award.amount_fen, tuple(winners), tuple(passed), undecided, vacant
    )


def _by_rank(ranked: tuple[EntrantResult, ...]) -> list[list[EntrantResult]]:
    groups: dict[int, list[EntrantResult]] = {}
    for one in ranked:
        if one.rank is not None:
            groups.setdefault(one.rank, []).append(one)
    return [groups[rank] for rank in sorted(groups)]


def _reason_against(
    award: Award,
    barred: list[str],
    given: AwardInput,
    one: EntrantResult,
    failed: dict[str, list[str]],
    held: dict[str, list[str]],
) -> str:
    for gate in barred:
        if gate in failed[one.entrant]:
            return f"gate:{gate}"
    if not given.meets(award.requirement, one.entrant, one):
        return "predicate"
    if award.exclusive and held[one.entrant]:
        return f"holds:{held[one.entrant][0]}"
    return ""
