"""Reading a ballot from a form or from JSON, every field's error at once."""

from typing import Annotated

import msgspec
from litestar.datastructures import FormMultiDict

from core.i18n import _
from core.limits.challenge import NO_ATTEMPT, Attempt, attempt_in
from core.problems import FieldError, Invalid
from core.value import Value

MOST_ENTRIES = 100
LONGEST_CODE = 20
LONGEST_KEY = 80


class BallotForm(Value, frozen=True):
    """Candidate codes as chosen, in their order, and the client's idempotency key."""

    entries: tuple[str, ...]
    key: str
    attempt: Attempt = NO_ATTEMPT


class _RightBallot(msgspec.Struct):
    """A well-formed ballot, as nearly every one is: one pass of compiled code accepts it."""

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
        pass  # read again below, with a sentence for every wrong field
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
