import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.boxes.rules.receipt_codes import (
    ALPHABET,
    NotAReceiptError,
    is_genuine,
    read_receipt,
    receipt_code,
)

SECRET = b"s" * 32
CONTESTS = st.integers(0, 2**16 - 1)
SEQUENCES = st.integers(1, 2**31 - 1)


def test_receipt_code_is_four_groups_of_four() -> None:
    assert receipt_code(SECRET, 3, 1) == "001G-0000-09F1-0EPB"


@given(contest_id=CONTESTS, sequence=SEQUENCES)
def test_receipt_code_names_its_ballot_and_is_genuine(contest_id: int, sequence: int) -> None:
    receipt = read_receipt(receipt_code(SECRET, contest_id, sequence))
    assert (receipt.contest_id, receipt.sequence) == (contest_id, sequence)
    assert is_genuine(receipt, SECRET)
    assert not is_genuine(receipt, b"another contest's secret")


@given(sequence=SEQUENCES, place=st.integers(0, 15), letter=st.sampled_from(ALPHABET))
def test_receipt_with_one_wrong_character_is_refused(
    sequence: int, place: int, letter: str
) -> None:
    letters = list(receipt_code(SECRET, 3, sequence).replace("-", ""))
    if letters[place] == letter:
        return
    letters[place] = letter
    with pytest.raises(NotAReceiptError):
        read_receipt("".join(letters))


def test_receipt_is_read_as_people_type_it() -> None:
    code = receipt_code(SECRET, 3, 1)
    loose = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert read_receipt(loose) == read_receipt(code)
    assert read_receipt("００１ｇ－" + code[5:]) == read_receipt(code)


@pytest.mark.parametrize(
    "text", ["", "0030", "x" * 10_000, "投票回执", "001G-0000-09F1-0EPU", "\0"]
)
def test_receipt_refuses_what_is_no_code(text: str) -> None:
    with pytest.raises(NotAReceiptError):
        read_receipt(text)
