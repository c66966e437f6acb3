"""When a session ends: the strictest of its person's roles decides."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.people.rules import PUBLIC_ROLES, Role
from accounts.sessions.rules import (
    JUDGE_LIFETIME,
    PUBLIC_LIFETIME,
    STAFF_LIFETIME,
    Lifetime,
    is_alive,
    lifetime_of,
    seen_step,
)

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
LIFETIMES = [PUBLIC_LIFETIME, JUDGE_LIFETIME, STAFF_LIFETIME]
role_sets = st.frozensets(st.sampled_from(Role))


@pytest.mark.parametrize("role", Role)
def test_each_role_has_the_life_of_its_kind(role: Role) -> None:
    expected = STAFF_LIFETIME
    if role in PUBLIC_ROLES:
        expected = PUBLIC_LIFETIME
    elif role is Role.JUDGE:
        expected = JUDGE_LIFETIME
    assert lifetime_of(frozenset({role})) == expected


@given(role_sets, role_sets)
def test_another_role_never_makes_a_session_live_longer(
    roles: frozenset[Role], more: frozenset[Role]
) -> None:
    one, both = lifetime_of(roles), lifetime_of(roles | more)
    assert both.idle <= one.idle
    assert both.absolute <= one.absolute


@pytest.mark.parametrize("life", LIFETIMES)
def test_session_ends_at_the_exact_moment_of_either_limit(life: Lifetime) -> None:
    far = NOW + timedelta(days=365)
    last_idle = NOW + life.idle
    assert is_alive(life, expires_at=far, seen_at=NOW, now=last_idle - TICK)
    assert not is_alive(life, expires_at=far, seen_at=NOW, now=last_idle)
    assert is_alive(life, expires_at=NOW + TICK, seen_at=NOW, now=NOW)
    assert not is_alive(life, expires_at=NOW, seen_at=NOW, now=NOW)


@given(st.sampled_from(LIFETIMES), st.integers(0, 10**7), st.integers(0, 10**7))
def test_once_ended_it_stays_ended(life: Lifetime, first: int, more: int) -> None:
    moments = [NOW + timedelta(seconds=first), NOW + timedelta(seconds=first + more)]
    alive = [is_alive(life, expires_at=NOW + life.absolute, seen_at=NOW, now=m) for m in moments]
    assert alive[0] or not alive[1]


@pytest.mark.parametrize("life", LIFETIMES)
def test_noting_use_is_rare_and_costs_little_of_the_pause(life: Lifetime) -> None:
    assert timedelta(minutes=1) <= seen_step(life) <= life.idle / 20
