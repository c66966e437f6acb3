"""Votes of a busy network cost the browser some work; they are never turned away for good."""

from datetime import datetime

from litestar.types import Scope

from core.challenge import Attempt, ChallengeNeeded, Purpose
from core.network import client_address, crowd_prefix
from core.runtime import Runtime
from voting.rules.refusal import SENTENCES, Reason


async def check_crowd(
    scope: Scope, runtime: Runtime, attempt: Attempt, key: str, now: datetime
) -> None:
    """Count a vote of this request's network. `key` is the ballot's idempotency key: sent again
    under it, a ballot may bring the same solution.

    Raises ChallengeNeeded.
    """
    network = crowd_prefix(client_address(scope, runtime.settings))
    step = runtime.voting_crowd.note(network, now.timestamp())
    if step and not await runtime.challenges.passed(Purpose.VOTE, attempt, key, now):
        sentence = SENTENCES[Reason.CHALLENGE_NEEDED]
        raise ChallengeNeeded(sentence, runtime.challenges.new(Purpose.VOTE, step, now))
