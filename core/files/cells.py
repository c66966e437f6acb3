"""Writing text that others entered into the cells of an exported table."""

# A spreadsheet reads a cell that begins with one of these as a formula; the full-width signs count
# with East Asian settings (OWASP, CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would compute it."""
    return "'" + text if text.startswith(_FORMULA_STARTS) else text
