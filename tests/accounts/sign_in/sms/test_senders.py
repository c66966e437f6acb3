"""Senders: the carrier's own SDK against a stand-in of its service, and the outbox."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from accounts.sign_in.sms.senders import AliyunSender, OutboxSender, make_sender
from core.problems import Unavailable
from core.runtime import Runtime
from core.settings import SettingsError

PHONE, CODE = "13812345678", "042917"


@dataclass
class Carrier:
    """Answers what it is told to, and keeps what it was asked."""

    status: int = 200
    answer: str = '{"Code":"OK","Message":"OK","RequestId":"R","BizId":"B"}'
    asked: list[dict[str, str]] = field(default_factory=list)
    address: str = ""

    @property
    def options(self) -> dict[str, str]:
        return {
            "SMS_ALIYUN_ACCESS_KEY_ID": "key-id",
            "SMS_ALIYUN_ACCESS_KEY_SECRET": "key-secret",
            "SMS_ALIYUN_SIGN_NAME": "十百千",
            "SMS_ALIYUN_TEMPLATE_CODE": "SMS_1",
            "SMS_ALIYUN_ENDPOINT": self.address,
            "SMS_ALIYUN_PROTOCOL": "http",
        }


@pytest.fixture
def carrier() -> Iterator[Carrier]:
    stands_in = Carrier()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = self.rfile.read(length).decode()
            asked = parse_qs(f"{urlsplit(self.path).query}&{body}")
            stands_in.asked.append(
                {**{key: values[0] for key, values in asked.items()}, **dict(self.headers.items())}
            )
            answer = stands_in.answer.encode()
            self.send_response(stands_in.status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stands_in.address = f"127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield stands_in
    server.shutdown()
    thread.join()
    server.server_close()


async def test_code_is_handed_to_the_carrier_signed_and_with_its_template(carrier: Carrier) -> None:
    await AliyunSender(carrier.options).send_code(PHONE, CODE)
    (asked,) = carrier.asked
    assert (asked["PhoneNumbers"], asked["SignName"]) == (PHONE, "十百千")
    assert (asked["TemplateCode"], json.loads(asked["TemplateParam"])) == ("SMS_1", {"code": CODE})
    headers = {key.lower(): value for key, value in asked.items()}
    assert headers["x-acs-action"] == "SendSms"
    assert "Credential=key-id" in headers["authorization"]
    assert "key-secret" not in str(asked)


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (200, '{"Code":"isv.BUSINESS_LIMIT_CONTROL","Message":"x","RequestId":"R"}'),
        (400, '{"Code":"InvalidAccessKeyId.NotFound","Message":"x","RequestId":"R"}'),
        (500, "not json"),
        (200, ""),
    ],
)
async def test_carrier_that_does_not_take_it_is_told_to_the_person(
    carrier: Carrier, status: int, answer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    carrier.status, carrier.answer = status, answer
    with pytest.raises(Unavailable, match="短信没有发出去") as refused:
        await AliyunSender(carrier.options).send_code(PHONE, CODE)
    assert refused.value.retry_after == 30
    said = capsys.readouterr()
    assert PHONE not in said.out + said.err
    assert CODE not in said.out + said.err


async def test_carrier_that_is_not_there_is_told_too(carrier: Carrier) -> None:
    options = {**carrier.options, "SMS_ALIYUN_ENDPOINT": "127.0.0.1:9"}
    with pytest.raises(Unavailable):
        await AliyunSender(options).send_code(PHONE, CODE)
    assert carrier.asked == []


def test_missing_options_are_named(carrier: Carrier) -> None:
    options = {**carrier.options, "SMS_ALIYUN_SIGN_NAME": ""}
    del options["SMS_ALIYUN_ACCESS_KEY_ID"]
    with pytest.raises(SettingsError, match="needs SMS_ALIYUN_ACCESS_KEY_ID, SMS_ALIYUN_SIGN_NAME"):
        AliyunSender(options)


async def test_settings_choose_the_sender(runtime: Runtime, carrier: Carrier) -> None:
    def chosen(name: str) -> Runtime:
        settings = replace(runtime.settings, sms_sender=name, sms_options=carrier.options)
        return replace(runtime, settings=settings)

    assert isinstance(make_sender(chosen("aliyun")), AliyunSender)
    assert isinstance(make_sender(chosen("outbox")), OutboxSender)
    with pytest.raises(SettingsError, match="not 'pigeon'"):
        make_sender(chosen("pigeon"))
