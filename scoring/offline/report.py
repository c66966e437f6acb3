"""Prints a result in the terminal: the order, every step of every sum, awards, problems."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from contest.rulebooks.rules.rulebook import Rulebook
from core.exact import shown
from core.i18n import _
from core.numbers import money
from scoring.engine.explain import key_words, working_lines
from scoring.engine.result import AwardResult, EntrantResult, Result
from scoring.engine.words import passed_over_words, problem_sentence, unranked_words

_PIPED_WIDTH = 160


def report_console() -> Console:
    """As wide as the terminal, and wide enough for whole tables where there is none."""
    console = Console()
    return console if console.is_terminal else Console(width=_PIPED_WIDTH)


def print_result(console: Console, rulebook: Rulebook, result: Result) -> None:
    _line(console, f"{rulebook.title}  {rulebook.id} {rulebook.version}")
    _line(console, rulebook.digest)
    console.print(_ranking_table(rulebook, result))
    for one in result.entrants:
        _print_steps(console, rulebook, one)
    for award in result.awards:
        _print_award(console, rulebook, result, award)
    names = {one.entrant: one.name for one in result.entrants}
    if result.problems:
        _line(console, _("尚不能出完整结果："))
    for problem in result.problems:
        _line(console, "  " + problem_sentence(problem, names[problem.entrant]))


def _line(console: Console, text: str) -> None:
    console.print(escape(text), soft_wrap=True, highlight=False)


def _ranking_table(rulebook: Rulebook, result: Result) -> Table:
    table = Table(title=_("排名"))
    table.add_column(_("名次"), justify="right")
    table.add_column(_("编号"))
    table.add_column(_("名称"))
    for component in rulebook.components:
        table.add_column(component.name, justify="right")
    table.add_column(_("总分"), justify="right")
    if rulebook.total.points_by_rank:
        table.add_column(_("名次分"), justify="right")
    table.add_column(_("说明"))
    for one in result.entrants:
        values = [shown(figure.contribution) for figure in one.components]
        cells = [
            "" if one.rank is None else str(one.rank),
            one.code or one.entrant,
            one.name,
            *(values or [""] * len(rulebook.components)),
            "" if one.total is None else shown(one.total),
        ]
        if rulebook.total.points_by_rank:
            cells.append("" if one.points_by_rank is None else shown(one.points_by_rank))
        table.add_row(*(escape(cell) for cell in (*cells, _remark(rulebook, one))))
    return table


def _remark(rulebook: Rulebook, one: EntrantResult) -> str:
    if one.unranked:
        return unranked_words(rulebook, one.unranked)
    if one.shared:
        return _("并列")
    decided = [key for key in one.keys if key.decided]
    if not decided:
        return ""
    return _("同分，按%(key)s") % {"key": key_words(rulebook, decided[-1].key, decided[-1].id)}


def _print_steps(console: Console, rulebook: Rulebook, one: EntrantResult) -> None:
    steps = working_lines(rulebook, one)
    if not steps:
        return
    _line(console, f"\n{one.rank}. {one.code} {one.name}".replace("  ", " "))
    for step in steps:
        working = f"  {step.working}" if step.working else ""
        _line(console, f"{'  ' * (step.depth + 1)}{step.label}{working} = {step.value}")


def _print_award(console: Console, rulebook: Rulebook, result: Result, award: AwardResult) -> None:
    names = {one.entrant: one.name for one in result.entrants}
    title = next(one.name for one in rulebook.awards if one.id == award.award)
    _line(console, f"\n{title}  {money(award.amount_fen)} × {award.quota}")
    for winner in award.winners:
        _line(console, "  " + names[winner])
    for passed in award.passed_over:
        reason = passed_over_words(rulebook, passed.reason)
        told = {"name": names[passed.entrant], "reason": reason}
        _line(console, "  " + _("未授予 %(name)s：%(reason)s") % told)
    if award.undecided:
        tied = "、".join(names[one] for one in award.undecided)
        _line(console, "  " + _("并列未决，须抽签：%(names)s") % {"names": tied})
    if award.vacant:
        _line(console, "  " + _("空缺 %(n)s 名") % {"n": award.vacant})
