"""The demo contest brought to states worth showing, through HTTP alone as its users would."""

import asyncio
import random
from contextlib import AsyncExitStack, suppress

from demo.candidates import PEOPLE
from demo.contests import SLUG
from demo.people import JUDGES, PIN
from lab.replay.browser import Browser, RefusedError
from lab.replay.people import address_of, demo_person, sign_in_by_phone

# Not for secrets: every run shows the same votes and marks.
_DICE = random.Random(2026)  # noqa: S311
_AT_ONCE = 8
_VOTES_EACH = 5
CODES = tuple(f"{n:03d}" for n in range(1, len(PEOPLE) + 1))
NOTICE = {
    "title": "2026 年度十佳同江代言人候选人名单公告",
    "body": "经乡镇推荐和资格审核，现将候选人名单予以公布。网络投票每人每天 10 票，"
    "对同一候选人每天最多 1 票，以验证过的手机号为准，请勿轻信代投、刷票信息。\n\n"
    "专家评审由七位评委现场打分，去掉一个最高分和一个最低分。评分规则见“规则”页。",
}


async def vote(base_url: str, voters: int) -> None:
    """So many voters sign in by text message; each names a few candidates, some more loved."""
    weights = [_DICE.uniform(1, 5) for _code in CODES]
    waiting = [(number, _favourites(weights)) for number in range(voters)]

    async def work() -> None:
        async with Browser(base_url) as browser:
            while waiting:
                number, codes = waiting.pop()
                browser.hand_to(address_of(number))
                await sign_in_by_phone(browser, number)
                for code in codes:
                    key = {"entries": [code], "idempotency_key": f"staged-{number}-{code}"}
                    await browser.post(f"/c/{SLUG}/votes", json=key)

    async with asyncio.TaskGroup() as group:
        for _worker in range(_AT_ONCE):
            group.create_task(work())


def _favourites(weights: list[float]) -> list[str]:
    drawn = _DICE.choices(CODES, weights, k=_DICE.randint(1, _VOTES_EACH))
    return list(dict.fromkeys(drawn))


async def announce(base_url: str) -> None:
    async with demo_person(base_url, "organiser") as organiser:
        await organiser.post(f"/organiser/c/{SLUG}/notices", NOTICE)
        approval = {"approval_document": "同政函〔2026〕12号"}
        await organiser.post(f"/organiser/c/{SLUG}/approval", approval)


async def end_voting(base_url: str) -> None:
    """The rehearsal clock past the last vote, and the contest in its judging phase."""
    async with Browser(base_url) as browser:
        page = (await browser.get(f"/c/{SLUG}/rulebook.toml")).text
        closes = next(line for line in page.splitlines() if line.startswith("closes_at"))
        await browser.post("/demo/clock", json={"to": closes.partition(" = ")[2]})
    await advance(base_url, "judging")


async def judge(base_url: str, *, up_to: int, then_open: bool = False) -> None:
    """Every judge marks the entrants up to this one; with `then_open` the next one is open
    and four of the seven have handed in."""
    async with AsyncExitStack() as stack:
        host = await stack.enter_async_context(demo_person(base_url, "host"))
        seats = range(1, JUDGES + 1)
        tablets = [
            await stack.enter_async_context(demo_person(base_url, f"judge{n}")) for n in seats
        ]
        for code in CODES[:up_to]:
            await host.post(f"/host/{SLUG}/open", json={"code": code})
            await asyncio.gather(*(_mark(tablet, code, n) for n, tablet in enumerate(tablets)))
            await host.post(f"/host/{SLUG}/close", json={})
        if then_open:
            code = CODES[up_to]
            await host.post(f"/host/{SLUG}/open", json={"code": code})
            await asyncio.gather(*(_mark(tablets[n], code, n) for n in range(2, 6)))


async def judge_rest(base_url: str, *, done: int) -> None:
    """Whoever is not marked yet is, and every judge signs."""
    async with AsyncExitStack() as stack:
        host = await stack.enter_async_context(demo_person(base_url, "host"))
        tablets = [
            await stack.enter_async_context(demo_person(base_url, f"judge{n}"))
            for n in range(1, JUDGES + 1)
        ]
        first, *others = CODES[done:]
        late = (0, 1, 6)
        await asyncio.gather(*(_mark(tablets[n], first, n) for n in late))
        await host.post(f"/host/{SLUG}/close", json={})
        for code in others:
            await host.post(f"/host/{SLUG}/open", json={"code": code})
            await asyncio.gather(*(_mark(tablet, code, n) for n, tablet in enumerate(tablets)))
            await host.post(f"/host/{SLUG}/close", json={})
        for tablet in tablets:
            await tablet.post(f"/judge/{SLUG}/sign", json={"pin": PIN, "confirmed": "1"})


async def _mark(tablet: Browser, code: str, seat: int) -> None:
    dice = random.Random(f"{code} {seat}")  # noqa: S311
    better = random.Random(code).uniform(0, 6)  # noqa: S311
    marks = {
        "influence": _half(dice, 29 + better, 5),
        "content": _half(dice, 22 + better * 0.7, 4),
        "conduct": _half(dice, 24 + better * 0.5, 3),
    }
    path = f"/judge/{SLUG}/entrants/{code}"
    await tablet.put(f"{path}/marks", marks)
    await tablet.post(f"{path}/submit", json={})


def _half(dice: random.Random, low: float, spread: float) -> str:
    return str(round((low + dice.uniform(0, spread)) * 2) / 2).removesuffix(".0")


async def reveal(base_url: str) -> None:
    """The host tells the whole result from the last place up, to the winner's sum."""
    async with demo_person(base_url, "host") as host:
        path = f"/host/{SLUG}/show"
        shown = await host.post(f"{path}/reveal", {"order": "from_last", "confirmed": "1"})
        with suppress(RefusedError):  # after the last step
            while True:
                seen = shown.json()["show"]
                shown = await host.post(f"{path}/next", {"seen": str(seen)})


async def certify(base_url: str) -> None:
    for who, act in (("organiser", "propose"), ("organiser2", "approve")):
        async with demo_person(base_url, who) as person:
            await person.post(f"/organiser/c/{SLUG}/result/{act}")
    await advance(base_url, "public_notice")


async def advance(base_url: str, phase: str) -> None:
    async with demo_person(base_url, "organiser") as organiser:
        await organiser.post(f"/organiser/c/{SLUG}/phase", {"to": phase, "confirmed": "1"})
