"""The judging: tablets enrolled, every mark given while the host has the entrant open, signed."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

from lab.replay.browser import Browser
from lab.replay.people import PIN, appoint_judge, demo_person, enrol_tablet
from lab.replay.plan import ReplayPlan

# A jury that gave an entrant no mark, such as its own country's, does not judge it.
_RECUSAL = "不评本选区的参赛者"


@dataclass(frozen=True)
class Seat:
    """One judge of the files at one tablet."""

    judge: str
    account_id: int
    tablet: Browser


async def seat_panel(base_url: str, plan: ReplayPlan, stack: AsyncExitStack) -> list[Seat]:
    """Appoint the judges, enrol their tablets, and seat them in the order of the plan."""
    seats = []
    async with demo_person(base_url, "administrator") as administrator:
        for judge in plan.judges:
            account_id, link = await appoint_judge(administrator, judge[:40])
            tablet = await stack.enter_async_context(Browser(base_url))
            await enrol_tablet(tablet, link)
            seats.append(Seat(judge, account_id, tablet))
    async with demo_person(base_url, "organiser") as organiser:
        chosen = {"judges": [seat.account_id for seat in seats]}
        await organiser.post(f"/organiser/c/{plan.slug}/panel", json=chosen)
    return seats


async def declare_conflicts(plan: ReplayPlan, seats: list[Seat]) -> None:
    """Each judge declares the entrants whom the files show without any mark of theirs."""
    for seat in seats:
        declared = {"declared": "1"}
        for entrant, code in plan.codes.items():
            rounds = plan.rounds
            if not any(plan.marks.get((seat.judge, one, entrant)) for one in rounds):
                declared |= {f"conflict_{code}": "1", f"reason_{code}": _RECUSAL}
        await seat.tablet.post(f"/judge/{plan.slug}/conflicts", json=declared)


async def judge_all(
    base_url: str, plan: ReplayPlan, seats: list[Seat], on_sheet: Callable[[], None]
) -> None:
    """Round by round, entrant by entrant: open, mark, submit, close."""
    async with demo_person(base_url, "host") as host:
        for round_id in plan.rounds:
            for entrant, code in plan.codes.items():
                await host.post(f"/host/{plan.slug}/open", json={"code": code, "round": round_id})
                marking = [_mark(plan, seat, round_id, entrant, on_sheet) for seat in seats]
                await asyncio.gather(*marking)
                await host.post(f"/host/{plan.slug}/close", json={})
            for seat in seats:
                await seat.tablet.post(
                    f"/judge/{plan.slug}/sign", json={"pin": PIN, "confirmed": "1"}
                )


async def _mark(
    plan: ReplayPlan, seat: Seat, round_id: str, entrant: str, on_sheet: Callable[[], None]
) -> None:
    marks = plan.marks.get((seat.judge, round_id, entrant))
    path = f"/judge/{plan.slug}/entrants/{plan.codes[entrant]}"
    if marks:
        await seat.tablet.put(f"{path}/marks?round={round_id}", dict(marks))
        await seat.tablet.post(f"{path}/submit", json={"round": round_id})
    on_sheet()
