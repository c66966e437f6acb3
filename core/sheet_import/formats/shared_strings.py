"""The strings that the cells of an .xlsx file share, kept in little memory."""

from array import array
from collections.abc import Iterable

from core.i18n import _
from core.sheet_import.cells import Unreadable
from core.sheet_import.formats.archive import damaged
from core.sheet_import.formats.xml import bare, parse_all
from core.sheet_import.limits import MOST_SHARED_COUNT, MOST_SHARED_TEXT


class SharedStrings:
    """All strings as one run of bytes: millions of `str` objects would need gigabytes."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._bytes = bytearray()
        self._ends = array("I", [0])
        self._parts: list[str] = []
        self._inside = False
        self._phonetic = 0
        parse_all(pieces, self._start, self._end, self._data)

    def __getitem__(self, index: int) -> str:
        ends = self._ends
        return self._bytes[ends[index] : ends[index + 1]].decode()

    def __len__(self) -> int:
        return len(self._ends) - 1

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        name = bare(name)
        if name == "t":
            self._inside = not self._phonetic
        elif name == "rPh":  # how a word is read aloud, which no cell shows
            self._phonetic += 1

    def _end(self, name: str) -> None:
        name = bare(name)
        if name == "t":
            self._inside = False
        elif name == "rPh":
            self._phonetic -= 1
        elif name == "si":
            self._bytes += "".join(self._parts).encode("utf-8", "surrogatepass")
            self._parts.clear()
            self._ends.append(len(self._bytes))
            if len(self._bytes) > MOST_SHARED_TEXT or len(self._ends) > MOST_SHARED_COUNT:
                raise Unreadable(_("表格里的文字太多，请另存为 .csv 再上传"))

    def _data(self, text: str) -> None:
        if self._inside:
            self._parts.append(text)


class NoStrings:
    """A workbook without shared strings: a cell that names one is damaged."""

    def __getitem__(self, index: int) -> str:
        raise damaged()

    def __len__(self) -> int:
        return 0
