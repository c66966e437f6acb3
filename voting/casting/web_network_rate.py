"""Votes of a busy network cost the browser some work; they are never turned away for good."""

from datetime import datetime

from core.limits.challenge import Attempt, ChallengeNeeded, Purpose
from core.runtime import Runtime
from core.web.network import crowd_prefix
from voting.casting.rules.refusal import SENTENCES, Reason


async def check_crowd(
    address: str, runtime: Runtime, attempt: Attempt, key: str, now: datetime
) -> None:
    """Count a vote of this client's network. `key` is the ballot's idempotency key: sent again
    under it, a ballot may bring the same solution.

    Raises ChallengeNeeded.
    """
    step = runtime.voting_crowd.note(crowd_prefix(address), now.timestamp())
    if step and not await runtime.challenges.passed(Purpose.VOTE, attempt, key, now):
        sentence = SENTENCES[Reason.CHALLENGE_NEEDED]
        raise ChallengeNeeded(sentence, runtime.challenges.new(Purpose.VOTE, step, now), attempt)
