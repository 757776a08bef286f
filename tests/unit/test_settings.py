"""Settings: defaults, bounds, and refusals that name the variable and never its value."""

from collections.abc import Callable

import pytest
from roster.infrastructure import settings
from roster.infrastructure.settings import SettingsError

REQUIRED = {
    "API_SECRET": settings.api_secret,
    "DATABASE_URL": settings.database_url,
    "JWT_SIGNING_KEY": settings.signing_key,
    "JWT_PUBLIC_KEYS": settings.public_keys,
    "JWT_ISSUER": settings.token_issuer,
    "APP_URL": settings.app_url,
    "MAIL_CONFIGURATION_SET": settings.mail_configuration_set,
    "MAIL_SENDER": settings.mail_sender,
    "PRODUCT_NAME": settings.product_name,
}
NUMBERS: dict[str, tuple[Callable[[], int], int, int, int]] = {
    "CACHE_LEASE_SECONDS": (settings.cache_lease_seconds, 4, 1, 5),
    "DATABASE_POOL_MAX": (settings.database_pool_max, 1, 1, 20),
    "DATABASE_IDLE_SECONDS": (settings.database_idle_seconds, 300, 1, 340),
    "PASSWORD_LENGTH_MIN": (settings.password_length_min, 15, 8, 64),
    "ACCESS_TOKEN_SECONDS": (settings.access_token_seconds, 86_400, 60, 86_400),
}


@pytest.mark.parametrize("name", REQUIRED)
def test_a_required_setting_is_returned_as_it_is(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, " a value ")
    assert REQUIRED[name]() == " a value "


@pytest.mark.parametrize("value", [None, ""])
@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_setting_is_named(name: str, value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(name, raising=False)
    if value is not None:
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        REQUIRED[name]()


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_has_a_default_and_may_reach_its_bounds(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read, default, least, most = NUMBERS[name]
    assert read() == default
    for bound in (least, most):
        monkeypatch.setenv(name, str(bound))
        assert read() == bound


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_out_of_bounds_is_refused_by_name(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read, _, least, most = NUMBERS[name]
    for bad in (least - 1, most + 1, -1, 1.5, 999_888_777, "9" * 400, "abcxyz", "１７", "1_7", " 17", "0x11"):
        monkeypatch.setenv(name, str(bad))
        with pytest.raises(SettingsError, match=name) as refusal:
            read()
        assert str(bad) not in str(refusal.value).split("from")[0]


@pytest.mark.parametrize("value", ["Open", "yes please", "true", "1", " open", "s3cret"])
def test_an_unknown_choice_is_refused_by_name(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRATION", value)
    with pytest.raises(SettingsError, match="REGISTRATION") as refusal:
        settings.registration()
    assert f" {value}," not in str(refusal.value)


@pytest.mark.parametrize("value", ["", "open", "verified", "closed"])
def test_registration_is_open_unless_something_else_is_said(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRATION", value)
    assert settings.registration() == (value or "open")
    monkeypatch.delenv("REGISTRATION")
    assert settings.registration() == "open"


@pytest.mark.parametrize(("value", "folder"), [(None, None), ("", None), ("/tmp/mail", "/tmp/mail")])
def test_mail_is_sent_unless_a_folder_is_named(
    value: str | None, folder: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAIL_FOLDER")
    if value is not None:
        monkeypatch.setenv("MAIL_FOLDER", value)
    assert settings.mail_folder() == folder


@pytest.mark.parametrize(("value", "logs"), [(None, False), ("", False), ("Yes", False), ("1", False), ("yes", True)])
def test_exception_messages_stay_out_of_logs_unless_asked_for(
    value: str | None, logs: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is not None:
        monkeypatch.setenv("LOG_EXCEPTION_MESSAGES", value)
    assert settings.logs_exception_messages() is logs


@pytest.mark.parametrize(("value", "url"), [(None, None), ("", None), ("redis://cache:6379", "redis://cache:6379")])
def test_without_a_redis_url_there_is_no_cache(
    value: str | None, url: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is not None:
        monkeypatch.setenv("REDIS_URL", value)
    assert settings.redis_url() == url


def test_no_web_origin_may_read_answers_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CORS_ORIGIN")
    assert settings.cors_origin() == ""
