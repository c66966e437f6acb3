"""The demo's nominations: a queue to review, and one committee's in every state."""

from datetime import datetime, timedelta

from contest.editions.rules.contest import Contest
from contest.nominations import service as nominations
from contest.nominations.rules import Candidate, Gap
from core.runtime import Runtime
from demo.candidates import Person
from demo.more_candidates import NEXT
from demo.people import demo_actor
from demo.photos import photos_of

_GAPS = (
    Gap("case_report", "请补充近一年作品的播放量和带动农户的名单，并由村委会盖章"),
    Gap("account", "账号名称与平台实名不一致，请核对后填写全称"),
)
# What became of each of NEXT, in order; the first three are the demo township's own.
_FATES = ("return", "wait", "pass", "wait", "wait", "reject")


async def seed(runtime: Runtime, contest: Contest) -> None:
    """Nominations of the last days, each decided by the demo bureau or waiting for it."""
    now = runtime.clock.now()
    photos = await photos_of(runtime, NEXT)
    for number, (person, fate) in enumerate(zip(NEXT, _FATES, strict=True)):
        at = now - timedelta(days=6 - number, hours=number)
        nomination_id = await _submit(runtime, contest, person, photos[person.name], number, at)
        await _decide(runtime, nomination_id, fate, min(at + timedelta(hours=20), now))
    await _begin(runtime, contest, "同江镇", Candidate(name="汤小禾", platform="快手"), now)


async def _begin(
    runtime: Runtime, contest: Contest, township: str, candidate: Candidate, at: datetime
) -> int:
    actor = await demo_actor("township")
    nomination_id = await nominations.begin(contest, township, actor, at)
    await nominations.save(nomination_id, township, candidate, runtime.keys, actor, at)
    return nomination_id


async def _submit(
    runtime: Runtime, contest: Contest, person: Person, photo: str, number: int, at: datetime
) -> int:
    candidate = Candidate(
        name=person.name,
        born_on=(at - timedelta(days=365 * (28 + 5 * number) + 100)).date(),
        phone=f"139000000{number:02d}",
        platform=("抖音", "快手", "微信视频号")[number % 3],
        account=f"{person.name}在{person.township}",
        summary=person.summary,
        case_report=person.report,
        photo=photo,
        first_time=person.first_time,
        consent=True,
    )
    nomination_id = await _begin(runtime, contest, person.township, candidate, at)
    actor = await demo_actor("township")
    await nominations.submit(nomination_id, person.township, candidate, runtime.keys, actor, at)
    return nomination_id


async def _decide(runtime: Runtime, nomination_id: int, fate: str, at: datetime) -> None:
    bureau = await demo_actor("department")
    match fate:
        case "return":
            await nominations.return_nomination(nomination_id, _GAPS, runtime.keys, bureau, at)
        case "pass":
            await nominations.pass_nomination(nomination_id, runtime.keys, bureau, at)
        case "reject":
            reason = "同一事迹已由本人通过另一单位推荐，按推荐通知不重复受理。"
            await nominations.reject_nomination(nomination_id, reason, runtime.keys, bureau, at)
