"""Receipt codes: sixteen characters that name one ballot and cannot be made up.

Crockford's base 32 (no I, L, O, U), in four groups of four. Fifteen characters carry 16 bits
of contest number, 31 bits of sequence number and 28 bits of a MAC under the contest's
secret; the last is a check character (Luhn modulo 32), so that a slip of the pen is told
apart from a receipt that was never given. A code is computed from the ballot and stored
nowhere: no index has to be kept, and none can be read.
"""

import unicodedata
from dataclasses import dataclass

from core.mac import mac

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
_CONTEST_BITS = 16
_SEQUENCE_BITS = 31
_MAC_BITS = 28
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_PURPOSE = b"receipt"


class NotAReceiptError(ValueError):
    """Not a receipt code: a mistyped character, a missing one, or something else."""


@dataclass(frozen=True)
class Receipt:
    """What a code says by itself; `mac` is still to be compared with the contest's own."""

    contest_id: int
    sequence: int
    mac: int


def receipt_code(secret: bytes, contest_id: int, sequence: int) -> str:
    """The code of one ballot, as `ABCD-EFGH-JKMN-PQRS`."""
    number = contest_id << _SEQUENCE_BITS | sequence
    number = number << _MAC_BITS | _mac(secret, contest_id, sequence)
    text, total = "", 0
    for _pair in range((LENGTH - 1) // 2):
        text = _PAIRS[number & 1023] + text
        total += _PAIR_WEIGHTS[number & 1023]
        number >>= 10
    text = ALPHABET[number] + text + ALPHABET[-(total + _weight(number, 2)) % 32]
    return f"{text[:4]}-{text[4:8]}-{text[8:12]}-{text[12:]}"


def read_receipt(code: str) -> Receipt:
    """Read a code as people type it: any case, spaces or dashes, O for 0, I and L for 1.

    Raises NotAReceiptError.
    """
    typed = unicodedata.normalize("NFKC", code[: LENGTH * 4]).upper()
    plain = "".join(letter for letter in typed if letter not in " -\t")
    if len(plain) != LENGTH or any(letter not in _VALUES for letter in plain):
        raise NotAReceiptError("sixteen letters and digits are expected")
    *digits, check = (_VALUES[letter] for letter in plain)
    if _check(digits) != check:
        raise NotAReceiptError("the check character does not fit")
    number = 0
    for digit in digits:
        number = number << 5 | digit
    return Receipt(
        contest_id=number >> _SEQUENCE_BITS + _MAC_BITS,
        sequence=number >> _MAC_BITS & (1 << _SEQUENCE_BITS) - 1,
        mac=number & (1 << _MAC_BITS) - 1,
    )


def is_genuine(receipt: Receipt, secret: bytes) -> bool:
    return receipt.mac == _mac(secret, receipt.contest_id, receipt.sequence)


def _mac(secret: bytes, contest_id: int, sequence: int) -> int:
    message = _PURPOSE + contest_id.to_bytes(8, "big") + sequence.to_bytes(8, "big")
    return int.from_bytes(mac(secret, message)[:4], "big") >> 32 - _MAC_BITS


def _check(digits: list[int]) -> int:
    """Luhn modulo 32: finds every wrong character and nearly every swap of neighbours."""
    return -sum(_weight(digit, 2 - place % 2) for place, digit in enumerate(reversed(digits))) % 32


def _weight(digit: int, factor: int) -> int:
    product = digit * factor
    return product // 32 + product % 32


# Two digits at a time: a receipt is made for every vote. Read from the right, the places
# count double and single in turn, so every pair weighs alike.
_PAIRS = tuple(high + low for high in ALPHABET for low in ALPHABET)
_PAIR_WEIGHTS = tuple(_weight(pair >> 5, 1) + _weight(pair & 31, 2) for pair in range(1024))
