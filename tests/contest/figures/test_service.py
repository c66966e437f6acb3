"""Files of figures: read in every form that exports come in, counted after a second person."""

import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import xlsxwriter

from contest.editions.rules.contest import Contest, Phase
from contest.entrants.service import entrants_of
from contest.figures import service as figures
from contest.phases.conditions import PhaseConditions
from contest.phases.service import advance
from contest.rulebooks.service import BUNDLED
from core.audit import Actor
from core.files.file_store import FileStore
from core.problems import Conflict, Invalid, NotAllowed, NotFound
from core.settings import Settings
from tests.support.contests import contest_in, rulebook_text

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
AS_OF = NOW - timedelta(days=1)
VIDEO = (BUNDLED / "short_video_2026.toml").read_text(encoding="utf-8")
ONE, TWO = Actor(1, "上传人"), Actor(2, "核验人")
SHEET = "编号,播放量,点赞量,转发量,备注\n001,1.2万,300,20,无\n002,8000,1.5w,７,\n"

pytestmark = pytest.mark.usefixtures("pool")


@pytest.fixture
def store(settings: Settings) -> FileStore:
    return FileStore(settings.data_dir / "evidence")


async def made(slug: str) -> Contest:
    text = rulebook_text(
        opens_at=NOW,
        closes_at=NOW + timedelta(days=10),
        base=VIDEO,
        count_display='{ mode = "live" }',
    )
    contest, _ = await contest_in(Phase.VOTING, slug, NOW, rulebook=text, entrants=2)
    return contest


async def uploaded(
    contest: Contest, store: FileStore, content: bytes, as_of: datetime = AS_OF
) -> int:
    file = figures.Upload("导出.csv", content, as_of, "")
    return await figures.upload(contest, file, store, ONE, NOW)


def as_xlsx() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["编号", "播放量（万次）", "点赞量", "转发量"])
        sheet.write_row(1, 0, ["001", 1.2, 300, 20])
        sheet.write_row(2, 0, [2, 0.8, 15000, "7"])
    return target.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        SHEET.encode(),
        b"\xef\xbb\xbf" + SHEET.encode(),
        SHEET.encode("gb18030"),
        SHEET.encode("utf-16"),
        SHEET.replace(",", "\t").replace("\n", "\r\n").encode("gb18030"),
        SHEET.replace("1.2万", '"12,000"').encode(),
        as_xlsx(),
    ],
    ids=["utf-8", "bom", "gb18030", "utf-16", "tabs", "thousands", "xlsx"],
)
async def test_same_figures_from_every_form_of_export(
    store: FileStore, content: bytes, request: pytest.FixtureRequest
) -> None:
    contest = await made(f"form-{request.node.callspec.id}")
    import_id = await uploaded(contest, store, content)
    found = [(one["figure_id"], one["value"]) for one in await figures.figures_of(import_id)]
    assert found == [
        ("plays", Decimal(12000)),
        ("likes", Decimal(300)),
        ("shares", Decimal(20)),
        ("plays", Decimal(8000)),
        ("likes", Decimal(15000)),
        ("shares", Decimal(7)),
    ]
    row = await figures.get_import(import_id)
    path = store.path(row["file_digest"])
    assert path is not None
    assert path.read_bytes() == content


async def test_figures_count_only_after_a_second_person(store: FileStore) -> None:
    contest = await made("second")
    import_id = await uploaded(contest, store, SHEET.encode())
    assert await figures.effective_values(contest.id) == {}
    with pytest.raises(NotAllowed) as alone:
        await figures.decide(import_id, figures.VERIFIED, "", ONE, NOW)
    assert alone.value.code == "second_person_needed"
    await figures.decide(import_id, figures.VERIFIED, "", TWO, NOW)
    assert len(await figures.effective_values(contest.id)) == 6
    with pytest.raises(Conflict) as refused:
        await figures.decide(import_id, figures.REFUSED, "", TWO, NOW)
    assert refused.value.code == "already_decided"


async def test_latest_as_of_counts_whatever_the_order_of_arrival(store: FileStore) -> None:
    contest = await made("latest")
    newest = await uploaded(contest, store, SHEET.replace("8000", "9000").encode(), NOW)
    older = await uploaded(contest, store, SHEET.encode())
    refused = await uploaded(contest, store, SHEET.replace("8000", "1").encode(), NOW)
    for import_id in (newest, older):
        await figures.decide(import_id, figures.VERIFIED, "", TWO, NOW)
    await figures.decide(refused, figures.REFUSED, "与后台不符", TWO, NOW)
    second = (await entrants_of(contest.id))[1]
    assert (await figures.effective_values(contest.id))[second.id, "plays"] == 9000


async def test_bad_sheet_is_refused_whole_with_all_errors(store: FileStore) -> None:
    contest = await made("bad")
    with pytest.raises(Invalid) as refused:
        await uploaded(contest, store, SHEET.replace("300", "三百").replace("002", "9").encode())
    assert [error.message for error in refused.value.errors] == [
        "第 2 行「点赞量」列：「三百」不是数字",
        "第 3 行「编号」列：没有这个编号的候选人",
    ]
    assert await figures.imports(contest.id) == []


@pytest.mark.parametrize(
    "content",
    [b"", b"   ", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no workbook", b"PK\x03\x04 no zip", b"a\x00b"],
    ids=["empty", "blank", "xls", "xlsx", "nul"],
)
async def test_what_is_no_table_is_refused_about_the_file(
    store: FileStore, content: bytes, request: pytest.FixtureRequest
) -> None:
    contest = await made(f"none-{request.node.callspec.id}")
    with pytest.raises(Invalid) as refused:
        await uploaded(contest, store, content)
    assert [error.field for error in refused.value.errors] == ["table"]


async def test_file_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(NotFound):
        await figures.get_import(999_999)


async def test_contest_of_votes_and_judges_needs_no_figures(store: FileStore) -> None:
    contest, _ = await contest_in(Phase.VOTING, "no-figures", NOW)
    with pytest.raises(Conflict) as refused:
        await uploaded(contest, store, SHEET.encode())
    assert refused.value.code == "no_figures_needed"


async def test_figures_are_fixed_once_the_result_is_public(store: FileStore) -> None:
    contest = await made("fixed")
    verified = await uploaded(contest, store, SHEET.encode())
    await figures.decide(verified, figures.VERIFIED, "", TWO, NOW)
    waiting = await uploaded(contest, store, SHEET.encode())
    assert waiting in [one["id"] for one in await figures.waiting()]
    await figures.decide(waiting, figures.REFUSED, "重复", TWO, NOW)
    end = contest.closes_at
    assert end is not None
    for phase in (Phase.TALLYING, Phase.PUBLIC_NOTICE):
        await advance(contest.id, phase, TWO, end, PhaseConditions())
    with pytest.raises(Conflict) as refused:
        await uploaded(contest, store, SHEET.encode())
    assert refused.value.code == "figures_fixed"
