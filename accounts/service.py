"""What other packages may ask of this one."""

from accounts.people.directory import (
    accounts_with_role,
    create_account,
    first_seen,
    get_account,
    names,
    seal_phone,
)
from accounts.sign_in.staff.enrolment import enrol_link
from accounts.sign_in.staff.service import check_pin

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
