"""The picture of a shared link: always its size, and different where it should be."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from core.fonts import drawing_font
from live.site import share_card

SIZE = (1200, 630)
# WeChat shows no picture that is much larger.
LARGEST = 300_000


def opened(drawn: bytes) -> Image.Image:
    assert len(drawn) < LARGEST
    picture = Image.open(io.BytesIO(drawn))
    assert (picture.format, picture.size) == ("PNG", SIZE)
    return picture.convert("RGB")


@pytest.mark.parametrize("title", ["评", "2026 年度十佳同江代言人评选", "很长的名字" * 40])
def test_contest_card_holds_any_title(title: str) -> None:
    picture = opened(share_card.contest_card(title, "距投票截止还有 3 天", "每人每天 10 票"))
    assert len(picture.getcolors(1 << 20) or []) > 2


def test_card_changes_with_what_it_says() -> None:
    one = share_card.contest_card("评选", "距投票截止还有 3 天", "")
    assert one == share_card.contest_card("评选", "距投票截止还有 3 天", "")
    assert one != share_card.contest_card("评选", "投票已结束", "")


def test_entrant_card_shows_the_photo_where_there_is_one(tmp_path: Path) -> None:
    photo = tmp_path / "photo"
    Image.new("RGB", (1200, 900), (10, 120, 60)).save(photo, "JPEG")
    words = ("001", "鹤", "街津口赫哲族乡", "十佳")
    colour = opened(share_card.entrant_card(*words, photo)).getpixel((352, 300))
    bare = opened(share_card.entrant_card(*words, None)).getpixel((352, 500))
    assert isinstance(colour, tuple)
    assert isinstance(bare, tuple)
    assert abs(colour[1] - 120) < 12
    assert min(bare) > 200


def test_lines_are_evenly_long_and_cut_with_an_ellipsis() -> None:
    draw = ImageDraw.Draw(Image.new("RGB", SIZE))
    font = drawing_font(40, bold=True)
    even = share_card._broken(draw, "十二三四五六七八九十甲", font, 400, 2)
    assert [len(line) for line in even] == [6, 5]
    cut = share_card._broken(draw, "字" * 100, font, 400, 2)
    assert (len(cut), cut[-1][-1]) == (2, "…")
    assert all(draw.textlength(line, font=font) <= 400 for line in cut)
