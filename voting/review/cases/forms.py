"""Reading why a case is closed without a proposal."""

from collections.abc import Mapping
from typing import Any

from core.i18n import _
from core.web.forms import FormReader


def read_dismissal(form: Mapping[str, Any]) -> str:
    """Field `why`: for what reason a case is closed without a proposal. Raises Invalid."""
    reader = FormReader(form)
    why = reader.text("why", _("不予处理的理由"), longest=1000)
    reader.finish()
    return why
