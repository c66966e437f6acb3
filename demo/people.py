"""Demo accounts of every role."""

from dataclasses import dataclass

from accounts.people.directory import create_account, names, seal_phone
from accounts.people.rules import Role
from accounts.sign_in.staff.credentials import account_of_login, give_login, give_pin
from core.audit import SYSTEM, Actor
from core.i18n import _
from core.problems import NotFound
from core.runtime import Runtime


@dataclass(frozen=True)
class DemoPerson:
    """`who` names the link /demo/sign-in/{who}; `home` is where it leads."""

    who: str
    name: str
    role: Role
    home: str
    township: str = ""


JUDGES = 7
# What every demo judge signs their sheet with.
PIN = "258036"
PEOPLE: tuple[DemoPerson, ...] = (
    DemoPerson("organiser", _("演示·主办方"), Role.ORGANISER, "/organiser"),
    DemoPerson("organiser2", _("演示·主办方二"), Role.ORGANISER, "/organiser"),
    DemoPerson("host", _("演示·主持人"), Role.HOST, "/host"),
    *(
        DemoPerson(f"judge{n}", _("演示·评委%(n)s") % {"n": n}, Role.JUDGE, "/judge")
        for n in range(1, JUDGES + 1)
    ),
    DemoPerson("township", _("演示·乡镇"), Role.TOWNSHIP_OFFICER, "/township", "同江镇"),
    DemoPerson("department", _("演示·部门"), Role.DEPARTMENT_OFFICER, "/department"),
    DemoPerson("finance", _("演示·财务"), Role.FINANCE, "/fund"),
    DemoPerson("auditor", _("演示·审计"), Role.AUDITOR, "/audit"),
    DemoPerson("administrator", _("演示·管理员"), Role.ADMINISTRATOR, "/admin/accounts"),
    DemoPerson("voter", _("演示·投票人"), Role.VOTER, "/"),
    DemoPerson("creator", _("演示·创作者"), Role.CREATOR, "/me"),
    # a payment takes three people; telephone numbers follow the order, so they stand last
    DemoPerson("finance2", _("演示·财务二"), Role.FINANCE, "/fund"),
    DemoPerson("finance3", _("演示·财务三"), Role.FINANCE, "/fund"),
)


async def seed(runtime: Runtime) -> None:
    """The demo people, once; a demo login "demo.who" marks who is already there."""
    now = runtime.clock.now()
    for number, person in enumerate(PEOPLE):
        if await account_of_login(_login(person.who)) is not None:
            continue
        account_id = await create_account(
            person.name,
            [person.role],
            phone=seal_phone(runtime.keys, f"1380000{number:04d}"),
            township=person.township,
            actor=SYSTEM,
            now=now,
        )
        await give_login(account_id, _login(person.who))
        if person.role is Role.JUDGE:
            await give_pin(account_id, PIN)


async def demo_account(who: str) -> int:
    """The account id of a demo person. Raises NotFound."""
    account_id = await account_of_login(_login(who))
    if account_id is None:
        raise NotFound("no_such_demo_person", _("没有这个演示账号"))
    return account_id


async def demo_actor(who: str) -> Actor:
    """A demo person as the one who acts. Raises NotFound."""
    account_id = await demo_account(who)
    return Actor(account_id, (await names([account_id]))[account_id])


def _login(who: str) -> str:
    return f"demo.{who}"
