"""The committee's own pages: what it put forward, what is still missing, the form."""

import asyncio
from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from accounts.people.rules import Principal
from contest.editions import service
from contest.entrants.photos import photo_store, store_photo
from contest.nominations import service as nominations
from contest.nominations.forms import read_candidate
from contest.nominations.rules import (
    EDITABLE,
    FIELD_NAMES,
    PLATFORMS,
    STATUS_NAMES,
    WITHDRAWABLE,
    Candidate,
    Nomination,
    NominationStatus,
    gaps,
)
from contest.web_support import again
from core.audit import Actor
from core.beijing import beijing_day
from core.i18n import _
from core.problems import Conflict, FieldError, Invalid
from core.runtime import Runtime
from core.web.forms import FormReader
from core.web.openapi import takes
from core.web.pages import AnyRequest, page, wants_page
from core.web.posted import goto, typed_form, uploaded

_FORM = "contest/nominations/nomination.html"


@get("/township")
async def home(
    request: AnyRequest,
    me: NamedDependency[Principal],
    now: NamedDependency[datetime],
    runtime: NamedDependency[Runtime],
) -> Template:
    """My committee's nominations, each with what it still lacks, and what is open now."""
    contests = {contest.id: contest for contest in await service.list_contests()}
    today = beijing_day(now)
    rows = []
    for one in await nominations.of_nominator(me.township, runtime.keys):
        missing = gaps(one.candidate, today) if one.status in EDITABLE else []
        reviews = await nominations.reviews(one.id) if one.submitted_at else []
        rows.append((one, contests[one.contest_id], missing, reviews[0] if reviews else None))
    return page(
        request,
        "contest/nominations/township.html",
        rows=rows,
        open_contests=[c for c in contests.values() if nominations.accepts_nominations(c, now)],
        status_names=STATUS_NAMES,
        editable=EDITABLE,
    )


@post("/township/c/{slug:str}/nominations")
async def begin(
    request: AnyRequest,
    slug: FromPath[str],
    me: NamedDependency[Principal],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """An empty draft; on to its form."""
    contest = await service.public_contest(slug)
    nomination_id = await nominations.begin(contest, me.township, actor, now)
    return goto(request, f"/township/nominations/{nomination_id}")


def _typed_from(candidate: Candidate) -> dict[str, Any]:
    """A saved candidate as the values of the form's fields."""
    born_on = candidate.born_on.isoformat() if candidate.born_on else ""
    return {**candidate.__dict__, "born_on": born_on, "photo": candidate.photo or ""}


async def _context(nomination: Nomination, now: datetime) -> dict[str, Any]:
    editable = nomination.status in EDITABLE
    return {
        "nomination": nomination,
        "contest": await service.contest_by_id(nomination.contest_id),
        "missing": gaps(nomination.candidate, beijing_day(now)) if editable else [],
        "reviews": await nominations.reviews(nomination.id),
        "platforms": [(name, name) for name in PLATFORMS],
        "field_names": FIELD_NAMES,
        "status_names": STATUS_NAMES,
        "editable": editable,
        "withdrawable": nomination.status in WITHDRAWABLE,
    }


@get("/township/nominations/{nomination_id:int}")
async def nomination_page(
    request: AnyRequest,
    nomination_id: FromPath[int],
    me: NamedDependency[Principal],
    now: NamedDependency[datetime],
    runtime: NamedDependency[Runtime],
) -> Template:
    nomination = await nominations.get_own(nomination_id, me.township, runtime.keys)
    latest = (await nominations.reviews(nomination_id))[:1]
    returned = nomination.status is NominationStatus.RETURNED
    named = [FieldError(g.field, g.message) for r in latest for g in r.gaps] if returned else []
    return page(
        request,
        _FORM,
        values=_typed_from(nomination.candidate),
        errors=named,
        **await _context(nomination, now),
    )


@post(
    "/township/nominations/{nomination_id:int}",
    operation_class=takes(
        *(n for n in FIELD_NAMES if n != "photo"),
        "first_time",
        "photo_kept",
        "action",
        files=("photo",),
    ),
)
async def save_nomination(
    request: AnyRequest,
    nomination_id: FromPath[int],
    me: NamedDependency[Principal],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    runtime: NamedDependency[Runtime],
) -> Response[Any]:
    """Form: the candidate's fields, photo (a file), action "save" or "submit".

    A program (or the page's own timer) that saves is told {"saved_at": …}.
    """
    typed = await typed_form(request)
    nomination = await nominations.get_own(nomination_id, me.township, runtime.keys)
    try:
        candidate = await _read(typed, nomination.candidate.photo, runtime)
        act = nominations.submit if typed.get("action") == "submit" else nominations.save
        await act(nomination_id, me.township, candidate, runtime.keys, actor, now)
    except (Invalid, Conflict) as problem:
        nomination = await nominations.get_own(nomination_id, me.township, runtime.keys)
        kept = {**typed, "photo": typed.get("photo_kept", "") or nomination.candidate.photo or ""}
        return again(request, _FORM, problem, kept, **await _context(nomination, now))
    if not wants_page(request):
        return Response({"saved_at": now}, status_code=200)
    return goto(request, f"/township/nominations/{nomination_id}")


async def _read(typed: dict[str, Any], photo: str | None, runtime: Runtime) -> Candidate:
    """The candidate as typed. A good photo is kept, however wrong the other fields are.

    Raises Invalid with the errors of the photo and of all fields together.
    """
    store = photo_store(runtime)
    kept = str(typed.get("photo_kept", ""))
    if store.path(kept) is not None:
        photo = kept
    errors: list[FieldError] = []
    _name, content = await uploaded(typed, "photo")
    if content:
        try:
            photo = await asyncio.to_thread(store_photo, store, content, "photo")
            typed["photo_kept"] = photo
        except Invalid as problem:
            errors += problem.errors
    form = FormReader(typed)
    form.errors += errors
    return read_candidate(form, photo)


@post("/township/nominations/{nomination_id:int}/withdraw", operation_class=takes("reason"))
async def withdraw(
    request: AnyRequest,
    nomination_id: FromPath[int],
    me: NamedDependency[Principal],
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    runtime: NamedDependency[Runtime],
) -> Response[Any]:
    """Form: reason."""
    typed = await typed_form(request)
    nomination = await nominations.get_own(nomination_id, me.township, runtime.keys)
    try:
        form = FormReader(typed)
        reason = form.text("reason", _("撤回原因"), longest=300)
        form.finish()
        await nominations.withdraw(nomination_id, me.township, reason, runtime.keys, actor, now)
    except (Invalid, Conflict) as problem:
        values = {**_typed_from(nomination.candidate), **typed}
        return again(request, _FORM, problem, values, **await _context(nomination, now))
    return goto(request, "/township")


ROUTES = [home, begin, nomination_page, save_nomination, withdraw]
