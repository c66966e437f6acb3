"""Faults that once gave a wrong figure, or a refusal that misled: each is a test here."""

import io
import zipfile

import pytest

from core.sheet_import.cells import Unreadable
from core.sheet_import.fields import Field, Kind
from core.sheet_import.headings import heading
from tests.support.exports.reading import look, sentences, take, values
from tests.support.exports.writers import (
    Formula,
    Page,
    Shown,
    csv_file,
    html_xls,
    raw_csv,
    xlsx,
    xml_2003,
)
from tests.support.workbooks import changed

CODE = Field("code", "编号", Kind.KEY, required=True, filled=True, unique=True)
GMV = Field("gmv", "成交额", Kind.MONEY, required=True, unit="元")
VIEWS = Field("views", "场观", Kind.COUNT)
FIELDS = (CODE, GMV, VIEWS)


def gmv_of(cell: object, title: str = "成交额", **answers: str) -> str:
    """What one stored cell becomes in a workbook and, if it is text, in a text file too."""
    book = values(xlsx(Page([["编号", title], ["001", cell]])), FIELDS, answers)
    if isinstance(cell, str):
        text = values(csv_file([["编号", title], ["001", cell]]), FIELDS, answers)
        assert text == book
    return str(book[0][1])


def refusal_of(cell: object, title: str = "成交额") -> str:
    preview = look(xlsx(Page([["编号", title], ["001", cell]])), FIELDS)
    assert preview.fault_count == 1
    assert not preview.is_settled
    return sentences(preview)[0]


@pytest.mark.parametrize("state", ["hidden", "very_hidden"])
def test_hidden_first_sheet_is_not_taken_and_is_named(state: str) -> None:
    old = Page([["编号", "成交额"], ["001", 1]], "旧", state=state)
    content = xlsx(old, Page([["编号", "成交额"], ["001", 2]], "新"))
    preview = look(content, FIELDS)
    assert preview.sheet == "新"
    assert ("旧", "隐藏的工作表") in [(one.name, one.why) for one in preview.left_out]
    assert str(take(content, FIELDS, preview)[0].values[1]) == "2.00"


def test_two_sheets_that_could_be_meant_are_asked_about() -> None:
    pages = [Page([["编号", "成交额"], ["001", n]], f"{n}月") for n in (8, 9)]
    preview = look(xlsx(*pages), FIELDS)
    assert [question.id for question in preview.questions] == ["sheet"]
    assert values(xlsx(*pages), FIELDS, {"sheet": "9月"})[0][1] == 9


def test_unquoted_thousands_comma_is_refused_by_row_and_place() -> None:
    preview = look(raw_csv("编号,成交额,场观", "001,5,6", "002,1,234,7"), FIELDS)
    assert sentences(preview) == [
        "3:成交额:这一行有 4 格，表头是 3 格：「1」和「234」像是被千位逗号拆开的一个数"
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ['001,"好物,1', "002,2,3", "003,4,5"],
        ['001,"好物,1', '002,"大米,3', "003,4,5"],
        ['001,"好物,1', '002,大米",3'],
        ['"001,1,2', '002,3",4'],
    ],
)
def test_stray_quote_swallows_no_row(lines: list[str]) -> None:
    with pytest.raises(Unreadable, match="第 2 行有多余或不成对的引号"):
        look(raw_csv("编号,备注,成交额", *lines), FIELDS)


@pytest.mark.parametrize(
    ("bracket", "what"),
    [("（含退款）", "含退款"), ("（预估，未结算）", "未结算、预估"), ("(未结算)", "未结算")],
)
def test_definition_that_was_not_asked_for_is_another_figure(bracket: str, what: str) -> None:
    preview = look(csv_file([["编号", "成交额" + bracket], ["001", "5"]]), FIELDS)
    assert [question.id for question in preview.questions] == ["column:gmv"]
    assert f"写明是「{what}」，与「成交额」要求的口径不同" in [o.why for o in preview.left_out]
    chosen = {"column:gmv": heading("成交额" + bracket).whole}
    again = look(csv_file([["编号", "成交额" + bracket], ["001", "5"]]), FIELDS, chosen)
    assert not again.is_settled, "nor can a person choose it"


def test_definition_asked_for_is_taken_and_its_absence_asked_about() -> None:
    net = Field("net", "净成交额", Kind.MONEY, ("成交额（不含退款）",), required=True, unit="元")
    fields = (CODE, net)
    rows = [["编号", "成交额（退后）"], ["001", "5"]]
    assert values(csv_file(rows), fields)[0][1] == 5
    rows[0][1] = "成交额"
    preview = look(csv_file(rows), fields)
    assert [question.id for question in preview.questions] == ["definition:net:成交额"]
    assert values(csv_file(rows), fields, {"definition:net:成交额": "yes"})[0][1] == 5


@pytest.mark.parametrize("title", ["成交额（美元）", "成交额（万美元）", "成交额(USD)"])
def test_foreign_currency_is_refused_without_a_rate(title: str) -> None:
    assert "没有注明日期的汇率" in refusal_of(5, title)


