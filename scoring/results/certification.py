"""Certifying a result: two persons, one computation, and everything kept that it was made from.

The first person proposes what the engine computes from the locked sheets, the ledger and the
verified figures at that moment. The second approves: the result is computed again, and if anything
has changed in between, it must be proposed again. Certifying once more, after an objection was
upheld, gives the next version. No version is ever removed.
"""

import asyncio
import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from contest.editions.rules.contest import Contest, Phase
from contest.phases.rules import Blocker
from core import audit
from core.audit import Actor
from core.database import db
from core.files.file_store import FileStore
from core.i18n import _
from core.problems import Conflict, FieldError
from core.runtime import Runtime
from core.two_people import require_second_person
from scoring.engine.compute import score
from scoring.engine.result import Result, result_to_json
from scoring.engine.words import problem_sentence
from scoring.results import store
from scoring.results.evidence import Evidence, gather
from scoring.results.store import Certified, Proposal
from scoring.verification.bundle import write_bundle
from voting.ledger import rows as ledger_rows

CERTIFIABLE = frozenset({Phase.TALLYING, Phase.PUBLIC_NOTICE})


@dataclass(frozen=True)
class ComputedResult:
    """A result computed now, not yet certified, and what it rests on."""

    evidence: Evidence
    result: Result
    text: str

    @property
    def digest(self) -> str:
        return "sha256:" + hashlib.sha256(self.text.encode()).hexdigest()


async def compute_result(contest: Contest, runtime: Runtime) -> ComputedResult:
    """What the result would be at this moment, from one consistent view of the database.

    Raises Conflict while the contest has no entrants to score.
    """
    async with db.unit_of_work() as tx:
        await tx.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        evidence = await gather(contest, runtime.keys)
    if not evidence.data.entrants:
        raise Conflict("no_entrants", _("还没有可以计分的候选人"))
    result = score(contest.rulebook, evidence.data)
    return ComputedResult(evidence, result, result_to_json(result))


def bundle_store(runtime: Runtime) -> FileStore:
    """Where bundles are kept, under their SHA-256."""
    return FileStore(runtime.settings.data_dir / "bundles")


async def newest(contest_id: int) -> Certified | None:
    """The certified result in force, or None."""
    return await store.newest(contest_id)


async def open_proposal(contest_id: int) -> Proposal | None:
    """The proposal that waits for its second person, or None."""
    return await store.open_proposal(contest_id)


async def propose(
    contest: Contest, actor: Actor, now: datetime, runtime: Runtime
) -> ComputedResult:
    """The first person's act. Raises Conflict with every reason against certifying the result."""
    computed = await compute_result(contest, runtime)
    _refuse_if_open(contest, computed)
    async with db.unit_of_work():
        await store.lock_certifying(contest.id)
        await store.add_proposal(contest.id, computed.digest, actor, now)
        await audit.record(
            actor, "result.proposed", "contest", contest.id, now, {"result": computed.digest}
        )
    return computed


async def approve(
    contest: Contest, actor: Actor, now: datetime, runtime: Runtime, *, seen: str = ""
) -> Certified:
    """The second person's act: the bundle is written and the result certified.

    `seen` is the digest of the result that the person was shown. Raises NotAllowed for
    the proposer, Conflict when there is no proposal, when it is of another result than the one
    seen, or when the data have changed since.
    """
    proposal = await _proposal_to_approve(contest, actor, seen)
    computed = await compute_result(contest, runtime)
    _refuse_if_open(contest, computed)
    if computed.digest != proposal.result_digest:
        raise Conflict("result_changed", _("提出核定之后数据有变动，请重新提出核定"))
    before = await store.newest(contest.id)
    certified = Certified(
        contest_id=contest.id,
        version=before.version + 1 if before else 1,
        result=computed.text,
        result_digest=computed.digest,
        bundle="",
        ledger_size=computed.evidence.ledger_size,
        ledger_root=computed.evidence.ledger_root,
        certified_by=(proposal.proposed_by_name, actor.name),
        certified_at=now,
    )
    bundle = _bundle(contest, computed, certified, runtime)
    digest = await asyncio.to_thread(bundle_store(runtime).put, bundle)
    certified = replace(certified, bundle=digest)
    async with db.unit_of_work():
        await store.lock_certifying(contest.id)
        if await store.open_proposal(contest.id) != proposal:
            raise _no_proposal()
        await store.add_certification(proposal, certified, actor, now)
        details = {"result": certified.result_digest, "bundle": certified.bundle}
        await audit.record(actor, "result.certified", "contest", contest.id, now, details)
    return certified


async def _proposal_to_approve(contest: Contest, actor: Actor, seen: str) -> Proposal:
    proposal = await store.open_proposal(contest.id)
    if proposal is None:
        raise _no_proposal()
    require_second_person(_("核定"), actor, {_("提出人"): proposal.proposed_by})
    if seen not in ("", proposal.result_digest):
        raise Conflict("proposal_changed", _("刚刚有人重新提出了核定，请看清现在的结果再批准"))
    return proposal


def _no_proposal() -> Conflict:
    return Conflict("no_proposal", _("还没有人提出核定，或者已经核定过了"))


async def phase_check(contest: Contest, to: Phase, now: datetime) -> list[Blocker]:
    """Public notice and final need a certified result of the ledger as it is now."""
    del now  # nothing here waits for an hour
    if to not in (Phase.PUBLIC_NOTICE, Phase.FINAL):
        return []
    certified = await store.newest(contest.id)
    if certified is None:
        return [Blocker("not_certified", _("结果还没有经两个人核定"))]
    if to is Phase.FINAL and await store.open_proposal(contest.id):
        return [Blocker("certification_open", _("有一次重新核定还没有批准"))]
    if contest.rulebook.voting and certified.ledger_size != await ledger_rows.size(contest.id):
        return [Blocker("ledger_moved_on", _("核定之后账本又有新的记录，请重新核定结果"))]
    return []


def _refuse_if_open(contest: Contest, computed: ComputedResult) -> None:
    if contest.phase not in CERTIFIABLE:
        raise Conflict("not_tallying", _("只有在计分核定或结果公示阶段才能核定结果"))
    names = {one.entrant: one.name for one in computed.result.entrants}
    open_points = [
        FieldError(one.code, problem_sentence(one, names.get(one.entrant, one.entrant)))
        for one in computed.result.problems
    ]
    if computed.evidence.votes_under_review:
        open_points.append(
            FieldError(
                "votes_under_review",
                _("还有 %(n)s 票正在核验") % {"n": computed.evidence.votes_under_review},
            )
        )
    if open_points:
        raise Conflict("result_incomplete", _("还不能核定结果"), errors=open_points)


def _bundle(
    contest: Contest, computed: ComputedResult, certified: Certified, runtime: Runtime
) -> bytes:
    about = {
        "contest": contest.slug,
        "title": contest.title,
        "version": certified.version,
        "rulebook": contest.rulebook.digest,
        "ledger": {"size": certified.ledger_size, "root": certified.ledger_root},
        "certified_by": list(certified.certified_by),
        "certified_at": certified.certified_at.isoformat(),
    }
    files = {**computed.evidence.files, "result.json": computed.text.encode()}
    return write_bundle(files, about, runtime.keys)
