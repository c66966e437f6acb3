"""What a judge may write on a sheet: known criteria, in range, on the grid of steps."""

from collections.abc import Mapping
from fractions import Fraction

from contest.rulebooks.rules.vocabulary import Criterion, Judging
from core.exact import exact_text, parse_number
from core.i18n import _
from core.problems import FieldError

LARGEST_SEQUENCE = 2**53 - 1
"""The largest whole number a browser holds exactly."""


def read_marks(
    judging: Judging, typed: Mapping[str, str]
) -> tuple[dict[str, Fraction | None], list[FieldError]]:
    """Marks by criterion from what was typed, and every error.

    An empty text takes a mark back (None). A criterion with an error is left out.
    """
    criteria = {one.id: one for one in judging.criteria}
    marks: dict[str, Fraction | None] = {}
    errors = []
    for criterion_id, text in typed.items():
        criterion = criteria.get(criterion_id)
        if criterion is None:
            errors.append(FieldError(criterion_id[:80], _("评分标准里没有这一项")))
        elif not text.strip():
            marks[criterion_id] = None
        else:
            value = parse_number(text)
            sentence = _why_not(criterion, value)
            if sentence:
                errors.append(FieldError(criterion_id, sentence))
            else:
                marks[criterion_id] = value
    return marks, errors


def _why_not(criterion: Criterion, value: Fraction | None) -> str:
    if value is None:
        return _("%(name)s应当是数字") % {"name": criterion.name}
    if not criterion.low <= value <= criterion.high:
        return _("%(name)s应当在 %(low)s 到 %(high)s 之间") % {
            "name": criterion.name,
            "low": exact_text(criterion.low),
            "high": exact_text(criterion.high),
        }
    if criterion.step and (value - criterion.low) % criterion.step:
        return _("%(name)s每档相差 %(step)s") % {
            "name": criterion.name,
            "step": exact_text(criterion.step),
        }
    return ""


def missing_criteria(judging: Judging, marks: Mapping[str, Fraction]) -> list[FieldError]:
    """One error for each criterion that has no mark yet; zero is a mark."""
    return [
        FieldError(one.id, _("%(name)s还没有打分") % {"name": one.name})
        for one in judging.criteria
        if one.id not in marks
    ]


def running_total(judging: Judging, marks: Mapping[str, Fraction]) -> Fraction:
    """Σ mark × factor over the criteria marked so far, as the tablet shows it."""
    return sum(
        (marks[one.id] * one.factor for one in judging.criteria if one.id in marks), Fraction(0)
    )
