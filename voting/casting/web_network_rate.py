"""The rate of votes per network: in a busy network a browser must solve a challenge to vote.

No network is barred: whoever solves the challenge votes.
"""

from datetime import datetime

from core.limits.challenge import Attempt, ChallengeNeeded, Purpose
from core.runtime import Runtime
from core.web.network import counted_network
from voting.casting.rules.refusal import SENTENCES, Reason


async def check_network_rate(
    address: str, runtime: Runtime, attempt: Attempt, key: str, now: datetime
) -> None:
    """Count a vote of this client's network. `key` is the ballot's idempotency key: sent again
    under it, a ballot may bring the same solution.

    Raises ChallengeNeeded.
    """
    step = runtime.vote_rate.note(counted_network(address), now.timestamp())
    if step and not await runtime.challenges.passed(Purpose.VOTE, attempt, key, now):
        sentence = SENTENCES[Reason.CHALLENGE_NEEDED]
        raise ChallengeNeeded(sentence, runtime.challenges.new(Purpose.VOTE, step, now), attempt)
