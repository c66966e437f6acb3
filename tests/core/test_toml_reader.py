"""The strict reader of TOML tables: every error is gathered, none stops the reading."""

import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.toml_reader import NO_MOMENT, Errors, Table


def table(text: str) -> tuple[Table, Errors]:
    errors: Errors = []
    return Table(tomllib.loads(text, parse_float=Decimal), "part", errors), errors


def test_good_values_are_read_as_they_stand() -> None:
    read, errors = table(
        """
        text = " 名 "
        id = "a_b-1"
        words = ["甲", "乙"]
        one = "b"
        flag = true
        whole = 3
        exact = 0.1
        many = [1, 2.5]
        day = 2026-03-02
        at = 2026-03-02T09:00:00+08:00
        clock = "18:00"
        inner = { x = 1 }
        list = [{ y = 2 }]
        """
    )
    assert read.text("text") == "名"
    assert read.id() == "a_b-1"
    assert read.texts("words") == ("甲", "乙")
    assert read.choice("one", ("a", "b")) == "b"
    assert read.flag("flag", default=False) is True
    assert (read.integer("whole", 1, 3), read.optional_integer("none", 1, 3)) == (3, None)
    assert (read.number("exact"), read.optional_number("none")) == (Fraction(1, 10), None)
    assert read.numbers("many") == (Fraction(1), Fraction(5, 2))
    assert read.day("day") == date(2026, 3, 2)
    assert read.moment("at") == datetime(2026, 3, 2, 1, tzinfo=UTC)
    assert read.clock_time("clock") == time(18)
    inner = read.table("inner")
    assert inner is not None
    assert inner.integer("x", 0, 9) == 1
    assert [one.integer("y", 0, 9) for one in read.tables("list")] == [2]
    read.refuse_unknown()
    assert errors == []


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("k = 5", lambda t: t.text("k")),
        ('k = " "', lambda t: t.text("k")),
        (f'k = "{"长" * 2001}"', lambda t: t.text("k")),
        ('k = "Big"', lambda t: t.id("k")),
        ("k = [1]", lambda t: t.texts("k")),
        ('k = "z"', lambda t: t.choice("k", ("a",))),
        ("k = 1", lambda t: t.flag("k", default=False)),
        ("k = true", lambda t: t.integer("k", 0, 9)),
        ("k = 10", lambda t: t.integer("k", 0, 9)),
        ("k = 1.5", lambda t: t.integer("k", 0, 9)),
        ("k = inf", lambda t: t.number("k")),
        ("k = 1e300", lambda t: t.number("k")),
        ('k = "1"', lambda t: t.number("k")),
        ("k = []", lambda t: t.numbers("k")),
        ("k = 2026-03-02T09:00:00", lambda t: t.day("k")),
        ("k = 2026-03-02T09:00:00", lambda t: t.moment("k")),
        ("k = 9999-12-31T23:00:00-08:00", lambda t: t.moment("k")),
        ("k = 0001-01-01T00:00:00+08:00", lambda t: t.moment("k")),
        ('k = "24:00"', lambda t: t.clock_time("k")),
        ("k = 1", lambda t: t.table("k")),
        ("k = [1]", lambda t: t.tables("k")),
        ("", lambda t: t.text("k")),
        ("", lambda t: t.moment("k")),
        ("", lambda t: t.table("k", required=True)),
    ],
)
def test_bad_value_is_one_error_at_its_place(line: str, read: Callable[[Table], object]) -> None:
    reader, errors = table(line)
    read(reader)
    ((path, sentence),) = errors
    assert (path, bool(sentence)) == ("part.k", True)


def test_bad_moment_reads_as_one_that_no_comparison_trips_over() -> None:
    reader, _errors = table("k = 1")
    assert reader.moment("k") == NO_MOMENT > datetime(2026, 1, 1, tzinfo=UTC)


def test_key_that_nobody_asked_for_is_refused() -> None:
    reader, errors = table("known = 1\nmispelt = 2")
    reader.integer("known", 0, 9)
    reader.refuse_unknown()
    assert errors == [("part.mispelt", "不认识的键，请检查拼写")]


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(_VALUES)
def test_no_value_breaks_any_reader(value: object) -> None:
    errors: Errors = []
    reader = Table({"k": value}, "", errors)
    reader.text("k")
    reader.id("k")
    reader.texts("k")
    reader.choice("k", ("a",))
    reader.flag("k", default=True)
    reader.integer("k", 0, 9)
    reader.number("k")
    reader.numbers("k")
    reader.day("k")
    reader.moment("k")
    reader.clock_time("k")
    reader.table("k")
    reader.tables("k")
    assert all(path.startswith("k") for path, _sentence in errors)
