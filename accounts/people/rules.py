"""Who uses the system: the roles, and the person behind a request."""

from dataclasses import dataclass
from enum import StrEnum

from core.i18n import _
from core.value import Value


class Role(StrEnum):
    VOTER = "voter"
    CREATOR = "creator"
    TOWNSHIP_OFFICER = "township_officer"
    ORGANISER = "organiser"
    HOST = "host"
    JUDGE = "judge"
    DEPARTMENT_OFFICER = "department_officer"
    FINANCE = "finance"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """The role's Chinese name."""
        return ROLE_NAMES[self]


ROLE_NAMES = {
    Role.VOTER: _("投票人"),
    Role.CREATOR: _("创作者"),
    Role.TOWNSHIP_OFFICER: _("乡镇工作人员"),
    Role.ORGANISER: _("主办方"),
    Role.HOST: _("主持人"),
    Role.JUDGE: _("评委"),
    Role.DEPARTMENT_OFFICER: _("部门工作人员"),
    Role.FINANCE: _("财务"),
    Role.AUDITOR: _("审计"),
    Role.ADMINISTRATOR: _("系统管理员"),
}

# Signed in by a code sent to their own phone; everybody else is appointed.
PUBLIC_ROLES = frozenset({Role.VOTER, Role.CREATOR})
# Signed in by password and TOTP.
STAFF_ROLES = frozenset(Role) - PUBLIC_ROLES - {Role.JUDGE}
# MLPS (等级保护): who manages accounts must not be who audits them.
INCOMPATIBLE = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


class Principal(Value, frozen=True):
    """The person behind a request, as far as rights are concerned.

    `contest_id` is set for accounts that serve one contest only; `township` for officers
    who see the nominations of their own township alone.
    """

    account_id: int
    name: str
    roles: frozenset[Role]
    township: str = ""
    contest_id: int | None = None

    def has(self, *roles: Role) -> bool:
        """Whether the person holds at least one of `roles`."""
        return not self.roles.isdisjoint(roles)


def roles_problem(roles: frozenset[Role]) -> str | None:
    """Why this set of roles may not be given to one account; None when it may.

    Voters sign in by phone, staff by password, judges by tablet. One account has one way of signing
    in, since the code on a phone proves nothing about an office.
    """
    if not roles:
        return _("请至少选择一个角色")
    if roles >= INCOMPATIBLE:
        return _("系统管理员与审计不能由同一人担任")
    ways = [roles & PUBLIC_ROLES, roles & STAFF_ROLES, roles & {Role.JUDGE}]
    if sum(map(bool, ways)) > 1:
        return _("投票人和创作者、评委、工作人员须分别使用不同的账号")
    return None


@dataclass(frozen=True)
class Account:
    """What lists and rules need of an account; nothing secret and no number of any kind."""

    id: int
    name: str
    roles: frozenset[Role]
    township: str
    contest_id: int | None
    disabled: bool

    @property
    def principal(self) -> Principal:
        return Principal(self.id, self.name, self.roles, self.township, self.contest_id)
