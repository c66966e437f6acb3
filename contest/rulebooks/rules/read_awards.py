"""Reads ties, gates and awards from a rulebook."""

from contest.rulebooks.rules.read_components import read_rounding
from contest.rulebooks.rules.vocabulary import Award, Condition, Gate, Requirement, TieKey
from core.i18n import _
from core.toml_reader import Table

TIE_KEYS = {
    "component": ("id", "value"),
    "criterion": ("id", "round"),
    "round": ("round",),
    "metric": ("id",),
    "votes": (),
    "untrimmed_mean": ("id",),
    "count_of_marks": ("id", "mark", "at_least"),
    "unrounded_total": ("rounding",),
    "draw": (),
}
"""Every key of a tie cascade and what it takes besides `order`."""

TESTABLE = ("metric", "votes", "component", "total", "rank", "attribute")
TESTABLE_BEFORE_SCORING = ("metric", "votes", "attribute")
"""What is known before scoring: all that a gate on an entrant may ask about."""

_LARGEST_AWARD = 10**12


def read_tie(table: Table) -> TieKey:
    key = table.choice("key", tuple(TIE_KEYS))
    takes = TIE_KEYS[key]
    optional_id = key in ("untrimmed_mean", "count_of_marks")
    default_order = "lowest_first" if key == "draw" else "highest_first"
    tie = TieKey(
        key=key,
        id=table.text("id", "" if optional_id else None) if "id" in takes else "",
        round=table.text("round", "" if key == "criterion" else None) if "round" in takes else "",
        order=table.choice("order", ("highest_first", "lowest_first"), default_order)
        if key != "draw"
        else default_order,
        value=table.choice("value", ("rounded", "exact", "raw"), "rounded")
        if "value" in takes
        else "rounded",
        mark=table.optional_number("mark") if "mark" in takes else None,
        at_least=table.optional_number("at_least") if "at_least" in takes else None,
        rounding=read_rounding(table, "rounding") if "rounding" in takes else None,
    )
    table.refuse_unknown()
    if key == "count_of_marks" and (tie.mark is None) == (tie.at_least is None):
        table.error("mark", _("须写明 mark（正好这个分）或 at_least（不低于这个分），二者选一"))
    return tie


def read_gate(table: Table) -> Gate:
    on = table.choice("on", ("entrant", "award"))
    gate = Gate(
        id=table.id(),
        name=table.text("name"),
        on=on,
        requirement=_read_requirement(table),
        awards=table.texts("awards") if on == "award" else (),
    )
    table.refuse_unknown()
    if not gate.requirement.conditions:
        table.error("", _("门槛须写明 any_of 或 all_of"))
    if on == "award" and not gate.awards:
        table.error("awards", _("须写明这道门槛管哪些奖项"))
    if on == "entrant":
        for condition in gate.requirement.conditions:
            if condition.figure not in TESTABLE_BEFORE_SCORING:
                table.error("", _("参赛门槛只能用平台数据、票数或报名信息"))
    return gate


def read_award(table: Table) -> Award:
    award = Award(
        id=table.id(),
        name=table.text("name"),
        quota=table.integer("quota", 1, 10_000),
        amount_fen=table.integer("amount_fen", 0, _LARGEST_AWARD),
        benefits=table.texts("benefits"),
        requirement=_read_requirement(table),
        exclusive=table.flag("exclusive", default=True),
        shared_at_edge=table.choice("shared_at_edge", ("undecided", "all"), "undecided"),
    )
    table.refuse_unknown()
    return award


def _read_requirement(table: Table) -> Requirement:
    any_of = tuple(_read_condition(one) for one in table.tables("any_of"))
    all_of = tuple(_read_condition(one) for one in table.tables("all_of"))
    if any_of and all_of:
        table.error("any_of", _("any_of 和 all_of 只能写一个"))
    return Requirement("any", any_of) if any_of else Requirement("all", all_of)


def _read_condition(table: Table) -> Condition:
    figure = table.choice("figure", TESTABLE)
    named = figure in ("metric", "component", "attribute")
    is_text = figure == "attribute"
    condition = Condition(
        figure=figure,
        id=table.text("id") if named else "",
        at_least=None if is_text else table.optional_number("at_least"),
        more_than=None if is_text else table.optional_number("more_than"),
        at_most=None if is_text else table.optional_number("at_most"),
        equals=table.text("equals") if is_text else "",
    )
    table.refuse_unknown()
    bounds = (condition.at_least, condition.more_than, condition.at_most)
    if not is_text and all(bound is None for bound in bounds):
        table.error("", _("条件须写明 at_least、more_than 或 at_most"))
    return condition
