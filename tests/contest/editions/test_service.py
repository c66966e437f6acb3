"""Contests from creation to their end, on a real database."""

from datetime import UTC, datetime

import pytest

from contest.editions import service
from contest.editions.rules.contest import Phase
from contest.phases.conditions import PhaseConditions
from contest.phases.service import advance
from core.audit import SYSTEM
from core.problems import Conflict, Invalid, NotFound
from tests.support.contests import RULES

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CONDITIONS = PhaseConditions()

pytestmark = pytest.mark.usefixtures("pool")


async def test_create_contest_stores_the_rulebook_with_its_digest() -> None:
    made = await service.create_contest("top-ten", RULES, SYSTEM, NOW)
    read = await service.get_contest("top-ten")
    assert read == made
    assert (read.phase, read.rulebook.source, read.edition) == (Phase.DRAFT, RULES, "2026")


async def test_create_contest_names_every_error_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        await service.create_contest("Bad Slug!", "format = 2\nnonsense = 1", SYSTEM, NOW)
    fields = {error.field for error in refused.value.errors}
    assert fields == {"slug", "rulebook_text"}
    assert len(refused.value.errors) > 3


async def test_create_contest_refuses_an_address_in_use() -> None:
    await service.create_contest("taken", RULES, SYSTEM, NOW)
    with pytest.raises(Invalid) as refused:
        await service.create_contest("taken", RULES, SYSTEM, NOW)
    assert [error.field for error in refused.value.errors] == ["slug"]


async def test_get_contest_of_an_unknown_address_is_not_found() -> None:
    with pytest.raises(NotFound):
        await service.get_contest("nobody")


async def test_rulebook_is_versioned_in_draft_and_fixed_afterwards() -> None:
    contest = await service.create_contest("versions", RULES, SYSTEM, NOW)
    revised = RULES.replace("shared_at_edge", "# two winners\nshared_at_edge")
    contest = await service.revise_rulebook(contest.id, revised, SYSTEM, NOW)
    assert (contest.rulebook_number, contest.rulebook.source) == (2, revised)
    await advance(contest.id, Phase.NOMINATION, SYSTEM, NOW, CONDITIONS)
    with pytest.raises(Conflict) as refused:
        await service.revise_rulebook(contest.id, RULES, SYSTEM, NOW)
    assert refused.value.code == "rulebook_fixed"
