import hashlib
import json
from datetime import UTC, date, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from core.canonical_json import canonical_json
from voting.ledger.rules.leaves import BallotLeaf, VoidLeaf, cut_to_minute
from voting.ledger.rules.merkle import leaf_hash

BALLOT = BallotLeaf(
    contest="top-ten-2026",
    sequence=12,
    voter=bytes(range(16)),
    day=date(2026, 3, 2),
    slot=3,
    entries=("001", "007"),
    minute=datetime(2026, 3, 2, 1, 0, 59, tzinfo=UTC),
)


def test_ballot_leaf_is_the_documented_line() -> None:
    assert BALLOT.line() == (
        b'{"contest":"top-ten-2026","day":"2026-03-02","entries":["001","007"],"kind":"ballot",'
        b'"minute":"2026-03-02T01:00Z","sequence":12,"slot":3,"v":1,'
        b'"voter":"000102030405060708090a0b0c0d0e0f"}'
    )


def test_leaf_hash_is_that_of_rfc_6962() -> None:
    assert leaf_hash(b"").hex() == hashlib.sha256(b"\x00").hexdigest()
    # The first leaf of the test vectors of certificate transparency is the empty one.
    assert (
        leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )
    assert (
        leaf_hash(b"\x00").hex()
        == "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
    )


@given(
    entries=st.lists(st.integers(1, 999), min_size=1, max_size=12, unique=True),
    sequence=st.integers(1, 2**31),
    voter=st.binary(min_size=16, max_size=16),
    moment=st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1)),  # noqa: DTZ001
)
def test_ballot_leaf_is_canonical_json(
    entries: list[int], sequence: int, voter: bytes, moment: datetime
) -> None:
    codes = tuple(f"{n:03}" for n in entries)
    line = BallotLeaf("a-1", sequence, voter, moment.date(), 1, codes, moment).line()
    assert line == canonical_json(json.loads(line))


def test_void_leaf_is_the_documented_line() -> None:
    leaf = VoidLeaf(
        contest="top-ten-2026",
        sequence=20,
        batch=2,
        ballots=(12, 15),
        rule="第八条",
        reason='同一号段"集中"投票',
        proposed_by="甲",
        approved_by="乙",
        minute=datetime(2026, 3, 3, 1, 0, tzinfo=UTC),
    )
    assert leaf.line().decode() == (
        '{"approved_by":"乙","ballots":[12,15],"batch":2,"contest":"top-ten-2026","kind":"void",'
        '"minute":"2026-03-03T01:00Z","proposed_by":"甲","reason":"同一号段\\"集中\\"投票",'
        '"rule":"第八条","sequence":20,"v":1}'
    )


EARLIEST, LATEST = map(datetime.fromisoformat, ("1971-01-01", "9998-01-01"))


@given(st.datetimes(EARLIEST, LATEST, timezones=st.timezones()))
@example(datetime(9000, 1, 1, 0, 0, 59, 999999, UTC))
def test_a_moment_is_cut_to_the_minute_in_utc(moment: datetime) -> None:
    cut = cut_to_minute(moment)
    assert cut == moment.astimezone(UTC).replace(second=0, microsecond=0)
    assert cut.utcoffset() == timedelta(0)
