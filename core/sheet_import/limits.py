"""How much of a stranger's file is read. Beyond it a file is refused with a sentence."""

MOST_BYTES = 1024 * 1024 * 1024
MOST_WORKBOOK_BYTES = 256 * 1024 * 1024
MOST_MARKUP_BYTES = 128 * 1024 * 1024
MOST_INFLATED = 4 * 1024 * 1024 * 1024
MOST_PARTS = 2_000
MOST_SHARED_TEXT = 128 * 1024 * 1024
MOST_SHARED_COUNT = 12_000_000
MOST_ROWS = 1_100_000
MOST_COLUMNS = 1_000
MOST_CELL = 32_767
MOST_MERGES = 400_000
MOST_SHEETS = 200
MOST_MEMORY = 768 * 1024 * 1024
MOST_SECONDS = 900
"""Seconds of processor time; a million orders take a small part of it."""
HEADER_WITHIN = 40
"""The header stands in one of so many first rows."""
