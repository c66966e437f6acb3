"""Every error of a form at once, and what good fields become."""

import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.beijing import BEIJING
from core.problems import Invalid
from core.web.forms import FormReader

ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
READERS: dict[str, Callable[[FormReader, str], object]] = {
    "text": lambda form, name: form.text(name, "甲", longest=20),
    "choice": lambda form, name: form.choice(name, "乙", ("a", "b")),
    "integer": lambda form, name: form.integer(name, "丙", least=1, most=9),
    "decimal": lambda form, name: form.decimal(name, "丁", least=Decimal(0), most=Decimal(9)),
    "flag": lambda form, name: form.flag(name),
    "agreed": lambda form, name: form.agreed(name, "请勾选"),
    "date": lambda form, name: form.date(name, "戊"),
    "optional_date": lambda form, name: form.optional_date(name, "庚"),
    "moment": lambda form, name: form.moment(name, "己"),
}


def one(kind: str, value: Any) -> object:
    form = FormReader({"field": value})
    answer = READERS[kind](form, "field")
    form.finish()
    return answer


def errors(kind: str, value: Any) -> list[str]:
    form = FormReader({} if value is None else {"field": value})
    READERS[kind](form, "field")
    return [error.message for error in form.errors]


@given(st.lists(st.tuples(st.sampled_from(sorted(READERS)), ANYTHING), max_size=12))
def test_every_error_is_told_at_once(fields: list[tuple[str, Any]]) -> None:
    """What one form says of all fields is what forms of one field say of each."""
    form = FormReader({f"field{n}": value for n, (_kind, value) in enumerate(fields)})
    expected = []
    for number, (kind, value) in enumerate(fields):
        READERS[kind](form, f"field{number}")
        alone = FormReader({f"field{number}": value})
        READERS[kind](alone, f"field{number}")
        expected += alone.errors
    assert form.errors == expected
    if not expected:
        form.finish()
        return
    with pytest.raises(Invalid) as refused:
        form.finish()
    assert list(refused.value.errors) == expected


@given(st.text(), st.integers(1, 30))
def test_text_is_short_trimmed_composed_and_without_control_characters(
    typed: str, longest: int
) -> None:
    form = FormReader({"field": typed})
    value = form.text("field", "名", required=False, longest=longest)
    assert value == unicodedata.normalize("NFC", value).strip()
    assert not any(
        unicodedata.category(c) == "Cc" for c in value if c not in "\t\n\r\x80" and c < "\x80"
    )
    if not form.errors:
        assert len(value) <= longest
        value.encode()


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("text", "  王一\r\n二 ", "王一\r\n二"),
        ("text", "e\u0301", "é"),
        ("choice", "a", "a"),
        ("integer", "７", 7),
        ("integer", 3, 3),
        ("decimal", "1,234.5".replace("1,23", ""), Decimal("4.5")),
        ("decimal", "８．５０", Decimal("8.50")),
        ("flag", "on", True),
        ("flag", "0", False),
        ("date", "2026-02-28", date(2026, 2, 28)),
        ("optional_date", "2026-02-28", date(2026, 2, 28)),
        ("optional_date", " ", None),
        ("moment", "2026-03-02T09:00", datetime(2026, 3, 2, 9, tzinfo=BEIJING)),
        ("moment", "2026-03-02T09:00+00:00", datetime(2026, 3, 2, 9, tzinfo=UTC)),
    ],
)
def test_good_field_is_read(kind: str, typed: object, value: object) -> None:
    assert one(kind, typed) == value


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        ("text", None, "请填写甲"),
        ("text", " \u3000 ", "请填写甲"),
        ("text", 5, "甲应当是文字"),
        ("text", b"file", "甲应当是文字"),
        ("text", "a\x00b", "甲含有不能使用的控制字符"),
        ("text", "a\u202eb", "甲含有不能使用的控制字符"),
        ("text", "a\ud800b", "甲含有不能使用的控制字符"),
        ("text", "名" * 21, "甲最多20个字，现在有21个"),
        ("choice", "c", "乙不在可选范围内"),
        ("integer", "1.5", "丙应当是整数"),
        ("integer", "10", "丙应当在1到9之间"),
        ("integer", "one", "丙应当是数字"),
        ("integer", None, "请填写丙"),
        ("decimal", "NaN", "丁应当是数字"),
        ("decimal", "1e999999999", "丁应当在0到9之间"),
        ("decimal", "0" * 41, "丁应当是数字"),
        ("decimal", "Infinity", "丁应当是数字"),
        ("agreed", "", "请勾选"),
        ("date", "2026-02-30", "戊应当是形如 2026-11-23 的日期"),
        ("optional_date", "soon", "庚应当是形如 2026-11-23 的日期"),
        ("moment", "soon", "己应当是形如 2026-11-23 18:00 的时间"),
        ("moment", "1999-12-31T00:00", "己应当在2000年到2100年之间"),
        ("moment", "9999-12-31T23:59:59+14:00", "己应当在2000年到2100年之间"),
    ],
)
def test_bad_field_is_told_in_one_sentence(kind: str, typed: object, said: str) -> None:
    assert errors(kind, typed) == [said]


@pytest.mark.parametrize(
    ("typed", "number", "errors"),
    [
        ("\u202d138 1234 5678\u202c", "13812345678", []),
        ("１３８１２３４５６７８", "13812345678", []),
        ("1381234567", "", ["not a number"]),
        ("", "", []),
    ],
)
def test_mobile_number_is_read_with_what_was_pasted_around_it(
    typed: str, number: str, errors: list[str]
) -> None:
    form = FormReader({"phone": typed})
    assert form.mobile("phone", "手机", wrong="not a number", required=False) == number
    assert [error.message for error in form.errors] == errors
