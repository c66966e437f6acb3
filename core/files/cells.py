"""Text from strangers in the cells of an exported table."""

# A spreadsheet takes a cell that begins so for a formula, the full-width signs where the
# keyboard is East Asian (OWASP, CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would compute it."""
    return "'" + text if text.startswith(_FORMULA_STARTS) else text
