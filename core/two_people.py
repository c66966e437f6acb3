"""What takes two people: one proposes, another decides, and only once.

The database enforces the same by a CHECK on the table that holds the decision. These functions
refuse earlier, with a sentence for people and one code for programs.
"""

from collections.abc import Mapping

from core.audit import Actor
from core.i18n import _
from core.problems import Conflict, NotAllowed


def require_second_person(act: str, decider: Actor, involved: Mapping[str, int | None]) -> None:
    """Refuse a decision by somebody who has a part in what is decided, or by the system itself.

    `act` is what is decided ("作废"); `involved` gives the account of everybody who may not
    decide it by the word for that person's part ("提议人"). Both are put into the sentence.
    Raises NotAllowed.
    """
    if decider.account_id is None or decider.account_id in involved.values():
        words = {"act": act, "involved": _("和").join(involved)}
        raise NotAllowed(
            "second_person_needed", _("%(act)s须由%(involved)s以外的另一人决定") % words
        )


def already_decided(act: str, decided_by: str) -> Conflict:
    """The refusal of a second decision; `decided_by` is the name of who decided first."""
    words = {"act": act, "name": decided_by}
    return Conflict("already_decided", _("%(act)s已经由%(name)s决定") % words)
