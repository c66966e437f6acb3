from dataclasses import replace

import pytest

from core.settings import Settings, SettingsError, from_environment


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"PORT": "eight"}, "PORT must be a number from 1 to 65535, not 'eight'"),
        ({"PORT": "65536"}, "PORT must be a number from 1 to 65535, not '65536'"),
        ({"SIGNALS_DAYS": "-1"}, "SIGNALS_DAYS must be a number from 0 to 180, not '-1'"),
        ({"SIGNALS_DAYS": "181"}, "SIGNALS_DAYS must be a number from 0 to 180, not '181'"),
        ({"ROOT_PATH": "vote"}, "ROOT_PATH must begin with a slash, not 'vote'"),
        (
            {"DEMO": "1", "HOST": "0.0.0.0"},
            "demo mode has open sign-in links and serves on loopback only",
        ),
        (
            {"DATABASE_URL": "postgresql://owner@db/x"},
            "DATABASE_URL and APP_DATABASE_URL go together: both or neither",
        ),
    ],
)
def test_unusable_setting_is_refused(environ: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        from_environment(environ)
    assert str(refusal.value) == sentence


def test_demo_cannot_be_turned_on_beyond_loopback() -> None:
    settings = from_environment({"HOST": "0.0.0.0"})
    with pytest.raises(SettingsError):
        replace(settings, demo=True)


def test_addresses_begin_with_the_public_url() -> None:
    assert from_environment({}).base_url == "http://127.0.0.1:8000"
    assert from_environment({"ROOT_PATH": "/vote/"}).base_url == "http://127.0.0.1:8000/vote"
    public = from_environment({"PUBLIC_URL": "https://city.example/vote/"})
    assert public.base_url == "https://city.example/vote"


def test_cookies_are_secure_where_the_site_is() -> None:
    assert not Settings().secure_cookies
    assert Settings(public_url="https://city.example").secure_cookies


def test_trusted_proxies_are_separated_by_commas_or_spaces() -> None:
    settings = from_environment({"TRUSTED_PROXIES": "10.0.0.1, 10.0.0.2 10.0.0.3"})
    assert settings.trusted_proxies == ("10.0.0.1", "10.0.0.2", "10.0.0.3")
