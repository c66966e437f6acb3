"""Which roles one account may hold together."""

from hypothesis import given
from hypothesis import strategies as st

from accounts.people.rules import (
    PUBLIC_ROLES,
    ROLE_NAMES,
    STAFF_ROLES,
    Account,
    Principal,
    Role,
    roles_problem,
)

role_sets = st.frozensets(st.sampled_from(Role))


def test_every_role_of_the_issue_is_there_with_its_name() -> None:
    assert set(ROLE_NAMES) == set(Role)
    assert len({role.label for role in Role}) == len(Role) == 10


def test_three_ways_of_signing_in_are_all_there_are() -> None:
    assert PUBLIC_ROLES | STAFF_ROLES | {Role.JUDGE} == set(Role)
    assert PUBLIC_ROLES.isdisjoint(STAFF_ROLES)


@given(role_sets)
def test_roles_of_one_way_of_signing_in_go_together_but_nobody_audits_themselves(
    roles: frozenset[Role],
) -> None:
    one_way = any(roles <= way for way in (PUBLIC_ROLES, STAFF_ROLES, frozenset({Role.JUDGE})))
    apart = not {Role.ADMINISTRATOR, Role.AUDITOR} <= roles
    assert (roles_problem(roles) is None) == (bool(roles) and one_way and apart)


@given(role_sets, role_sets)
def test_person_has_a_right_through_any_of_their_roles(
    held: frozenset[Role], asked: frozenset[Role]
) -> None:
    assert Principal(1, "甲", held).has(*asked) == bool(held & asked)


def test_account_gives_all_that_rights_depend_on() -> None:
    account = Account(7, "甲", frozenset({Role.TOWNSHIP_OFFICER}), "同江镇", 3, disabled=False)
    assert account.principal == Principal(7, "甲", account.roles, "同江镇", 3)
