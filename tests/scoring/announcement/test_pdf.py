"""The PDF as a reader takes it apart: the words are there, the fonts are embedded."""

import re
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from scoring.announcement.content import Announcement
from scoring.announcement.pdf import announcement_pdf
from tests.scoring.announcements import announced


def read(announcement: Announcement) -> PdfReader:
    return PdfReader(BytesIO(announcement_pdf(announcement)))


def words(announcement: Announcement) -> str:
    """The text without the breaks of lines and cells."""
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in read(announcement).pages))


def test_names_ranks_and_sums_can_be_read() -> None:
    said = words(announced({"张三丰": 1234, "李四": 88}))
    for wanted in (
        "关于测试评选结果的公告",
        "最佳创意奖1001张三丰¥10,000.00",
        "2002李四8888",
        "同政发〔2026〕1号",
        "甲经办、乙核定",
        "sha256:" + "ab" * 32,
    ):
        assert wanted in said


def test_chinese_font_is_embedded() -> None:
    fonts: list[Any] = []
    for page in read(announced({"张三": 1})).pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            (whole,) = font.get_object()["/DescendantFonts"]
            fonts.append(whole.get_object()["/FontDescriptor"].get_object())
    assert len(fonts) >= 2
    assert all("/FontFile2" in one or "/FontFile3" in one for one in fonts)


def test_long_names_are_kept_whole() -> None:
    name = "额尔古纳河右岸" * 8 + "终"
    said = words(announced({name: 3, "乙": 2}))
    assert said.count(name) == 2


def test_contest_without_winners_is_announced() -> None:
    said = words(announced({"甲": 1, "乙": 2}, at_least=5))
    assert said.count("空缺") == 2
    assert "10,000.00" not in said


def test_ranks_that_are_shared_are_printed_so() -> None:
    assert words(announced({"甲": 4, "乙": 4, "丙": 9})).count("2并列") == 2


def test_three_hundred_entrants_go_over_pages_with_their_number() -> None:
    reader = read(announced({f"选手{n}": n for n in range(300)}))
    assert len(reader.pages) > 5
    last = re.sub(r"\s+", "", reader.pages[-1].extract_text())
    assert f"第{len(reader.pages)}页，共{len(reader.pages)}页" in last
    assert "选手299" in reader.pages[0].extract_text()
    assert reader.metadata is not None
    assert reader.metadata.title == "关于测试评选结果的公告"
