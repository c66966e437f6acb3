"""What a person is asked before anything is stored, and what is told of the rest."""

from dataclasses import dataclass

CHECKED = ("sheet", "header", "column", "bracket", "definition", "unit", "note_unit")


@dataclass(frozen=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True)
class Question:
    """A doubt that a person settles by one of the choices; `id` is the same in the next file."""

    id: str
    sentence: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where: `row` is 0 where it concerns the whole file."""

    row: int
    column: str
    sentence: str


@dataclass(frozen=True)
class LeftOut:
    """A sheet, column or row that does not go in, its name or number, and why."""

    what: str
    name: str
    why: str
