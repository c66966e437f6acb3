"""What this package's controllers share."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from litestar.response import Template

from core.beijing import beijing_day
from core.i18n import _
from core.problems import FieldError, Problem
from core.web.forms import FormReader
from core.web.pages import AnyRequest, page, wants_page

MOST_YUAN = Decimal(10_000_000_000)
PAGE_LENGTH = 50


def again(
    request: AnyRequest, name: str, problem: Problem, typed: Mapping[str, Any], **context: Any
) -> Template:
    """The same page once more, with what was typed and every error; a program gets the problem
    itself. A refusal that belongs to no field stands in the summary as well."""
    if not wants_page(request):
        raise problem
    words = {key: value for key, value in typed.items() if isinstance(value, str)}
    errors = problem.errors or (FieldError("", problem.message),)
    return page(
        request, name, status=problem.status, **{**context, "values": words, "errors": errors}
    )


def read_fen(form: FormReader, field: str, label: str) -> int:
    """An amount typed in yuan, with at most two decimals, as whole fen above zero."""
    yuan = form.decimal(field, label, least=Decimal("0.01"), most=MOST_YUAN)
    fen = yuan * 100
    if fen != fen.to_integral_value():
        form.fail(field, _("%(label)s最多两位小数") % {"label": label})
    return int(fen)


def read_decision(form: FormReader) -> tuple[bool, str]:
    """Fields verdict ("approve" or "refuse") and reason, which a refusal must have."""
    verdict = form.choice("verdict", _("办理意见"), ("approve", "refuse"))
    reason = form.text("reason", _("理由"), required=verdict == "refuse", longest=500)
    return verdict == "approve", reason


def asked_year(request: AnyRequest, now: datetime) -> int:
    """The year of the query, this year in Beijing when it names none."""
    typed = str(request.query_params.get("year", ""))
    fits = typed.isascii() and typed.isdigit() and len(typed) == 4
    return int(typed) if fits else beijing_day(now).year


def asked_number(request: AnyRequest, name: str) -> int | None:
    """A number of the query that can be a key, None for anything else."""
    typed = str(request.query_params.get(name, ""))
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


def asked_words(request: AnyRequest, name: str) -> str:
    """Words of the query to look for, without what no stored text can hold."""
    typed = str(request.query_params.get(name, ""))
    return "".join(one for one in typed if one.isprintable()).strip()[:80]
