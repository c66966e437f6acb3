"""XML from strangers: expat fed piece by piece, without entities of the file's own."""

from collections.abc import Callable, Iterable
from xml.parsers import expat

from core.sheet_import.formats.archive import damaged

Start = Callable[[str, dict[str, str]], object]
End = Callable[[str], object]
Data = Callable[[str], object]


def bare(name: str) -> str:
    """An element's or attribute's name without its prefix."""
    return name.rpartition(":")[2]


def parser(start: Start, end: End, data: Data, encoding: str | None = None) -> expat.XMLParserType:
    """A parser that refuses document types, and so every entity that could grow."""
    made = expat.ParserCreate(encoding)
    made.buffer_text = True
    made.buffer_size = 65_536
    made.StartElementHandler = start
    made.EndElementHandler = end
    made.CharacterDataHandler = data

    def refuse(*_what: object) -> None:
        raise damaged()

    made.StartDoctypeDeclHandler = refuse
    return made


def parse_all(pieces: Iterable[bytes], start: Start, end: End, data: Data) -> None:
    """Raises Unreadable where the XML is not well formed."""
    made = parser(start, end, data)
    try:
        for piece in pieces:
            made.Parse(piece, False)
        made.Parse(b"", True)
    except expat.ExpatError as error:
        raise damaged() from error
