"""Reading proposals, decisions and the search for ballots, every field's error at once."""

from collections.abc import Mapping
from typing import Any

from core.i18n import _
from core.web.forms import FormReader
from voting.casting.forms import LONGEST_CODE
from voting.ledger.rows import Search
from voting.ledger.rules import sequences
from voting.review.changes.rules import Proposal

PSEUDONYM_LETTERS = 32


def read_proposal(form: Mapping[str, Any]) -> Proposal:
    """What a void and a restoration alike are proposed with.

    Fields `ballots` ("12, 15-20"), `rule`, `reason`. Raises Invalid."""
    reader = FormReader(form)
    written = reader.text("ballots", _("选票序号"), longest=20_000)
    ballots: list[int] = []
    try:
        ballots = sequences.parse(written) if written else []
    except sequences.NotNumbersError as error:
        message = _("选票序号应当形如 12, 15-20；看不懂：%(part)s") % {"part": error}
        reader.fail("ballots", message)
    except sequences.TooManyError:
        message = _("一批最多 %(most)s 张选票，请分几批提出") % {"most": sequences.MOST}
        reader.fail("ballots", message)
    rule = reader.text("rule", _("所依据的规则"), longest=200)
    reason = reader.text("reason", _("公开的理由"), longest=1000)
    reader.finish()
    return Proposal(tuple(ballots), rule, reason)


def read_decision(form: Mapping[str, Any]) -> tuple[bool, str]:
    """Fields `decision` (approve or reject) and `decision_reason`, which is kept with it.

    A rejection must say why. Raises Invalid.
    """
    reader = FormReader(form)
    decision = reader.choice("decision", _("决定"), ("approve", "reject"))
    reason = reader.text("decision_reason", _("意见"), required=False, longest=1000)
    if decision == "reject" and not reason:
        reader.fail("decision_reason", _("不同意时请写明原因"))
    reader.finish()
    return decision == "approve", reason


def read_search(query: Mapping[str, Any]) -> Search:
    """Fields `code`, `voter` (pseudonym in hex), `start`, `end`; all optional.

    Raises Invalid.
    """
    reader = FormReader(query)
    code = reader.text("code", _("候选人编号"), required=False, longest=LONGEST_CODE)
    voter = reader.text("voter", _("投票人代号"), required=False, longest=PSEUDONYM_LETTERS)
    start = reader.moment("start", _("开始时间")) if query.get("start") else None
    end = reader.moment("end", _("结束时间")) if query.get("end") else None
    try:
        pseudonym = bytes.fromhex(voter) if voter else None
    except ValueError:
        reader.fail("voter", _("投票人代号应当是 32 位十六进制数"))
    if start and end and end <= start:
        reader.fail("end", _("结束时间应当晚于开始时间"))
    reader.finish()
    return Search(code or None, pseudonym, start, end)
