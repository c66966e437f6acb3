"""Reads a rulebook and a folder of CSV files, as docs/rulebooks.md describes them. No database is
needed."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from contest.rulebooks.rules.rulebook import Rulebook, RulebookError, parse_rulebook
from core.i18n import _
from scoring.engine.data import (
    ABSENT,
    ACTIVE,
    RECUSED,
    SCORED,
    Draw,
    Entrant,
    Mark,
    MetricValue,
    Multiplier,
    PointsItem,
    ScoringData,
    VoteCount,
)
from scoring.engine.data_check import Fault, data_faults
from scoring.engine.words import fault_sentence
from scoring.offline.csv_table import Line, Shape, located, read_lines

SHAPES = {
    "entrants": Shape(("entrant",), ("name", "code", "status"), extra=True),
    "marks": Shape(("judge", "entrant", "value"), ("round", "criterion", "status")),
    "votes": Shape(("entrant", "votes"), ("voided",)),
    "metrics": Shape(("entrant", "metric", "value")),
    "points": Shape(("entrant", "value"), ("component", "item", "round")),
    "multipliers": Shape(("entrant", "round", "value")),
    "draws": Shape(("entrant", "place")),
}
"""The files of a data folder, each `<name>.csv`."""

_MARK_STATUS_WORDS = {"已评": SCORED, "缺席": ABSENT, "回避": RECUSED}
_ENTRANT_STATUS_WORDS = {"参赛": ACTIVE, "退出": "withdrawn", "取消资格": "disqualified"}


Row = TypeVar("Row")


class OfflineError(ValueError):
    """Every fault of a rulebook file or data folder, each a Chinese sentence saying where."""

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = sentences
        super().__init__("\n".join(sentences))


def read_rulebook(path: Path) -> Rulebook:
    """The rulebook in a file; OfflineError with every error if it is not one."""
    try:
        return parse_rulebook(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise OfflineError([_("打不开文件 %(file)s") % {"file": path}]) from error
    except UnicodeDecodeError as error:
        raise OfflineError([_("%(file)s 的文字编码应为 UTF-8") % {"file": path}]) from error
    except RulebookError as error:
        raise OfflineError(
            [f"{path.name} {at}：{sentence}" for at, sentence in error.errors]
        ) from error


def read_folder(rulebook: Rulebook, path: Path) -> ScoringData:
    """The data of the CSV files in a folder; a file that is not there is an empty table.

    A file is UTF-8 (with or without BOM) or GB18030, as spreadsheets here save them.
    OfflineError with every fault of every file otherwise.
    """
    if not (path / "entrants.csv").is_file():
        raise OfflineError([_("缺少文件 %(file)s") % {"file": path / "entrants.csv"}])
    tables = _Tables(path)
    readers = _Readers(rulebook)
    data = ScoringData(
        entrants=tables.rows("entrants", _entrant),
        marks=tables.rows("marks", readers.mark),
        votes=tables.rows("votes", _votes),
        metrics=tables.rows("metrics", _metric),
        points=tables.rows("points", readers.points),
        multipliers=tables.rows("multipliers", _multiplier),
        draws=tables.rows("draws", _draw),
    )
    faults = tables.faults + [tables.sentence(fault) for fault in data_faults(rulebook, data)]
    if faults:
        raise OfflineError(faults)
    return data


class _Tables:
    """Reads the files of a folder and remembers the line of every row."""

    def __init__(self, folder: Path) -> None:
        self.faults: list[str] = []
        self._folder = folder
        self._lines: dict[str, list[int]] = {}

    def rows(self, table: str, read: Callable[[Line], Row]) -> tuple[Row, ...]:
        """The rows without faults; of entrants all, so that one bad cell does not make every
        row about that entrant look wrong."""
        good = []
        numbers = []
        for line in read_lines(self._folder / f"{table}.csv", SHAPES[table], self.faults):
            before = len(self.faults)
            row = read(line)
            if len(self.faults) == before or table == "entrants":
                good.append(row)
                numbers.append(line.number)
        self._lines[table] = numbers
        return tuple(good)

    def sentence(self, fault: Fault) -> str:
        """The fault in words, with file and line (line 1 where the fault is not of one row)."""
        numbers = self._lines[fault.table]
        words = fault.words
        if fault.code == "repeated":
            words = (str(numbers[int(words[0])]),)
        line = numbers[fault.row] if fault.row < len(numbers) else 1
        return located(f"{fault.table}.csv", line, fault_sentence(fault.code, words))


class _Readers:
    """Readers of rows whose round, criterion or component may be left out when the rulebook
    has only one."""

    def __init__(self, rulebook: Rulebook) -> None:
        judging = rulebook.judging
        self._round = _only([one.id for one in judging.rounds] if judging else [])
        self._criterion = _only([one.id for one in judging.criteria] if judging else [])
        self._points = _only([one.id for one in rulebook.components if one.source == "points"])

    def mark(self, line: Line) -> Mark:
        status = _word(line, _MARK_STATUS_WORDS, SCORED)
        return Mark(
            judge=line.required("judge"),
            entrant=line.required("entrant"),
            round=line.text("round", self._round) or line.required("round"),
            criterion=line.text("criterion", self._criterion) or line.required("criterion"),
            value=line.exact("value") if status == SCORED or line.text("value") else None,
            status=status,
        )

    def points(self, line: Line) -> PointsItem:
        return PointsItem(
            entrant=line.required("entrant"),
            component=line.text("component", self._points) or line.required("component"),
            item=line.text("item"),
            value=line.exact("value"),
            round=line.text("round"),
        )


def _only(ids: list[str]) -> str:
    return ids[0] if len(ids) == 1 else ""


def _word(line: Line, words: dict[str, str], default: str) -> str:
    given = line.text("status", default)
    return words.get(given, given)


def _entrant(line: Line) -> Entrant:
    entrant = line.required("entrant")
    return Entrant(
        id=entrant,
        name=line.text("name", entrant),
        code=line.text("code"),
        status=_word(line, _ENTRANT_STATUS_WORDS, ACTIVE),
        attributes=tuple(
            sorted(
                (column, value)
                for column, value in line.cells.items()
                if column not in ("entrant", *SHAPES["entrants"].optional)
            )
        ),
    )


def _votes(line: Line) -> VoteCount:
    voided = line.count("voided") if line.text("voided") else 0
    return VoteCount(line.required("entrant"), line.count("votes"), voided)


def _metric(line: Line) -> MetricValue:
    return MetricValue(line.required("entrant"), line.required("metric"), line.exact("value"))


def _multiplier(line: Line) -> Multiplier:
    return Multiplier(line.required("entrant"), line.required("round"), line.exact("value"))


def _draw(line: Line) -> Draw:
    return Draw(line.required("entrant"), line.count("place"))
