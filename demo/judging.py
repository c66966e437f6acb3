"""A rehearsed show for the demo: the host opens, judges mark and submit, all sign."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from contest.editions.rules.contest import Contest
from contest.rulebooks.rules.vocabulary import Criterion
from core.audit import Actor
from core.crypto import KeyRing
from core.exact import exact_text
from demo.people import PIN, demo_actor
from scoring.judging.panel import service as panel
from scoring.judging.panel.service import Judge, judging_rules
from scoring.judging.running_order import service as floor
from scoring.judging.sheets import service as sheets
from scoring.judging.sheets import signing
from scoring.judging.sheets.signing import Hand

_MINUTES_EACH = timedelta(minutes=6)


def actor_of(judge: Judge) -> Actor:
    return Actor(judge.seat.account_id, judge.name)


async def judge(contest: Contest, codes: Sequence[str], at: datetime) -> datetime:
    """Every judge marks each of these entrants; returns the moment after the last."""
    host = await demo_actor("host")
    for code in codes:
        await leave_open(contest, code, None, at)
        at += _MINUTES_EACH
        await floor.close_entrant(contest, host, at)
    return at


async def leave_open(contest: Contest, code: str, submitted: int | None, at: datetime) -> None:
    """Open an entrant; the first `submitted` judges (None: all) mark and hand in."""
    await floor.open_entrant(contest, code, await demo_actor("host"), at)
    for one in (await panel.panel(contest.id))[:submitted]:
        await sheets.save_marks(contest, one, code, _marks(contest, one, code), at)
        await sheets.submit(contest, one, code, actor_of(one), at)


def _marks(contest: Contest, judge: Judge, code: str) -> dict[str, str]:
    """Marks that judges roughly agree on, each at a step of its criterion."""
    # Not for secrets: the seeds only make every start judge alike.
    quality = random.Random(contest.slug + code).uniform(0.72, 0.95)  # noqa: S311
    dice = random.Random(f"{contest.slug} {code} {judge.seat.number}")  # noqa: S311
    return {
        criterion.id: _mark(criterion, quality + dice.uniform(-0.05, 0.05))
        for criterion in judging_rules(contest).criteria
    }


def _mark(criterion: Criterion, share: float) -> str:
    step = criterion.step or Fraction(1)
    steps = round(float((criterion.high - criterion.low) / step) * share)
    return exact_text(criterion.low + step * steps)


async def sign(contest: Contest, keys: KeyRing, at: datetime) -> None:
    """Every judge locks their sheet with the demo's PIN."""
    for one in await panel.panel(contest.id):
        hand = Hand(actor_of(one), keys, at)
        await signing.sign(contest, one, PIN, hand, confirmed=True)
