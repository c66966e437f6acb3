"""A number is exactly what is written, or it is refused; it is never another number."""

import re
import string
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.sheet_import.cells import TEXT, Sheet
from core.sheet_import.fields import Field, Kind
from core.sheet_import.header import Column
from core.sheet_import.headings import heading
from core.sheet_import.mapping import Mapping
from core.sheet_import.numbers import read_written, stored_number, to_grain
from core.sheet_import.plan import Reading
from core.sheet_import.text import BadCell
from core.sheet_import.units import unit_for
from core.sheet_import.values import Doubt, Value, cell_reader

FULL_WIDTH = str.maketrans(string.digits + ".,+-%", "０１２３４５６７８９．，＋－％")
UNITS = {"": 0, "元": 0, "万": 4, "万元": 4, "亿": 8, "w": 4, "千": 3, "百万元": 6}
FORMATS = ["General", "0.00%", "yyyy/m/d", "[h]:mm:ss"]
UNSEEN = ["", "\u200b", "\ufeff", "\u202a", "\u2066", "\t", " ", "\u3000"]


def reads(text: str, kind: Kind, unit: str = "元", style: int = TEXT, **more: object) -> Value:
    field = Field("x", "x", kind, unit=unit, signed=True, **more)  # type: ignore[arg-type]
    reading = Reading(field, Column(0, heading("x"), "x"))
    sheet = Sheet("", lambda: iter(()), number_formats=FORMATS)
    return cell_reader(reading, sheet, Mapping("", ""))(text, style)


@st.composite
def written(draw: st.DrawFn) -> tuple[str, Decimal]:
    """A number of fen in one of the shapes that exports use, and what it is in 元."""
    unit, power = draw(st.sampled_from(sorted(UNITS.items())))
    fen = draw(st.integers(-(10**14), 10**14))
    value = Decimal(fen).scaleb(-2)
    digits = value.scaleb(-power)
    text = f"{digits:,f}" if draw(st.booleans()) else f"{digits:f}"
    if text.startswith("-") and digits == 0:
        text = text[1:]
    if draw(st.booleans()) and "." in text:
        text = text.rstrip("0").rstrip(".")
    if draw(st.booleans()):
        text += draw(st.sampled_from(["", " "])) + unit if unit else unit
    elif power:
        text += unit
    if draw(st.booleans()) and not text.startswith("-"):
        text = draw(st.sampled_from("¥￥")) + text
    if draw(st.booleans()):
        text = text.translate(FULL_WIDTH)
    wrapped = draw(st.sampled_from(["{}", '="{}"', "'{}", "`{}", "{}\t"])).format(text)
    return draw(st.sampled_from(UNSEEN)) + wrapped + draw(st.sampled_from(UNSEEN)), value


@given(written())
def test_every_accepted_shape_is_read_exactly(case: tuple[str, Decimal]) -> None:
    text, value = case
    assert reads(text, Kind.MONEY) == value


@given(st.text(string.digits + ",.-+¥%万亿eE 元()٣²½", min_size=1, max_size=12))
@example("8,5")
@example("1.234,56")
@example("1,2345")
@example("1_000")
@example("0x1F")
@example("٣")
@example("1e5")
@example("1E+5")
def test_anything_else_is_refused_and_never_another_number(text: str) -> None:
    """What is read must be the digits that stand there, in their order, and one unit."""
    try:
        got = read_written(text)
    except BadCell:
        return
    if got is None or (got.unit and not any(unit_for(got.unit, kind) for kind in Kind)):
        return  # a unit that no field has is refused when the unit is applied
    number = re.sub("[^0-9.eE+-]", "", text)
    assert Decimal(number) == got.value
    assert text.replace(" ", "").endswith(got.unit) or "¥" in text
    if "," in text:
        whole = text.split(".")[0].strip("¥+- 万亿元%")
        groups = whole.split(",")
        assert all(len(group) == 3 for group in groups[1:])


@pytest.mark.parametrize(
    "text",
    ["8,5", "1.234,56", "1,2345", "1.2.3", "--5", "+-5", "5 6", "1E+05", "1e99", "NaN1", "五",
     "Infinity", "1_000", "²", "５²", "(5)", "5-", "0x10", "1/2", "约5", "5万万", "¥5美元", "$5"],
)  # fmt: skip
def test_shapes_that_are_refused(text: str) -> None:
    with pytest.raises(BadCell):
        reads(text, Kind.MONEY)


@pytest.mark.parametrize("raw", ["2.6749999999999998", "2.67500000000000004", "2.6750"])
def test_stored_float_is_taken_as_a_person_sees_it(raw: str) -> None:
    assert to_grain(Fraction(stored_number(raw)), 2) == Decimal("2.68")


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_float_of_two_decimals_comes_back_from_its_longest_writing(value: Decimal) -> None:
    assert reads(f"{float(value):.17g}" if abs(value) > 1 else f"{value}", Kind.MONEY) == value or (
        "e" in f"{float(value):.17g}"
    )


@given(st.integers(0, 10**12))
def test_counts_are_whole(n: int) -> None:
    assert reads(f"{n:,}", Kind.COUNT) == n
    assert reads(f"{n}人次", Kind.COUNT) == n
    with pytest.raises(BadCell, match="不是整数"):
        reads(f"{n}.5", Kind.COUNT)
    assert reads(f"{n}.0", Kind.COUNT) == n


def test_shares_and_their_unit() -> None:
    assert reads("0.68%", Kind.PERCENT, "") == Decimal("0.0068")
    assert reads("0.0068", Kind.PERCENT, "", style=1) == Decimal("0.0068")
    assert reads("0.35", Kind.PERCENT, "1") == Decimal("0.35")
    assert reads("0.35", Kind.PERCENT, "%") == Decimal("0.0035")
    with pytest.raises(Doubt):
        reads("0.35", Kind.PERCENT, "")
    with pytest.raises(BadCell):
        reads("5%", Kind.MONEY)


def test_durations() -> None:
    assert reads("1分5秒", Kind.DURATION, "") == 65
    assert reads("1小时2分", Kind.DURATION, "") == 3720
    assert reads("01:02:03", Kind.DURATION, "") == 3723
    assert reads("0.5", Kind.DURATION, "", style=3) == 43_200
    assert reads("12.5", Kind.DURATION, "分钟") == 750
    with pytest.raises(BadCell):
        reads("12:30", Kind.DURATION, "")
    with pytest.raises(Doubt):
        reads("90", Kind.DURATION, "")


def test_number_that_is_shown_as_a_day_is_no_amount() -> None:
    with pytest.raises(BadCell, match="日期"):
        reads("46272", Kind.MONEY, style=2)


@pytest.mark.parametrize(
    ("text", "kind", "factor"),
    [
        ("百万元", Kind.MONEY, 10**6), ("千次", Kind.COUNT, 1000), ("万人次", Kind.COUNT, 10**4),
        ("分", Kind.MONEY, Fraction(1, 100)), ("分", Kind.DURATION, 60), ("分", Kind.NUMBER, 1),
        ("分钟", Kind.MONEY, None), ("元", Kind.COUNT, None), ("人", Kind.MONEY, None),
        ("K", Kind.COUNT, 1000), ("%", Kind.PERCENT, Fraction(1, 100)), ("", Kind.MONEY, None),
    ],
)  # fmt: skip
def test_units(text: str, kind: Kind, factor: Fraction | None) -> None:
    unit = unit_for(text, kind)
    assert (unit.factor if unit else None) == factor
