"""Casting a vote."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from accounts.people.rules import Principal
from accounts.sessions.web_support import cookie
from contest.editions.rules.contest import Contest
from contest.entrants.service import names_by_code
from core.limits.challenge import ChallengeNeeded
from core.limits.challenge_audio import can_speak
from core.problems import FieldError, Problem
from core.runtime import Runtime
from core.web.network import client_address
from core.web.openapi import takes
from core.web.pages import AnyRequest, page, wants_page
from voting.casting import service
from voting.casting.ballot_box import BallotBox
from voting.casting.forms import BallotForm, read_ballot_form, read_ballot_json
from voting.casting.rules.refusal import Reason, Refused
from voting.casting.service import Accepted
from voting.casting.web_network_rate import check_network_rate
from voting.signals.rules.signal import Seen
from voting.signals.service import SignalRecorder
from voting.signals.web import BROWSER_COOKIE, note_signal

_STATUS = {
    Reason.NO_VOTING: 404,
    Reason.UNKNOWN_ENTRY: 422,
    Reason.REPEATED_ENTRY: 422,
    Reason.WRONG_NUMBER: 422,
    Reason.KEY_MALFORMED: 422,
    Reason.KEY_FOREIGN: 403,
    Reason.CHALLENGE_NEEDED: 403,
    Reason.TOO_FAST: 429,
}
"""How a refusal is told to programs; what depends on the state of things is a conflict."""

_CONFLICT = 409


class VotePages(Controller):
    path = "/c/{slug:str}"

    @post(
        "/votes",
        operation_class=takes(
            "idempotency_key",
            "altcha",
            "digits_token",
            "digits",
            repeated=("entries",),
            json=True,
        ),
        status_code=201,
    )
    async def vote(
        self,
        request: AnyRequest,
        slug: FromPath[str],
        me: NamedDependency[Principal],
        now: NamedDependency[datetime],
        ballot_box: NamedDependency[BallotBox],
        runtime: NamedDependency[Runtime],
        signals: NamedDependency[SignalRecorder],
    ) -> Response[Any]:
        """Cast a ballot: a form, or JSON `{"entries": ["001"], "idempotency_key": "…"}`.

        201 with the receipt for programs, a redirect to the receipt for people; the same
        answer again for the same key. A refusal is a problem document with the reason as
        its code.
        """
        contest = await ballot_box.contests.get(slug)
        address = client_address(request.scope, runtime.settings)

        async def accepted(ballot: BallotForm) -> tuple[Accepted, dict[str, str]]:
            await check_network_rate(address, runtime, ballot.attempt, ballot.key, now)
            answer = await cast(ballot_box, contest, me.account_id, ballot, now)
            browser = cookie(request, BROWSER_COOKIE)
            agent = request.headers.get("user-agent", "")
            seen = Seen(contest.id, answer.sequence, me.account_id, now, address, browser, agent)
            given = note_signal(seen, runtime.settings, signals, repeated=answer.repeated)
            return answer, {"Set-Cookie": given} if given else {}

        if request.content_type[0] == "application/json":
            answer, headers = await accepted(read_ballot_json(await request.body()))
            document = accepted_document(contest, answer, runtime)
            return Response(document, status_code=201, headers=headers)
        form = await request.form()
        try:
            answer, headers = await accepted(read_ballot_form(form))
        except Problem as problem:
            if not wants_page(request):
                raise
            return await _refusal_page(request, contest, form, problem)
        receipt = _receipt_path(answer, runtime) + "?cast=1"
        return Redirect(receipt, status_code=303, headers=headers)

    @get("/votes")
    async def back_to_contest(
        self, slug: FromPath[str], runtime: NamedDependency[Runtime]
    ) -> Redirect:
        """Who reloads the address of a refused vote comes back to the candidates."""
        return Redirect(f"{runtime.settings.root_path}/c/{quote(slug)}", status_code=303)


async def cast(
    ballot_box: BallotBox, contest: Contest, voter_id: int, ballot: BallotForm, now: datetime
) -> Accepted:
    """The accepted ballot. Raises a Problem for a refusal."""
    answer = await service.cast(ballot_box, contest, voter_id, ballot.entries, ballot.key, now)
    if isinstance(answer, Refused):
        raise _problem(answer)
    return answer


def _problem(answer: Refused) -> Problem:
    problem = Problem(
        answer.reason.value,
        answer.message,
        errors=[FieldError("entries", answer.message)],
        retry_after=answer.retry_after,
    )
    problem.status = _STATUS.get(answer.reason, _CONFLICT)
    return problem


async def _refusal_page(
    request: AnyRequest, contest: Contest, form: Any, problem: Problem
) -> Response[Any]:
    """What was chosen is kept: to choose again, or where it may help to send it once more."""
    answer = page(
        request,
        "voting/casting/refused.html",
        status=problem.status,
        contest=contest,
        entries=[str(one)[:20] for one in form.getall("entries", [])[:100]],
        names=await names_by_code(contest.id),
        key=str(form.get("idempotency_key", ""))[:80],
        problem=problem,
        challenge=problem.challenge if isinstance(problem, ChallengeNeeded) else None,
        speaks=can_speak(),
    )
    if problem.retry_after is not None:
        answer.headers["Retry-After"] = str(problem.retry_after)
    return answer


def _receipt_path(answer: Accepted, runtime: Runtime) -> str:
    return f"{runtime.settings.root_path}/receipts/{answer.receipt_code}"


def accepted_document(contest: Contest, answer: Accepted, runtime: Runtime) -> dict[str, Any]:
    return {
        "receipt": answer.receipt_code,
        "receipt_url": _receipt_path(answer, runtime),
        "contest": contest.slug,
        "sequence": answer.sequence,
        "entries": answer.codes,
        "day": answer.day,
        "slot": answer.slot,
        "minute": answer.minute,
    }
