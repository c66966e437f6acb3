"""Reading ballots and void proposals from forms and JSON, every field's error at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from litestar.datastructures import FormMultiDict

from core.i18n import _
from core.limits.challenge import NO_ATTEMPT, Attempt, attempt_in
from core.problems import FieldError, Invalid
from core.value import Value
from core.web.forms import FormReader
from voting.ledger.rows import Search
from voting.ledger.rules import sequences

MOST_ENTRIES = 100
LONGEST_CODE = 20
LONGEST_KEY = 80
PSEUDONYM_LETTERS = 32


class BallotForm(Value, frozen=True):
    """Candidate codes as chosen, in their order, and the client's idempotency key."""

    entries: tuple[str, ...]
    key: str
    attempt: Attempt = NO_ATTEMPT


@dataclass(frozen=True)
class ProposalForm:
    ballots: tuple[int, ...]
    rule: str
    reason: str


class _RightBallot(msgspec.Struct):
    """What is right in itself, told by one pass of compiled code: nearly every ballot."""

    entries: Annotated[
        tuple[Annotated[str, msgspec.Meta(max_length=LONGEST_CODE)], ...],
        msgspec.Meta(min_length=1, max_length=MOST_ENTRIES),
    ]
    idempotency_key: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_KEY)]
    altcha: str = ""
    digits_token: str = ""
    digits: str = ""


_right_ballot = msgspec.json.Decoder(_RightBallot).decode


def read_ballot_json(body: bytes) -> BallotForm:
    """`{"entries": ["001"], "idempotency_key": "…"}`. Raises Invalid."""
    try:
        right = _right_ballot(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass  # found out again below, with a sentence for every field
    else:
        attempt = NO_ATTEMPT
        if right.altcha or right.digits:
            attempt = attempt_in(msgspec.structs.asdict(right))
        return BallotForm(right.entries, right.idempotency_key, attempt)
    try:
        data = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid("invalid_json", _("请求体不是合格的 JSON")) from error
    if not isinstance(data, dict):
        raise Invalid("invalid_json", _("请求体应当是一个 JSON 对象"))
    return _ballot(data.get("entries"), data.get("idempotency_key"), attempt_in(data))


def read_ballot_form(form: FormMultiDict) -> BallotForm:
    """Fields `entries` (one for each chosen candidate), `idempotency_key`, and those of an
    answered challenge.

    Raises Invalid.
    """
    entries = form.getall("entries", [])
    return _ballot(entries, form.get("idempotency_key"), attempt_in(form))


def _ballot(entries: object, key: object, attempt: Attempt) -> BallotForm:
    errors = []
    if not isinstance(entries, list) or not all(isinstance(one, str) for one in entries):
        errors.append(FieldError("entries", _("请选择候选人")))
    elif not entries:
        errors.append(FieldError("entries", _("还没有选候选人")))
    elif len(entries) > MOST_ENTRIES or any(len(one) > LONGEST_CODE for one in entries):
        errors.append(FieldError("entries", _("所选的编号不对，请返回页面重新选择")))
    if not isinstance(key, str) or not key:
        errors.append(FieldError("idempotency_key", _("缺少防重复标记，请刷新页面后再投")))
    elif len(key) > LONGEST_KEY:
        errors.append(FieldError("idempotency_key", _("防重复标记不合格式，请刷新页面后再投")))
    if errors:
        raise Invalid("invalid_ballot", errors[0].message, errors=errors)
    assert isinstance(entries, list)
    assert isinstance(key, str)
    return BallotForm(tuple(entries), key, attempt)


def read_proposal(form: Mapping[str, Any]) -> ProposalForm:
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
    return ProposalForm(tuple(ballots), rule, reason)


def read_decision(form: Mapping[str, Any]) -> tuple[bool, str]:
    """Fields `decision` (approve or reject) and `word`, the deciding person's remark.

    A rejection must say why. Raises Invalid.
    """
    reader = FormReader(form)
    decision = reader.choice("decision", _("决定"), ("approve", "reject"))
    word = reader.text("word", _("意见"), required=False, longest=1000)
    if decision == "reject" and not word:
        reader.fail("word", _("不同意时请写明原因"))
    reader.finish()
    return decision == "approve", word


def read_dismissal(form: Mapping[str, Any]) -> str:
    """Field `why`: for what reason a case is closed without a proposal. Raises Invalid."""
    reader = FormReader(form)
    why = reader.text("why", _("不予处理的理由"), longest=1000)
    reader.finish()
    return why


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
