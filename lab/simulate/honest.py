"""An honest week with everything in it that looks odd and is not.

About 100,000 votes on twenty entrants; three votes a day, one for each entrant.
"""

import numpy as np

from lab.simulate.crowd import HOUR, Crowd, by_rhythm, evenly, fading
from voting.review.detectors.observed import DAY, Floats, Ints

ENTRANTS = 20
VOTERS = 32_000
_PREFIXES = 400
VILLAGE, HALL = 1_000, 1_001


def popularity(rng: np.random.Generator) -> Floats:
    """Few leaders, many followers, in no order."""
    weights: Floats = rng.permutation(1 / (3 + np.arange(ENTRANTS)))
    shares: Floats = weights / weights.sum()
    return shares


def networks() -> tuple[Ints, Floats]:
    """Ordinary prefixes: a few carriers' gateways with very many, homes with few."""
    weights = 1 / (5 + np.arange(_PREFIXES))
    return np.arange(_PREFIXES), weights / weights.sum()


def leaning(taste: Floats, entrant: int, share: float) -> Floats:
    """The taste of people of whom `share` have come for one entrant."""
    own = np.zeros(ENTRANTS)
    own[entrant] = share
    return own + (1 - share) * taste


def honest_week(rng: np.random.Generator) -> list[Crowd]:
    """The daily rhythm, group chats, a viral hour, a hall, a village, a television mention."""
    taste = popularity(rng)
    prefixes, weights = networks()

    def people(size: int, **given: object) -> Crowd:
        common: dict[str, object] = {"taste": taste, "prefixes": prefixes, "weights": weights}
        return Crowd(size=size, **{**common, **given})  # type: ignore[arg-type]

    crowds = [people(VOTERS, times=by_rhythm())]
    for _chat in range(rng.poisson(50)):
        own = leaning(taste, int(rng.choice(ENTRANTS, p=taste)), 0.9)
        start = _waking_hour(rng)
        size = int(min(150, rng.lognormal(3.2, 0.7))) + 5
        crowds.append(people(size, times=fading(start, 12), taste=own, only=0.6))
    viral = leaning(taste, int(rng.integers(ENTRANTS)), 0.8)
    crowds.append(people(1200, times=fading(_waking_hour(rng), 40, rise=20), taste=viral))
    crowds.append(people(1500, times=fading(_waking_hour(rng), 30, rise=15)))
    crowds.append(_television(rng, taste, people))
    crowds.append(
        Crowd(
            size=300,
            times=evenly(_waking_hour(rng), 25 * 60),
            taste=leaning(taste, int(rng.integers(ENTRANTS)), 0.5),
            prefixes=np.array([HALL]),
            fresh=0.85,
            back=0.1,
        )
    )
    crowds.append(
        Crowd(
            size=900,
            times=by_rhythm(),
            taste=leaning(taste, int(rng.integers(ENTRANTS)), 0.75),
            prefixes=np.array([VILLAGE]),
            per_device=1.5,
        )
    )
    return crowds


def _television(rng: np.random.Generator, taste: Floats, people: object) -> Crowd:
    """Nearly everyone new, most for the one who was on; half of them come again."""
    own = leaning(taste, int(rng.integers(ENTRANTS)), 0.75)
    start = int(rng.integers(6)) * DAY + 19.5 * HOUR
    crowd: Crowd = people(  # type: ignore[operator]
        1500, times=fading(start, 25), taste=own, fresh=0.97, only=0.6, back=0.4
    )
    return crowd


def _waking_hour(rng: np.random.Generator) -> float:
    return float(rng.integers(6) * DAY + rng.uniform(8, 22) * HOUR)
