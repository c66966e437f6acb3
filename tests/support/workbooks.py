"""Workbooks that no program writes: real .xlsx files with parts of them replaced."""

import io
import zipfile

import xlsxwriter

SHEET = "xl/worksheets/sheet1.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"


def one_cell(text: str) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        made.add_worksheet().write_string(0, 0, text)
    return out.getvalue()


def changed(content: bytes, changes: dict[str, bytes]) -> bytes:
    """A zip file with some parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        parts = {name: old.read(name) for name in old.namelist()} | changes
        for name, part in parts.items():
            new.writestr(name, part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def with_sheet(rows: str, where: str = SHEET) -> bytes:
    """One sheet of this XML; `where` is its place in the file."""
    xml = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )
    plain = one_cell("x")
    with zipfile.ZipFile(io.BytesIO(plain)) as parts:
        relations = parts.read(_RELATIONS)
    told = relations.replace(SHEET.removeprefix("xl/").encode(), where.removeprefix("xl/").encode())
    return changed(plain, {where: xml.encode(), _RELATIONS: told})