@pytest.mark.parametrize("cell", ["$5", "5美元", "US$1,000", "HK$5"])
def test_foreign_currency_in_a_cell_is_refused(cell: str) -> None:
    assert "外币" in refusal_of(cell)


def test_foreign_currency_in_a_number_format_is_refused() -> None:
    assert "外币" in refusal_of(Shown(5, "[$$-409]#,##0.00"))


@pytest.mark.parametrize(
    ("title", "cell", "yuan"),
    [
        ("成交额（百万元）", "1.5", "1500000.00"),
        ("成交额（万元）", "12.5", "125000.00"),
        ("成交额（万元）", "12.5万", "125000.00"),
        ("成交额（万元）", "12.5万元", "125000.00"),
        ("成交额(元)", "2.5万", "25000.00"),
        ("成交额【单位：分】", "12345", "123.45"),
        ("成交额", "2.5万", "25000.00"),
        ("成交额", "¥1,234.5", "1234.50"),
        ("成交额", "￥１２３", "123.00"),
        ("成交额（万元）", Shown(12.5, '0.00"万"'), "125000.00"),
        ("成交额（万元）", Shown(125000, '0!.0,"万"'), "125000.00"),
        ("成交额", Shown(125000, '0!.0,"万"'), "125000.00"),
        ("成交额", Shown(12.5, '0.00"万"'), "125000.00"),
        ("成交额", Shown(1234.5, '"¥"#,##0.00_);("¥"#,##0.00)'), "1234.50"),
    ],
)
def test_unit_is_applied_once_wherever_it_is_said(title: str, cell: object, yuan: str) -> None:
    assert gmv_of(cell, title) == yuan


@pytest.mark.parametrize(
    ("title", "cell"),
    [("成交额（万元）", "25,000元"), ("成交额（百万元）", "12.5万"), ("成交额（分）", "3元")],
)
def test_units_that_contradict_are_refused(title: str, cell: str) -> None:
    assert "不一致" in refusal_of(cell, title)


def test_number_format_that_hides_the_size_is_refused() -> None:
    assert "显示成「125」，存的却是 125000" in refusal_of(Shown(125000, "0,"))


@pytest.mark.parametrize(
    "cell", ["8,5", "1.234,56", "1,2345", "12,34,567", "1 234", "9·5", "1,234,56"]
)
def test_number_that_could_be_another_is_refused(cell: str) -> None:
    assert cell in refusal_of(cell)


def test_formula_without_a_value_is_an_error_and_one_with_a_value_is_not() -> None:
    assert "公式没有存下结果" in refusal_of(Formula("=1+2"))
    assert gmv_of(Formula("=1+2", 3)) == "3.00"


def test_formula_in_a_file_that_asks_to_be_computed_anew_is_an_error() -> None:
    content = xlsx(Page([["编号", "成交额"], ["001", Formula("=1+2", 0)]]))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        book = parts.read("xl/workbook.xml").replace(b"<calcPr", b'<calcPr fullCalcOnLoad="1"')
    preview = look(changed(content, {"xl/workbook.xml": book}), FIELDS)
    assert "公式没有存下结果" in sentences(preview)[0]


def test_column_of_another_name_is_told_of() -> None:
    preview = look(csv_file([["编号", "成交额", "涨粉"], ["001", "5", "6"]]), FIELDS)
    assert [(one.what, one.name, one.why) for one in preview.left_out] == [
        ("column", "涨粉", "不是需要的数据")
    ]


def test_second_person_sees_cell_and_value_side_by_side() -> None:
    preview = look(csv_file([["注"], ["编号", "成交额（万元）"], ["001", "12.50"]]), FIELDS)
    assert preview.sheet == ""
    assert [(column.place, column.title, column.unit) for column in preview.columns] == [
        ("A", "编号", ""),
        ("B", "成交额（万元）", "万元"),
    ]
    sample = preview.samples[0]
    assert (sample.row, sample.raw, sample.values) == (3, ("001", "12.50"), ("001", "125000.00"))
    assert preview.notes == ("注",)


def test_same_code_twice_is_refused_with_the_first_row() -> None:
    preview = look(csv_file([["编号", "成交额"], ["001", "5"], ["001", "6"]]), FIELDS)
    assert sentences(preview) == ["3:编号:与第 2 行重复"]


@pytest.mark.parametrize("mark", ["-", "--", "—", "/", "#N/A", "暂无", ""])
def test_no_data_is_not_zero(mark: str) -> None:
    assert gmv_of(mark) == "None"
    assert gmv_of("0") == "0.00"


def test_title_line_and_total_lines_are_left_out_and_shown() -> None:
    rows = [
        ["九月成绩", "", ""], ["编号", "成交额", "场观"], ["合计", "11", "13"], ["001", "5", "6"],
        ["小计：", "5", "6"], ["编号", "成交额", "场观"], ["002", "6", "7"], ["总 计", "11", "13"],
        ["注：数据来源平台后台", "", ""],
    ]  # fmt: skip
    for content in (csv_file(rows), xlsx(Page(rows)), html_xls(rows), xml_2003(rows)):
        preview = look(content, FIELDS)
        assert preview.is_settled
        assert preview.notes == ("九月成绩",)
        assert preview.left_rows == {"合计行": 3, "重复的表头": 1, "说明文字": 1}
        assert [record.values[0] for record in take(content, FIELDS, preview)] == ["001", "002"]


