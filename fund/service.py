"""What other packages may ask of this one: to record what is owed, to stop it, to give it up."""

from fund.entitlements.service import (
    cancel_within,
    entitle,
    entitle_within,
    hold,
    hold_within,
    of_key,
    release,
    release_within,
)
from fund.rules.entitlement import Entitlement, InKindPart, NewEntitlement, Source

__all__ = [
    "Entitlement",
    "InKindPart",
    "NewEntitlement",
    "Source",
    "cancel_within",
    "entitle",
    "entitle_within",
    "hold",
    "hold_within",
    "of_key",
    "release",
    "release_within",
]
