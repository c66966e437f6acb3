from core.database import db
from live.stage import store
from live.stage.rules.show import Mode, Show
from tests.live.conftest import Hall


async def test_show_begins_as_the_board_and_is_kept(hall: Hall) -> None:
    assert await store.read_show(hall.contest_id) == Show()
    async with db.unit_of_work():
        await store.lock_show(hall.contest_id)
        await store.save_show(hall.contest_id, Show(4, Mode.BLANK), b"{}")
    assert await store.read_show(hall.contest_id) == Show(4, Mode.BLANK)
