import httpx

from tests.live.conftest import Hall


async def test_screen_says_what_its_figures_are(client: httpx.AsyncClient, hall: Hall) -> None:
    await hall.votes(c001=4711, c002=815)
    await hall.tick()
    drawn = (await client.get(f"/c/{hall.slug}/screen")).text
    assert "得票排行" in drawn
    assert '4,711</span><small class="row-line__unit" data-f="unit">票' in drawn
    assert "有效票 <b>5,526</b> 票" in drawn, "also where no script runs"
