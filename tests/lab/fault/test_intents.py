from collections import Counter
from itertools import islice

from lab.fault.intents import QUOTA, intents


def test_some_want_more_than_the_quota_and_one_entry_twice() -> None:
    wanted = list(islice(intents(40), 4000))
    assert len({one.key for one in wanted}) == len(wanted)
    first_round = wanted[: [one.voter for one in wanted].index(39) + 1]
    by_voter = Counter(one.voter for one in first_round)
    assert max(by_voter.values()) > QUOTA > min(by_voter.values())
    assert max(Counter((one.voter, one.entry) for one in first_round).values()) > 1
    assert {one.entry for one in wanted} == {f"{n:03d}" for n in range(1, 21)}
