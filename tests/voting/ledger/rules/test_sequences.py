import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.ledger.rules.sequences import MOST, NotNumbersError, TooManyError, parse, written


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("12, 15-17", [12, 15, 16, 17]),
        ("１２、１５－１７；3", [3, 12, 15, 16, 17]),
        ("15～17 15 16", [15, 16, 17]),
        ("5 - 7\n9", [5, 6, 7, 9]),
        (" ,1, ", [1]),
    ],
)
def test_parse_understands_what_people_write(text: str, numbers: list[int]) -> None:
    assert parse(text) == numbers


@pytest.mark.parametrize("text", ["0", "-1", "7-5", "1.5", "a", "1-2-3", ",", "12345678901", "1;-"])
def test_parse_refuses_what_is_no_number(text: str) -> None:
    with pytest.raises(NotNumbersError):
        parse(text)


@pytest.mark.parametrize("text", [f"1-{MOST + 1}", "1-40000, 50000-90000", "1-9999999999"])
def test_parse_refuses_too_many_before_it_makes_them(text: str) -> None:
    with pytest.raises(TooManyError):
        parse(text)


def test_a_long_run_of_blanks_costs_no_time() -> None:
    begun = time.process_time()
    assert parse("1" + " " * 20_000 + "2") == [1, 2]
    assert time.process_time() - begun < 1


@given(st.sets(st.integers(1, 300), min_size=1))
def test_written_is_read_back(numbers: set[int]) -> None:
    assert parse(written(sorted(numbers))) == sorted(numbers)
