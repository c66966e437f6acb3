"""Acts on money that need another person than those before."""

from collections.abc import Collection

from core.audit import Actor
from core.i18n import _
from core.problems import NotAllowed


def require_another(actor: Actor, before: Collection[int], before_words: str) -> None:
    """`before` are the accounts of those who acted earlier, `before_words` what they are called
    on the page. Raises NotAllowed for one of them."""
    if actor.account_id in before:
        raise NotAllowed(
            "second_person", _("须由%(before)s以外的另一人办理") % {"before": before_words}
        )
