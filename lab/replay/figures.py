"""Verified figures: one table that the organiser uploads and a second person checks."""

import csv
import io
from collections import defaultdict
from datetime import datetime
from fractions import Fraction

from contest.figures.rules.needed import figures_needed
from core.exact import exact_text
from lab.replay.people import demo_person
from lab.replay.plan import ReplayPlan


async def bring_figures(base_url: str, plan: ReplayPlan, as_of: datetime) -> None:
    """The platform figures and given points of the plan, if its rulebook asks for any.

    Raises RefusedError.
    """
    if not figures_needed(plan.rulebook):
        return
    path = f"/organiser/c/{plan.slug}/figures"
    async with demo_person(base_url, "organiser") as organiser:
        form = {"as_of": as_of.isoformat(), "note": ""}
        file = {"table": ("figures.csv", figures_table(plan).encode(), "text/csv")}
        uploaded = await organiser.post(path, form, files=file)
    number = uploaded.headers["location"].rpartition("/")[2]
    async with demo_person(base_url, "department") as second:
        await second.post(f"{path}/{number}/decision", {"verdict": "verified", "note": ""})


def figures_table(plan: ReplayPlan) -> str:
    """A row for every entrant as CSV. Several items of one component are brought as their
    sum, and what may be left out as the zero that it counts for."""
    needed = [one.id for one in figures_needed(plan.rulebook)]
    values: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for metric in plan.data.metrics:
        values[metric.entrant, metric.metric] += metric.value
    for item in plan.data.points:
        values[item.entrant, item.component] += item.value
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(["code", *needed])
    for entrant, code in plan.codes.items():
        writer.writerow([code, *(exact_text(values[entrant, figure]) for figure in needed)])
    return target.getvalue()
