"""Days and moments in the shapes of exports; what could be two days is refused."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.beijing import BEIJING
from core.sheet_import.dates import (
    moment_of_serial,
    read_day,
    read_duration,
    read_moment,
    read_span,
)
from core.sheet_import.text import BadCell

MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0, tzinfo=BEIJING, fold=0)
)
SHAPES = [
    "{0:%Y-%m-%d %H:%M:%S}", "{0:%Y/%m/%d %H:%M:%S}", "{0:%Y-%m-%dT%H:%M:%S}",
    "{0.year}/{0.month}/{0.day} {0.hour}:{0:%M:%S}", "{0:%Y.%m.%d %H:%M:%S}",
    "{0.year}年{0.month}月{0.day}日 {0.hour}:{0:%M:%S}", "{0:%Y%m%d %H:%M:%S}",
    "{0:%Y-%m-%d %H:%M:%S}.000", "{0:%Y-%m-%d %H:%M:%S}+08:00", "\u200e{0:%Y-%m-%d %H:%M:%S}\t",
]  # fmt: skip


@given(MOMENTS, st.sampled_from(SHAPES))
def test_every_accepted_shape_is_read_exactly(moment: datetime, shape: str) -> None:
    text = shape.format(moment)
    assert read_moment(text) == moment
    assert read_day(text) == moment.date()


@given(MOMENTS)
def test_serial_number_is_read_to_the_second(moment: datetime) -> None:
    since = moment.replace(tzinfo=None) - datetime(1899, 12, 30)  # noqa: DTZ001
    serial = since / timedelta(days=1)
    assert moment_of_serial(Decimal(repr(serial))) == moment
    assert moment_of_serial(Decimal(repr(serial - 1462)), epoch_1904=True) == moment


@pytest.mark.parametrize(
    "text",
    ["1/3/2026", "03-01-26", "2026-02-30 10:00:00", "2026-13-01", "2026-1/3", "昨天",
     "2026/01/03 25:00", "20260103", "2026-08-11", "2026-08-11 23:59:37Z", "0000-00-00 00:00:00"],
)  # fmt: skip
def test_what_is_no_certain_moment_is_refused(text: str) -> None:
    with pytest.raises(BadCell):
        read_moment(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [("20260103", date(2026, 1, 3)), ("2026年1月3日", date(2026, 1, 3)), ("-", None), ("", None)],
)
def test_days(text: str, day: date | None) -> None:
    assert read_day(text) == day


@pytest.mark.parametrize("value", ["1", "20000", "99999", "-1"])
def test_serial_numbers_of_no_export_are_refused(value: str) -> None:
    with pytest.raises(BadCell):
        moment_of_serial(Decimal(value))


def test_spans() -> None:
    begin = datetime(2026, 9, 7, 22, 0, tzinfo=BEIJING)
    end = datetime(2026, 9, 7, 23, 30, tzinfo=BEIJING)
    for text in (
        "2026-09-07 22:00 ~ 2026-09-07 23:30",
        "2026/9/7 22:00至2026/9/7 23:30",
        "2026-09-07 22:00:00 - 23:30:00",
    ):
        assert read_span(text) == (begin, end)
    for text in ("2026-09-07 22:00", "2026-09-07 22:00 ~ 2026-09-06 22:00", "a~b"):
        with pytest.raises(BadCell):
            read_span(text)


def test_text_that_is_no_duration_is_left_to_others() -> None:
    assert read_duration("90") is None
    assert read_duration("") is None
