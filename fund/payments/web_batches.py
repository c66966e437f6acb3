"""Batches: made, checked, sent, answered; each by its own person."""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from core.audit import Actor
from core.beijing import beijing_day
from core.crypto import KeyRing
from core.files.workbooks import MEDIA_TYPE
from core.i18n import _
from core.problems import Conflict, FieldError, Invalid, NotAllowed
from core.runtime import Runtime
from core.web.forms import FormReader, page_number
from core.web.openapi import asks, takes
from core.web.pages import AnyRequest, page
from core.web.posted import goto, typed_form, uploaded
from fund.payments import results, service
from fund.payments.forms import read_chosen
from fund.rules.chinese_amount import chinese_amount
from fund.rules.states import STATE_NAMES, Act
from fund.web_support import PAGE_LENGTH, again, read_decision

_LIST = "fund/payments/batches.html"
_NEW = "fund/payments/new_batch.html"
_PAGE = "fund/payments/batch.html"


@get("/fund/batches", operation_class=asks("page"))
async def batches_page(request: AnyRequest) -> Template:
    """Every batch, newest first, with what it waits for."""
    number = page_number(request.query_params.get("page"))
    found, total = await service.batches(PAGE_LENGTH, (number - 1) * PAGE_LENGTH)
    pages = max(1, -(-total // PAGE_LENGTH))
    return page(request, _LIST, found=found, total=total, number=number, pages=pages)


async def _payable(keys: KeyRing, now: datetime) -> dict[str, Any]:
    return {"payable": await service.payable(None, keys, beijing_day(now)), "chosen": ()}


@get("/fund/batches/new")
async def new_batch(
    request: AnyRequest, runtime: NamedDependency[Runtime], now: NamedDependency[datetime]
) -> Template:
    """Who can be paid now, and why the others cannot."""
    context = await _payable(runtime.keys, now)
    return page(request, _NEW, values={}, errors=(), **context)


@post("/fund/batches", operation_class=takes("note", repeated=("entitlements",)))
async def make_batch(
    request: AnyRequest,
    runtime: NamedDependency[Runtime],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Form: entitlements (ids, repeated), note."""
    data = await request.form()
    typed, chosen = dict(data), read_chosen(data.getall("entitlements", []))
    try:
        form = FormReader(typed)
        note = form.text("note", _("说明"), required=False, longest=200)
        form.finish()
        batch = await service.make_batch(chosen, note, runtime.keys, actor, now)
    except (Invalid, Conflict) as problem:
        context = {**await _payable(runtime.keys, now), "chosen": chosen}
        return again(request, _NEW, problem, typed, **context)
    return goto(request, f"/fund/batches/{batch}")


async def _context(number: int, keys: KeyRing) -> dict[str, Any]:
    batch = await service.get_batch(number)
    return {
        "batch": batch,
        "lines": await service.lines(number, keys),
        "words": chinese_amount(batch.net),
        "files": await results.files_of(number),
        "state_names": STATE_NAMES,
        "acts_of": Act,
        "values": {},
        "errors": (),
    }


@get("/fund/batches/{batch_id:int}")
async def batch_page(
    request: AnyRequest, batch_id: FromPath[int], runtime: NamedDependency[Runtime]
) -> Template:
    """A batch with its payments, its three people, and the bank's answers."""
    return page(request, _PAGE, **await _context(batch_id, runtime.keys))


@post("/fund/batches/{batch_id:int}/decision", operation_class=takes("verdict", "reason"))
async def decide(
    request: AnyRequest,
    batch_id: FromPath[int],
    runtime: NamedDependency[Runtime],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Form: verdict ("approve" or "refuse"), reason (when refused)."""
    await service.get_batch(batch_id)
    typed = await typed_form(request)
    try:
        form = FormReader(typed)
        approved, reason = read_decision(form)
        form.finish()
        await service.decide_batch(batch_id, approved, reason, runtime.keys, actor, now)
    except (Invalid, Conflict, NotAllowed) as problem:
        context = await _context(batch_id, runtime.keys)
        return again(request, _PAGE, problem, typed, **context)
    return goto(request, f"/fund/batches/{batch_id}")


@post("/fund/batches/{batch_id:int}/send")
async def send(
    request: AnyRequest,
    batch_id: FromPath[int],
    runtime: NamedDependency[Runtime],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """The payer's act; the payment file can be fetched afterwards."""
    await service.get_batch(batch_id)
    try:
        await service.send_batch(batch_id, runtime.keys, actor, now)
    except (Conflict, NotAllowed) as problem:
        return again(request, _PAGE, problem, {}, **await _context(batch_id, runtime.keys))
    return goto(request, f"/fund/batches/{batch_id}")


@get("/fund/batches/{batch_id:int}/payments.xlsx")
async def payment_file(
    batch_id: FromPath[int],
    runtime: NamedDependency[Runtime],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Response[bytes]:
    """The file for the bank, the same bytes at every download."""
    name, content = await service.file_of(batch_id, runtime.keys, actor, now)
    return Response(
        content,
        media_type=MEDIA_TYPE,
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


@post("/fund/batches/{batch_id:int}/result", operation_class=takes(files=("result",)))
async def read_result(
    request: AnyRequest,
    batch_id: FromPath[int],
    runtime: NamedDependency[Runtime],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Form: result, the bank's file as .xlsx, .xls or .csv."""
    await service.get_batch(batch_id)
    typed = await typed_form(request)
    try:
        name, content = await uploaded(typed, "result")
        if not content:
            missing = _("请选择银行回单文件")
            raise Invalid("no_file", missing, errors=[FieldError("result", missing)])
        booked = await results.read_file(batch_id, (name, content), runtime.keys, actor, now)
    except (Invalid, Conflict) as problem:
        context = await _context(batch_id, runtime.keys)
        return again(request, _PAGE, problem, typed, **context)
    known = "?again=1" if booked.again else ""
    return goto(request, f"/fund/batches/{batch_id}{known}#results")


ROUTES = (
    batches_page,
    new_batch,
    make_batch,
    batch_page,
    decide,
    send,
    payment_file,
    read_result,
)
