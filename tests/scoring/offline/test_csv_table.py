"""One CSV file: every fault in Chinese at its own line, and nothing taken for what it is not."""

from pathlib import Path

import pytest

from scoring.offline.csv_table import Line, Shape, read_lines

SHAPE = Shape(("judge", "value"), ("note",))
LONG = "有一格过长（超过 1000 字）或含有不可见字符"


def read(path: Path, content: str | bytes, shape: Shape = SHAPE) -> tuple[list[Line], list[str]]:
    file = path / "marks.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    told: list[str] = []
    return read_lines(file, shape, told), told


@pytest.mark.parametrize(
    ("rows", "line", "sentence"),
    [
        ('j,1\nk,"2\nl,3\n', 3, "有一个引号没有配对，此后的各行没有读"),
        (
            'j,1\nk,"2"x\n',
            3,
            "引号用得不对：引号后面应为逗号或换行，格里的引号应写两次；此后的各行没有读",
        ),
        ("j,1\nk," + "9" * 1_000_000 + "\n", 3, LONG),
        ("j,1\n" + "k" * 1001 + ",2\n", 3, LONG),
        ("j,1\nk\0,2\n", 3, LONG),
        ("j,1\nk,2,3\n", 3, "应有 2 列，现有 3 列"),
    ],
)
def test_broken_row_is_told_in_chinese_at_its_line(
    rows: str, line: int, sentence: str, tmp_path: Path
) -> None:
    lines, told = read(tmp_path, "judge,value\n" + rows)
    assert told == [f"marks.csv 第 {line} 行：{sentence}"]
    assert lines[0].text("judge") == "j"


@pytest.mark.parametrize(
    ("header", "sentences"),
    [
        ("", ["缺少 judge 列", "缺少 value 列"]),
        ("\ufeff", ["缺少 judge 列", "缺少 value 列"]),
        ("judge;value", ["缺少 judge 列", "缺少 value 列", "不认识的列“judge;value”"]),
        ("judge,value,judge", ["列“judge”重复"]),
        ('judge,"value', ["有一个引号没有配对，此后的各行没有读"]),
    ],
)
def test_header_that_is_none_is_told_whole(
    header: str, sentences: list[str], tmp_path: Path
) -> None:
    lines, told = read(tmp_path, header + "\nj,1\n" if header.isprintable() else header)
    assert (lines, told) == ([], [f"marks.csv 第 1 行：{one}" for one in sentences])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_blank_lines_and_quotes_are_read(end: str, tmp_path: Path) -> None:
    rows = ["judge,value", "", '"甲, ""乙""",1', ",", "丙, 2 ", ""]
    lines, told = read(tmp_path, end.join(rows))
    assert told == []
    assert [(one.number, one.text("judge"), one.text("value")) for one in lines] == [
        (3, '甲, "乙"', "1"),
        (5, "丙", "2"),
    ]


def test_other_encodings_are_refused(tmp_path: Path) -> None:
    lines, told = read(tmp_path, "judge,value\nj,1\n".encode("utf-16"))
    assert (lines, told) == ([], ["marks.csv 第 1 行：文字编码应为 UTF-8 或 GB18030"])


@pytest.mark.parametrize(
    "typed", ["NaN", "inf", "1e400", "1e5", "1_000", "1,5", "½", "9²", "①", "٣", "-", ".5", "0x1f"]
)
def test_what_is_no_plain_number_is_told_and_kept(typed: str, tmp_path: Path) -> None:
    (line,), told = read(tmp_path, f'judge,value\nj,"{typed}"\n')
    assert line.exact("value") == 0
    assert told == [f"marks.csv 第 2 行：value 应为普通的数，现为“{typed}”"]


def test_file_of_two_hundred_thousand_rows_is_read_whole(tmp_path: Path) -> None:
    lines, told = read(tmp_path, "judge,value\n" + "j,1\n" * 200_000)
    assert (len(lines), lines[-1].number, told) == (200_000, 200_001, [])
