"""What may serve as a password, a PIN or a sign-in name."""

import re
from itertools import pairwise

from core.i18n import _

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 128
PIN_DIGITS = 6
_LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,39}")


def login_problem(login: str) -> str | None:
    if not _LOGIN.fullmatch(login):
        return _("登录名用 3 至 40 个小写字母、数字、点或横线，以字母开头")
    return None


def password_problem(password: str, login: str) -> str | None:
    """Why a password is too weak; None when it will do.

    Length is what resists guessing (NIST SP 800-63B 3.1.1.2); the rest keeps out what a
    guesser tries first.
    """
    if len(password) < SHORTEST_PASSWORD:
        return _("密码至少 %(n)s 个字") % {"n": SHORTEST_PASSWORD}
    if len(password) > LONGEST_PASSWORD:
        return _("密码最多 %(n)s 个字") % {"n": LONGEST_PASSWORD}
    if len(set(password)) < 6:
        return _("密码里重复的字太多")
    if login and login.lower() in password.lower():
        return _("密码里不能含有登录名")
    if _is_run(password):
        return _("密码不能是连续的数字或字母")
    return None


def pin_problem(pin: str) -> str | None:
    """Why a PIN will not do; None when it will."""
    if not re.fullmatch(rf"[0-9]{{{PIN_DIGITS}}}", pin):
        return _("PIN 码应当是 %(n)s 位数字") % {"n": PIN_DIGITS}
    if len(set(pin)) < 3 or _is_run(pin):
        return _("这个 PIN 码太容易猜到，请换一个")
    return None


def _is_run(text: str) -> bool:
    """Whether each character follows the one before it, up or down, as in 123456 or fedcba."""
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return len(steps) == 1 and steps <= {1, -1}
