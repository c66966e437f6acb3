"""A whole contest, from its creation to the certified result, and the comparison at the end."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from contest.rulebooks.rules.rulebook import Rulebook
from core.exact import exact_text
from core.i18n import _
from lab.replay.browser import Browser
from lab.replay.figures import bring_figures
from lab.replay.judging import declare_conflicts, judge_all, seat_panel
from lab.replay.people import ReplayError, demo_person
from lab.replay.plan import ReplayPlan
from lab.replay.voting import Cast, cast_all
from scoring.engine.compute import score

_APPROVAL = "同函〔2026〕1号"
_FIRST_PATIENCE = 5
_LONGEST_NAME, _LONGEST_NOMINATOR = 60, 40
"""What the form for entrants takes; ids and names of other people's files may be longer."""


@dataclass(frozen=True)
class Replayed:
    """What came out: the server's result as published, its bundle, and the votes' receipts."""

    result: dict[str, Any]
    bundle: bytes
    cast: Cast


async def server_time(base_url: str) -> datetime:
    """The time of the demo's clock; fails soon when no server is there."""
    async with Browser(base_url, patience=_FIRST_PATIENCE) as browser:
        answer = await browser.get("/demo/clock")
        return datetime.fromisoformat(answer.json()["now"])


async def replay_contest(
    base_url: str, plan: ReplayPlan, *, at_once: int, progress: Progress
) -> Replayed:
    """Carry the whole contest through. Raises RefusedError or ReplayError."""
    began = await server_time(base_url)
    first_voter = int(began.timestamp()) % 90_000_000
    async with AsyncExitStack() as stack:
        await _create(base_url, plan)
        await bring_figures(base_url, plan, began)
        seats = await seat_panel(base_url, plan, stack) if plan.judges else []
        await declare_conflicts(plan, seats)
        await _advance(base_url, plan.slug, "nomination", "review")
        cast = Cast((), 0)
        if plan.rulebook.voting:
            await _advance(base_url, plan.slug, "voting")
            await _step_clock(base_url, plan.rulebook.voting.window.opens_at)
            with _bar(progress, _("投票"), len(plan.votes)) as step:
                cast = await cast_all(
                    base_url,
                    plan.slug,
                    [plan.codes[entrant] for entrant in plan.votes],
                    first_voter=first_voter,
                    at_once=at_once,
                    on_ballot=step,
                )
            await _step_clock(base_url, plan.rulebook.voting.window.closes_at)
        if plan.judges:
            await _advance(base_url, plan.slug, "judging")
            sheets = len(plan.judges) * len(plan.codes) * len(plan.rounds)
            with _bar(progress, _("评审"), sheets) as step:
                await judge_all(base_url, plan, seats, step)
        await _advance(base_url, plan.slug, "tallying")
    await _certify(base_url, plan.slug)
    await _advance(base_url, plan.slug, "public_notice")
    async with Browser(base_url) as anyone:
        result = (await anyone.get(f"/c/{plan.slug}/result.json")).json()
        bundle = (await anyone.get(f"/c/{plan.slug}/result/bundle.zip")).content
    return Replayed(result, bundle, cast)


def differences(plan: ReplayPlan, result: dict[str, Any]) -> list[str]:
    """Where the server's result differs from the files scored here: totals, ranks, parts."""
    served = {one["code"]: one for one in result["entrants"]}
    found = []
    for one in score(plan.rulebook, plan.data).entrants:
        other = served[plan.codes[one.entrant]]
        here = {
            "rank": one.rank,
            "total": None if one.total is None else exact_text(one.total),
            **{part.component: exact_text(part.contribution) for part in one.components},
        }
        there = {
            "rank": other["rank"],
            "total": other["total"],
            **{part["component"]: part["contribution"] for part in other["components"]},
        }
        if here != there:
            found.append(f"{one.name}: {json.dumps(here)} ≠ {json.dumps(there)}")
    return found


async def _create(base_url: str, plan: ReplayPlan) -> None:
    async with demo_person(base_url, "organiser") as organiser:
        form = {
            "slug": plan.slug,
            "edition": plan.slug[-20:],
            "rulebook_text": plan.rulebook.source,
        }
        await organiser.post("/organiser/contests", form)
        table = {"table_text": _entrants_csv(plan)}
        await organiser.post(f"/organiser/c/{plan.slug}/entrants/import", table)
        if plan.rulebook.requires.approval_document:
            approval = {"approval_document": _APPROVAL}
            await organiser.post(f"/organiser/c/{plan.slug}/approval", approval)


def _entrants_csv(plan: ReplayPlan) -> str:
    attributes = _asked_attributes(plan.rulebook)
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(["code", "name", "nominator", *attributes])
    for one in plan.data.entrants:
        values = [one.attribute(name) for name in attributes]
        name, nominator = one.name[:_LONGEST_NAME], one.id[:_LONGEST_NOMINATOR]
        writer.writerow([plan.codes[one.id], name, nominator, *values])
    return target.getvalue()


def _asked_attributes(rulebook: Rulebook) -> list[str]:
    """What the rulebook's gates and awards ask about an entrant: no more can be entered."""
    asked = [gate.requirement for gate in rulebook.gates]
    asked += [award.requirement for award in rulebook.awards]
    conditions = (condition for one in asked for condition in one.conditions)
    return sorted({one.id for one in conditions if one.figure == "attribute"})


async def _advance(base_url: str, slug: str, *phases: str) -> None:
    async with demo_person(base_url, "organiser") as organiser:
        for phase in phases:
            form = {"to": phase, "confirmed": "1"}
            await organiser.post(f"/organiser/c/{slug}/phase", form)


async def _certify(base_url: str, slug: str) -> None:
    for who, act in (("organiser", "propose"), ("organiser2", "approve")):
        async with demo_person(base_url, who) as person:
            await person.post(f"/organiser/c/{slug}/result/{act}")


async def _step_clock(base_url: str, moment: datetime) -> None:
    async with Browser(base_url) as browser:
        answer = await browser.post("/demo/clock", json={"to": moment.isoformat()})
        now = datetime.fromisoformat(answer.json()["now"])
    if now < moment:
        raise ReplayError(f"the server's clock stands at {now}, before {moment}")


@contextmanager
def _bar(progress: Progress, name: str, total: int) -> Iterator[Any]:
    task = progress.add_task(name, total=total)
    yield lambda: progress.advance(task)


def progress_bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
