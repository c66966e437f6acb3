"""What a judge declares before marking: the entrants whom the judge must not mark."""

from collections.abc import Mapping

from core.i18n import _
from core.web.forms import FormReader
from scoring.judging.web_support import LONGEST_REASON

REASON_PREFIX = "reason_"


def read_conflicts(fields: Mapping[str, str]) -> dict[str, str]:
    """The ticked entrants' codes with the reason typed for each. Raises Invalid.

    A form names `conflict_003` for the tick and `reason_003` for the reason.
    """
    form = FormReader(fields)
    reasons = {}
    for name in fields:
        if name.startswith("conflict_") and form.flag(name):
            code = name.removeprefix("conflict_")
            reasons[code] = form.text(REASON_PREFIX + code, _("回避理由"), longest=LONGEST_REASON)
    form.agreed("declared", _("请确认申报属实"))
    form.finish()
    return reasons
