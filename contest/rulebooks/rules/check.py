"""Checks that need the whole rulebook: names that must exist, weights that must add up."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from contest.rulebooks.rules.vocabulary import (
    NOT_BELOW_ZERO,
    Award,
    Component,
    Gate,
    Judging,
    Requirement,
    TieKey,
    Total,
)
from core.i18n import _
from core.toml_reader import Errors


@dataclass(frozen=True)
class Parts:
    """The parts of a rulebook that refer to each other."""

    judging: Judging | None
    voting: bool
    components: tuple[Component, ...]
    total: Total
    ties: tuple[TieKey, ...]
    gates: tuple[Gate, ...]
    awards: tuple[Award, ...]

    @property
    def criterion_ids(self) -> set[str]:
        return {one.id for one in self.judging.criteria} if self.judging else set()

    @property
    def round_ids(self) -> set[str]:
        return {one.id for one in self.judging.rounds} if self.judging else set()

    @property
    def metric_ids(self) -> set[str]:
        return {metric.id for one in self.components for metric in one.metrics}

    @property
    def component_ids(self) -> set[str]:
        return {one.id for one in self.components}


def check_parts(parts: Parts, errors: Errors) -> None:
    _check_unique(parts, errors)
    _check_components(parts, errors)
    _check_judging(parts, errors)
    for i, tie in enumerate(parts.ties):
        _check_tie(parts, tie, f"ties[{i}]", errors)
    _check_gates(parts, errors)
    for i, award in enumerate(parts.awards):
        _check_requirement(parts, award.requirement, f"awards[{i}]", errors)


def _check_unique(parts: Parts, errors: Errors) -> None:
    lists: list[tuple[str, list[str]]] = [
        ("components", [one.id for one in parts.components]),
        ("components.metrics", [m.id for one in parts.components for m in one.metrics]),
        ("gates", [one.id for one in parts.gates]),
        ("awards", [one.id for one in parts.awards]),
    ]
    if parts.judging:
        lists.append(("judging.criteria", [one.id for one in parts.judging.criteria]))
        lists.append(("judging.rounds", [one.id for one in parts.judging.rounds]))
    for path, ids in lists:
        for repeated in sorted({one for one in ids if one and ids.count(one) > 1}):
            errors.append((path, _("标识重复：%(id)s") % {"id": repeated}))


def _check_components(parts: Parts, errors: Errors) -> None:
    if not parts.components:
        errors.append(("components", _("至少要有一个得分项")))
        return
    weights = sum(one.weight for one in parts.components)
    if parts.total.combine == "weighted":
        if any(one.weight <= 0 for one in parts.components):
            errors.append(("components", _("权重须大于零")))
        if weights != Fraction(100):
            errors.append(("components", _("各得分项的权重之和须为 100")))
    if sum(one.source == "votes" for one in parts.components) > 1:
        errors.append(("components", _("投票只能作一个得分项")))
    for i, component in enumerate(parts.components):
        path = f"components[{i}]"
        if component.source == "judges" and parts.judging is None:
            errors.append((path, _("评委分须有 [judging] 一节")))
        _check_names(component.criteria, parts.criterion_ids, f"{path}.criteria", errors)
        _check_names(component.rounds, parts.round_ids, f"{path}.rounds", errors)


def _check_judging(parts: Parts, errors: Errors) -> None:
    if parts.judging is None:
        return
    judges = [one for one in parts.components if one.source == "judges"]
    if not judges:
        errors.append(("judging", _("写了评审办法，却没有用评委分的得分项")))
    if parts.judging.aggregate.method == "sum_of_ranks":
        if parts.judging.judge_normaliser.kind != "none":
            errors.append(("judging.judge_normaliser", _("名次和本身就是折算，不能再折算")))
        _check_low_leads(parts, judges, errors)
    own = parts.judging.judge_normaliser.kind
    if own in NOT_BELOW_ZERO and any(one.low < 0 for one in parts.judging.criteria):
        errors.append(("judging.judge_normaliser", _("评分可能为负时不能用这种折算")))
    if parts.judging.aggregate_over == "criterion" and parts.judging.rounding.sheet:
        errors.append(("judging.rounding.sheet", _("按标准合成时没有逐张评分表的取整")))


def _check_low_leads(parts: Parts, judges: list[Component], errors: Errors) -> None:
    """A smaller sum of ranks is better; read the other way, the worst entrant would win."""
    for component in judges:
        plain = component.normaliser.kind == "none"
        lowest_wins = parts.total.order == "lowest_first" or component.weight < 0
        if (plain and not lowest_wins) or (not plain and component.normaliser.better == "higher"):
            sentence = _('名次和以小为好：折算须写 better = "lower"，或总分 order = "lowest_first"')
            errors.append((f"components.{component.id}", sentence))


def _check_tie(parts: Parts, tie: TieKey, path: str, errors: Errors) -> None:
    judged = {one.id for one in parts.components if one.source == "judges"}
    known = {
        "component": parts.component_ids,
        "criterion": parts.criterion_ids,
        "metric": parts.metric_ids,
        "untrimmed_mean": judged,
        "count_of_marks": judged,
    }
    if tie.id:
        _check_names([tie.id], known[tie.key], f"{path}.id", errors)
    if tie.round:
        _check_names([tie.round], parts.round_ids, f"{path}.round", errors)
    if tie.key in ("untrimmed_mean", "count_of_marks") and parts.judging is None:
        errors.append((path, _("评委分须有 [judging] 一节")))
    if tie.key == "votes" and not _has_votes(parts):
        errors.append((path, _("这次评选没有投票")))


def _check_gates(parts: Parts, errors: Errors) -> None:
    awards = {one.id for one in parts.awards}
    for i, gate in enumerate(parts.gates):
        _check_names(gate.awards, awards, f"gates[{i}].awards", errors)
        _check_requirement(parts, gate.requirement, f"gates[{i}]", errors)


def _check_requirement(parts: Parts, needed: Requirement, path: str, errors: Errors) -> None:
    for i, condition in enumerate(needed.conditions):
        at = f"{path}.{needed.join}_of[{i}]"
        if condition.figure == "component":
            _check_names([condition.id], parts.component_ids, f"{at}.id", errors)
        if condition.figure == "votes" and not _has_votes(parts):
            errors.append((at, _("这次评选没有投票")))


def _has_votes(parts: Parts) -> bool:
    return parts.voting or any(one.source == "votes" for one in parts.components)


def _check_names(names: Iterable[str], known: set[str], path: str, errors: Errors) -> None:
    for name in names:
        if name not in known:
            errors.append((path, _("没有这个标识：%(id)s") % {"id": name}))
