"""One CSV file as rows that know their line number. Every fault is noted, and reading goes on."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from core.exact import parse_number
from core.i18n import _

_LARGEST_FILE = 200 * 1024 * 1024
_LONGEST_CELL = 1000


@dataclass(frozen=True)
class Shape:
    """The columns of a file. Other columns are refused unless `extra` allows them."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    extra: bool = False


def located(file: str, line: int, sentence: str) -> str:
    return _("%(file)s 第 %(line)s 行：%(sentence)s") % {
        "file": file,
        "line": line,
        "sentence": sentence,
    }


@dataclass
class Line:
    """One row being read; a fault is noted and a harmless value returned."""

    file: str
    number: int
    cells: dict[str, str]
    faults: list[str]

    def text(self, column: str, default: str = "") -> str:
        return self.cells.get(column, "") or default

    def required(self, column: str) -> str:
        value = self.text(column)
        if not value:
            self.fault(_("%(column)s 不能为空") % {"column": column})
        return value

    def exact(self, column: str) -> Fraction:
        text = self.required(column)
        value = parse_number(text)
        if value is None and text:
            given = {"column": column, "value": text}
            self.fault(_("%(column)s 应为普通的数，现为“%(value)s”") % given)
        return value or Fraction(0)

    def count(self, column: str) -> int:
        value = self.exact(column)
        if value.denominator != 1 or value < 0:
            given = {"column": column, "value": self.text(column)}
            self.fault(_("%(column)s 应为不小于零的整数，现为“%(value)s”") % given)
            return 0
        return value.numerator

    def fault(self, sentence: str) -> None:
        self.faults.append(located(self.file, self.number, sentence))


def read_lines(path: Path, shape: Shape, faults: list[str]) -> list[Line]:
    """The rows of a file, empty ones left out; a file that is not there has none."""
    text = _decoded(path, faults)
    if text is None:
        return []
    found: list[Line] = []
    before = len(faults)
    records = _records(path.name, text, faults)
    header = [name.strip().lower() for name in next(records, (1, []))[1]]
    if not faults[before:] and _header_is_good(path.name, header, shape, faults):
        found.extend(_lines(path.name, records, header, faults))
    return found


def _records(file: str, text: str, faults: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it ends.

    One that cannot be parsed is noted at the line on which it begins, and nothing after it is read,
    because it is unknown where it would end.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        ended = reader.line_num
        try:
            values = next(reader, None)
        except csv.Error as error:
            faults.append(located(file, ended + 1, _broken(str(error))))
            return
        if values is None:
            return
        yield reader.line_num, values


def _broken(error: str) -> str:
    """A message of the standard library's csv module as a Chinese sentence."""
    if "field limit" in error:
        return _too_long()
    if "end of data" in error:
        return _("有一个引号没有配对，此后的各行没有读")
    return _("引号用得不对：引号后面应为逗号或换行，格里的引号应写两次；此后的各行没有读")


def _too_long() -> str:
    return _("有一格过长（超过 1000 字）或含有不可见字符")


def _lines(
    file: str,
    records: Iterator[tuple[int, list[str]]],
    header: list[str],
    faults: list[str],
) -> Iterator[Line]:
    for number, values in records:
        cells = [value.strip() for value in values]
        if not any(cells):
            continue
        line = Line(file, number, {}, faults)
        if len(cells) != len(header):
            counts = {"wanted": len(header), "found": len(cells)}
            line.fault(_("应有 %(wanted)s 列，现有 %(found)s 列") % counts)
        elif any(len(cell) > _LONGEST_CELL or "\0" in cell for cell in cells):
            line.fault(_too_long())
        else:
            line.cells = dict(zip(header, cells, strict=True))
            yield line


def _header_is_good(file: str, header: list[str], shape: Shape, faults: list[str]) -> bool:
    sentences = [
        _("缺少 %(column)s 列") % {"column": column}
        for column in shape.required
        if column not in header
    ]
    known = {*shape.required, *shape.optional}
    for column in sorted(set(header)):
        if column not in known and not (shape.extra and column):
            sentences.append(_("不认识的列“%(column)s”") % {"column": column})
        if header.count(column) > 1:
            sentences.append(_("列“%(column)s”重复") % {"column": column})
    faults += [located(file, 1, sentence) for sentence in sentences]
    return not sentences


def _decoded(path: Path, faults: list[str]) -> str | None:
    if not path.is_file():
        return None
    if path.stat().st_size > _LARGEST_FILE:
        faults.append(located(path.name, 1, _("文件过大，不超过 200 MB")))
        return None
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    faults.append(located(path.name, 1, _("文字编码应为 UTF-8 或 GB18030")))
    return None
