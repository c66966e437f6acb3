"""An announcement as an A4 PDF, with Chinese fonts embedded."""

import string
from pathlib import Path
from tempfile import TemporaryDirectory

from fpdf import FPDF
from fpdf.enums import Align, TableBordersLayout, TableCellFillMode, WrapMode, XPos, YPos
from fpdf.fonts import FontFace

from core.fonts import document_fonts
from core.i18n import _
from scoring.announcement.content import Announcement, Table

_MARGIN = 22
_INDENT = "　　"
_INK, _MUTED, _HONOUR = (26, 31, 43), (90, 100, 117), (196, 22, 28)
_SHADE, _RULE = (246, 247, 249), (205, 210, 218)


class _Page(FPDF):
    """A4 with page numbers and the running title."""

    def __init__(self, title: str, regular: Path, bold: Path) -> None:
        super().__init__(format="A4")
        self.set_title(title)
        self.set_lang("zh-CN")
        self.set_margins(_MARGIN, _MARGIN, _MARGIN)
        self.set_auto_page_break(True, margin=_MARGIN)
        self.add_font("sans", "", regular)
        self.add_font("sans", "B", bold)
        self.set_text_color(*_INK)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("sans", size=8)
        self.set_text_color(*_MUTED)
        self.cell(0, 6, _footer() % {"page": self.page_no()}, align=Align.C)
        self.set_text_color(*_INK)

    def lines(
        self, text: str, size: float, height: float, style: str = "", align: str = "L"
    ) -> None:
        self.set_font("sans", style, size)
        self.multi_cell(
            0,
            height,
            text,
            align=align,
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
            wrapmode=WrapMode.CHAR,
        )


def announcement_pdf(announcement: Announcement) -> bytes:
    """The PDF's bytes. Page 1 opens with the title; facts that let anyone check close it."""
    with TemporaryDirectory() as folder:
        # fpdf takes fonts from files and reads them until the document is complete
        regular, bold = Path(folder) / "regular.ttf", Path(folder) / "bold.ttf"
        for path, content in zip(
            (regular, bold), document_fonts(_letters(announcement)), strict=True
        ):
            path.write_bytes(content)
        page = _Page(announcement.title, regular, bold)
        _draw(page, announcement)
        return bytes(page.output())


def _footer() -> str:
    return _("第 %(page)s 页，共 {nb} 页")


def _letters(announcement: Announcement) -> str:
    """Every character that the document may show."""
    texts = [_footer(), string.printable, _INDENT, announcement.title, *announcement.paragraphs]
    for table in announcement.tables:
        texts += [table.title, table.note, *table.headings]
        texts += [cell for row in table.rows for cell in row]
    texts += [text for fact in announcement.facts for text in fact]
    return "".join(texts)


def _draw(page: _Page, announcement: Announcement) -> None:
    page.lines(announcement.title, 20, 11, "B", "C")
    page.set_draw_color(*_HONOUR)
    page.set_line_width(0.6)
    page.line(_MARGIN, page.get_y() + 3, page.w - _MARGIN, page.get_y() + 3)
    page.ln(9)
    for paragraph in announcement.paragraphs:
        page.lines(_INDENT + paragraph, 11, 7.2)
        page.ln(1.5)
    for table in announcement.tables:
        _draw_table(page, table)
    _draw_facts(page, announcement.facts)


def _draw_table(page: _Page, table: Table) -> None:
    page.ln(4)
    page.lines(table.title, 13, 9, "B")
    page.set_font("sans", size=9.5)
    page.set_draw_color(*_RULE)
    page.set_line_width(0.15)
    aligns = [Align.R if one in table.figures else Align.L for one in table.headings]
    with page.table(
        headings_style=FontFace(emphasis="BOLD", fill_color=_SHADE),
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        cell_fill_mode=TableCellFillMode.NONE,
        line_height=6.4,
        padding=(0.6, 2.5),
        text_align=aligns,
        wrapmode=WrapMode.CHAR,
        col_widths=_widths(table),
    ) as drawn:
        drawn.row(table.headings)
        for row in table.rows:
            drawn.row(row)
    if table.note:
        page.ln(1)
        page.set_text_color(*_MUTED)
        page.lines(table.note, 9, 5.5)
        page.set_text_color(*_INK)


def _widths(table: Table) -> list[float]:
    """Columns share the width by their longest content, the extremes held back."""
    columns = zip(table.headings, *table.rows, strict=True)
    return [float(min(max(4, *(_width(cell) for cell in column)), 24)) for column in columns]


def _width(text: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text) + 2


def _draw_facts(page: _Page, facts: tuple[tuple[str, str], ...]) -> None:
    page.ln(6)
    for name, value in facts:
        page.set_font("sans", "B", 9)
        page.cell(34, 5.6, name)
        page.set_font("sans", size=8.5)
        page.multi_cell(0, 5.6, value, new_x=XPos.LMARGIN, new_y=YPos.NEXT, wrapmode=WrapMode.CHAR)
