"""A table of entrants as an organiser uploads it: its columns, and every error in it."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contest.entrants.rules.entrant import FIRST_TIME, NewEntrant
from contest.rulebooks.rules.rulebook import Rulebook
from core.i18n import _

_CODE = re.compile(r"[0-9]{1,3}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_COLUMNS = {
    "code": (_("编号"), _("候选人编号")),
    "name": (_("姓名"), _("名称"), _("候选人"), _("作品")),
    "nominator": (_("推荐单位"),),
    "township": (_("乡镇"), _("所在乡镇")),
    "summary": (_("简介"), _("一句话介绍")),
    "case_report": (_("案例报告"), _("事迹")),
    "first_time": (_("首次参赛"),),
}
_LONGEST = {
    "name": 60,
    "nominator": 40,
    "township": 40,
    "summary": 120,
    "case_report": 20_000,
}
_ATTRIBUTE_LONGEST = 60
MOST_ENTRANTS = 999


@dataclass(frozen=True)
class RowError:
    """What is wrong at one place: `line` is the row of the sheet, from 1."""

    line: int
    column: str
    message: str


def read_entrants(
    rows: Sequence[Sequence[str]], rulebook: Rulebook, taken_codes: frozenset[str]
) -> tuple[list[NewEntrant], list[RowError]]:
    """The entrants of a sheet whose first row names the columns, and all its errors.

    Columns are known by their Chinese or code name; those of attributes by the id that the
    rulebook tests. `taken_codes` are in use already.
    """
    if not rows or not any(rows[0]):
        return [], [RowError(1, "", _("第一行应当是列名，至少要有「姓名」一列"))]
    columns, errors = _columns(rows[0], _attribute_ids(rulebook))
    if errors:
        return [], errors
    entrants = []
    lines: dict[str, int] = dict.fromkeys(taken_codes, 0)
    for line, row in enumerate(rows[1:], start=2):
        if row:
            cells = {
                key: row[i].strip() if i < len(row) else "" for i, key in enumerate(columns) if key
            }
            entrants.append(_entrant(cells, line, lines, errors))
    if not entrants and not errors:
        errors.append(RowError(2, "", _("表格里没有候选人")))
    if len(entrants) + len(taken_codes) > MOST_ENTRANTS:
        errors.append(RowError(1, "", _("候选人最多 %(most)s 位") % {"most": MOST_ENTRANTS}))
    return entrants, errors


def _attribute_ids(rulebook: Rulebook) -> frozenset[str]:
    tests = [*(gate.requirement for gate in rulebook.gates)]
    tests += [award.requirement for award in rulebook.awards]
    conditions = (condition for test in tests for condition in test.conditions)
    return frozenset(c.id for c in conditions if c.figure == "attribute") - {FIRST_TIME}


def _columns(head: Sequence[str], attributes: frozenset[str]) -> tuple[list[str], list[RowError]]:
    known = {title: key for key, titles in _COLUMNS.items() for title in (key, *titles)}
    known |= {name: name for name in attributes}
    columns = [known.get(title.strip(), "") for title in head]
    errors = [
        RowError(1, title, _("不认识列名「%(title)s」") % {"title": title[:40]})
        for title, key in zip(head, columns, strict=True)
        if title.strip() and not key
    ]
    errors += [
        RowError(1, key, _("列「%(title)s」出现了不止一次") % {"title": key})
        for key in sorted({key for key in columns if key and columns.count(key) > 1})
    ]
    if "name" not in columns:
        errors.append(RowError(1, "name", _("缺少「姓名」一列")))
    return columns, errors


def _entrant(
    cells: Mapping[str, str], line: int, lines: dict[str, int], errors: list[RowError]
) -> NewEntrant:
    def fail(column: str, message: str) -> None:
        errors.append(RowError(line, column, message))

    for key, value in cells.items():
        if _CONTROL.search(value):
            fail(key, _("含有不能使用的控制字符"))
        longest = _LONGEST.get(key, _ATTRIBUTE_LONGEST)
        if len(value) > longest:
            fail(
                key,
                _("最多 %(longest)s 个字，现在有 %(n)s 个") % {"longest": longest, "n": len(value)},
            )
    if not cells["name"]:
        fail("name", _("没有填写姓名"))
    if cells.get("first_time", "") not in ("", "是", "否", "1", "0", "true", "false"):
        fail("first_time", _("应当填「是」或「否」"))
    return NewEntrant(
        name=_clean(cells["name"]),
        code=_code(cells.get("code", ""), line, lines, fail_at=errors),
        nominator=_clean(cells.get("nominator", "")),
        township=_clean(cells.get("township", "")),
        summary=_clean(cells.get("summary", "")),
        case_report=_clean(cells.get("case_report", "")),
        first_time=cells.get("first_time", "") in ("是", "1", "true"),
        attributes={key: value for key, value in cells.items() if key not in _COLUMNS and value},
    )


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _code(text: str, line: int, lines: dict[str, int], *, fail_at: list[RowError]) -> str:
    if not text:
        return ""
    if not _CODE.fullmatch(text) or int(text) == 0:
        fail_at.append(RowError(line, "code", _("编号应当是 001 到 999 的三位数字")))
        return ""
    code = f"{int(text):03d}"
    if code in lines:
        where = _("已有的候选人") if lines[code] == 0 else _("第 %(n)s 行") % {"n": lines[code]}
        fail_at.append(
            RowError(
                line, "code", _("编号 %(code)s 与%(where)s重复") % {"code": code, "where": where}
            )
        )
    lines.setdefault(code, line)
    return code
