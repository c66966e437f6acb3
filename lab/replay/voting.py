"""The vote: every ballot by its own voter, signed in by text message."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lab.replay.browser import Browser, RefusedError
from lab.replay.people import address_of, sign_in_by_phone


@dataclass(frozen=True)
class Receipt:
    """What the server answered to one ballot: its code, its place in the ledger, its choice."""

    code: str
    sequence: int
    entries: tuple[str, ...]


@dataclass(frozen=True)
class Cast:
    """`receipts` has one for every acknowledged ballot; `retries` counts requests that were
    sent again because the server was away or busy."""

    receipts: tuple[Receipt, ...]
    retries: int


async def cast_all(
    base_url: str,
    slug: str,
    codes: Sequence[str],
    *,
    first_voter: int,
    at_once: int,
    on_ballot: Callable[[], None],
) -> Cast:
    """Cast one ballot for each code; the n-th is the voter `first_voter + n`.

    A voter who is not answered asks again with the same idempotency key, so a server that
    dies in between can neither lose the ballot nor count it twice.
    """
    waiting = list(enumerate(codes, start=first_voter))
    waiting.reverse()
    receipts: list[Receipt] = []
    retries = 0

    async def work() -> None:
        nonlocal retries
        async with Browser(base_url) as browser:
            while waiting:
                number, code = waiting.pop()
                browser.hand_to(address_of(number))
                receipts.append(await _one_voter(browser, slug, number, code))
                on_ballot()
            retries += browser.retries

    async with asyncio.TaskGroup() as group:
        for _worker in range(at_once):
            group.create_task(work())
    return Cast(tuple(receipts), retries)


async def _one_voter(browser: Browser, slug: str, number: int, code: str) -> Receipt:
    """The receipt. A sign-in that a restart cut in two begins again from the start."""
    ballot = {"entries": [code], "idempotency_key": f"replay-{slug}-{number}"}
    for last_try in (False, False, True):
        try:
            await sign_in_by_phone(browser, number)
            answer = await browser.post(f"/c/{slug}/votes", json=ballot)
            given = answer.json()
            return Receipt(given["receipt"], given["sequence"], tuple(given["entries"]))
        except RefusedError as refused:
            if last_try or refused.status not in (401, 404, 409, 422):
                raise
    raise AssertionError("the last try returns or raises")
