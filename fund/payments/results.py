"""The bank's result file: what it says is booked once, and what does not fit is said."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import audit
from core.audit import Actor
from core.crypto import KeyRing
from core.database import db
from core.files.spreadsheets import read_rows
from core.i18n import _
from core.problems import Conflict, FieldError, Invalid
from fund.books import service as books
from fund.books.service import Step
from fund.payments import store
from fund.payments.rules import (
    Asked,
    Reading,
    Said,
    UnknownTable,
    Verdict,
    batch_code,
    read_result,
)
from fund.payments.service import get_batch
from fund.payments.store import Line
from fund.rules.states import HOLDABLE, Act

_OUTCOMES = {"pay": Verdict.PAID, "confirm": Verdict.PAID, "fail": Verdict.FAILED}
_ACTS = {Verdict.PAID: Act.PAY, Verdict.FAILED: Act.FAIL}


@dataclass(frozen=True)
class Booked:
    """What became of a file; `again` when this very file was read before."""

    again: bool
    report: list[dict[str, Any]]


async def read_file(
    number: int, file: tuple[str, bytes], keys: KeyRing, actor: Actor, now: datetime
) -> Booked:
    """Book what a file of the bank says of a batch. `file` is (name, content).

    The report has an item for each row that said something: row, code, kind ("paid", "failed",
    "same", "differs", "problem") and words. Raises Invalid about "result" for a file that cannot
    be read or says nothing of the batch, Conflict for the file of another batch or before the
    batch was sent.
    """
    name, content = file
    digest = hashlib.sha256(content).hexdigest()
    rows = await asyncio.to_thread(read_rows, content, "result")
    async with db.unit_of_work():
        await store.hold_batch(number)
        found = await get_batch(number)
        if found.sent_at is None:
            raise Conflict("not_sent", _("批次还没有送交银行，不会有回单"))
        before = await store.result_file(digest)
        if before is not None and before["batch"] != number:
            other = batch_code(before["batch"])
            raise Conflict("file_of_another", _("这份文件已用于批次 %(n)s") % {"n": other})
        if before is not None:
            return Booked(True, before["report"])
        own = await store.lines(number, keys)
        report = await _book(_reading(rows, found.code, own), own, actor, now)
        await store.add_result_file(number, digest, name, report, actor, now)
        counts = {kind: sum(one["kind"] == kind for one in report) for kind in ("paid", "failed")}
        details = {"sha256": digest, **counts}
        await audit.record(actor, "payment.result_read", "payment_batch", number, now, details)
    return Booked(False, report)


async def files_of(batch: int) -> list[dict[str, Any]]:
    """Every file that came back for a batch, newest first, with its report."""
    return await store.result_files(batch)


def _reading(rows: Sequence[Sequence[str]], code: str, own: Sequence[Line]) -> Reading:
    asked = [
        Asked(one.payment, one.code, one.account.holder, one.account.number, one.net) for one in own
    ]
    try:
        reading = read_result(rows, code, asked)
    except UnknownTable as error:
        raise Invalid(
            "unknown_table", str(error), errors=[FieldError("result", str(error))]
        ) from error
    if not reading.said:
        told = [
            FieldError("result", _("第 %(row)s 行：%(words)s") % {"row": row, "words": words})
            for row, words in reading.problems[:20]
        ] or [FieldError("result", _("文件里没有一行结果"))]
        raise Invalid("no_result", _("文件里没有本批次的结果，没有登记任何一笔"), errors=told)
    return reading


async def _book(
    reading: Reading, own: Sequence[Line], actor: Actor, now: datetime
) -> list[dict[str, Any]]:
    lines = {one.payment: one for one in own}
    steps, report = [], []
    for said in reading.said:
        line = lines[said.payment]
        kind, words, step = _answered(line, said)
        if step:
            steps.append(step)
        report.append({"row": said.row, "code": line.code, "kind": kind, "words": words})
    if steps:
        await books.take(steps, actor, now)
    for row, words in reading.problems:
        report.append({"row": row, "code": "", "kind": "problem", "words": words})
    return sorted(report, key=lambda one: one["row"])


def _answered(line: Line, said: Said) -> tuple[str, str, Step | None]:
    """(kind, words, step) for one answer."""
    if line.current and line.outcome == Act.SEND:
        reason = said.reason if said.verdict is Verdict.FAILED else ""
        step = Step(line.entitlement, _ACTS[said.verdict], line.payment, reason=reason)
        return said.verdict.value, reason, step
    if _OUTCOMES.get(line.outcome) is said.verdict:
        return "same", _("此前已登记，没有重复登记"), None
    if said.verdict is Verdict.PAID:
        return "differs", *_late_success(line)
    words = _("此前已登记为成功；若款项确已退回，请在应付款页面提出冲回")
    if line.outcome == Act.REVERSE:
        words = _("此前已冲回，没有重复登记")
    return "differs", words, None


def _late_success(line: Line) -> tuple[str, Step | None]:
    """The bank now says that a payment arrived which was booked as failed or came back: nothing
    more is paid until a person has looked."""
    words = _("此前已登记为失败或冲回，银行现称成功")
    if line.held:
        return _("%(what)s；已暂缓支付，请先与银行核实") % {"what": words}, None
    if line.state in HOLDABLE:
        step = Step(line.entitlement, Act.HOLD, reason=words)
        return _("%(what)s；系统已暂缓再次支付，请先与银行核实") % {"what": words}, step
    return _("%(what)s；重付已在途中，请立即与银行核实") % {"what": words}, None
