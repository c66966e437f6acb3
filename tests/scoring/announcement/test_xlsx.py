"""The workbook as a spreadsheet opens it: what was certified, and never a formula."""

import zipfile
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from scoring.announcement.content import Announcement
from scoring.announcement.xlsx import announcement_xlsx
from tests.scoring.announcements import announced

Rows = list[tuple[object, ...]]


def sheets(announcement: Announcement) -> dict[str, Rows]:
    """Every sheet's rows below its title, by name in their order."""
    book = CalamineWorkbook.from_filelike(BytesIO(announcement_xlsx(announcement)))
    return {
        name: [tuple(row) for row in book.get_sheet_by_name(name).to_python()[2:]]
        for name in book.sheet_names
    }


def test_a_sheet_for_each_table_and_one_for_the_facts() -> None:
    said = announced({"甲": 5, "乙": 9})
    found = sheets(said)
    assert list(found) == ["获奖名单", "全部名次与得分", "说明"]
    for table in said.tables:
        assert found[table.title][: 1 + len(table.rows)] == [table.headings, *table.rows]
    facts = [*(("公告", text) for text in said.paragraphs), *said.facts]
    assert found["说明"] == facts


@pytest.mark.parametrize(
    "name", ["=1+1", "+86", "-1", "@SUM(A1)", '=HYPERLINK("http://127.0.0.1","x")', "{=1}"]
)
def test_name_that_looks_like_a_formula_stays_a_name(name: str) -> None:
    said = announced({name: 5, "乙": 9})
    assert sheets(said)["全部名次与得分"][2][2] == name
    with zipfile.ZipFile(BytesIO(announcement_xlsx(said))) as archive:
        parts = [archive.read(one) for one in archive.namelist() if "worksheets" in one]
    assert parts
    assert not any(b"<f>" in part or b"<hyperlink" in part for part in parts)


def test_figures_are_the_certified_text_and_no_rounded_number() -> None:
    """A spreadsheet's own number would keep fifteen digits of these eighteen."""
    found = sheets(announced({"甲": 123_456_789_012_345_678, "乙": 9}))
    assert found["全部名次与得分"][1][-1] == "123456789012345678"


def test_vacancies_and_shared_ranks_are_in_the_workbook() -> None:
    found = sheets(announced({"甲": 4, "乙": 4}, at_least=5))
    assert [row[3] for row in found["获奖名单"][1:3]] == ["空缺", "空缺"]
    assert [row[0] for row in found["全部名次与得分"][1:3]] == ["1 并列", "1 并列"]
