"""What other packages may ask of this one."""

from accounts.directory import (
    accounts_with_role,
    create_account,
    first_seen,
    get_account,
    names,
    seal_phone,
)
from accounts.enrolment import enrol_link
from accounts.staff_sign_in import check_pin

__all__ = [
    "accounts_with_role",
    "check_pin",
    "create_account",
    "enrol_link",
    "first_seen",
    "get_account",
    "names",
    "seal_phone",
]