@pytest.mark.parametrize("name", ["汇总科技", "合计划", "总计师老张"])
def test_name_that_only_begins_like_a_total_is_data(name: str) -> None:
    fields = (Field("name", "姓名", Kind.NAME, required=True, filled=True), GMV)
    assert values(csv_file([["姓名", "成交额"], [name, "5"]]), fields)[0][0] == name


def test_float_tail_is_rounded_to_a_fen_and_the_raw_text_kept() -> None:
    content = csv_file([["编号", "成交额"], ["001", "3739.6690272859823"]])
    preview = look(content, FIELDS)
    assert preview.samples[0].raw[1] == "3739.6690272859823"
    assert preview.samples[0].values[1] == "3739.67"
    assert gmv_of(0.1 + 0.2) == "0.30"


def test_amount_finer_than_a_fen_is_asked_about_once() -> None:
    rows = [["编号", "成交额"], ["001", "1.005"], ["002", "2.005"]]
    preview = look(csv_file(rows), FIELDS)
    assert [question.id for question in preview.questions] == ["fine:gmv"]
    assert [str(row[1]) for row in values(csv_file(rows), FIELDS, {"fine:gmv": "round"})] == [
        "1.01",
        "2.01",
    ]
    assert look(csv_file(rows), FIELDS, {"fine:gmv": "refuse"}).fault_count == 2


def test_hidden_rows_are_asked_about() -> None:
    content = xlsx(Page([["编号", "成交额"], ["001", 5], ["002", 6]], hidden_rows=[2]))
    preview = look(content, FIELDS)
    assert [question.id for question in preview.questions] == ["hidden_rows"]
    assert len(values(content, FIELDS, {"hidden_rows": "no"})) == 1
    assert len(values(content, FIELDS, {"hidden_rows": "yes"})) == 2


def test_row_shifted_past_the_titles_is_noticed() -> None:
    content = xlsx(Page([["编号", "成交额"], ["001", 5], ["002", "大米", 6]]))
    preview = look(content, FIELDS)
    assert [question.id for question in preview.questions] == ["beyond"]
    assert sentences(preview) == ["3:成交额:「大米」不是数字"]


def test_unit_above_the_table_is_asked_about() -> None:
    content = csv_file([["九月成绩（单位：万元）", ""], ["编号", "成交额"], ["001", "5"]])
    preview = look(content, FIELDS)
    assert [question.id for question in preview.questions] == ["note_unit:万元"]
    assert values(content, FIELDS, {"note_unit:万元": "apply"})[0][1] == 50_000
    assert values(content, FIELDS, {"note_unit:万元": "ignore"})[0][1] == 5


def test_unknown_bracket_is_asked_about_once_and_remembered() -> None:
    content = csv_file([["编号", "成交额（甲口径）"], ["001", "5"]])
    preview = look(content, FIELDS)
    question = "bracket:gmv:成交额(甲口径)"
    assert [one.id for one in preview.questions] == [question]
    assert values(content, FIELDS, {question: "yes"})[0][1] == 5


def test_columns_that_differ_in_brackets_alone_are_two() -> None:
    rows = [["编号", "成交额（甲）", "成交额（乙）"], ["001", "5", "6"]]
    preview = look(csv_file(rows), FIELDS)
    assert [one.id for one in preview.questions] == ["column:gmv"]
    answers = {"column:gmv": "成交额(乙)", "bracket:gmv:成交额(乙)": "yes"}
    assert values(csv_file(rows), FIELDS, answers)[0][1] == 6


def test_key_stored_as_a_number_that_lost_digits_is_refused() -> None:
    for cell in ("6.93615E+17", 693615421234567890):
        preview = look(xlsx(Page([["编号", "成交额"], [cell, 5]])), FIELDS)
        assert "丢失" in sentences(preview)[0]


@pytest.mark.parametrize("cell", ['="001"', "'001", "`001", "001\t", "\u200b001\ufeff", "００１"])
def test_marks_round_a_key_are_taken_off(cell: str) -> None:
    assert values(csv_file([["编号", "成交额"], [cell, "5"]]), FIELDS)[0][0] == "001"


def test_direction_characters_are_refused_in_names() -> None:
    fields = (Field("name", "姓名", Kind.NAME, required=True, filled=True), GMV)
    preview = look(csv_file([["姓名", "成交额"], ["张\u202e三", "5"]]), fields)
    assert sentences(preview) == ["2:姓名:第 1 个字后有看不见的字符（U+202E），请删去后再上传"]
    family = "👨\u200d👩\u200d👧 王一"
    assert values(csv_file([["姓名", "成交额"], [family, "5"]]), fields)[0][0] == family
