"""Detectors on known cases: each finds what it is for, and lets the honest twin of it pass."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voting.review.detectors.burst import baseline, bursts, minutes_of_fall, spans
from voting.review.detectors.cases import detect
from voting.review.detectors.dispersion import (
    controlled,
    count_dispersion,
    count_p,
    share_dispersion,
    share_p,
)
from voting.review.detectors.lockstep import even_gaps, same_minute, shared_devices
from voting.review.detectors.network import one_prefix
from voting.review.detectors.observed import DAY, UNKNOWN, Finding, Ints, Observed, in_order
from voting.review.detectors.thresholds import DEFAULT, REASONS
from voting.review.detectors.voters import fresh_runs, night_votes, one_entrant_only, used_once

ENTRANTS = 12
TWO_DAYS = 2 * DAY
RNG_SEED = 11


def votes(second: Any, entrant: Any, **signals: Any) -> Observed:
    """Votes at these seconds; everybody a voter and device of their own, known for a week."""
    n = len(second)
    columns = {
        "voter": np.arange(n),
        "prefix": np.arange(n) % 300,
        "device": np.arange(n),
        "age": np.full(n, 9000),
        **signals,
    }
    return in_order(
        Observed(
            entrants=ENTRANTS,
            sequence=np.arange(1, n + 1),
            second=np.asarray(second, dtype=np.int64),
            entrant=np.asarray(entrant, dtype=np.int64),
            **{name: np.asarray(column, dtype=np.int64) for name, column in columns.items()},
            until=TWO_DAYS,
        )
    )


def joined(*parts: Observed) -> Observed:
    """Several crowds, none of whom share a voter or device."""
    voters = devices = 0
    columns: dict[str, list[Ints]] = {}
    for part in parts:
        values = {
            "second": part.second,
            "entrant": part.entrant,
            "prefix": part.prefix,
            "age": part.age,
            "voter": part.voter + voters,
            "device": part.device + devices,
        }
        voters += int(part.voter.max()) + 1
        devices += int(part.device.max()) + 1
        for name, column in values.items():
            columns.setdefault(name, []).append(column)
    whole = {name: np.concatenate(column) for name, column in columns.items()}
    return votes(whole.pop("second"), whole.pop("entrant"), **whole)


def trickle(hourly: int = 200, seed: int = RNG_SEED) -> Observed:
    rng = np.random.default_rng(seed)
    n = hourly * 48
    return votes(rng.uniform(0, TWO_DAYS, n), rng.integers(0, ENTRANTS, n))


def about(found: list[Finding], entrant: int) -> bool:
    return {one.entrant for one in found} == {entrant}


@pytest.mark.parametrize(
    ("size", "seconds"), [(315, 180), (217, 240), (420, 120), (223, 60), (222, 51), (513, 2400)]
)
def test_every_real_burst_is_found(size: int, seconds: int) -> None:
    rng = np.random.default_rng(size)
    burst = votes(DAY + 50_000 + rng.uniform(0, seconds, size), np.full(size, 2))
    found = bursts(joined(trickle(), burst), DEFAULT)
    assert about(found, 2)
    assert found[0].observed >= size * 0.95
    assert found[0].expected < 0.3 * size


def test_attention_that_fades_is_no_burst() -> None:
    rng = np.random.default_rng(3)
    mention = votes(DAY + 50_000 + rng.exponential(25 * 60, 900), np.full(900, 2))
    assert bursts(joined(trickle(), mention), DEFAULT) == []


def test_a_viral_hour_for_everyone_is_no_burst() -> None:
    rng = np.random.default_rng(4)
    everyone = votes(DAY + 40_000 + rng.uniform(0, 1200, 4000), rng.integers(0, ENTRANTS, 4000))
    assert bursts(joined(trickle(), everyone), DEFAULT) == []


def test_a_burst_is_not_judged_before_its_end_is_seen() -> None:
    own = np.array([1] * 60 + [80] * 5)
    assert minutes_of_fall(own, 60, 64, 1.0) is None
    assert minutes_of_fall(np.append(own, [1] * 9), 60, 64, 1.0) in (1, 2)


def crowd(size: int, entrant: int, share: float, prefix: int, seed: int) -> Observed:
    """People behind one prefix, so many of whom are for one entrant."""
    rng = np.random.default_rng(seed)
    own = rng.random(size) < share
    taste = np.where(own, entrant, rng.integers(0, ENTRANTS, size))
    return votes(rng.uniform(0, TWO_DAYS, size), taste, prefix=np.full(size, prefix))


def test_prefix_of_one_mind_is_found_and_a_village_is_not() -> None:
    farm = crowd(400, 3, 1.0, 900, 5)
    assert about(one_prefix(joined(trickle(), farm), DEFAULT), 3)
    village = crowd(900, 3, 0.7, 901, 6)
    assert one_prefix(joined(trickle(), village), DEFAULT) == []


def test_devices_with_many_accounts_are_found_and_families_are_not() -> None:
    rng = np.random.default_rng(7)
    at = rng.uniform(0, TWO_DAYS, 240)
    farm = votes(at, np.full(240, 1), device=np.arange(240) // 12)
    found = shared_devices(joined(trickle(), farm), DEFAULT)
    assert about(found, 1)
    assert len(found[0].rows) == 240
    family = votes(at, np.full(240, 1), device=np.arange(240) // 4)
    assert shared_devices(joined(trickle(), family), DEFAULT) == []


def test_script_pace_is_found_and_people_are_not() -> None:
    steps = DAY + np.arange(120) * 20
    script = votes(steps, np.full(120, 4), prefix=np.full(120, 900))
    assert about(even_gaps(joined(trickle(), script), DEFAULT), 4)
    rng = np.random.default_rng(8)
    people = votes(DAY + rng.uniform(0, 2400, 120), np.full(120, 4), prefix=np.full(120, 900))
    assert even_gaps(joined(trickle(), people), DEFAULT) == []


def habit(spread: float) -> Observed:
    """A hundred voters on four days, at their own hour give or take `spread` seconds."""
    rng = np.random.default_rng(9)
    hour = rng.uniform(30_000, 70_000, 100)
    at = (hour[:, None] + np.arange(4) * DAY + rng.normal(0, spread, (100, 4))).ravel()
    return votes(at, np.full(400, 2), voter=np.repeat(np.arange(100), 4))


def test_same_minute_every_day_is_a_script_and_the_same_hour_a_habit() -> None:
    assert about(same_minute(joined(trickle(), habit(15)), DEFAULT), 2)
    assert same_minute(joined(trickle(), habit(1500)), DEFAULT) == []


def newcomers(size: int, again: float) -> Observed:
    """New numbers within an hour, for entrant 3; so many of them vote again, for another."""
    rng = np.random.default_rng(10)
    first = DAY + 40_000 + rng.uniform(0, 3600, size)
    come_back = np.flatnonzero(rng.random(size) < again)
    second = np.concatenate([first, first[come_back] + 300])
    entrant = np.concatenate([np.full(size, 3), np.full(len(come_back), 1)])
    voter = np.concatenate([np.arange(size), come_back])
    return votes(second, entrant, voter=voter, age=np.zeros(len(second)))


def test_new_numbers_used_once_are_found_and_television_viewers_are_not() -> None:
    bought = joined(trickle(), newcomers(600, 0.0))
    assert about(used_once(bought, DEFAULT), 3)
    assert about(fresh_runs(bought, DEFAULT), 3)
    viewers = joined(trickle(), newcomers(600, 0.6))
    assert fresh_runs(viewers, DEFAULT) == []


def loyal(size: int, only: float) -> Observed:
    """Voters with two votes for entrant 2, or one of them for another."""
    rng = np.random.default_rng(12)
    voter = np.repeat(np.arange(size), 2)
    second_choice = np.where(rng.random(size) < only, 2, 3)
    entrant = np.column_stack([np.full(size, 2), second_choice]).ravel()
    return votes(rng.uniform(0, TWO_DAYS, 2 * size), entrant, voter=voter)


def test_voters_of_one_entrant_only_stand_out_against_the_others() -> None:
    rng = np.random.default_rng(13)
    usual = votes(
        rng.uniform(0, TWO_DAYS, 8000),
        rng.integers(0, ENTRANTS, 8000),
        voter=np.repeat(np.arange(4000), 2),
    )
    assert about(one_entrant_only(joined(usual, loyal(600, 1.0)), DEFAULT), 2)
    assert one_entrant_only(joined(usual, loyal(600, 0.25)), DEFAULT) == []


def test_a_drip_that_does_not_sleep_is_found() -> None:
    rng = np.random.default_rng(14)
    day_only = rng.uniform(7 * 3600, 23 * 3600, 9600) + rng.integers(0, 2, 9600) * DAY
    awake = votes(day_only, rng.integers(0, ENTRANTS, 9600))
    drip = votes(rng.uniform(0, TWO_DAYS, 1900), np.full(1900, 4))
    found = night_votes(joined(awake, drip), DEFAULT)
    assert about(found, 4)
    assert night_votes(awake, DEFAULT) == []


def test_ballots_without_signals_still_show_bursts_and_raise_no_error() -> None:
    rng = np.random.default_rng(15)
    burst = votes(DAY + 50_000 + rng.uniform(0, 120, 420), np.full(420, 2))
    whole = joined(trickle(), burst)
    unknown = np.full(whole.size, UNKNOWN)
    bare = votes(whole.second, whole.entrant, prefix=unknown, device=unknown, age=unknown)
    (draft,) = detect(bare)
    assert {one.detector for one in draft.findings} == {"burst"}


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(0, 400))
def test_any_honest_trickle_large_or_small_opens_no_case(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    seen = votes(rng.uniform(0, TWO_DAYS, n), rng.integers(0, ENTRANTS, n))
    assert detect(seen) == []


@given(st.lists(st.integers(0, 500), unique=True).map(sorted), st.integers(1, 20))
def test_spans_cover_every_number_and_lie_apart(numbers: list[int], apart: int) -> None:
    found = spans(np.array(numbers, dtype=np.int64), apart)
    assert all(any(a <= n <= b for a, b in found) for n in numbers)
    assert all(b[0] - a[1] > apart for a, b in pairwise(found))


@given(st.floats(0.05, 2.0), st.integers(0, 1000))
def test_dispersion_is_recovered_from_counts(alpha: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    mean = rng.uniform(5, 50, 20_000)
    counts = rng.negative_binomial(1 / alpha, 1 / (1 + alpha * mean))
    # what is trimmed off makes the estimate a little small, never large
    assert 0.5 * alpha < count_dispersion(counts, mean) < 1.15 * alpha


def test_over_dispersed_p_values_are_larger_than_plain_ones() -> None:
    counts, expected = np.array([30]), np.array([10.0])
    plain = count_p(counts, expected, np.array([1e-6]))
    assert count_p(counts, expected, np.array([0.5])) > 100 * plain
    totals, shares = np.array([40]), np.array([0.5])
    assert share_p(counts, totals, shares, 0.2) > 50 * share_p(counts, totals, shares, 0.001)


def test_share_dispersion_tells_villages_from_coins() -> None:
    rng = np.random.default_rng(16)
    totals = rng.integers(30, 200, 500)
    coins = rng.binomial(totals, 0.3)
    villages = rng.binomial(totals, rng.beta(1.5, 3.5, 500))
    shares = np.full(500, 0.3)
    assert share_dispersion(coins, totals, shares) < 0.01
    assert share_dispersion(villages, totals, shares) > 0.05


@given(st.lists(st.floats(0, 1), max_size=50))
def test_control_never_makes_a_p_value_smaller(values: list[float]) -> None:
    p = np.array(values)
    assert (controlled(p) >= p - 1e-12).all()


def test_baseline_follows_the_others_present() -> None:
    minutes = np.full((3000, 4), 2, dtype=np.int64)
    minutes[2000:2060] *= 5
    minutes[2050:2060, 0] = 0  # everyone has a viral hour, and entrant 0 drops out of it
    _counts, expected, _doubt = baseline(minutes, np.array([1500, 2050]), 10, own_hour=False)
    assert expected[0, 0] == pytest.approx(20, rel=0.05)
    assert expected[1, 0] == pytest.approx(100, rel=0.1)


def test_every_threshold_has_its_reason() -> None:
    assert set(REASONS) == set(DEFAULT.__dataclass_fields__)
