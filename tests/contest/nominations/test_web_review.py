"""The bureau's pages: the queue, a decision with every gap, and its second look at figures."""

from datetime import date, timedelta

import httpx

from accounts.people.rules import Role
from contest.editions.rules.contest import Contest, Phase
from contest.entrants.service import entrants_of
from contest.figures import service as figures
from contest.nominations import service as nominations
from contest.nominations.rules import Candidate, NominationStatus
from core.audit import SYSTEM, Actor
from core.clock import SettableClock
from core.files.spreadsheets import read_rows
from tests.contest.figures.test_service import SHEET, VIDEO
from tests.support.contests import contest_in, rulebook_text
from tests.support.people import post_form, runtime_of, sign_in_as

HTML = {"accept": "text/html"}
CANDIDATE = Candidate(
    name="江小鱼",
    born_on=date(1990, 1, 1),
    phone="13900000001",
    platform="抖音",
    account="=江小鱼",
    summary="跟着渔船看江",
    case_report="事迹" * 30,
    photo="0" * 64,
    consent=True,
)


async def waiting(
    client: httpx.AsyncClient, clock: SettableClock, slug: str
) -> tuple[Contest, int]:
    """A nomination that waits, and the bureau's officer before it."""
    contest, _ = await contest_in(Phase.NOMINATION, slug, clock.now(), entrants=0)
    keys, now = runtime_of(client).keys, clock.now()
    number = await nominations.begin(contest, "同江镇", SYSTEM, now)
    await nominations.submit(number, "同江镇", CANDIDATE, keys, SYSTEM, now)
    await sign_in_as(client, Role.DEPARTMENT_OFFICER)
    return contest, number


async def test_queue_and_page_show_the_case_with_its_phone_masked(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    _contest, number = await waiting(client, clock, "shown")
    assert "江小鱼" in (await client.get("/department", headers=HTML)).text
    page = (await client.get(f"/department/nominations/{number}", headers=HTML)).text
    assert "139****0001" in page
    assert "13900000001" not in page
    assert CANDIDATE.case_report in page


async def test_return_without_gaps_comes_back_and_with_them_goes_out(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    _contest, number = await waiting(client, clock, "gaps")
    path = f"/department/nominations/{number}/decision"
    answer = await post_form(client, path, {"decision": "return"}, headers=HTML)
    assert answer.status_code == 422
    assert "请至少写明一项需要补正的内容" in answer.text
    typed = {"decision": "return", "gap_photo": "看不清脸", "gap_account": "长" * 301}
    answer = await post_form(client, path, typed, headers=HTML)
    assert answer.status_code == 422
    assert "看不清脸" in answer.text
    assert "最多300个字，现在有301个" in answer.text
    answer = await post_form(client, path, {**typed, "gap_account": "请写全称"})
    assert answer.status_code == 303
    (review,) = await nominations.reviews(number)
    assert {gap.field: gap.message for gap in review.gaps} == {
        "photo": "看不清脸",
        "account": "请写全称",
    }


async def test_rejection_needs_its_reason(client: httpx.AsyncClient, clock: SettableClock) -> None:
    _contest, number = await waiting(client, clock, "rejected")
    path = f"/department/nominations/{number}/decision"
    answer = await post_form(client, path, {"decision": "reject"}, headers=HTML)
    assert (answer.status_code, "请填写不予通过的理由" in answer.text) == (422, True)
    answer = await post_form(client, path, {"decision": "reject", "reason": "不符合条件"})
    assert answer.status_code == 303
    kept = await nominations.get(number, runtime_of(client).keys)
    assert kept.status is NominationStatus.REJECTED


async def test_second_decision_says_that_someone_was_there_before(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    contest, number = await waiting(client, clock, "twice")
    path = f"/department/nominations/{number}/decision"
    assert (await post_form(client, path, {"decision": "pass"})).status_code == 303
    answer = await post_form(client, path, {"decision": "pass"}, headers=HTML)
    assert (answer.status_code, "可能已由他人处理" in answer.text) == (409, True)
    assert len(await entrants_of(contest.id)) == 1


async def test_table_of_nominations_masks_phones_and_computes_nothing(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    await waiting(client, clock, "table")
    answer = await client.get("/organiser/c/table/nominations.xlsx")
    assert answer.headers["content-disposition"] == 'attachment; filename="table-nominations.xlsx"'
    head, row = read_rows(answer.content, "table")
    told = dict(zip(head, row, strict=True))
    assert (told["候选人"], told["手机号码"], told["平台账号"], told["状态"]) == (
        "江小鱼",
        "139****0001",
        "=江小鱼",
        "待审核",
    )


async def test_officer_finds_the_figures_to_verify_and_only_what_is_theirs(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    now = clock.now()
    text = rulebook_text(opens_at=now, closes_at=now + timedelta(days=10), base=VIDEO)
    contest, _ = await contest_in(Phase.VOTING, "evidence", now, rulebook=text, entrants=2)
    file = figures.Upload("导出 一.csv", SHEET.encode("gb18030"), now, "")
    store = figures.evidence_store(runtime_of(client))
    number = await figures.upload(contest, file, store, Actor(None, "上传人"), now)
    await sign_in_as(client, Role.DEPARTMENT_OFFICER)
    path = f"/organiser/c/evidence/figures/{number}"
    assert path in (await client.get("/department", headers=HTML)).text
    page = (await client.get(path, headers=HTML)).text
    assert "12,000" in page
    assert "/organiser/c/evidence/rulebook" not in page
    source = await client.get(f"{path}/source")
    assert source.content == SHEET.encode("gb18030")
    assert "attachment" in source.headers["content-disposition"]
    answer = await post_form(client, f"{path}/decision", {"verdict": "refused"}, headers=HTML)
    assert (answer.status_code, "请填写说明" in answer.text) == (422, True)
    answer = await post_form(client, f"{path}/decision", {"verdict": "verified"})
    assert answer.status_code == 303
    table = read_rows((await client.get("/organiser/c/evidence/figures.xlsx")).content, "table")
    assert [row[2:4] for row in table[1:]][:2] == [["点赞量", "300"], ["播放量", "12000"]]


async def test_passing_with_a_sentence_meant_for_somebody_is_asked_about(
    client: httpx.AsyncClient, clock: SettableClock
) -> None:
    _contest, number = await waiting(client, clock, "meant")
    path = f"/department/nominations/{number}/decision"
    for typed in ({"gap_photo": "照片看不清"}, {"reason": "重复推荐"}):
        answer = await post_form(client, path, {"decision": "pass", **typed}, headers=HTML)
        assert answer.status_code == 422
        assert next(iter(typed.values())) in answer.text
    kept = await nominations.get(number, runtime_of(client).keys)
    assert kept.status is NominationStatus.SUBMITTED
