"""Public notices, objections and the answers to them.

The names and contacts of those who object are sealed (`core.crypto.KeyRing.seal`).
"""

from piccolo.columns import Bytea, ForeignKey, Integer, Serial, Text, Timestamptz, Varchar
from piccolo.table import Table

from contest.editions.tables import Contest


class Notice(Table, tablename="notice"):
    """A public notice as it was posted; a correction is a new notice."""

    id = Serial(primary_key=True)
    contest = ForeignKey(Contest, index=True)
    title = Varchar(120)
    body = Text()
    posted_at = Timestamptz()
    actor_id = Integer(null=True, default=None)
    actor_name = Varchar(80)


class Objection(Table, tablename="objection"):
    """A written objection: real name and contact sealed, answered in writing."""

    id = Serial(primary_key=True)
    contest = ForeignKey(Contest, index=True)
    reference = Varchar(20, unique=True)
    real_name_sealed = Bytea()
    contact_sealed = Bytea()
    about = Varchar(60)
    body = Text()
    filed_at = Timestamptz()


class ObjectionAnswer(Table, tablename="objection_answer"):
    """The one written answer to an objection."""

    id = Serial(primary_key=True)
    objection = ForeignKey(Objection, unique=True)
    outcome = Varchar(20)
    body = Text()
    at = Timestamptz()
    actor_id = Integer(null=True, default=None)
    actor_name = Varchar(80)


APPEND_ONLY: list[type[Table]] = [Notice, Objection, ObjectionAnswer]
