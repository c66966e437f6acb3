"""Files of platform figures, and the figures in them."""

from piccolo.columns import ForeignKey, Integer, Numeric, Serial, Text, Timestamptz, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from contest.editions.tables import Contest
from contest.entrants.tables import Entrant


class FigureImport(Table, tablename="figure_import"):
    """One uploaded file of figures. It counts only once a second person verified it."""

    id = Serial(primary_key=True)
    contest = ForeignKey(Contest, index=True)
    file_name = Varchar(200)
    file_digest = Varchar(64)
    as_of = Timestamptz()
    note = Text()
    status = Varchar(20)
    uploaded_at = Timestamptz()
    uploaded_by = Integer(null=True, default=None)
    uploaded_by_name = Varchar(80)
    decided_at = Timestamptz(null=True, default=None)
    decided_by = Integer(null=True, default=None)
    decided_by_name = Varchar(80)
    decision_note = Text()

    two_people = Check((decided_by.is_null()) | (decided_by != uploaded_by))


class Figure(Table, tablename="figure"):
    """One entrant's figure as a file says it; `line` is the row of the sheet.

    `figure_id` names a metric, or a component of given points, of the rulebook.
    """

    id = Serial(primary_key=True)
    figure_import = ForeignKey(FigureImport, index=True)
    entrant = ForeignKey(Entrant)
    figure_id = Varchar(60)
    value = Numeric((24, 6))
    line = Integer()

    once_in_a_file = Unique([figure_import, entrant, figure_id])


APPEND_ONLY: list[type[Table]] = [Figure]
KEPT_FILES: dict[str, list[Varchar]] = {"evidence": [FigureImport.file_digest]}
"""Which columns name files, by the folder they lie in: a backup must hold each of them."""
