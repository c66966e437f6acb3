"""An announcement as a workbook: a sheet for each table, one for the facts."""

from io import BytesIO

from core.i18n import _
from scoring.announcement.content import Announcement, Table

_NARROWEST, _WIDEST = 8, 48


def announcement_xlsx(announcement: Announcement) -> bytes:
    """The workbook's bytes. Every cell is text, as printed: a spreadsheet must neither round
    a score nor take a name beginning with = for a formula."""
    import xlsxwriter  # only where a table is asked for: it loads slowly

    target = BytesIO()
    with xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        styles = {
            "title": book.add_format({"bold": True, "font_size": 16}),
            "head": book.add_format({"bold": True, "bg_color": "#F6F7F9", "bottom": 1}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "figure": book.add_format({"align": "right", "valign": "top"}),
        }
        for table in announcement.tables:
            _write_table(book.add_worksheet(table.title), announcement.title, table, styles)
        _write_facts(book.add_worksheet(_("说明")), announcement, styles)
    return target.getvalue()


def _write_table(sheet, title: str, table: Table, styles) -> None:  # type: ignore[no-untyped-def]
    sheet.write_string(0, 0, title, styles["title"])
    for column, heading in enumerate(table.headings):
        style = styles["figure" if heading in table.figures else "text"]
        cells = [row[column] for row in table.rows]
        width = max(len(cell.encode("gb18030")) for cell in (heading, *cells)) + 2
        sheet.set_column(column, column, min(max(width, _NARROWEST), _WIDEST))
        sheet.write_string(2, column, heading, styles["head"])
        for row, cell in enumerate(cells, start=3):
            sheet.write_string(row, column, cell, style)
    if table.note:
        sheet.write_string(len(table.rows) + 4, 0, table.note)
    sheet.freeze_panes(3, 0)
    sheet.repeat_rows(2)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _write_facts(sheet, announcement: Announcement, styles) -> None:  # type: ignore[no-untyped-def]
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, announcement.title, styles["title"])
    for row, (name, value) in enumerate(
        (*((_("公告"), text) for text in announcement.paragraphs), *announcement.facts), start=2
    ):
        sheet.write_string(row, 0, name, styles["text"])
        sheet.write_string(row, 1, value, styles["text"])
