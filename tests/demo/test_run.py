"""The demo goes through the same services as a real contest, and has a contest in every
phase worth seeing."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from redis.asyncio import Redis

from contest.editions import service
from contest.editions.rules.contest import Phase
from contest.entrants.photos import photo_store
from contest.entrants.service import entrants_of
from contest.figures import service as figures
from contest.nominations import service as nominations
from contest.nominations.rules import NominationStatus as Status
from contest.notices import service as objections
from core.clock import SettableClock
from core.crypto import load_keys
from core.engines.embedded import Endpoints
from core.runtime import Runtime
from core.settings import Settings
from demo import contests as contest_demo
from demo import run as demo
from fund.books import service as books
from fund.entitlements import service as entitlements
from fund.rules.states import State
from scoring.judging.snapshot import read_snapshot
from scoring.results import certification
from scoring.verification.bundle import open_bundle
from scoring.verification.verifier import verify
from voting.casting import service as voting

NOW = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
async def runtime(settings: Settings, engines: Endpoints, pool: None) -> AsyncIterator[Runtime]:
    """A runtime whose database the whole demo was put into, twice."""
    del pool  # opened for the seeders
    async with Redis.from_url(engines.redis_url) as redis:
        made = Runtime(settings, SettableClock(NOW), load_keys(settings.data_dir), redis)
        for _again in range(2):
            for seed in demo.SEEDERS:
                await seed(made)
        yield made


async def test_every_phase_worth_seeing_has_a_contest(runtime: Runtime) -> None:
    del runtime
    phases = {contest.slug: contest.phase for contest in await service.list_contests()}
    assert phases == {
        "top-ten-2027": Phase.NOMINATION,
        "top-ten-2026": Phase.VOTING,
        "livestream-q3-2026": Phase.JUDGING,
        "short-video-2026": Phase.PUBLIC_NOTICE,
        "top-ten-2025": Phase.FINAL,
    }


async def test_vote_is_open_with_ballots_and_photos(runtime: Runtime) -> None:
    contest = await service.get_contest(contest_demo.SLUG)
    assert contest.opens_at is not None
    assert contest.closes_at is not None
    assert contest.opens_at <= NOW < contest.closes_at
    entrants = await entrants_of(contest.id)
    assert [entrant.code for entrant in entrants] == [f"{n:03d}" for n in range(1, 13)]
    store = photo_store(runtime)
    assert all(entrant.photo and store.path(entrant.photo, "card") for entrant in entrants)
    tally = await voting.tally(contest.id)
    assert len(tally) == 12
    assert sum(count.valid for count in tally.values()) > 160


async def test_nominations_are_in_every_state(runtime: Runtime) -> None:
    contest = await service.get_contest(contest_demo.NEXT_SLUG)
    found = [one.status for one in await nominations.of_contest(contest.id, runtime.keys)]
    assert sorted(found) == sorted(
        [Status.RETURNED, Status.PASSED, Status.REJECTED, *[Status.SUBMITTED] * 3]
    )
    own = await nominations.of_nominator("同江镇", runtime.keys)
    assert {one.status for one in own} == {
        Status.DRAFT,
        Status.RETURNED,
        Status.SUBMITTED,
        Status.PASSED,
    }


async def test_show_under_way_has_one_entrant_open_and_figures_to_verify(
    runtime: Runtime,
) -> None:
    del runtime
    contest = await service.get_contest(contest_demo.SALES_SLUG)
    snapshot = await read_snapshot(contest)
    assert snapshot.open_window is not None
    assert snapshot.entrant_of(snapshot.open_window.entrant_id).code == "004"
    files = await figures.imports(contest.id)
    assert [file["status"] for file in files] == ["waiting", "verified"]


async def test_certified_results_verify_from_their_bundles_alone(runtime: Runtime) -> None:
    for slug in (contest_demo.EARLIER_SLUG, contest_demo.VIDEO_SLUG):
        contest = await service.get_contest(slug)
        certified = await certification.newest(contest.id)
        assert certified is not None
        path = certification.bundle_store(runtime).path(certified.bundle)
        assert path is not None
        bundle = open_bundle(path)
        assert bundle.manifest["contest"] == slug
        assert len(list(verify(bundle))) > 3


async def test_notice_has_an_objection_that_waits(runtime: Runtime) -> None:
    contest = await service.get_contest(contest_demo.VIDEO_SLUG)
    (waiting,) = await objections.of_contest(contest.id, runtime.keys)
    assert waiting.answer == ""
    final = await service.get_contest(contest_demo.EARLIER_SLUG)
    (answered,) = await objections.of_contest(final.id, runtime.keys)
    assert answered.outcome == "dismissed"


async def test_fund_has_entitlements_in_every_state_that_a_person_meets(runtime: Runtime) -> None:
    found = await entitlements.find(entitlements.Filters(year=NOW.year), 100, 0)
    states = {one.standing.state for one in found if one.standing.state}
    assert states == {
        State.QUEUED,
        State.RESERVED,
        State.ORDERED,
        State.SENT,
        State.PAID,
        State.FAILED,
    }
    assert any(one.standing.held for one in found)
    assert await books.differences() == []
    del runtime
