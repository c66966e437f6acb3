"""What Piccolo cannot say about the tables: all subjects' keys, checks and triggers, in order.

A subject's statements may use the tables of all subjects, and the functions of those before it.
"""

from voting.casting import schema as casting
from voting.ledger import schema as ledger
from voting.merkle_log import schema as merkle_log
from voting.review.cases import schema as cases
from voting.review.changes import schema as changes
from voting.signals import schema as signals

STATEMENTS = (
    *ledger.STATEMENTS,
    *merkle_log.STATEMENTS,
    *signals.STATEMENTS,
    *casting.STATEMENTS,
    *changes.STATEMENTS,
    *cases.STATEMENTS,
)
