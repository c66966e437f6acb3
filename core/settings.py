"""Settings: read once from the environment, then passed as a value."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class SettingsError(Exception):
    """A setting that cannot be used; the message is a sentence for the operator."""


@dataclass(frozen=True)
class WechatApp:
    """What WeChat knows this site as, and where it is asked."""

    app_id: str
    secret: str = field(repr=False)
    authorize_url: str = "https://open.weixin.qq.com/connect/oauth2/authorize"
    token_url: str = "https://api.weixin.qq.com/sns/oauth2/access_token"  # noqa: S105 - an address


@dataclass(frozen=True)
class Settings:
    """Everything that differs between installations.

    `root_path` is "" or "/prefix" without a trailing slash. `trusted_proxies` are the
    addresses whose X-Forwarded-* headers are believed; from anyone else they are ignored.
    `share_port` lets further processes of this server listen on the same port.
    `sms_per_hour` is the most codes that are sent in all, which bounds what an attack can cost.
    `signals_days` is how long vote signals outlive the last day for objections. `database_url` and
    `redis_url` are empty when the embedded engines serve.
    """

    data_dir: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = 8000
    share_port: bool = False
    root_path: str = ""
    public_url: str = ""
    trusted_proxies: tuple[str, ...] = ()
    database_url: str = ""
    app_database_url: str = ""
    redis_url: str = ""
    demo: bool = False
    sms_sender: str = "outbox"
    sms_options: Mapping[str, str] = field(default_factory=dict)
    sms_per_hour: int = 3000
    enquiry_hotline: str = ""
    oversight_hotline: str = ""
    signals_days: int = 7
    wechat: WechatApp | None = None

    def __post_init__(self) -> None:
        if self.demo and self.host not in LOOPBACK:
            raise SettingsError("demo mode has open sign-in links and serves on loopback only")
        if bool(self.database_url) != bool(self.app_database_url):
            # only the operator of an external server can create the limited role there
            raise SettingsError("DATABASE_URL and APP_DATABASE_URL go together: both or neither")

    @property
    def base_url(self) -> str:
        """The address that links in messages, QR posters and cards begin with."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}{self.root_path}"

    @property
    def secure_cookies(self) -> bool:
        return self.base_url.startswith("https://")


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from environment variables; `docs/runbook.md` lists them.

    Raises SettingsError for a value that cannot be used.
    """
    port = environ.get("PORT", "8000")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise SettingsError(f"PORT must be a number from 1 to 65535, not {port!r}")
    root_path = environ.get("ROOT_PATH", "").rstrip("/")
    if root_path and not root_path.startswith("/"):
        raise SettingsError(f"ROOT_PATH must begin with a slash, not {root_path!r}")
    signals_days = environ.get("SIGNALS_DAYS", "7")
    if not signals_days.isdigit() or int(signals_days) > 180:
        raise SettingsError(f"SIGNALS_DAYS must be a number from 0 to 180, not {signals_days!r}")
    sms_per_hour = environ.get("SMS_PER_HOUR", "3000")
    if not sms_per_hour.isdigit() or not int(sms_per_hour):
        raise SettingsError(f"SMS_PER_HOUR must be a number above 0, not {sms_per_hour!r}")
    return Settings(
        data_dir=Path(environ.get("DATA_DIR", "data")),
        host=environ.get("HOST", "127.0.0.1"),
        port=int(port),
        share_port=environ.get("SHARE_PORT", "") == "1",
        root_path=root_path,
        public_url=environ.get("PUBLIC_URL", "").rstrip("/"),
        trusted_proxies=tuple(environ.get("TRUSTED_PROXIES", "").replace(",", " ").split()),
        database_url=environ.get("DATABASE_URL", ""),
        app_database_url=environ.get("APP_DATABASE_URL", ""),
        redis_url=environ.get("REDIS_URL", ""),
        demo=environ.get("DEMO", "") == "1",
        sms_sender=environ.get("SMS_SENDER", "outbox"),
        sms_per_hour=int(sms_per_hour),
        sms_options={k: v for k, v in environ.items() if k.startswith("SMS_ALIYUN_")},
        enquiry_hotline=environ.get("ENQUIRY_HOTLINE", ""),
        oversight_hotline=environ.get("OVERSIGHT_HOTLINE", ""),
        signals_days=int(signals_days),
        wechat=_wechat(environ),
    )


def _wechat(environ: Mapping[str, str]) -> WechatApp | None:
    app_id, secret = environ.get("WECHAT_APP_ID", ""), environ.get("WECHAT_SECRET", "")
    if bool(app_id) != bool(secret):
        raise SettingsError("WECHAT_APP_ID and WECHAT_SECRET go together: both or neither")
    return WechatApp(app_id, secret) if app_id else None
