"""Voters and creators sign in with a code sent to their own phone."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from accounts.people.directory import seal_phone
from accounts.people.rules import Role
from accounts.sessions import service as sessions
from accounts.sessions.rules import SignedIn
from accounts.sign_in.sms import store as sms_store
from accounts.sign_in.sms.rules import (
    CODE_DIGITS,
    CODE_LIFETIME,
    CODE_TRIES,
    CodeOutcome,
    judge_code,
)
from accounts.sign_in.sms.senders import Sender
from core import audit
from core.audit import Actor
from core.crypto import KeyRing
from core.database import db
from core.i18n import _
from core.limits.challenge import NO_ATTEMPT, Attempt, ChallengeNeeded, Purpose
from core.limits.rate_limit import Limit, WithoutRedis, limit
from core.numbers import masked_phone
from core.problems import FieldError, Invalid, NotAllowed, NotFound
from core.runtime import Runtime
from core.web.network import counted_network, network_prefix

# Stored with each consent; change it when the text of the consent changes.
CONSENT_VERSION = "2026-11"

# A code costs money and makes somebody's phone ring, so none is sent uncounted.
PER_PHONE = limit(
    "sms_phone",
    "1 per minute",
    "5 per hour",
    "10 per day",
    without_redis=WithoutRedis.REFUSE,
    message=_("这个手机号要验证码太频繁"),
)
# 300 phones behind one address pass at once. Beyond that a network has to wait, for a minute at
# most.
PER_NETWORK = limit(
    "sms_network",
    "300 per minute",
    without_redis=WithoutRedis.ALLOW,
    message=_("这个网络上正在登录的人很多，请稍等再按一次，填写的内容还在"),
)
# The first codes of a network are free; further ones need a challenge, which gets harder with their
# number. 300 phones in a hall are free, a list of ten thousand numbers takes long.
FREE_CODES, *DEARER_CODES = (
    limit(
        f"sms_step_{step}",
        f"{codes} per 10 minutes",
        without_redis=WithoutRedis.ALLOW,
        message="",
    )
    for step, codes in enumerate((330, 200, 400))
)
# Each code allows five tries by itself; this only slows a machine that tries many codes.
GUESSES_PER_NETWORK = limit(
    "sms_guess",
    "900 per minute",
    without_redis=WithoutRedis.ALLOW,
    message=_("这个网络上正在登录的人很多，请稍等再按一次"),
)


@cache
def all_codes(per_hour: int) -> Limit:
    """The limit on all codes together, which bounds their cost."""
    return limit(
        "sms_all",
        f"{per_hour} per hour",
        without_redis=WithoutRedis.REFUSE,
        message=_("要验证码的人太多，短信已到上限，请稍后再试"),
    )


@dataclass(frozen=True)
class CodeRequest:
    """What the person sent: eleven digits, and what they declared and agreed to."""

    phone: str
    as_creator: bool
    adult_declared: bool


async def request_code(
    wanted: CodeRequest,
    sender: Sender,
    runtime: Runtime,
    *,
    client_address: str,
    now: datetime,
    attempt: Attempt = NO_ATTEMPT,
) -> str:
    """Send a code; returns the public id of the page that will ask for it.

    Raises ChallengeNeeded, TooMany, or Unavailable when it cannot be counted or sent. Nothing
    here depends on whether the number has an account.
    """
    keys = runtime.keys
    phone = seal_phone(keys, wanted.phone)
    everyone = all_codes(runtime.settings.sms_per_hour)
    # a request that another limit refuses does not count against the network
    await runtime.limits.hit(everyone, "", count=False)
    await runtime.limits.hit(PER_PHONE, phone.index.hex(), count=False)
    await runtime.limits.hit(PER_NETWORK, network_prefix(client_address))
    await _check_network_rate(
        runtime, counted_network(client_address), attempt, phone.index.hex(), now
    )
    await runtime.limits.hit(PER_PHONE, phone.index.hex())
    await runtime.limits.hit(everyone, "")
    public_id = secrets.token_urlsafe(16)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    async with db.unit_of_work():
        await sms_store.insert_code(
            public_id,
            phone,
            _code_digest(keys, public_id, code),
            as_creator=wanted.as_creator,
            adult_declared=wanted.adult_declared,
            now=now,
            expires_at=now + CODE_LIFETIME,
        )
    await sender.send_code(wanted.phone, code)
    return public_id


async def _check_network_rate(
    runtime: Runtime, network: str, attempt: Attempt, use: str, now: datetime
) -> None:
    """Raises ChallengeNeeded where the network has had its free codes and this one was not
    worked for."""
    if not network or await runtime.limits.within(FREE_CODES, network):
        return
    step = 1
    for dearer in DEARER_CODES:
        if await runtime.limits.has_room(dearer, network):
            break
        step += 1
    if not await runtime.challenges.passed(Purpose.SMS, attempt, use, now):
        message = _("这个网络上要验证码的人很多，请先完成验证")
        raise ChallengeNeeded(message, runtime.challenges.new(Purpose.SMS, step, now), attempt)
    if step <= len(DEARER_CODES):
        await runtime.limits.within(DEARER_CODES[step - 1], network)


async def masked_recipient(public_id: str, keys: KeyRing) -> str:
    """The masked number that a code went to. Raises NotFound."""
    stored = await sms_store.find_code(public_id)
    if stored is None:
        raise _no_such_code()
    return masked_phone(keys.unseal("account.phone", stored.phone.sealed))


async def enter_code(
    public_id: str, typed: str, runtime: Runtime, *, client_address: str, now: datetime
) -> SignedIn:
    """Open a session for the owner of the phone.

    Raises NotFound, TooMany, NotAllowed (disabled), or Invalid whose code says whether the
    code was wrong, expired, used before or tried too often.
    """
    await runtime.limits.hit(GUESSES_PER_NETWORK, network_prefix(client_address))
    tries_left = 0
    async with db.unit_of_work():
        stored = await sms_store.find_code(public_id, lock=True)
        if stored is None:
            raise _no_such_code()
        expected = _code_digest(runtime.keys, public_id, typed)
        outcome = judge_code(
            stored.state, matches=hmac.compare_digest(expected, stored.code_digest), now=now
        )
        if outcome is CodeOutcome.RIGHT:
            await sms_store.note_used(stored.id, now)
            return await _open(stored, runtime.keys, client_address, now)
        if outcome is CodeOutcome.WRONG:
            await sms_store.note_wrong_try(stored.id)
            tries_left = CODE_TRIES - stored.state.tries - 1
    # raised outside the unit of work: inside, the rollback would undo the count
    raise _refusal(outcome, tries_left)


async def _open(
    stored: sms_store.StoredCode, keys: KeyRing, client_address: str, now: datetime
) -> SignedIn:
    name = _("尾号%(last)s") % {"last": keys.unseal("account.phone", stored.phone.sealed)[-4:]}
    account_id, roles, may_sign_in = await sms_store.open_phone_account(
        stored.phone,
        name,
        Role.CREATOR if stored.as_creator else Role.VOTER,
        consent_version=CONSENT_VERSION,
        adult_declared=stored.adult_declared,
        now=now,
    )
    if not may_sign_in:
        raise NotAllowed("account_disabled", _("这个账号已停用，如有疑问请拨打咨询电话"))
    # the Cybersecurity Law, article 21 (3), requires that sign-ins are kept for six months
    actor = Actor(account_id, name, client_address)
    await audit.record(actor, "phone.signed_in", "account", account_id, now)
    sessions.reader.forget(account_id)
    token = await sessions.open_session(account_id, roles, now)
    return SignedIn(account_id, token, roles)


def _code_digest(keys: KeyRing, public_id: str, code: str) -> bytes:
    """A keyed digest, since all million codes are quickly tried without a key. It includes the
    page's id, as codes repeat."""
    return keys.blind("sms_code", f"{public_id}:{code}")


def _no_such_code() -> NotFound:
    return NotFound("no_such_code", _("这个验证码页面已失效，请重新获取验证码"))


def _refusal(outcome: CodeOutcome, tries_left: int) -> Invalid:
    sentences = {
        CodeOutcome.EXPIRED: _("验证码已过期，请重新获取"),
        CodeOutcome.USED: _("这个验证码已经用过，请重新获取"),
        CodeOutcome.EXHAUSTED: _("输错的次数太多，这个验证码已作废，请重新获取"),
    }
    if outcome is CodeOutcome.WRONG and tries_left:
        sentence = _("验证码不正确，还可以试 %(n)s 次") % {"n": tries_left}
        return Invalid("code_wrong", sentence, errors=[FieldError("code", sentence)])
    dead = CodeOutcome.EXHAUSTED if outcome is CodeOutcome.WRONG else outcome
    return Invalid(dead.value, sentences[dead], errors=[FieldError("code", sentences[dead])])
