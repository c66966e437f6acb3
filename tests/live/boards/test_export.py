"""What a table of the board says beside its figures."""

import io
from dataclasses import replace
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from contest.editions.rules.contest import Phase
from core.files.cells import safe_cell
from live.boards.export import board_csv, board_xlsx
from live.boards.rules import Audience, Place, Snapshot, next_snapshot
from tests.live.board_snapshots import board_input


def board(*valid: int, display: str = "live", phase: Phase = Phase.VOTING) -> Snapshot:
    places = {1: Place(2, "80.5"), 2: Place(1, "91.25")} if phase is Phase.FINAL else None
    known = board_input(*valid, display=display, phase=phase, places=places)
    return next_snapshot(None, known, Audience.PUBLIC, frozen=False)


def sheet(content: bytes) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_index(0).to_python()


def test_csv_begins_with_what_the_figures_are_and_of_when() -> None:
    text = board_csv(board(5, 9)).decode("utf-8-sig")
    said, heads, first, second = text.splitlines()
    assert said == "暂定，数据时间 2026-03-03 12:00:00（北京时间），第 1 版"
    assert heads.split(",")[:4] == ["名次", "编号", "姓名", "推荐地"]
    assert first == "1,002,候选人2,同江镇,9,1,2,"
    assert second == "2,001,候选人1,同江镇,5,1,2,"


def test_workbook_holds_the_same_rows_and_numbers_as_numbers() -> None:
    rows = sheet(board_xlsx(board(5, 9)))
    assert rows[0][0] == "十佳"
    assert "暂定" in str(rows[1][0])
    assert rows[4][:6] == [1.0, "002", "候选人2", "同江镇", 9.0, 1.0]


def test_certified_board_names_the_composite_and_is_no_longer_provisional() -> None:
    lines = board_csv(board(5, 9, phase=Phase.FINAL)).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("核定，")
    assert lines[2].split(",")[0:2] + lines[2].split(",")[-1:] == ["1", "002", "91.25"]


def test_frozen_table_says_that_it_is_held() -> None:
    assert "已冻结" in board_csv(replace(board(5), frozen=True)).decode().splitlines()[0]


def test_hidden_counts_leave_their_cells_empty_and_say_why() -> None:
    hidden = board(5, 9, display="hidden")
    lines = board_csv(hidden).decode("utf-8-sig").splitlines()
    assert "按规则暂不公布票数" in lines[0]
    assert lines[2] == ",001,候选人1,同江镇,,,,"
    assert not any(sheet(board_xlsx(hidden))[4][4:])


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_begins_like_a_formula(start: str) -> None:
    assert safe_cell(f"{start}1") == f"'{start}1"
    assert safe_cell(f"1{start}") == f"1{start}"
