import pytest

from core.files.cells import safe_cell


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_cell_that_a_spreadsheet_would_compute_is_told_as_text(start: str) -> None:
    assert safe_cell(start + "HYPERLINK(1)") == "'" + start + "HYPERLINK(1)"


@pytest.mark.parametrize("text", ["", "候选人 001", "a=b", "（+）", "1-2"])
def test_other_text_is_left_as_it_is(text: str) -> None:
    assert safe_cell(text) == text
