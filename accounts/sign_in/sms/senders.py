"""Ways to send a code by SMS, behind one protocol."""

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

import msgspec
import structlog

from accounts.sign_in.sms import outbox_store
from core.crypto import KeyRing
from core.i18n import _
from core.problems import Unavailable
from core.runtime import Runtime
from core.settings import SettingsError

_ALIYUN_OPTIONS = (
    "SMS_ALIYUN_ACCESS_KEY_ID",
    "SMS_ALIYUN_ACCESS_KEY_SECRET",
    "SMS_ALIYUN_SIGN_NAME",
    "SMS_ALIYUN_TEMPLATE_CODE",
)
_TIMEOUT_MS = 5000
_log = structlog.get_logger("sms")


@runtime_checkable  # Litestar checks what it injects
class Sender(Protocol):
    async def send_code(self, phone: str, code: str) -> None:
        """Hand the code to the carrier. Raises Unavailable when it does not take it."""
        ...


class OutboxSender:
    """Keeps messages in the database, sealed; the page /demo/outbox shows them in demo mode."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def send_code(self, phone: str, code: str) -> None:
        await outbox_store.put(self._runtime.keys, phone, code, self._runtime.clock.now())


async def kept_messages(keys: KeyRing, *, phone: str = "") -> list[outbox_store.Message]:
    """What the development sender keeps, the newest first; with `phone` only those to it."""
    return await outbox_store.latest(keys, phone=phone)


class AliyunSender:
    """Aliyun SMS through its official SDK, which blocks and therefore runs in a thread.

    The template of the account must have one variable, `code`.
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        # takes two seconds to import, so it is imported only where it is used
        from alibabacloud_dysmsapi20170525.client import Client
        from alibabacloud_tea_openapi.utils_models import Config

        missing = [name for name in _ALIYUN_OPTIONS if not options.get(name)]
        if missing:
            raise SettingsError(f"SMS_SENDER=aliyun needs {', '.join(missing)}")
        self._options = options
        self._client = Client(
            Config(
                access_key_id=options["SMS_ALIYUN_ACCESS_KEY_ID"],
                access_key_secret=options["SMS_ALIYUN_ACCESS_KEY_SECRET"],
                endpoint=options.get("SMS_ALIYUN_ENDPOINT", "dysmsapi.aliyuncs.com"),
                protocol=options.get("SMS_ALIYUN_PROTOCOL", "https"),
                connect_timeout=_TIMEOUT_MS,
                read_timeout=_TIMEOUT_MS,
            )
        )

    async def send_code(self, phone: str, code: str) -> None:
        try:
            said = await asyncio.to_thread(self._send, phone, code)
        except Exception as error:
            # the SDK's errors share no base class, and their text may hold the number
            _log.error("sms_not_sent", error=type(error).__name__)
            raise _not_sent() from error
        if said.code != "OK":
            _log.error("sms_refused", code=said.code, request_id=said.request_id)
            raise _not_sent()

    def _send(self, phone: str, code: str) -> Any:
        from alibabacloud_dysmsapi20170525.models import SendSmsRequest

        request = SendSmsRequest(
            phone_numbers=phone,
            sign_name=self._options["SMS_ALIYUN_SIGN_NAME"],
            template_code=self._options["SMS_ALIYUN_TEMPLATE_CODE"],
            template_param=msgspec.json.encode({"code": code}).decode(),
        )
        return self._client.send_sms(request).body


def _not_sent() -> Unavailable:
    return Unavailable("sms_not_sent", _("短信没有发出去，请稍后再试"), retry_after=30)


def make_sender(runtime: Runtime) -> Sender:
    """The sender that settings name. Raises SettingsError."""
    name = runtime.settings.sms_sender
    if name == "aliyun":
        return AliyunSender(runtime.settings.sms_options)
    if name == "outbox":
        return OutboxSender(runtime)
    raise SettingsError(f"SMS_SENDER must be aliyun or outbox, not {name!r}")
