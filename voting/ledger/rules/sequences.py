"""Ballot numbers as people write them: 12, 15-20."""

import re
import unicodedata

MOST = 50_000
_RANGE_SIGN = re.compile(r"(?<!\s)\s*-+\s*")
"""Matches only where a run of blanks begins: else a long run of blanks would take minutes."""

_PART = re.compile(r"(\d{1,10})(?:-(\d{1,10}))?")


class NotNumbersError(ValueError):
    """The part of the text that is no number and no range."""


class TooManyError(ValueError):
    """More than MOST numbers."""


def parse(text: str) -> list[int]:
    """The numbers in "12, 15-20", ascending and each once.

    Commas, 、, blanks and line ends separate; full-width signs and ～ are understood.
    Raises NotNumbersError, TooManyError.
    """
    plain = unicodedata.normalize("NFKC", text).replace("~", "-").replace("—", "-")
    numbers: set[int] = set()
    for part in re.split(r"[,、;\s]+", _RANGE_SIGN.sub("-", plain).strip(",、; \n\r\t")):
        match = _PART.fullmatch(part)
        if match is None:
            raise NotNumbersError(part[:20])
        first, last = int(match[1]), int(match[2] or match[1])
        if first < 1 or last < first:
            raise NotNumbersError(part)
        if last - first >= MOST:
            raise TooManyError
        numbers.update(range(first, last + 1))
        if len(numbers) > MOST:
            raise TooManyError
    return sorted(numbers)


def written(numbers: list[int]) -> str:
    """Numbers in ascending order, runs as ranges: "12, 15-20"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}" if len(run) == 1 else f"{run[0]}-{run[1]}" for run in runs)
