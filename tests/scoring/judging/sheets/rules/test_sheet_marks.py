from fractions import Fraction

from contest.rulebooks.rules.rulebook import parse_rulebook
from scoring.engine.data import Mark
from scoring.judging.sheets.rules.judge_sheet import Entry, EntryStatus, SheetContent
from scoring.judging.sheets.rules.sheet_marks import marks_of
from tests.support.contests import RULES

FULL = {"influence": Fraction(0), "content": Fraction(1), "conduct": Fraction(2)}


def test_absent_recused_and_zero_stay_three_different_things() -> None:
    judging = parse_rulebook(RULES).judging
    assert judging is not None
    entries = (
        Entry("001", EntryStatus.SUBMITTED, FULL),
        Entry("002", EntryStatus.RECUSED, {}),
        Entry("003", EntryStatus.ABSENT, {}),
        Entry("004", EntryStatus.SUBMITTED, FULL),
    )
    sheet = SheetContent("c", "sha256:0", "main", 7, "评委", entries)
    rows = marks_of(sheet, judging, {"001", "002", "003"})
    assert rows == [
        Mark("07", "001", "main", "influence", Fraction(0), "scored"),
        Mark("07", "001", "main", "content", Fraction(1), "scored"),
        Mark("07", "001", "main", "conduct", Fraction(2), "scored"),
        *(Mark("07", "002", "main", c, None, "recused") for c in FULL),
        *(Mark("07", "003", "main", c, None, "absent") for c in FULL),
    ]
